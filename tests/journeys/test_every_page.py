"""Every page of the product, opened by whom it is for: axe finds nothing, nothing runs off, no script fails.

A new address that is neither listed here nor named as no page fails the first test.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import get_resolver, reverse
from tests.decisions.halls import Hall, decision_at, people
from tests.decisions.halls import made as on_register
from tests.house.test_acts import patterns
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.world import World, build
from tests.journeys.world_notices import OWN, board_pages, desk_pages
from tests.matters.imports.files import TICKETS

from yishi.core import clock
from yishi.decisions.models import Decision
from yishi.inbox.models import Notification
from yishi.matters.models import Assignment, LaneAlarm, Lead, Merge, SizeAppeal
from yishi.network.models import Organisation
from yishi.network.viewers import Viewer
from yishi.people.models import Person

NO_PAGE = {
    # forms that are sent from a page, and what is read by programs or saved as a file
    "bulk", "bulk_undo", "save_view", "drop_view", "map_points", "export_csv", "export_xlsx", "feed_atom", "feed_rss", "matter_feed",
    "decision_feed",
    "reply_checks", "similar", "look_up", "close_lane", "raise_lead", "import_upload", "import_paper_form",
    "import_results", "import_begin", "import_refused", "import_batch_results", "import_apply", "import_template",
    "import_errors", "withdraw_consent", "revoke_token", "copy_data", "erase_data", "accept_request", "refuse", "revoke_invitation",
    "end_helping", "mark_read", "open", "unfollow", "export", "file", "language_switch", "care_switch", "theme_switch",
    "paper_pdf", "paper_docx", "decision_paper_pdf", "decision_paper_docx", "bundle", "disclose", "feed", "export_notices_csv", "export_notices_xlsx", "export_duties", "proof_json", "ledger_checkpoint", "ledger_key",
    "ledger_cosignatures", "ledger_tile",
    "attend_leave", "attend_sign_in", "ballot_revoke", "booth_seal", "booth_send", "booth_tablet_seal", "booth_write_off", "box_reckon", "item_act", "item_certify", "meeting_begin",
    "meeting_cancel", "meeting_end", "meeting_left", "minutes_act", "paper_spoil", "proxy_revoke", "receipt_list", "roll_draw",
    "roll_take_in", "sign_in_book",
    "manifest", "favicon", "service_worker", "styleguide", "claim", "drop_lead", "invite",
}  # fmt: skip
SAME_NAME = {"people/me/consents/<int:consent_id>/withdraw/": "withdraw_consent", "people/roll/requests/<int:request_id>/accept/": "accept_request", "notices/<str:reference>/open/": "open_posting"}  # fmt: skip
CHINESE_LABELS = """() => [...document.querySelectorAll("main h2, label, legend, button, th, dt, .btn, .lede, .hint, .tabs a")]
  .filter(e => e.getClientRects().length && !e.closest("[lang=zh-Hans]:not(html)") && !e.closest(".table-title"))
  .map(e => e.innerText).filter(t => /[\\u3400-\\u9fff]/.test(t))"""
Page = tuple[str, str]  # persona, address


def at(name: str, *args: Any) -> str:
    return reverse(name, args=args)


def everyone(w: World) -> Iterator[Page]:
    """What is open to anyone, and what a resident has."""
    town = w.desk.town
    for name in ("home", "about", "accessibility", "privacy", "offline", "matters:list", "matters:raise", "matters:map",
                 "dashboard:town", "network:town", "network:holders", "api-reference", "account_login",
                 "account_signup", "account_reset_password"):  # fmt: skip
        yield "anonymous", at(name)
    yield "anonymous", at("network:area", town.dawei.pk)
    yield "anonymous", at("network:organisation", town.dawei_committee.pk)
    yield "anonymous", at("network:person", w.who["secretary"].person_id)
    yield "anonymous", at("commitments:commitment", w.commitment.pk)
    yield "anonymous", at("matters:receipt", w.reports["raised"].key)
    for name in ("matters:mine", "people:me", "people:tokens", "people:data", "people:second_factor", "people:ask",
                 "people:join", "people:helping", "inbox:inbox", "inbox:follows", "inbox:preferences",
                 "account_email", "account_change_password", "account_change_phone", "mfa_index", "account_logout"):  # fmt: skip
        yield "alice", at(name)
    for name in ("suspended", "judged", "kept"):
        yield "alice", at("matters:matter", w.matter(name).reference)
    yield "alice", at("matters:follow", w.matter("doing").reference)
    yield "alice", at("matters:appeal", w.matter("assigned").reference)
    yield "alice", at("matters:judge", w.matter("told").reference, w.reports["told"].pk)
    yield "alice", at("matters:withdraw", w.matter("raised").reference, w.reports["raised"].pk)
    yield "stranger", at("people:me")
    yield from board_pages(w.postings.up)
    yield from decided(w)


def work(w: World) -> Iterator[Page]:
    """The desks: the queue, every act, patrols, visits, imports, the roll, posts and terms."""
    given = {a.matter_id: a.pk for a in Assignment.objects.order_by("pk")}
    for name in ("matters:queue", "matters:desk", "matters:patrols", "matters:new_plan", "matters:visits", "matters:new_visit",
                 "matters:outbox", "commitments:mine", "people:queue", "people:households"):  # fmt: skip
        yield "officer", at(name)
    for name, act in (
        ("raised", "accept"), ("raised", "decline"), ("raised", "correct"), ("raised", "merge"), ("accepted", "assign"),
        ("doing", "note"), ("doing", "commit"), ("doing", "suspend"), ("doing", "reply-all"), ("suspended", "resume"),
        ("judged", "settle"),
    ):  # fmt: skip
        yield "officer", at(f"matters:{act}", w.matter(name).reference)
    for name, act in (
        ("raised", "contact"), ("raised", "nature"), ("doing", "reply"), ("doing", "extend"), ("replied", "tell"),
        ("doing", "reveal"),
    ):  # fmt: skip
        yield "officer", at(f"matters:{act}", w.matter(name).reference, w.reports[name].pk)
    yield "dispatcher", at("matters:visit-back", w.matter("told").reference, w.reports["told"].pk)
    for persona, name, act in (
        ("officer", "assigned", "sign"),
        ("officer", "assigned", "ask-return"),
        ("dispatcher", "returned", "rule"),
    ):
        yield persona, at(f"matters:{act}", w.matter(name).reference, given[w.matter(name).pk])
    merge, appeal = Merge.objects.get(), SizeAppeal.objects.get()
    yield "officer", at("matters:split", merge.into.reference, merge.pk)
    yield "officer", at("matters:answer-appeal", appeal.matter.reference, appeal.pk)
    for name in ("raised", "doing", "joined"):
        yield "officer", at("matters:matter", w.matter(name).reference)
    for act in ("progress", "done", "delay"):
        yield "officer", at(f"commitments:{act}", w.commitment.pk)
    yield "secretary", at("commitments:cancel", w.commitment.pk)
    for act in ("accept", "return"):
        yield "dispatcher", at(f"commitments:{act}", w.reported.pk)
    yield "officer", at("matters:plan", w.plan.pk)
    yield "deliberator", at("matters:patrols")
    yield "deliberator", at("matters:walk", w.lane.pk)
    yield "deliberator", at("matters:walked", w.walk_key)
    if alarm := LaneAlarm.objects.first():
        yield "officer", at("matters:end_alarm", alarm.pk)
    yield "officer", at("matters:visit", w.visit.pk)
    yield "dispatcher", at("matters:imports")
    yield "dispatcher", at("matters:import", w.batch_id)
    yield "officer", at("people:request", w.request_id)
    yield "officer", at("people:household", w.desk.town.household.pk)
    yield from desk_pages(w.postings)
    yield from keeping(w)
    yield from deciding(w)


def decided(w: World) -> Iterator[Page]:
    """What anyone reads of decisions, and what those concerned do."""
    d = w.deciding
    yield "anonymous", at("decisions:list")
    for made in d.made.values():
        yield "anonymous", at("decisions:decision", made.reference)
    yield "anonymous", at("decisions:version", d.made["changed"].reference, 2)
    yield "anonymous", at("decisions:petition_page", d.made["petition"].reference, d.petition.pk)
    yield "alice", at("decisions:follow", d.made["draft"].reference)
    yield "stranger", at("decisions:new")
    for name in ("comment", "petition", "conflict"):
        yield "owner", at(f"decisions:{name}", d.made["petition"].reference)
    yield "owner", at("decisions:decision", d.made["petition"].reference)
    for name in ("sign", "unsign", "hand-in"):
        yield "owner", at(f"decisions:{name}", d.made["petition"].reference, d.petition.pk)
    yield "owner", at("decisions:escalate", d.made["obliged"].reference, d.obliged.pk)


def deciding(w: World) -> Iterator[Page]:
    """The desks of those who carry decisions along."""
    d, made = w.deciding, w.deciding.made
    yield "president", at("decisions:list")
    yield "president", at("decisions:desk")
    yield "president", at("decisions:papers", d.made["work"].reference)
    yield "president", at("decisions:new") + f"?organisation={w.desk.town.cooperative.pk}&subject=lease"
    for name in ("draft", "failed"):
        yield "president", at("decisions:decision", made[name].reference)
    for act, name in (
        ("step", "draft"), ("change", "draft"), ("withdraw", "draft"), ("redraft", "failed"), ("money", "work"),
        ("commit", "work"),
    ):  # fmt: skip
        yield "president", at(f"decisions:{act}", made[name].reference)
    yield "president", at("decisions:answer", made["commented"].reference, d.comment.pk)
    yield "branch_secretary", at("decisions:step", made["study"].reference)
    yield "town_officer", at("decisions:review", made["legality"].reference)
    yield "supervisor", at("decisions:accept", made["work"].reference)
    yield "town_officer", at("decisions:annul", made["work"].reference)
    yield "officer", at("decisions:paper-signature", made["petition"].reference, d.petition.pk)


def keeping(w: World) -> Iterator[Page]:
    """The town's own work: posts, terms and rolls; those who read only."""
    organisation = w.desk.town.dawei_committee
    yield "town_officer", at("network:import")
    yield "town_officer", at("network:add_organisation", w.desk.town.dawei.pk)
    for act in ("add_post", "tie"):
        yield "town_officer", at(f"network:{act}", organisation.pk)
    yield "town_officer", at("network:close", w.desk.town.property_company.pk)
    yield "town_officer", at("network:appoint", organisation.posts.first().pk)
    for act in ("end_term", "transfer"):
        yield "town_officer", at(f"network:{act}", w.term_id)
    yield "town_officer", at("network:end_edge", w.edge_id)
    yield "town_officer", at("home")
    for persona in ("auditor", "keeper"):
        yield persona, at("people:me")
    yield "auditor", at("matters:queue")


