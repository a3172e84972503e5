"""Reads of rolls: for those who run the vote, and for those on it; names and household numbers only."""

from django.db.models import Q, QuerySet

from yishi.decisions.models import AgendaItem, Decision, Roll, RollEntry
from yishi.decisions.services.rolls import draft_roll
from yishi.decisions.voting import kinds


def roll_of_item(item: AgendaItem) -> Roll | None:
    """The frozen roll of an item, else the draft of its step."""
    return item.roll or draft_roll(item.decision, item.step)


def roll_of_step(decision: Decision) -> Roll | None:
    """The latest roll of the step at hand, frozen or not."""
    return decision.rolls.filter(step=decision.step).order_by("-pk").first()


def entries_of(roll: Roll, query: str = "") -> QuerySet[RollEntry]:
    """The lines in order, those whose name or household holds the query."""
    rows = RollEntry.objects.filter(roll=roll).order_by("number")
    words = query.strip()
    if not words:
        return rows
    if words.isdigit() and len(words) < 6:
        return rows.filter(Q(number=int(words)) | Q(household__icontains=words))
    return rows.filter(Q(label__contains=words) | Q(household__icontains=words))


def counts_in_words(roll: Roll) -> list[tuple[str, str]]:
    """The wholes with their names: ``("具有完全民事行为能力的成员", "498")``; areas with two decimals."""
    from yishi.decisions.rules import quantity_words

    written = kinds.written(roll.counts)
    return [
        (quantity_words(name), f"{value} m²" if kinds.is_area(name) else str(value)) for name, value in written.items()
    ]
