"""From stored rows to the procedure engine and back: headers, replays, references of people."""

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal as Money
from functools import cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, no
from yishi.decisions.models import Decision, DecisionEvent
from yishi.engines.procedure import Case, Note, feed, open_case, read_event, read_history
from yishi.engines.procedure import Decision as Header
from yishi.engines.procedure.events import CHINA, Event
from yishi.engines.procedure.packs import all_packs, load_pack, quantities
from yishi.engines.procedure.steps import Step, load_procedure
from yishi.network.viewers import Kind

SETTINGS = (
    "options", "overlays", "local", "same_head", "delegated", "charter_allows_proxy", "electronic", "seats",
    "candidates", "matter",
)  # fmt: skip

VILLAGE_LAW = "村民委员会组织法"


def ref(person_id: int | None) -> str:
    """How a person stands in events: a reference, never a name."""
    return "" if person_id is None else f"p{person_id}"


def header_table(decision: Decision) -> dict[str, Any]:
    """The header as ``engines.procedure.read_history`` and the bundle read it.

    It holds references only: neither title nor names, so that it may be published.
    """
    table: dict[str, Any] = {"procedure": decision.procedure, "proposer": ref(decision.proposer_id)}
    for key in ("resolve", "item"):
        if getattr(decision, key):
            table[key] = getattr(decision, key)
    return table | {k: v for k, v in decision.settings.items() if k in SETTINGS}


def header_of(decision: Decision) -> Header:
    """The header of a decision.

    Raises:
        engines.procedure.EventError: settings that cannot be read.
    """
    return read_history({"decision": header_table(decision)})[0]


def event_table(event: DecisionEvent) -> dict[str, Any]:
    """A stored event as the engine reads it."""
    return {"at": event.at.astimezone(CHINA).isoformat(), "kind": event.kind, **event.data}


def events_of(rows: Iterable[DecisionEvent]) -> list[Event]:
    """Stored events, read strictly."""
    return [read_event(event_table(row)) for row in rows]


def case_of(decision: Decision) -> Case:
    """What the stored events amount to now. One query; each event was accepted when it was stored."""
    return replayed(decision, open_new(decision), decision.events.order_by("number"))


def replayed(decision: Decision, case: Case, rows: Iterable[DecisionEvent]) -> Case:
    """The case after the stored events of a decision."""
    for event in events_of(rows):
        note = feed(case, event)
        assert note is None, (decision.pk, event.kind, note)
    return case


def open_new(decision: Decision) -> Case:
    """A decision before its first event."""
    return open_case(header_of(decision), load_procedure(decision.procedure))


def new_event(kind: str, at: dt.datetime, data: Mapping[str, Any]) -> Event:
    """An event about to be fed, read as strictly as a stored one."""
    return read_event({"at": at.astimezone(CHINA).isoformat(), "kind": kind, **data})


def current_step(case: Case) -> Step | None:
    """The step that the decision is at; None when it has ended."""
    return case.step if case.status == "running" else None


def spoken(text: Mapping[str, str] | None) -> str:
    """An engine's sentence in the language of the page."""
    if not text:
        return ""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return _pack_ids().sub(lambda found: load_pack(found[0]).title[language], text[language])


@cache
def _pack_ids() -> re.Pattern[str]:
    """The ids of the packs as they stand in sentences of the engine; nobody but us knows them by these."""
    ids = sorted((pack.id for pack in all_packs() if "-" in pack.id), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, ids)) + r")(?![\w-])")


def listed(parts: Iterable[str]) -> str:
    """Things named one after another, as the language of the page does."""
    english = (get_language() or "").startswith("en")
    return (", " if english else "、").join(parts)


def clauses(parts: Iterable[str]) -> str:
    """Half-sentences one after another."""
    english = (get_language() or "").startswith("en")
    return ("; " if english else "；").join(part for part in parts if part)


def sentences(parts: Iterable[str]) -> str:
    """Whole sentences one after another."""
    english = (get_language() or "").startswith("en")
    return (" " if english else "").join(part for part in parts if part)


def headed(label: str, text: str) -> str:
    """``到会：…`` or ``quorum: …``."""
    english = (get_language() or "").startswith("en")
    return f"{label}: {text}" if english else f"{label}：{text}"


def by_analogy(decision: Decision, clause: Mapping[str, str] | None) -> bool:
    """Whether a residents' committee goes by the villagers' law here: by analogy, which is not verified."""
    residents = decision.organisation.kind == Kind.RESIDENTS_COMMITTEE
    return residents and bool(clause) and VILLAGE_LAW in (clause or {})["zh"]


def clause_of(decision: Decision, clause: Mapping[str, str] | None) -> dict[str, str]:
    """A clause as this decision cites it."""
    found = dict(clause or {})
    if not by_analogy(decision, clause):
        return found
    return {
        "zh": f"{found['zh']}（居民委员会比照，待核定）",
        "en": f"{found['en']} (residents' committees by analogy, not verified)",
    }


def refusal_of(note: Note) -> Verdict:
    """An engine's refusal as a verdict: the reason with its number, and the clause."""
    return no(spoken(note.text), spoken(note.clause))


def motion_digest(text: str, budget: Money | None = None) -> str:
    """SHA-256 of a motion's canonical text: NFC, lines ended by ``\\n`` and bare at their ends, the budget last.

    Notice, ballot, minutes and posting carry it; anyone with the text can compute it again.
    """
    return hashlib.sha256(canonical_motion(text, budget).encode()).hexdigest()


def canonical_motion(text: str, budget: Money | None = None) -> str:
    """The text that a motion's digest is of."""
    lines = [line.rstrip() for line in unicodedata.normalize("NFC", text).strip().splitlines()]
    if budget is not None:
        lines.append(f"预算 {budget:.2f} 元")
    return "\n".join(lines)


def step_of(decision: Decision) -> Step | None:
    """The step that a decision stands at, from what is kept beside it; None when it has ended. No query."""
    return next((s for s in load_procedure(decision.procedure).steps if s.id == decision.step), None)


def comments_block(decision: Decision, case: Case, kind: str) -> Verdict:
    """Whether unanswered comments stand before this event: no step is finished or convened over them."""
    convening = kind == "notice_posted" or (kind == "meeting_opened" and case.phase == "start")
    finishing = kind in ("done", "reviewed") and case.index > 0
    if not (convening or finishing):
        return YES
    waiting = decision.comments.filter(answer="").count()
    if not waiting:
        return YES
    return no(
        _("还有 %(n)s 条意见没有答复，不能进入下一步。") % {"n": waiting},
        _("本平台规则：对方案的每条意见都须答复（采纳、部分采纳、不采纳并说明理由）"),
        _("请逐条答复：采纳、部分采纳或不采纳，并写明理由。"),
    )  # fmt: skip


def quantity_words(name: str) -> str:
    """A number of the packs by its name in the language of the page; the name itself where it is none of them."""
    found = quantities().get(name)
    return name if found is None else spoken({"zh": found.zh, "en": found.en})
