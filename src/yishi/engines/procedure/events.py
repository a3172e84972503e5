"""Dated events of a decision, read strictly from tables (TOML or JSON)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from yishi.engines.procedure.checks import LIMIT, read_value
from yishi.engines.procedure.model import PackError
from yishi.engines.procedure.packs import quantities
from yishi.engines.words import Text, say

CHINA = timezone(timedelta(hours=8))
BALLOT_COUNTS = ("no", "abstain", "blank", "double", "late", "wrong_roll")
BOX = ("issued", "returned", "unreturned", "valid", "invalid")


class EventError(ValueError):
    """Events that cannot be read; the message says which one and what to mend."""


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


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 10_000:
        raise ValueError("must be text")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= LIMIT:
        raise ValueError("must be a whole number, not negative")
    return value


def _day(value: Any) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value)
    if type(value) is not date:
        raise ValueError("must be a date such as 2026-07-01")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("must be a list of texts")
    return tuple(_text(item) for item in value)


def _counts(value: Any) -> Mapping[str, int]:
    if not isinstance(value, dict):
        raise ValueError("must be a table of numbers")
    out = {}
    for name, number in value.items():
        if name in quantities():
            out[name] = read_value(name, str(number) if type(number) is int else _text(number))
        elif name in BALLOT_COUNTS or name in BOX:
            out[name] = _number(number)
        else:
            raise ValueError(f"unknown quantity {name!r}")
    return MappingProxyType(out)


def _votes(value: Any) -> Mapping[str, int]:
    if not isinstance(value, dict):
        raise ValueError("must be a table of candidates and votes")
    return MappingProxyType({_text(name): _number(number) for name, number in value.items()})


def _money(value: Any) -> Decimal:
    if not (amount := _sum(value)):
        raise ValueError("must be a positive amount with at most two decimals")
    return amount


def _sum(value: Any) -> Decimal:
    try:
        amount = Decimal(_text(value) if not isinstance(value, int) else value)
    except InvalidOperation:
        raise ValueError("must be an amount such as '180000.00'") from None
    exponent = amount.as_tuple().exponent
    if not amount.is_finite() or amount < 0 or not isinstance(exponent, int) or exponent < -2:
        raise ValueError("must be an amount with at most two decimals, not negative")
    return amount


def _local(value: Any) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise ValueError("must be a table of packs and their local lines")
    return MappingProxyType({_text(pack): _texts(lines) for pack, lines in value.items()})


Reader = Callable[[Any], Any]
_PROXY: dict[str, Reader] = {
    "principal": _text,
    "agent": _text,
    "written": _flag,
    "full_capacity": _flag,
    "same_household": _flag,
    "same_organisation": _flag,
    "has_vote": _flag,
}
KINDS: dict[str, tuple[Text, dict[str, Reader]]] = {
    "done": (say("完成本步", "step done"), {"by": _text, "papers": _texts, "hash": _text}),
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
    "notice_proved": (say("登记通知凭证", "proof of notice recorded"), {"proof": _text, "by": _text}),
    "roll_changed": (
        say("名册变动", "roll changed"),
        {"base": _text, "number": _number, "reason": _text},
    ),
    "meeting_opened": (
        say("开会", "meeting opened"),
        {"roll": _counts, "mode": _text, "merged": _flag},
    ),
    "signed_in": (say("签到", "signed in"), {"person": _text, "channel": _text}),
    "left": (say("离会", "left"), {"person": _text}),
    "proxy_given": (say("委托", "proxy given"), _PROXY),
    "proxy_revoked": (say("撤回委托", "proxy revoked"), {"principal": _text}),
    "recused": (say("回避", "recused"), {"person": _text, "reason": _text}),
    "attendance_counted": (say("清点到会人数", "attendance counted"), {"counts": _counts}),
    "ballot_opened": (say("开始表决", "ballot opened"), {"hash": _text}),
    "cast": (say("投票", "cast"), {"person": _text, "marks": _texts}),
    "ballot_closed": (say("停止表决", "ballot closed"), {}),
    "adjourned": (say("休会，另行通知", "adjourned, to be noticed again"), {"reason": _text}),
    "counted": (
        say("计票", "counted"),
        {"counts": _counts, "counters": _texts, "votes": _votes},
    ),
    "recounted": (
        say("重新计票", "recounted"),
        {"counts": _counts, "counters": _texts, "basis": _text},
    ),
    "certified": (say("确认结果", "result certified"), {"by": _text}),
    "recorded_as_advice": (say("仅作意见记录", "recorded as advice only"), {"by": _text}),
    "reviewed": (
        say("审查", "reviewed"),
        {"result": _text, "by": _text, "reason": _text},
    ),
    "posted": (say("张贴", "posted"), {"place": _text, "photo": _flag, "hash": _text}),
    "posting_checked": (say("查看张贴", "posting checked"), {"seen": _flag}),
    "objected": (say("提出异议", "objection made"), {"id": _text, "by": _text}),
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
    "candidates_posted": (say("公布候选人", "candidates posted"), {"names": _texts}),
    "poll_opened": (say("开始投票", "poll opened"), {}),
    "poll_postponed": (say("另定选举日", "election day moved"), {"election_on": _day}),
    "runoff_opened": (say("另行选举", "run-off opened"), {"names": _texts}),
    "contracted": (say("签订合同", "contract signed"), {"amount": _money}),
    "paid": (say("付款", "paid"), {"amount": _money}),
    "accepted": (say("验收", "work accepted"), {"by": _text, "doer": _text, "budget": _flag}),
    "final_account": (say("决算", "final account"), {"amount": _sum}),
    "motion_changed": (
        say("修改方案", "motion changed"),
        {"field": _text, "material": _flag, "hash": _text},
    ),
    "redrafted": (say("重新拟订", "drafted anew"), {"reason": _text}),
    "withdrawn": (say("撤回", "withdrawn"), {"by": _text, "reason": _text}),
    "annulled": (
        say("撤销", "annulled"),
        {"by": _text, "reason": _text},
    ),
}
_HEADER: dict[str, Reader] = {
    "procedure": _text,
    "title": _text,
    "resolve": _text,
    "item": _text,
    "matter": _text,
    "proposer": _text,
    "options": _texts,
    "overlays": _texts,
    "local": _local,
    "same_head": _flag,
    "delegated": _flag,
    "charter_allows_proxy": _flag,
    "electronic": _flag,
    "seats": _number,
    "candidates": _texts,
}


def read_history(table: Mapping[str, Any]) -> tuple[Decision, tuple[Event, ...]]:
    """A `[decision]` table and its `[[events]]`. Raises `EventError` for anything unknown.

    Events keep the order in which they are written; the replay refuses one that is dated
    before its predecessor.
    """
    unknown = sorted(table.keys() - {"decision", "events", "expect"})
    head, rows = table.get("decision"), table.get("events", [])
    if unknown or not isinstance(head, dict) or not isinstance(rows, list):
        what = f"unknown {', '.join(unknown)}" if unknown else "give [decision] and [[events]]"
        raise EventError(what)
    values = _read(head, _HEADER, "decision")
    if "procedure" not in values:
        raise EventError("decision: name the procedure")
    events = tuple(read_event(row, f"event {i}") for i, row in enumerate(rows, 1))
    return Decision(**values), events


def read_event(row: Any, where: str = "event") -> Event:
    """One event from a table with `at`, `kind` and its particulars. Raises `EventError`."""
    if not isinstance(row, dict):
        raise EventError(f"{where}: must be a table")
    values = dict(row)
    kind, at = values.pop("kind", None), _moment(values.pop("at", None), where)
    if not isinstance(kind, str) or kind not in KINDS:
        raise EventError(f"{where}: unknown kind {kind!r}; known are: {', '.join(KINDS)}")
    return Event(at, kind, MappingProxyType(_read(values, KINDS[kind][1], f"{where} {kind}")))


def _moment(value: Any, where: str) -> datetime:
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime):
            return value.astimezone(CHINA) if value.tzinfo else value.replace(tzinfo=CHINA)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=CHINA)
    except (ValueError, OverflowError):
        pass
    raise EventError(f"{where}: `at` must be a date or a time such as 2026-07-01T09:00:00")


def _read(values: Mapping[str, Any], readers: Mapping[str, Reader], where: str) -> dict[str, Any]:
    out = {}
    for key, value in values.items():
        if key not in readers:
            known = ", ".join(readers) or "nothing"
            raise EventError(f"{where}: unknown {key!r}; it may hold: {known}")
        try:
            out[key] = readers[key](value)
        except (ValueError, PackError) as error:
            raise EventError(f"{where}: {key} {error}") from None
    return out
