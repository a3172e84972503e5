"""Deeds and reviews of a procedure: the papers that a step asks for, and who gives them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yishi.core import files
from yishi.core.given import words_of
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions import permissions, rules
from yishi.decisions.models import Decision, StepPaper
from yishi.decisions.papers import OWN, lacking, paper_title
from yishi.decisions.services._acts import append, held
from yishi.decisions.services.motions import current_version
from yishi.engines.procedure import Case
from yishi.engines.procedure.steps import Step
from yishi.network.viewers import Viewer, actor_of

LONGEST_WORDS = 5000


@dataclass(frozen=True, slots=True)
class PaperInput:
    """A paper: its words, or a file with its name, or both."""

    words: str = ""
    upload: BinaryIO | None = None
    file_name: str = ""

    @property
    def given(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.words.strip()) or self.upload is not None


def do_step(viewer: Viewer, decision: Decision, papers: Mapping[str, PaperInput], at: dt.datetime) -> Case:
    """Finish the deed that the decision stands at, with the papers that it asks for.

    Raises:
        ValidationError: an unreadable file, or words too long.
        Refusal: a paper is missing (named), comments unanswered, a petition first; with the clause.
    """
    with held(decision) as fresh:
        require(permissions.may_do_step(viewer, fresh, at))
        step = rules.step_of(fresh)
        assert step is not None
        for name in step.needs:
            if name not in OWN and (given := papers.get(name)) is not None and given.given:
                _keep(viewer, fresh, step.id, name, given, at)
        if missing := lacking(fresh, step):
            _refuse(step, [paper_title(n) for n in missing])
        return append(viewer, fresh, "done", at, {
            "by": rules.ref(viewer.person_id), "papers": list(step.needs), "hash": current_version(fresh).digest
        })  # fmt: skip


def _refuse(step: Step, names: list[str]) -> None:
    raise Refusal(no(
        _("“%(step)s”还缺材料：%(papers)s。") % {"step": rules.spoken(step.title), "papers": rules.listed(names)},
        rules.spoken(step.clause), _("请写明内容或上传文件，再提交这一步。"),
    ))  # fmt: skip


def _keep(viewer: Viewer, decision: Decision, step: str, name: str, given: PaperInput, at: dt.datetime) -> StepPaper:
    if len(given.words) > LONGEST_WORDS:
        raise ValidationError({name: _("太长了：最多 %(most)s 字。") % {"most": LONGEST_WORDS}})
    made = StepPaper.objects.create(
        decision=decision, step=step, name=name, version=decision.version, words=given.words.strip(),
        by_id=actor_of(viewer), at=at,
    )  # fmt: skip
    if given.upload is not None:
        files.store_document(
            made,
            given.upload,
            given.file_name,
            at=at,
            public=decision.is_public,
            town_id=decision.town_id,
            role="paper",
        )
    return made


def annul_decision(
    viewer: Viewer, decision: Decision, by: str, reason: str, ruling: PaperInput, at: dt.datetime
) -> Case:
    """Enter that a court (``court``) or the town (``town_government``) has annulled the certified result.

    Raises:
        ValidationError: no such authority, no reason, no document.
        Refusal: not by this viewer; nothing is certified.
    """
    if by not in ("court", "town_government"):
        raise ValidationError({"by": _("请选择由谁撤销。")})
    if ruling.upload is None:
        raise ValidationError({"ruling": _("请上传裁判文书或撤销决定。")})
    with held(decision) as fresh:
        require(permissions.may_annul_decision(viewer, fresh, at))
        reason, step = words_of(reason, "reason", 300), fresh.step or fresh.events.latest("number").kind
        _keep(viewer, fresh, step, "ruling", ruling, at)
        return append(viewer, fresh, "annulled", at, {"by": by, "reason": reason})


def review_decision(viewer: Viewer, decision: Decision, result: str, reason: str, at: dt.datetime) -> Case:
    """Pass the review, or return the draft to its beginning with the reason.

    Raises:
        ValidationError: no result, or a return without a reason.
        Refusal: not the town's, one's own proposal, or not at a review.
    """
    if result not in ("pass", "return"):
        raise ValidationError({"result": _("请选择通过或退回。")})
    with held(decision) as fresh:
        require(permissions.may_review_decision(viewer, fresh, at))
        if result == "return" or reason.strip():
            reason = words_of(reason, "reason", 300)
        return append(viewer, fresh, "reviewed", at, {
            "result": result, "by": rules.ref(viewer.person_id), "reason": reason
        })  # fmt: skip
