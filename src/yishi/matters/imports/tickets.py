"""One row as a ticket: what it says, when, from whom, what was answered; or why it cannot be taken in."""

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from yishi.engines.triage.kinds import kind_of
from yishi.matters.imports.columns import Layout, natures_in
from yishi.matters.services.raising import ContactInput

LONGEST = 20_000
_MOMENT = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]*(?:(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2}))?)?")
_FAMILY = re.compile(r"^[\u4e00-\u9fff]{1,2}(?:先生|女士|小姐|阿姨|叔|伯|师傅)$")
_CODE = re.compile(r"^[A-Za-z]?\d+$")
MORNING, EVENING = dt.time(9, 0), dt.time(17, 0)


class BadRow(Exception):
    """A row that cannot be taken in; the message says what to mend, without personal data."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A row that can be taken in."""

    row: int
    number: str
    title: str
    text: str
    nature: str
    received_at: dt.datetime
    origin: str = ""
    reply: str = ""
    replied_at: dt.datetime | None = None
    transfers: int = 0
    place: str = ""
    community: str = ""
    likes: int = 0
    dislikes: int = 0
    contact: ContactInput | None = None


def moment(text: str, at_if_none: dt.time = MORNING) -> dt.datetime | None:
    """A moment in any of the usual spellings, in the installation's zone; None where it is none."""
    found = _MOMENT.search(unicodedata.normalize("NFKC", text))
    if found is None:
        return None
    year, month, day, hour, minute, second = found.groups()
    try:
        clock = dt.time(int(hour), int(minute), int(second or 0)) if hour is not None else at_if_none
        naive = dt.datetime.combine(dt.date(int(year), int(month), int(day)), clock)
    except ValueError:
        return None
    return timezone.make_aware(naive, timezone.get_default_timezone())


def _count(text: str) -> int:
    digits = unicodedata.normalize("NFKC", text).strip()
    return int(digits) if digits.isdigit() else 0


def read_row(
    row: int, cells: Mapping[str, str], mapping: Mapping[str, str], layout: Layout, now: dt.datetime
) -> Ticket:
    """The ticket of a row.

    Raises:
        BadRow: saying what to mend.
    """
    get = {field: cells.get(column, "").strip() for field, column in mapping.items()}
    text, title = get.get("text", ""), get.get("title", "").replace("\n", " ")
    if not text and not title:
        raise BadRow(_("没有内容。请填写“内容”一列。"))
    if len(text) > LONGEST:
        raise BadRow(_("内容超过 %(most)s 字，请缩短。") % {"most": LONGEST})
    received = _received(get.get("received", ""), now)
    reply, replied = get.get("reply", ""), None
    if reply:
        replied = _replied(get, received, now)
    return Ticket(
        row=row, number=_number(get, title, text, received), title=(title or text)[:120], text=text or title,
        nature=_nature(get.get("nature", ""), title, text), received_at=received,
        origin=get.get("origin", "").replace("\n", " ")[:40], reply=reply, replied_at=replied,
        transfers=min(_count(get.get("transfers", "")), 99), place=_place(get), community=get.get("community", ""),
        likes=_count(get.get("likes", "")), dislikes=_count(get.get("dislikes", "")), contact=_contact(get, layout),
    )  # fmt: skip


def _received(text: str, now: dt.datetime) -> dt.datetime:
    if not text:
        raise BadRow(_("没有时间。请填写受理时间，例如 2026-09-28 10:00。"))
    found = moment(text)
    if found is None:
        raise BadRow(_("时间“%(text)s”无法识别，请写成 2026-09-28 10:00。") % {"text": text[:30]})
    if found > now:
        raise BadRow(_("时间“%(text)s”晚于现在，请核对。") % {"text": text[:30]})
    return found


def _replied(get: Mapping[str, str], received: dt.datetime, now: dt.datetime) -> dt.datetime:
    found = moment(get.get("replied", ""), EVENING)
    if found is None and get.get("days", "").isdigit():
        day = timezone.localtime(received).date() + dt.timedelta(days=int(get["days"]))
        found = timezone.make_aware(dt.datetime.combine(day, EVENING), timezone.get_default_timezone())
    found = max(found or received, received)
    if found > now:
        raise BadRow(_("答复时间晚于现在，请核对。"))
    return found


def _number(get: Mapping[str, str], title: str, text: str, received: dt.datetime) -> str:
    """The list's own number; without one, the row is known by what it says and when."""
    given = get.get("number", "")[:60]
    if given:
        return given
    whole = "\n".join((title, text, received.isoformat()))
    return "auto:" + hashlib.sha256(whole.encode()).hexdigest()[:20]


def _nature(word: str, title: str, text: str) -> str:
    named = natures_in(word)
    if named is None:
        raise BadRow(
            _("类型“%(word)s”无法识别，请写咨询、求助、建议、投诉、举报或信访，或留空。") % {"word": word[:20]}
        )
    if len(named) == 1:
        return named[0]
    proposed = kind_of(f"{title}\n{text}").label
    return proposed if not named or proposed in named else named[0]


def _place(get: Mapping[str, str]) -> str:
    parts = (get.get("district", ""), get.get("place", ""))
    return " ".join(p for p in parts if p and p not in ("无", "未知", "不详"))[:200]


def _contact(get: Mapping[str, str], layout: Layout) -> ContactInput | None:
    name, phone, address = get.get("name", ""), get.get("phone", ""), get.get("address", "")
    shown = name if _FAMILY.match(name) else _("网友") if layout.channel == "message_board" else _("来电人")
    if name in ("0", "1", "匿名", "市民", "居民", "") or (_CODE.match(name) and len(name) < 5):
        name = ""
    return ContactInput(name=name, phone=phone, address=address, shown_as=shown)
