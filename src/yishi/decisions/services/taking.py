"""Taking papers that print the roll: on record, who and which, with the reason."""

import datetime as dt

from yishi.core import audit
from yishi.core.given import words_of
from yishi.core.verdicts import require
from yishi.decisions.models import Decision
from yishi.decisions.permissions.papers import may_take_bundle, may_take_papers
from yishi.decisions.services._acts import held
from yishi.network.viewers import Viewer

BUNDLE = "bundle"


def take_papers(viewer: Viewer, decision: Decision, name: str, reason: str, at: dt.datetime) -> None:
    """Record that papers of the meeting were taken; what for stands in the entry by its digest.

    Raises:
        ValidationError: no reason.
        Refusal: not for this viewer.
    """
    reason = words_of(reason, "reason", 200)
    with held(decision) as fresh:
        require((may_take_bundle if name == BUNDLE else may_take_papers)(viewer, fresh, at))
        audit.record(
            "decisions.papers_taken", fresh, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id,
            name=name[:40], reason=audit.digest_of(reason),
        )  # fmt: skip
