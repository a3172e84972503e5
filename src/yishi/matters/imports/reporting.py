"""Files that go back: refused rows with what to mend, results for the hotline, empty forms to fill in."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yishi.core import tables
from yishi.core.sheets import excel
from yishi.matters.imports import columns
from yishi.matters.models import HotlineBatch, Report, VisitBack

Lines = Iterable[Sequence[Any]]
PAPER = (
    "登记编号",
    "登记时间",
    "标题",
    "反映内容",
    "诉求类型",
    "事发地点",
    "所属社区",
    "姓名",
    "联系电话",
    "住址",
    "经手人",
)


def refused_rows(batch: HotlineBatch, data: bytes) -> bytes:
    """The refused rows as they came, each with what to mend; ready to be mended and taken in again.

    Raises:
        ValidationError: ``data`` is not the batch's file.
    """
    why = {r["row"]: r["why"] for r in batch.refusals if not r.get("kept")}
    table = tables.read_bytes(data, columns.KNOWN)
    header = [name for name in table.header if name]
    lines = ([row, why[row], *(cells.get(h, "") for h in header)] for row, cells in table.rows if row in why)
    return excel([_("原行号"), _("要修改什么"), *header], lines, _("未导入的行"), (8, 40))


def empty_paper_form() -> bytes:
    """The form for keying paper slips in, with one example row that the import leaves out."""
    return excel(PAPER, [], _("纸条登记"), (16, 20, 24, 48, 12, 24, 14, 12, 16, 24, 12))


RESULT_HEADER = (
    "工单编号", "平台编号", "标题", "受理时间", "到期日", "承办单位", "办理状态", "联系时间", "答复时间", "答复意见", "告知方式",
    "办结时间", "是否逾期", "是否延期", "转办次数", "是否解决", "满意度", "查看网址",
)  # fmt: skip
RESULT_WIDTHS = (20, 16, 28, 17, 12, 20, 12, 17, 17, 60, 12, 17, 10, 10, 10, 10, 12, 40)


def results(reports: Iterable[Report], site: str) -> Iterator[list[Any]]:
    """A line a ticket: what was done, what was answered, when. ``reports`` as :func:`to_return` gives them."""
    for r in reports:
        m, judged = r.matter, _judgement(r)
        end = r.replied_at or m.settled_at
        late = r.due_on is not None and end is not None and timezone.localtime(end).date() > r.due_on
        yield [
            r.external_number, m.reference, m.title, r.received_at, r.due_on, m.lead.name if m.lead else "",
            r.get_state_display(), r.contacted_at, r.replied_at, r.reply, r.get_told_how_display(), m.settled_at,
            _yes(late), _yes(r.extended), r.transfers, "" if judged is None or judged.solved is None else _yes(judged.solved),
            judged.get_satisfaction_display() if judged else "", f"{site}/matters/{m.reference}",
        ]  # fmt: skip


def _yes(value: bool) -> str:
    return _("是") if value else _("否")


def _judgement(report: Report) -> VisitBack | None:
    found = [v for v in report.visit_backs.all() if v.satisfaction != VisitBack.Satisfaction.NO_ANSWER]
    return max(found, key=lambda v: (v.at, v.pk), default=None)


def to_return(
    town_id: int, batch_id: int | None = None, since: dt.date | None = None, until: dt.date | None = None
) -> Iterator[Report]:
    """Hotline tickets of a batch, or answered within a period (both days included)."""
    found = Report.objects.filter(town_id=town_id, channel=Report.Channel.HOTLINE).exclude(external_number="")
    if batch_id is not None:
        found = found.filter(batch_id=batch_id)
    if since is not None:
        found = found.filter(replied_at__date__gte=since)
    if until is not None:
        found = found.filter(replied_at__date__lte=until)
    found = found.select_related("matter__lead").prefetch_related("visit_backs").order_by("pk")
    return found.iterator(chunk_size=500)