def refusals(w: World) -> Iterator[tuple[str, str, int]]:
    """Pages that say no: unknown, hidden, not for this person, a form's address opened by itself."""
    yield "anonymous", "/nowhere", 404
    yield "anonymous", at("matters:matter", w.matter("raised").reference), 404
    yield "anonymous", at("matters:queue"), 403
    yield "alice", at("matters:accept", w.matter("doing").reference), 403
    yield "dispatcher", at("matters:import_begin", w.batch_id), 405


@pytest.fixture
def world(
    town: Any, alice: Viewer, officer: Viewer, secretary: Viewer, dispatcher: Viewer, department_officer: Viewer,
    deliberator: Viewer, town_officer: Viewer, auditor: Viewer, keeper: Viewer, stranger: Viewer, anonymous: Viewer,
    president: Viewer, branch_secretary: Viewer, supervisor: Viewer, owner: Viewer,
) -> World:  # fmt: skip
    who = {name: value for name, value in locals().items() if isinstance(value, Viewer)}
    return build(who, town, clock.now())


def window(windows: dict[str, Any], viewer: Viewer, start: Callable[..., Any]) -> Any:
    """The persona's own window, opened once."""
    key = str(viewer.user_id)
    if key not in windows:
        windows[key] = start(None if viewer.is_anonymous else viewer)
    return windows[key]


def walk(world: World, pages: Iterator[Page], start: Callable[..., Any], check: Callable[[Any, str], None]) -> None:
    """Open each page by its persona, one window a persona; name every page that fails."""
    windows: dict[str, Any] = {}
    wrong = []
    for persona, address in pages:
        page = window(windows, world.who[persona], start)
        status = page.goto(address).status
        try:
            assert status == 200
            check(page, address.strip("/").replace("/", "-") or "home")
        except AssertionError as error:
            wrong.append(f"{persona} {address} ({status}): {str(error)[:600]}")
    assert not wrong, "\n".join(wrong)


def opened_by_votes() -> set[str]:
    """What tests/journeys/test_vote.py opens: a vote needs a hall full of people."""
    from django.urls import resolve
    from tests.journeys.test_vote import OPENED_ON_THE_WAY, PAGES

    return OPENED_ON_THE_WAY | {resolve("/decisions/" + p.format(m=1, i=1, b=1)).url_name for p in PAGES}


@pytest.mark.django_db
def test_no_page_is_forgotten(world: World) -> None:
    from django.urls import resolve

    found = [resolve(address) for _, address in (*everyone(world), *work(world))]
    opened = {SAME_NAME.get(match.route, match.url_name) for match in found}
    named = {
        SAME_NAME.get(place, entry.name)
        for place, entry in patterns(get_resolver())
        if not place.startswith(("account/", "api/v1"))
    }
    opened |= opened_by_votes()
    assert named - opened - NO_PAGE - {"end_alarm"} == set()
    assert not NO_PAGE & opened


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pages", [everyone, work])
def test_every_page_on_a_phone_in_chinese(pages: Any, world: World, open_page: Any, look: Callable[..., None]) -> None:
    walk(world, pages(world), lambda viewer: open_page(viewer, size=PHONE), look)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pages", [everyone, work])
