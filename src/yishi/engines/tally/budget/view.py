"""Outcomes as plain data and as a table."""

from typing import Any

from yishi.engines.tally.budget.greedy import Greedy
from yishi.engines.tally.budget.payments import exact_text, rounded
from yishi.engines.tally.budget.reasons import (
    greedy_reason,
    greedy_summary,
    missing,
    payers,
    shared_reason,
    shared_summary,
)
from yishi.engines.tally.budget.shares import Shares


def as_data(result: Greedy | Shares) -> dict[str, Any]:
    """The outcome with its arithmetic, ready for JSON; money as text, exact numbers as `p/q`.

    `selected` is in the order of funding, `projects` likewise with the others after them by votes.
    """
    instance, shared = result.instance, isinstance(result, Shares)
    chosen = set(result.chosen)
    others = sorted(set(range(len(instance.ids))) - chosen, key=lambda p: (-instance.votes[p], p))
    return {
        "rule": "equal-shares" if shared else "greedy",
        "utility": result.utility,
        **(_share(result) if isinstance(result, Shares) else {}),
        "budget": str(instance.money(instance.budget)),
        "spent": str(instance.money(result.spent)),
        "left": str(instance.money(instance.budget - result.spent)),
        "voters": len(instance.voters),
        "approvals": len(instance.ballots.places),
        "selected": [instance.ids[p] for p in result.chosen],
        "text": shared_summary(result) if isinstance(result, Shares) else greedy_summary(result),
        "projects": [_project(result, p, p in chosen) for p in (*result.chosen, *others)],
        "notes": list(instance.notes),
    }


def _share(shares: Shares) -> dict[str, Any]:
    share = shares.share / shares.instance.one
    return {
        "completion": shares.completion,
        "selected_before_completion": [shares.instance.ids[p] for p in (*shares.free, *shares.first)],
        "raises": shares.raises,
        "stopped": shares.stop,
        "share": exact_text(share),
        "share_about": str(rounded(share)),
    }


def _project(result: Greedy | Shares, project: int, funded: bool) -> dict[str, Any]:
    instance = result.instance
    row = {
        "id": instance.ids[project],
        "name": instance.names[project],
        "cost": str(instance.money(instance.costs[project])),
        "votes": instance.votes[project],
        "selected": funded,
    }
    if isinstance(result, Greedy):
        return row | {"text": greedy_reason(result, project)}
    return row | _payment(result, project) | {"text": shared_reason(result, project)}


def _payment(shares: Shares, project: int) -> dict[str, Any]:
    now = int(shares.accounts.when[project])
    if now < 0:
        return {"missing": exact_text(missing(shares, project))} if shares.instance.costs[project] else {}
    each, by = shares.accounts.price(now) / shares.instance.one, payers(shares, project)
    return {
        "round": now + 1,
        "each": exact_text(each),
        "each_about": str(rounded(each)),
        "paying_in_full": by.full,
        "paying_the_rest": by.rest,
        "with_nothing_left": by.nothing,
    }


def as_words(data: dict[str, Any], language: str) -> str:
    """The outcome as lines: the summary, a row a project, the notes."""
    lines = [data["text"][language], ""]
    for row in data["projects"]:
        mark = "✓" if row["selected"] else " "
        lines.append(f"{mark} {row['id']}  {row['name']}")
        lines.append(f"    {row['text'][language]}")
    notes = [f"! {note[language]}" for note in data["notes"]]
    return "\n".join([*lines, *([""] if notes else []), *notes]) + "\n"
