"""Cells as people fill them: full-width digits, numbers that should be text, dates in every dress."""

import datetime as dt
import re
import unicodedata
from typing import Any

LOSSLESS = 10**15  # beyond this Excel's numbers have lost their last digits
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月)?")
YES = frozenset({"是", "有", "√", "✓", "y", "yes", "true", "1"})


class BadCell(ValueError):
    """A cell that cannot be read; the message says what to mend."""


def text(value: Any) -> str:
    """A cell as text: narrow letters and digits, single blanks; whole numbers without a point.

    Raises:
        BadCell: a number so long that Excel has lost its last digits.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else ""
    if isinstance(value, int | float):
        if abs(value) >= LOSSLESS:
            raise BadCell("这一格被 Excel 存成了数字，末几位已丢失：请先把该列设为“文本”格式，再重新填写")
        return str(int(value)) if float(value).is_integer() else str(value)
    if isinstance(value, dt.datetime | dt.date):
        return (value.date() if isinstance(value, dt.datetime) else value).isoformat()
    narrow = unicodedata.normalize("NFKC", str(value)).lstrip("'")
    if re.fullmatch(r"\d(\.\d+)?E\+\d+", narrow.strip(), re.IGNORECASE):
        raise BadCell("这一格是科学计数法，号码已不完整：请先把该列设为“文本”格式，再重新填写")
    return " ".join(narrow.split())


def name(value: Any) -> str:
    """A name: Chinese names are often padded with blanks so as to line up (陈 强)."""
    cleaned = text(value)
    return cleaned if cleaned.isascii() else cleaned.replace(" ", "")


def date(value: Any) -> dt.date | None:
    """A day; a month alone is its first day; None for an empty cell.

    Raises:
        BadCell: not a day of the solar calendar.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    written = text(value).replace(" ", "")
    if not written:
        return None
    if "农历" in written or "闰" in written or "初" in written:
        raise BadCell("请把农历日期换成公历，例如 1950-03-07")
    found = _DATE.fullmatch(written) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", written)
    if not found:
        raise BadCell("日期看不懂：请写成 2021-04-10")
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError as error:
        raise BadCell("没有这一天：请核对日期") from error


def number(value: Any) -> int:
    """A count; 0 for an empty cell.

    Raises:
        BadCell: not a whole number.
    """
    written = text(value).replace(",", "").removesuffix("户").removesuffix("人")
    if not written:
        return 0
    if not written.isdigit():
        raise BadCell("请填一个整数")
    return int(written)


def degrees(value: Any) -> float | None:
    """Latitude or longitude; None for an empty cell.

    Raises:
        BadCell: not a number of degrees.
    """
    written = text(value)
    try:
        found = float(written) if written else None
    except ValueError as error:
        raise BadCell("经纬度请填小数，例如 23.1120") from error
    if found is not None and not -180 <= found <= 180:
        raise BadCell("经纬度超出范围")
    return found


def yes(value: Any) -> bool:
    """Whether a cell says yes."""
    return text(value).lower() in YES
