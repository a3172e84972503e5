"""Dates, pairs of sentences and tones, said in the language of the page."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

WEEKDAYS = "一二三四五六日"
MONTHS = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)

TONES: dict[str, str] = {  # tone: its icon
    "act": "flag",
    "settled": "circle-check",
    "soon": "hourglass",
    "overdue": "alert-triangle",
    "plain": "circle-dot",
}
TONE_ALIASES: dict[str, str] = {
    "vermilion": "act",
    "primary": "act",
    "jade": "settled",
    "done": "settled",
    "success": "settled",
    "amber": "soon",
    "warning": "soon",
    "red": "overdue",
    "late": "overdue",
    "error": "overdue",
    "danger": "overdue",
}


def days_in_words(sentence: str) -> str:
    """A sentence with its ISO days as the page writes days: 2026-09-28 becomes 2026年9月28日 周一."""
    return re.sub(r"\d{4}-\d\d-\d\d", lambda found: local_date(dt.date.fromisoformat(found.group())), sentence)


def in_chinese() -> bool:
    """Whether the page is being written in Chinese (also where no language is active)."""
    return (get_language() or "zh-hans").startswith("zh")


def said(value: Any) -> Any:
    """The half of a ``{"zh": …, "en": …}`` pair that the page's language asks for; anything else as it is."""
    if isinstance(value, Mapping) and "zh" in value:
        return value["zh"] if in_chinese() else value.get("en") or value["zh"]
    return value


def named(thing: Any) -> str:
    """The name of a place, an organisation or a category in the page's language."""
    english = "" if in_chinese() else getattr(thing, "name_en", "")
    return str(english or getattr(thing, "name", thing))


def tone_of(name: str) -> str:
    """One of the five tones; an unknown name is ``plain``."""
    return name if name in TONES else TONE_ALIASES.get(name, "plain")


def local_date(value: dt.date | dt.datetime | None) -> str:
    """``2026年9月28日 周一`` / ``28 Sep 2026``; ``—`` for nothing."""
    if value is None or value == "":
        return "—"
    day = _local(value) if isinstance(value, dt.datetime) else value
    if in_chinese():
        return f"{day.year}年{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def local_datetime(value: dt.datetime | None) -> str:
    """``2026年9月28日 周一 09:05`` / ``28 Sep 2026, 09:05``, in the installation's time zone."""
    if value is None or value == "":
        return "—"
    moment = _local(value)
    return f"{local_date(moment)}{' ' if in_chinese() else ', '}{moment:%H:%M}"


def _local(moment: dt.datetime) -> dt.datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment
