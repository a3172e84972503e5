"""What members say of the motion, and the answer that each of them gets."""

import datetime as dt
import uuid

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yishi.core.given import words_of
from yishi.core.verdicts import require
from yishi.decisions import permissions
from yishi.decisions.models import Decision, MotionComment
from yishi.decisions.services._acts import discussed, held
from yishi.network.viewers import Viewer, actor_of


def comment_on_motion(viewer: Viewer, decision: Decision, text: str, key: uuid.UUID, at: dt.datetime) -> MotionComment:
    """Say something of the motion as it stands; for the person whom the viewer helps, if any. Sent twice, it is one.

    Raises:
        ValidationError: no words, or too many.
        Refusal: not of this body, or the meeting has opened.
    """
    with held(decision) as fresh:
        known = MotionComment.objects.filter(key=key).first()
        if known is not None and known.decision_id == fresh.pk and viewer.for_id in (known.by_id, known.entered_by_id):
            return known
        if known is not None:
            raise ValidationError({"key": _("这个编号已经用过，请换一个再提交。")})
        require(permissions.may_comment(viewer, fresh, at))
        actor = actor_of(viewer)
        made = MotionComment.objects.create(
            decision=fresh, key=key, version=fresh.version, by_id=viewer.for_id or actor,
            entered_by_id=actor if viewer.helping_id else None, text=words_of(text, "text", 1000), at=at,
        )  # fmt: skip
        discussed(viewer, fresh, "commented", at, comment=made.pk)
        return made


def answer_comment(viewer: Viewer, comment: MotionComment, answer: str, reason: str, at: dt.datetime) -> MotionComment:
    """Adopted, partly or not, and why.

    Raises:
        ValidationError: no answer chosen, or no reason.
        Refusal: not by who carries it along, one's own comment, or answered already.
    """
    with held(comment.decision) as fresh:
        found = MotionComment.objects.get(pk=comment.pk)
        found.decision = fresh
        require(permissions.may_answer_comment(viewer, found, at))
        if answer not in MotionComment.Answer.values:
            raise ValidationError({"answer": _("请选择采纳、部分采纳或不采纳。")})
        found.answer, found.reason = answer, words_of(reason, "reason", 500)
        found.answered_by_id, found.answered_at = actor_of(viewer), at
        found.save()
        discussed(viewer, fresh, "comment_answered", at, comment=found.pk)
        return found
