"""Dated events of a decision, read strictly from tables (TOML or JSON)."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from yishi.engines.procedure.checks import LIMIT, read_value
from yishi.engines.procedure.model import PackError
from yishi.engines.procedure.packs import quantities
from yishi.engines.words import Spoken, Text, say

CHINA = timezone(timedelta(hours=8))
BALLOT_COUNTS = ("no", "abstain", "blank", "double", "late", "wrong_roll")
BOX = ("issued", "returned", "unreturned", "valid", "invalid")


FIRST_YEAR, LAST_YEAR = 1949, 2199
_ITEM = re.compile(r"0*([1-9][0-9]?)(?:_[a-z_]+)?", re.ASCII)


class EventError(Spoken):
    """Events that cannot be read; the message says which one and what to mend."""

    def __init__(self, en: str, zh: str = "") -> None:
        super().__init__(zh or "事件无法读取", en)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: when (an aware moment), what, and its particulars."""

    at: datetime
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def on(self) -> date:
        """The day in China."""
        return self.at.astimezone(CHINA).date()


@dataclass(frozen=True, slots=True)
class Decision:
    """What is being decided and how it was set up before the first event."""

    procedure: str
    title: str = ""
    resolve: str = ""
    item: str = ""
    matter: str = ""
    proposer: str = ""
    options: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()
    local: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    same_head: bool = False
    delegated: bool = False
    charter_allows_proxy: bool = False
    electronic: bool = False
    seats: int = 0
    candidates: tuple[str, ...] = ()


def _wrong(zh: str, en: str) -> EventError:
    return EventError(en, zh)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 10_000:
        raise _wrong("须为文字", "must be text")
    return value.strip()


def _who(value: Any) -> str:
    """Two spellings that differ in blanks or in full-width letters are one person."""
    return unicodedata.normalize("NFKC", " ".join(_text(value).split()))


def _name(value: Any) -> str:
    name = _who(value)
    if not name:
        raise _wrong("不能为空", "must not be empty")
    return name


def _item(value: Any) -> str:
    """The number of an item in its article: `10`; `10_land_compensation` is read as such."""
    text = unicodedata.normalize("NFKC", _text(value))
    found = _ITEM.fullmatch(text)
    if text and found is None:
        raise _wrong(
            f"须写该条的项号，如 10；不能写 {text!r}", f"is the item's number in its article, such as 10; not {text!r}"
        )
    return found[1] if found else ""


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong("须为 true 或 false", "must be true or false")
    return value


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= LIMIT:
        raise _wrong("须为不小于 0 的整数", "must be a whole number, not negative")
    return value


def _day(value: Any) -> date:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        day = None
    if type(day) is not date or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _wrong("须为日期，如 2026-07-01", "must be a date such as 2026-07-01")
    return day


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in _listed(value))


def _names(value: Any) -> tuple[str, ...]:
    return tuple(_name(item) for item in _listed(value))


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong("须为文字列表", "must be a list of texts")
    return value


def _counts(value: Any) -> Mapping[str, int]:
    if not isinstance(value, dict):
        raise _wrong("须为数字表", "must be a table of numbers")
    out = {}
    for name, number in value.items():
        if name in quantities():
            out[name] = read_value(name, str(_number(number)) if type(number) is int else _text(number))
        elif name in BALLOT_COUNTS or name in BOX:
            out[name] = _number(number)
        else:
            raise _wrong(f"有不认识的数据项 {name!r}", f"has an unknown quantity {name!r}")
    return MappingProxyType(out)


def _votes(value: Any) -> Mapping[str, int]:
    if not isinstance(value, dict):
        raise _wrong("须为候选人和票数的表", "must be a table of candidates and votes")
    out = {_name(name): _number(number) for name, number in value.items()}
    if len(out) < len(value):
        raise _wrong("有候选人写了两次", "names a candidate twice")
    return MappingProxyType(out)


def _money(value: Any) -> Decimal:
    if not (amount := _sum(value)):
        raise _wrong("须为大于 0 的金额，最多两位小数", "must be a positive amount with at most two decimals")
    return amount


