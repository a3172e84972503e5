"""What a list shows, as CSV or Excel: the same filters, the same masking, nothing that the page would not show."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yishi.core import clock, sheets
from yishi.core.policies import policy
from yishi.matters.models import Matter, Report
from yishi.matters.views.lists import all_of
from yishi.matters.views.shown import named

EXCEL_ROWS = 20_000  # more than this comes as CSV


def heads() -> list[str]:
    """The columns, in the reader's language."""
    return [
        _("编号"), _("标题"), _("社区"), _("地点"), _("类别"), _("类型"), _("怎么来的"), _("大小"), _("谁来决定"),
        _("主办"), _("状态"), _("反映日期"), _("到期日"), _("办结日期"), _("反映人数"), _("满意"), _("不满意"),
    ]  # fmt: skip


def cells(matter: Matter) -> list[Any]:
    """A matter as a row; texts that a spreadsheet would compute are made plain."""
    natures, channels = dict(Report.Nature.choices), dict(Report.Channel.choices)
    found = [
        matter.reference, matter.title, named(matter.community) if matter.community else "", matter.place,
        named(matter.category) if matter.category else "", str(natures.get(matter.nature, "")),
        str(channels.get(matter.channel, "")), matter.get_size_display(), matter.get_decider_display(),
        named(matter.lead) if matter.lead else "", matter.get_stage_display(), localtime(matter.raised_at).date(),
        matter.due_on, localtime(matter.settled_at).date() if matter.settled_at else None, matter.report_count,
        matter.satisfied, matter.unsatisfied,
    ]  # fmt: skip
    return [sheets.plain(value) for value in found]


def _lines(matters: Iterable[Matter]) -> Iterator[str]:
    """CSV, line by line, with the mark by which Excel knows UTF-8."""
    yield "\ufeff"
    for row in [heads()], (cells(m) for m in matters):
        for one in row:
            out = io.StringIO()
            csv.writer(out).writerow(one)
            yield out.getvalue()


def _name(ending: str) -> str:
    return f"matters-{clock.today():%Y%m%d}.{ending}"


@policy("public")
@require_safe
def csv_of(request: HttpRequest) -> HttpResponseBase:
    """The list as CSV, however long."""
    response = StreamingHttpResponse(_lines(all_of(request)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_name("csv")}"'
    return response


@policy("public")
@require_safe
def excel_of(request: HttpRequest) -> HttpResponse:
    """The list as an Excel workbook, its first 20,000 rows."""
    rows = (cells(matter) for matter in islice(all_of(request), EXCEL_ROWS))
    return sheets.download(sheets.excel(heads(), rows, _("事项")), _name("xlsx"))
