"""What the engine found, as plain data for JSON."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from yishi.engines.triage.classifier import Prediction
from yishi.engines.triage.duplicates import Duplicate, groups
from yishi.engines.triage.kinds import NAMES, kind_of, urgency_of
from yishi.engines.triage.topics import FORMULA, Topic
from yishi.engines.triage.words import Reason


def prediction_data(said: Prediction, text: str | None = None) -> dict[str, Any]:
    """One prediction; with its `text`, kind and urgency too."""
    found: dict[str, Any] = {
        "label": said.label,
        "probability": round(said.probability, 6),
        "reasons": _reasons(said.reasons),
        "abstain": said.abstain,
    }
    if said.parents:
        found["parents"] = [{"label": label, "probability": round(p, 6)} for label, p in said.parents]
    if text is not None:
        kind, urgency = kind_of(text), urgency_of(text)
        found["kind"], found["kind_certain"], found["kind_reasons"] = kind.label, kind.certain, _reasons(kind.reasons)
        found["urgency"] = {"level": urgency.level, "number": urgency.number, "reasons": _reasons(urgency.reasons)}
    return found


def _reasons(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    return [{"words": list(r.words), **r.sentence} for r in reasons]


def kind_words(text: str, language: str) -> list[str]:
    """Kind and urgency of a message in a few words each, with the words of the text that say so."""
    kind, urgency = kind_of(text), urgency_of(text)
    zh = language == "zh"
    why = "、".join(kind.reasons[0].words)
    unsure = "" if kind.certain else ("不确定" if zh else "uncertain")
    level = {"ordinary": "一般", "danger": "有危险", "emergency": "紧急"}[urgency.level] if zh else urgency.level
    danger = "、".join(w for r in urgency.reasons for w in r.words)
    return [
        " ".join(filter(None, (NAMES[kind.label][language], unsure and f"({unsure})", why))),
        " ".join(filter(None, (level, urgency.number, danger))),
    ]


def duplicates_data(found: Sequence[Duplicate], names: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Pairs, surest first, with the shared evidence, and the groups they make."""
    pairs = [
        {
            "first": names[d.first],
            "second": names[d.second],
            "score": round(d.score, 4),
            "shared": {
                "words": list(d.evidence.words),
                "places": list(d.evidence.places),
                "days_apart": None if d.evidence.days is None else round(d.evidence.days, 2),
                "place_conflicts": list(d.evidence.conflicts),
            },
            "reason": d.evidence.sentence,
        }
        for d in found
    ]
    return {"pairs": pairs, "groups": [[names[i] for i in g] for g in groups(found, len(names))]}


def topics_data(topics: Sequence[Topic], names: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Topics, hottest first, with the formula that ranks them."""
    listed = [
        {
            "rank": rank,
            "title": t.title,
            "heat": round(t.heat, 4),
            "people": t.people,
            "reach": t.reach,
            "support": round(t.support, 4),
            "first": _date(t.first_day),
            "last": _date(t.last_day),
            "messages": [names[i] for i in t.messages],
            "reason": t.sentence,
        }
        for rank, t in enumerate(topics, 1)
    ]
    return {"formula": FORMULA, "topics": listed}


def _date(day: float | None) -> str | None:
    return None if day is None else date.fromordinal(int(day)).isoformat()