def _sum(value: Any) -> Decimal:
    try:
        amount = Decimal(_text(value) if not isinstance(value, int) else value)
    except InvalidOperation:
        raise _wrong("须为金额，如 '180000.00'", "must be an amount such as '180000.00'") from None
    exponent = amount.as_tuple().exponent
    if not amount.is_finite() or not 0 <= amount <= LIMIT or not isinstance(exponent, int) or exponent < -2:
        raise _wrong("须为不小于 0 的金额，最多两位小数", "must be an amount with at most two decimals, not negative")
    return amount


def _local(value: Any) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise _wrong("须为规则包和地方规定的表", "must be a table of packs and their local lines")
    return MappingProxyType({_text(pack): _texts(lines) for pack, lines in value.items()})


Reader = Callable[[Any], Any]
_PROXY: dict[str, Reader] = {
    "principal": _who,
    "agent": _who,
    "written": _flag,
    "full_capacity": _flag,
    "same_household": _flag,
    "same_organisation": _flag,
    "has_vote": _flag,
}
KINDS: dict[str, tuple[Text, dict[str, Reader]]] = {
    "done": (say("完成本步", "step done"), {"by": _who, "papers": _texts, "hash": _text}),
    "petition_received": (say("收到联名", "petition received"), {"supporters": _counts}),
    "escalated": (say("报请镇街督促召集", "town asked to see it convened"), {"to": _text}),
    "notice_posted": (
        say("发出会议通知", "notice given"),
        {
            "meeting_on": _day,
            "roll": _counts,
            "mode": _text,
            "states": _texts,
            "proof": _text,
            "hash": _text,
            "participating": _texts,
            "special_circumstances": _flag,
        },
    ),
    "notice_proved": (say("登记通知凭证", "proof of notice recorded"), {"proof": _text, "by": _who}),
    "roll_changed": (
        say("名册变动", "roll changed"),
        {"base": _text, "number": _number, "reason": _text},
    ),
    "meeting_opened": (
        say("开会", "meeting opened"),
        {"roll": _counts, "mode": _text, "merged": _flag},
    ),
    "signed_in": (say("签到", "signed in"), {"person": _name, "channel": _text}),
    "left": (say("离会", "left"), {"person": _name}),
    "proxy_given": (say("委托", "proxy given"), _PROXY),
    "proxy_revoked": (say("撤回委托", "proxy revoked"), {"principal": _who}),
    "recused": (say("回避", "recused"), {"person": _name, "reason": _text}),
    "attendance_counted": (say("清点到会人数", "attendance counted"), {"counts": _counts}),
    "ballot_opened": (say("开始表决", "ballot opened"), {"hash": _text}),
    "cast": (say("投票", "cast"), {"person": _name, "marks": _texts}),
    "ballot_closed": (say("停止表决", "ballot closed"), {}),
    "adjourned": (say("休会，另行通知", "adjourned, to be noticed again"), {"reason": _text}),
    "counted": (
        say("计票", "counted"),
        {"counts": _counts, "counters": _names, "votes": _votes},
    ),
    "recounted": (
        say("重新计票", "recounted"),
        {"counts": _counts, "counters": _names, "basis": _text},
    ),
    "certified": (say("确认结果", "result certified"), {"by": _who}),
    "recorded_as_advice": (say("仅作意见记录", "recorded as advice only"), {"by": _who}),
    "reviewed": (
        say("审查", "reviewed"),
        {"result": _text, "by": _who, "reason": _text},
    ),
    "posted": (say("张贴", "posted"), {"place": _text, "photo": _flag, "hash": _text}),
    "posting_checked": (say("查看张贴", "posting checked"), {"seen": _flag}),
    "objected": (say("提出异议", "objection made"), {"id": _text, "by": _who}),
    "objection_answered": (
        say("答复异议", "objection answered"),
        {"id": _text, "upheld": _flag, "reason": _text},
    ),
    "posting_ended": (say("张贴期满撤下", "posting ended"), {"photo": _flag}),
    "roll_posted": (
        say("公布选民名单", "roll posted"),
        {"registered": _number, "election_on": _day},
    ),
    "roll_settled": (say("名单确定", "roll settled"), {"registered": _number}),
    "candidates_posted": (say("公布候选人", "candidates posted"), {"names": _names}),
    "poll_opened": (say("开始投票", "poll opened"), {}),
    "poll_postponed": (say("另定选举日", "election day moved"), {"election_on": _day}),
    "runoff_opened": (say("另行选举", "run-off opened"), {"names": _names}),
    "contracted": (say("签订合同", "contract signed"), {"amount": _money}),
    "paid": (say("付款", "paid"), {"amount": _money}),
    "accepted": (say("验收", "work accepted"), {"by": _who, "doer": _who, "budget": _flag}),
    "final_account": (say("决算", "final account"), {"amount": _sum}),
    "motion_changed": (
        say("修改方案", "motion changed"),
        {"field": _text, "material": _flag, "hash": _text},
    ),
    "redrafted": (say("重新拟订", "drafted anew"), {"reason": _text}),
    "withdrawn": (say("撤回", "withdrawn"), {"by": _who, "reason": _text}),
    "annulled": (
        say("撤销", "annulled"),
        {"by": _who, "reason": _text},
    ),
}
_HEADER: dict[str, Reader] = {
    "procedure": _text,
    "title": _text,
    "resolve": _text,
    "item": _item,
    "matter": _text,
    "proposer": _who,
    "options": _texts,
    "overlays": _texts,
    "local": _local,
    "same_head": _flag,
    "delegated": _flag,
    "charter_allows_proxy": _flag,
    "electronic": _flag,
    "seats": _number,
    "candidates": _names,
}


def read_history(table: Mapping[str, Any]) -> tuple[Decision, tuple[Event, ...]]:
    """A `[decision]` table and its `[[events]]`. Raises `EventError` for anything unknown.

    Events keep the order in which they are written; the replay refuses one that is dated
    before its predecessor.
    """
    unknown = sorted(table.keys() - {"decision", "events", "expect"})
    head, rows = table.get("decision"), table.get("events", [])
    if unknown or not isinstance(head, dict) or not isinstance(rows, list):
        names = ", ".join(unknown)
        zh, en = (f"不认识 {names}", f"unknown {names}") if unknown else ("须有", "give")
        raise EventError(
            f"{en}{'' if unknown else ' [decision] and [[events]]'}",
            f"{zh}{'' if unknown else ' [decision] 和 [[events]]'}",
        )
    values = _read(head, _HEADER, say("decision", "decision"))
    if "procedure" not in values:
        raise EventError("decision: name the procedure", "decision：须写明程序 procedure")
    events = tuple(read_event(row, i) for i, row in enumerate(rows, 1))
    return Decision(**values), events


def read_event(row: Any, number: int = 0) -> Event:
    """One event from a table with `at`, `kind` and its particulars. Raises `EventError`."""
    where = say(f"第 {number} 个事件", f"event {number}") if number else say("事件", "event")
    if not isinstance(row, dict):
        raise EventError(f"{where['en']}: must be a table", f"{where['zh']}：须为表")
    values = dict(row)
    kind, at = values.pop("kind", None), _moment(values.pop("at", None), where)
    if not isinstance(kind, str) or kind not in KINDS:
        known = ", ".join(KINDS)
        raise EventError(
            f"{where['en']}: unknown kind {kind!r}; known are: {known}",
            f"{where['zh']}：不认识的种类 {kind!r}；可用：{known}",
        )
    named = say(f"{where['zh']} {kind}", f"{where['en']} {kind}")
    return Event(at, kind, MappingProxyType(_read(values, KINDS[kind][1], named)))


def _moment(value: Any, where: Text) -> datetime:
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day, tzinfo=CHINA)
        if isinstance(value, datetime) and FIRST_YEAR <= value.year <= LAST_YEAR:
            return value.astimezone(CHINA) if value.tzinfo else value.replace(tzinfo=CHINA)
    except (ValueError, OverflowError):
        pass
    raise EventError(
        f"{where['en']}: `at` must be a date or a time such as 2026-07-01T09:00:00",
        f"{where['zh']}：at 须为日期或时间，如 2026-07-01T09:00:00",
    )


def _read(values: Mapping[str, Any], readers: Mapping[str, Reader], where: Text) -> dict[str, Any]:
    out = {}
    for key, value in values.items():
        if key not in readers:
            known = ", ".join(readers) or "nothing"
            raise EventError(
                f"{where['en']}: unknown {key!r}; it may hold: {known}",
                f"{where['zh']}：不认识 {key!r}；可以写：{known}",
            )
        try:
            out[key] = readers[key](value)
        except (EventError, PackError) as error:
            raise EventError(f"{where['en']}: {key} {error.en}", f"{where['zh']}：{key} {error.zh}") from None
    return out