def test_every_page_at_a_desk_in_english(pages: Any, world: World, open_page: Any) -> None:
    """No Chinese where the product speaks; what people wrote stays as they wrote it."""

    def check(page: Any, name: str) -> None:
        assert page.__dict__.get("faults", []) == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        names = Person.objects.values_list("name", flat=True)
        own = (
            *(r.matter.title for r in world.reports.values()),
            "大圩",
            *(d.title for d in world.deciding.made.values()),
            "白界西",
            "缩小面积",
            "御水岸",
            "疏通下水道",
            "清走淤泥",
            "近邻巡查",
            "永东街",
            "下水道",
            "路灯",
            "工单",
            *TICKETS[0],
            *names,
            *OWN,
        )
        left = [text for text in page.evaluate(CHINESE_LABELS) if not any(o in text for o in own)]
        assert left == []

    walk(world, pages(world), lambda viewer: open_page(viewer, size=DESK, language="en"), check)


@pytest.mark.django_db(transaction=True)
def test_the_main_pages_in_large_print(world: World, open_page: Any, look: Callable[..., None]) -> None:
    """关怀版: nothing that is read stands under 20 px, nothing that is pressed under 48 px."""
    main = [
        *(("anonymous", at(n)) for n in ("home", "matters:list", "matters:raise", "account_login", "dashboard:town")),
        *(("alice", at(n)) for n in ("matters:mine", "people:me", "inbox:inbox")),
        ("alice", at("matters:matter", world.matter("doing").reference)), ("officer", at("matters:queue")),
        ("anonymous", at("decisions:decision", world.deciding.made["failed"].reference)), ("president", at("decisions:desk")),
        ("officer", at("matters:accept", world.matter("raised").reference)), ("deliberator", at("matters:walk", world.lane.pk)),
    ]  # fmt: skip
    small = """() => [...document.querySelectorAll("main *, header *, nav *, footer *")]
      .filter(e => e.getClientRects().length && !e.closest(".visually-hidden, svg") && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
      .filter(e => parseFloat(getComputedStyle(e).fontSize) < 20).map(e => e.outerHTML.slice(0, 120))"""
    low = """() => [...document.querySelectorAll("a.btn, button, select, input:not([type=hidden]):not([type=checkbox]):not([type=radio]), summary, .bottom-bar a")]
      .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 48).map(e => e.outerHTML.slice(0, 120))"""

    def check(page: Any, name: str) -> None:
        look(page, name)
        assert page.evaluate(small) == []
        assert page.evaluate(low) == []

    walk(world, iter(main), lambda viewer: open_page(viewer, size=PHONE, care=True), check)
    assert Notification.objects.exists() and Lead.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_refusal_says_what_can_be_done(
    language: str, world: World, open_page: Any, look: Callable[..., None]
) -> None:
    windows: dict[str, Any] = {}
    for persona, address, status in refusals(world):
        page = window(windows, world.who[persona], lambda viewer: open_page(viewer, language=language))
        assert page.goto(address).status == status, address
        assert page.locator("main h1").count() == 1 and page.locator("main .btn").count() >= 1, address
        look(page, str(status))


