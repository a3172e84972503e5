"""What a decision says of the commitments made on it: who may promise, who accepts."""

from django.urls import reverse

from yishi.commitments.rules import SubjectRules
from yishi.decisions import permissions
from yishi.decisions.models import Decision


def _load(pk: int) -> Decision | None:
    return Decision.objects.select_related("organisation__area", "area").filter(pk=pk).first()


DECISION_RULES = SubjectRules(
    load=_load,
    may_see=permissions.may_see_decision,
    may_commit=permissions.may_make_commitment,
    may_accept=permissions.may_supervise,
    may_cancel=permissions.may_cancel_commitment,
    title=lambda decision: decision.title,
    url=lambda decision: reverse("decisions:decision", args=[decision.reference]),
)
