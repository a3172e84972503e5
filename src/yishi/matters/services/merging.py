"""Merging duplicates and splitting them again: every reporter keeps their own report, clock and reply.

A report remembers the matter it was first told to (``first_matter``), so a split
takes back exactly what belongs to the matter, also what was joined to its number
after the merge. One level only: a matter that holds others is not merged itself.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yishi.core.given import words_of
from yishi.core.verdicts import YES, Refusal, Verdict, no, require
from yishi.matters import permissions
from yishi.matters.models import Assignment, Matter, Merge, Report, Step
from yishi.matters.selectors.settling import WAITING
from yishi.matters.services._acts import end_assignments, finish, held, refresh
from yishi.matters.services.endings import end_if_empty
from yishi.matters.services.routing import start_contact_clock
from yishi.matters.services.sorting import show_as_visible
from yishi.network.viewers import Viewer, actor_of

Stage = Matter.Stage


@contextmanager
def _held_two(one: Matter, other: Matter) -> Iterator[tuple[Matter, Matter]]:
    """Both matters, locked in the order of their ids."""
    first, second = sorted((one, other), key=lambda m: m.pk)
    with held(first) as a, held(second) as b:
        yield (a, b) if a.pk == one.pk else (b, a)


def may_merge_into(viewer: Viewer, matter: Matter, into: Matter, at: dt.datetime) -> Verdict:
    """Whether these two may become one."""
    for side in (matter, into):
        if not (verdict := permissions.may_merge_matter(viewer, side, at)):
            return verdict
    if matter.town_id != into.town_id:
        return no(_("不是同一个镇街的事。"))
    if matter.sealed != into.sealed or (matter.sealed and matter.hall_id != into.hall_id):
        return no(_("敏感议事厅的事项不能与其他事项合并。"))
    if matter.stage != Stage.RAISED and matter.visibility != into.visibility:
        return no(_("一件公开、一件不公开，不能合并。"))
    if Merge.objects.filter(into=matter, split_at=None).exists():
        return no(
            _("已有其他事项并入 %(number)s。") % {"number": matter.reference},
            what_now=_("请反过来并入它；或先拆分，再逐件并入。"),
        )
    return YES


def merge_matter(viewer: Viewer, matter: Matter, into: Matter, reason: str, at: dt.datetime) -> Merge:
    """Join a matter into another: its reports go over with their own clocks and replies; its page points there.

    Raises:
        ValidationError: no reason, or into itself.
        Refusal: not at the desk of both, ended, of different visibility, or holding others itself.
    """
    reason = words_of(reason, "reason", 300)
    if matter.pk == into.pk:
        raise ValidationError({"into": _("不能并入自己。")})
    with _held_two(matter, into) as (old, root):
        require(may_merge_into(viewer, old, root, at))
        merge = Merge.objects.create(
            matter=old, into=root, reason=reason, at=at, by_id=actor_of(viewer), before=_before(old)
        )
        end_assignments(old, at)
        Report.objects.filter(matter=old).update(matter=root)
        old.stage, old.merged_into = Stage.MERGED, root
        Step.objects.create(
            matter=root, kind=Step.Kind.MERGED, at=at, by_id=viewer.person_id, words=reason, detail=old.reference
        )
        if root.lead_id is not None:
            start_contact_clock(root, at)
        refresh(root, at)
        show_as_visible(root)
        finish(
            viewer, old, "merged", Step.Kind.MERGED, at, words=reason, detail=root.reference, into=root.pk,
            merge=merge.pk,
        )  # fmt: skip
        return merge


def _before(matter: Matter) -> dict[str, object]:
    active = Assignment.objects.filter(matter=matter, state__in=permissions.ACTIVE).order_by("pk")
    return {
        "stage": matter.stage,
        "lead": matter.lead_id,
        "assignments": [[a.pk, a.state] for a in active],
        "reports": list(Report.objects.filter(matter=matter).order_by("pk").values_list("pk", flat=True)),
    }


def split_matter(viewer: Viewer, merge: Merge, reason: str, at: dt.datetime) -> Matter:
    """Undo a merge: the matter stands again as it was, with its reports as they are now.

    Raises:
        ValidationError: no reason.
        Refusal: not at the desk, or split already.
    """
    reason = words_of(reason, "reason", 300)
    with transaction.atomic(), _held_two(merge.matter, merge.into) as (old, root):
        fresh = Merge.objects.select_related("into__community").get(pk=merge.pk)
        require(permissions.may_split_matter(viewer, fresh, at))
        if old.merged_into_id != root.pk:
            raise Refusal(no(_("已经拆分过了。")))
        fresh.split_at, fresh.split_by_id, fresh.split_reason = at, viewer.person_id, reason
        fresh.save(update_fields=["split_at", "split_by", "split_reason"])
        Report.objects.filter(matter=root, first_matter=old).update(matter=old)
        _restore(old, root, fresh.before)
        Step.objects.create(
            matter=root, kind=Step.Kind.SPLIT, at=at, by_id=viewer.person_id, words=reason, detail=old.reference
        )
        end_if_empty(root, at)
        refresh(root, at)
        finish(
            viewer, old, "split", Step.Kind.SPLIT, at, words=reason, detail=root.reference, out_of=root.pk,
            merge=fresh.pk,
        )  # fmt: skip
        show_as_visible(old)
        return old


def _restore(matter: Matter, root: Matter, before: dict[str, object]) -> None:
    """Stage, lead and assignments as before the merge, brought forward by what was answered since."""
    matter.merged_into = None
    matter.lead_id = before["lead"]  # type: ignore[assignment]
    matter.stage = str(before["stage"])
    for pk, state in before["assignments"]:  # type: ignore[attr-defined]
        Assignment.objects.filter(pk=pk).update(state=state, ended_at=None)
    live = Report.objects.filter(matter=matter, withdrawn_at=None)
    states = set(live.values_list("state", flat=True))
    if states and not states & set(WAITING):
        matter.stage = Stage.ANSWERED
    if states and root.stage == Stage.SETTLED and states <= {Report.State.CLOSED, Report.State.JUDGED}:
        matter.stage, matter.result, matter.settled_at = Stage.SETTLED, root.result, root.settled_at
    if not states:
        matter.stage = Stage.WITHDRAWN