@pytest.mark.django_db(transaction=True)
def test_meetings_on_long_matters_fit_a_phone(officer: Viewer, secretary: Viewer, open_page: Any, look: Any) -> None:
    """The agenda's heading wraps, and the state stays in its card, whatever the meeting is at."""
    committee = Organisation.objects.get(pk=officer.offices[0].organisation_id)
    on_register(people(committee.town, 6), "resident", committee.area, size=1)
    stages = ("noticed", "voting", "closed")
    pages = [address for stage in stages for address in long_meeting(stage, committee, officer, secretary)]
    out = """() => [...document.querySelectorAll(".agenda-item .state")].filter(
        e => e.getBoundingClientRect().right > e.closest(".agenda-item").getBoundingClientRect().right).length"""
    for language, care in (("zh-hans", False), ("en", False), ("zh-hans", True), ("en", True)):
        page = open_page(officer, language=language, care=care)
        for address in pages:
            assert page.goto(address).status == 200, address
            look(page, f"long-{language}-{care}-{address.strip('/').replace('/', '-')}")
            assert page.evaluate(out) == 0, (language, care, address)


def long_meeting(stage: str, committee: Organisation, officer: Viewer, secretary: Viewer) -> list[str]:
    """A residents' assembly on a matter with a long title, at this stage: its pages."""
    papers = [("2026-09-01", "done", {"papers": [name]}) for name in ("text", "opinion")]
    decision = decision_at(officer, committee, "assembly", papers, resolve="RC")
    Decision.objects.filter(pk=decision.pk).update(
        title="大圩社区老旧小区电动自行车集中充电棚选址、收费和管理办法（第二次征求意见稿）" * 2
    )
    hall = Hall(officer, (officer, secretary), secretary, decision)
    hall.noticed("2026-09-01", "2026-09-28", mode="adults")
    if stage != "noticed":
        hall.opened("2026-09-28")
        hall.signed_in("1-6", "2026-09-28")
        hall.voting("2026-09-28")
    if stage == "closed":
        hall.on_paper({"1-6": ["yes"]}, "2026-09-28")
        hall.closed("2026-09-28")
    return [at(f"decisions:{name}", hall.meeting.pk) for name in ("meeting", "meeting_host", "meeting_screen")]
