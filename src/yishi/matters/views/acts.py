"""What the acts on a matter are done to: the matter, or one of its reports, assignments, appeals and merges."""

from typing import Any

from yishi.core import acts
from yishi.matters import permissions, selectors
from yishi.matters.models import Assignment, Matter, Merge, Report, SizeAppeal

PARTS: dict[str, Any] = {"report": Report, "assignment": Assignment, "appeal": SizeAppeal, "merge": Merge}


def _part(kind: str, matter: Matter, pk: int) -> Any:
    owner = "into" if kind == "merge" else "matter"
    found = PARTS[kind].objects.filter(pk=pk, **{owner: matter}).first()
    if found is not None:
        setattr(found, owner, matter)
    return found


class Act(acts.Act):
    """An act on a matter."""

    home = acts.Home("matters", "matter", permissions, selectors.get_matter_for, _part)
