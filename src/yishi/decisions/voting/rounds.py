"""Rounds of an election: which items they are, the votes of each, names in place of references."""

import re
from collections.abc import Mapping

from yishi.decisions.models import AgendaItem, Decision, Result, RollEntry


def candidates_of(decision: Decision) -> dict[str, str]:
    """Names of candidates, which are posted, by the references that events hold (``p17``); two queries."""
    posted = decision.events.filter(kind="candidates_posted").order_by("-number").values_list("data", flat=True).first()
    codes = (posted or {}).get("names", [])
    persons = {int(c[1:]) for c in codes if c[:1] == "p" and c[1:].isdigit()}
    found = RollEntry.objects.filter(roll__decision=decision, person_id__in=persons)
    return {f"p{person}": label for person, label in found.values_list("person_id", "label")}


def with_names(text: str, labels: Mapping[str, str]) -> str:
    """A sentence with names in place of references; ``p1`` is no part of ``p17``."""
    return re.sub(r"(?<![0-9A-Za-z])p\d+", lambda found: labels.get(found[0], found[0]), text)


def votes_of(decision: Decision) -> dict[int, dict[str, int]]:
    """The votes of every count of an election, by the result that was reckoned from them; two queries."""
    rows = decision.events.filter(kind="counted").order_by("number").values_list("data", flat=True)
    counted = [data["votes"] for data in rows if "votes" in data]
    results = Result.objects.filter(item__decision=decision, item__box__seats__gt=0).order_by("pk")
    return dict(zip(results.values_list("pk", flat=True), counted, strict=False))


def rounds_of(item: AgendaItem) -> list[AgendaItem]:
    """The items of one meeting on which an election was polled: the first poll, then each run-off."""
    items = AgendaItem.objects.filter(meeting_id=item.meeting_id, decision_id=item.decision_id, step=item.step)
    return list(items.select_related("meeting__organisation", "roll", "box").order_by("number"))


def is_runoff(item: AgendaItem) -> bool:
    """Whether an item polls those who were not elected before it, in the same meeting."""
    earlier = AgendaItem.objects.filter(
        meeting_id=item.meeting_id, decision_id=item.decision_id, step=item.step, number__lt=item.number
    )
    return earlier.filter(box__seats__gt=0).exists()
