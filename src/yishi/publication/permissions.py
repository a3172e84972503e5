"""Who may put something up, look after it, object to it and answer. Objections are for anyone who may see it."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from yishi.core import clock
from yishi.core.verdicts import YES, Verdict, first_refusal, hidden, no
from yishi.network.viewers import Duty, Kind, Viewer
from yishi.publication.models import Objection, Posting
from yishi.publication.rules import item_of, rules_of

if TYPE_CHECKING:
    from yishi.network.models import Organisation

POSTERS = frozenset(
    {Duty.SECRETARY, Duty.DEPUTY_SECRETARY, Duty.DIRECTOR, Duty.PRESIDENT, Duty.COMMITTEE_MEMBER, Duty.OFFICER}
)
LOOKERS = frozenset({Duty.GRID_WORKER, Duty.SUPERVISOR, Duty.DELIBERATOR})
State = Posting.State


def _of_town(viewer: Viewer, town_id: int) -> bool:
    return any(o.town_id == town_id for o in viewer.holding(POSTERS, (Kind.TOWN_GOVERNMENT,)))


def posts_for(viewer: Viewer, organisation: "Organisation") -> bool:
    """Whether the viewer puts up what this organisation makes known: its officers, its supervisors, the town's."""
    own = any(o.organisation_id == organisation.pk for o in viewer.holding(POSTERS))
    return own or viewer.supervises(organisation.pk, organisation.area.path) or _of_town(viewer, organisation.town_id)


def may_use_desk(viewer: Viewer, at: dt.datetime) -> Verdict:
    """Anyone in an office that posts or supervises somewhere."""
    if viewer.holding(POSTERS | {Duty.SUPERVISOR}):
        return YES
    return no(_("公示工作台供在任的工作人员和监督员使用。"), what_now=_("大家可以看公示栏。"))


def may_see_posting(viewer: Viewer, posting: Posting, at: dt.datetime) -> Verdict:
    """What hangs or hung in public: everyone. What is inside: the organisation's people. Planned: who posts it.

    What makes a subject inside an organisation known is not for its supervisors from outside, nor the town.
    """
    closed = bool(posting.subject_kind) and posting.visibility == Posting.Visibility.INSIDE
    if posting.is_public or (not closed and posts_for(viewer, posting.organisation)):
        return YES
    if closed and viewer.serves(posting.organisation_id):
        return YES
    inside = posting.posted_on is not None and (
        viewer.serves(posting.organisation_id)
        or any(s.organisation_id == posting.organisation_id for s in viewer.standings)
    )
    return YES if inside else hidden()


def may_prepare_posting(viewer: Viewer, organisation: "Organisation", item: str, at: dt.datetime) -> Verdict:
    """Officers and supervisors of the organisation, or the town; an item of its kind of organisation."""
    if not posts_for(viewer, organisation):
        return no(_("公示由该组织的在任工作人员、监督员或镇工作人员发布。"), what_now=_("请与该组织的工作人员联系。"))
    if organisation.closed_on:
        return no(_("这个组织已经撤销，不能再发布。"))
    known = item_of(item)
    if known is not None and organisation.kind not in known.organisations:
        return no(
            _("“%(item)s”不由%(organisation)s公布。")
            % {"item": known.title["zh"], "organisation": organisation.get_kind_display()},
            known.basis["zh"],
        )
    return YES


def _in(posting: Posting, *states: State) -> Verdict:
    if posting.state in states:
        return YES
    return no(_("这份材料现在是“%(state)s”，不能这样办。") % {"state": posting.get_state_display()})


def _by_poster(viewer: Viewer, posting: Posting, at: dt.datetime) -> Verdict:
    if not (seen := may_see_posting(viewer, posting, at)):
        return seen
    if posts_for(viewer, posting.organisation):
        return YES
    return no(_("这一步由发布的组织、监督员或镇工作人员来做。"))


def may_open_posting(viewer: Viewer, posting: Posting, at: dt.datetime) -> Verdict:
    """Hang it up, with a photo."""
    return first_refusal(_by_poster(viewer, posting, at), _in(posting, State.PLANNED))


def may_check_posting(viewer: Viewer, posting: Posting, at: dt.datetime) -> Verdict:
    """Look whether it hangs there: its posters, or those who walk the area."""
    if not (seen := may_see_posting(viewer, posting, at)):
        return seen
    walks = any(o.covers(posting.area.path) for o in viewer.holding(LOOKERS))
    if not walks and not posts_for(viewer, posting.organisation):
        return no(_("查看张贴由发布的组织、监督员、网格员或议事员来做。"))
    return _in(posting, State.UP, State.SUSPENDED)


