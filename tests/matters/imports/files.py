"""Small lists for the tests of imports, and where the real ones lie."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

DATA = Path(os.environ.get("YISHI_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data")
HOT = "messages/hot_messages.csv.gz"
RIVERS = "hotline/fuzhou12345_rivers.csv.gz"
real = pytest.mark.skipif(not DATA.is_dir(), reason=f"the folder of real data is not at {DATA} (YISHI_DATA names it)")


def comma(rows: Sequence[Sequence[Any]], encoding: str = "utf-8") -> bytes:
    """A CSV."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def excel(rows: Sequence[Sequence[Any]], title: str = "") -> bytes:
    """An Excel file; with a title, in merged cells above the header."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append([title])
        sheet.merge_cells("A1:D1")
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


TICKETS = (
    ("工单编号", "标题", "诉求内容", "受理时间", "诉求类型", "所属社区", "来电人", "联系电话"),
    ("GD001", "路灯不亮", "永东街路灯不亮，晚上看不清", "2026-09-20 10:00", "投诉", "大圩", "陈女士", "12300000001"),
    ("GD002", "问学位", "请问今年学位怎么分", "2026/9/21 9:05", "咨询", "太平社区", "", ""),
    ("GD003", "噪声", "工地半夜施工", "不知道", "投诉", "", "", ""),
    ("GD004", "", "", "2026-09-21", "投诉", "", "", ""),
    ("GD005", "建议", "建议加一盏灯", "2026-09-22", "胡写", "", "", ""),
    ("GD001", "路灯不亮", "另一段话", "2026-09-20 10:00", "投诉", "", "", ""),
)  # fmt: skip
