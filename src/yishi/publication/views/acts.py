"""The acts on a posting, each with its form."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yishi.core import acts
from yishi.network.viewers import Viewer
from yishi.publication import forms, permissions, selectors, services
from yishi.publication.models import Posting

Given = dict[str, Any]


class Act(acts.Act):
    """An act on a posting; its button says its title."""

    home = acts.Home("publication", "posting", permissions, selectors.get_posting_for)


def _look(viewer: Viewer, posting: Posting, given: Given, at: dt.datetime) -> Any:
    missing = given.pop("missing", False)
    return services.check_posting(viewer, posting, given.pop("photo"), at, seen=not missing, **given)


def _places(viewer: Viewer, posting: Posting) -> Given:
    return {"places": "\n".join(posting.places)}


def _words(viewer: Viewer, posting: Posting) -> Given:
    return {"title": posting.title, "text": posting.text}


ACTS = (
    Act("open", "posting", _("张贴"), "", "open_posting",
        lambda v, p, g, at: services.open_posting(v, p, g.pop("photo"), at, **g), _("已张贴，日期从今天算起。"),
        forms.OpenForm, icon="pin", start=_places, main=True),
    Act("check", "posting", _("查看张贴"), "", "check_posting", _look, _("已记下。"), forms.CheckForm, icon="camera"),
    Act("end", "posting", _("期满撤下"), "", "end_posting",
        lambda v, p, g, at: services.end_posting(v, p, g["photo"], at), _("已撤下，材料进入存档。"),
        forms.EndForm, icon="pinned-off", main=True),
    Act("suspend", "posting", _("暂停"), "", "suspend_posting",
        lambda v, p, g, at: services.suspend_posting(v, p, g["why"], at), _("已暂停，理由写在页面上。"),
        forms.SuspendForm, icon="player-pause"),
    Act("resume", "posting", _("恢复"), "", "resume_posting",
        lambda v, p, g, at: services.resume_posting(v, p, at), _("已恢复。"), icon="player-play", main=True),
    Act("correct", "posting", pgettext_lazy("act", "更正"), "", "correct_posting",
        lambda v, p, g, at: services.correct_posting(v, p, g["title"], g["text"], g["why"], at),
        _("旧材料已撤下，更正后的材料待张贴。"), forms.CorrectForm, start=_words),
)  # fmt: skip


def offered(viewer: Viewer, posting: Posting, at: dt.datetime) -> list[acts.Offered]:
    """The acts that this viewer may do now."""
    return [o for o in (a.offered(viewer, posting, posting, at) for a in ACTS) if o.verdict]