def may_end_posting(viewer: Viewer, posting: Posting, at: dt.datetime) -> Verdict:
    """Take it down: after its last day, with every objection answered, not while suspended."""
    by = first_refusal(_by_poster(viewer, posting, at), _in(posting, State.UP, State.SUSPENDED))
    if not by:
        return by
    if posting.state == State.SUSPENDED:
        return no(_("公示已暂停：%(why)s") % {"why": posting.suspended_why}, what_now=_("请先恢复，再撤下。"))
    waiting = posting.objections.filter(ruling="").count()
    if waiting:
        return no(_("还有 %(n)s 件异议没有答复，答复以前不能撤下。") % {"n": waiting}, what_now=_("请先答复异议。"))
    return _full(posting, clock.local_day(at))


def _full(posting: Posting, today: dt.date) -> Verdict:
    assert posting.ends_on is not None
    if today >= posting.ends_on:
        return YES
    left = (posting.ends_on - today).days
    return no(
        _("%(posted)s 张贴，须满 %(days)s 个整日，%(end)s 起方可撤下，还差 %(left)s 日。")
        % {"posted": posting.posted_on, "days": posting.days, "end": posting.ends_on, "left": left},
        posting.clause.get("zh", ""),
        _("请在 %(end)s 或以后拍照撤下。") % {"end": posting.ends_on},
    )


def may_suspend_posting(viewer: Viewer, posting: Posting, at: dt.datetime) -> Verdict:
    return first_refusal(_by_poster(viewer, posting, at), _in(posting, State.UP))


def may_resume_posting(viewer: Viewer, posting: Posting, at: dt.datetime) -> Verdict:
    return first_refusal(_by_poster(viewer, posting, at), _in(posting, State.SUSPENDED))


def may_correct_posting(viewer: Viewer, posting: Posting, at: dt.datetime) -> Verdict:
    """Take it down and put up a corrected one. What makes a subject known is taken down by an upheld objection."""
    states = (State.CORRECTED,) if rules_of(posting.subject_kind) else (State.UP, State.SUSPENDED, State.CORRECTED)
    by = first_refusal(_by_poster(viewer, posting, at), _in(posting, *states))
    if by and posting.replaced_by.exists():
        return no(_("已经有更正后的新材料。"))
    return by


def may_object_to_posting(viewer: Viewer, posting: Posting, at: dt.datetime) -> Verdict:
    """Anyone signed in who may see it, while it hangs; an announcement is one-way."""
    if not (seen := may_see_posting(viewer, posting, at)):
        return seen
    if posting.kind == Posting.Kind.ANNOUNCEMENT:
        return no(_("公告只是告知，不设异议。"), what_now=_("有问题可以在“反映”里提出。"))
    if not posting.hangs:
        return no(_("公示期外不再收异议。"), what_now=_("有问题可以在“反映”里提出，或向监督委员会反映。"))
    if viewer.person_id is None:
        phone = _("，或打电话 %(phone)s") % {"phone": posting.phone} if posting.phone else ""
        return no(_("提异议请先登录，方便答复您。"), what_now=_("也可以到发布的组织当面提出") + phone + "。")
    return YES


def may_enter_objection(viewer: Viewer, posting: Posting, at: dt.datetime) -> Verdict:
    """Enter for someone who came, rang or wrote: those who post it."""
    return first_refusal(may_object_to_posting(viewer, posting, at), _by_poster(viewer, posting, at))


def may_answer_objection(viewer: Viewer, objection: Objection, at: dt.datetime) -> Verdict:
    """Those who post it, never the one who objected."""
    if not (by := _by_poster(viewer, objection.posting, at)):
        return by
    if viewer.person_id is not None and viewer.person_id == objection.person_id:
        return no(_("不能答复自己提的异议。"), what_now=_("请同事或监督员答复。"))
    return YES if objection.is_open else no(_("这件异议已经答复过了。"))


def may_see_objector(viewer: Viewer, objection: Objection, at: dt.datetime) -> Verdict:
    """Name and contact: for those who answer, and the one who objected."""
    own = viewer.person_id is not None and viewer.person_id in (objection.person_id, objection.entered_by_id)
    return YES if own or posts_for(viewer, objection.posting.organisation) else hidden()
