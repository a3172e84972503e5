"""The demo's votes beside the four deliberations: members, council, both committees, residents, owners, villagers."""

import datetime as dt
from decimal import Decimal

from yishi.decisions import rules
from yishi.decisions.demo import stories
from yishi.decisions.demo.boards import Board
from yishi.decisions.demo.cast import Body, fresh
from yishi.decisions.demo.estate import HEADS, Owner
from yishi.decisions.demo.four import ONLINE, PAPER
from yishi.decisions.demo.hall import Hall, by_hands, marks_of, seats
from yishi.decisions.demo.teller import Days, Teller
from yishi.decisions.models import Decision, RollEntry
from yishi.decisions.services.counting import CountInput
from yishi.decisions.services.elections import open_runoff, post_candidates, post_voter_roll, settle_roll
from yishi.decisions.services.rolls import write_draft
from yishi.decisions.voting import drawing, kinds

MEMBERS, PRESENT, SENT, ON_LINE = 498, 350, 22, 41
REGISTERED, SEATS = 2135, 2


def assembly(teller: Teller, body: Body) -> Decision:
    """The members' assembly of scenario 9: 331 of 498, one short; 41 online, 22 represented by their household."""
    on = teller.days(17)
    decision = teller.brought(body, "land_compensation", *stories.LAND, on(0, 8))
    teller.deed(decision, body.head, on(0, 10))
    teller.deed(decision, body.secretary, on(3, 10))
    _grown_to(teller, body, decision, on(5, 9))
    hall = seats(teller.cast, body, decision, "成员大会")
    hall.noticed(on(5, 9), on(16, 9))
    lines = hall.lines()
    pairs = _of_one_household(lines)[:SENT]
    hall.represented(pairs, on(10, 10))
    sent, agents = [p for p, _agent in pairs], [a for _principal, a in pairs]
    known = [e for e in lines if e.person_id in (body.head, body.secretary)]
    others = [e for e in lines if e not in {*sent, *agents, *known}]
    there = [*known, *agents, *others][: PRESENT - SENT]
    ways = {e: ONLINE if n < ON_LINE else PAPER for n, e in enumerate(reversed(there))}
    hall.begun(ways, on(16, 9))
    hall.voting(on(16, 10))
    hall.voted(marks_of([*there, *sent], yes=331, against=14, abstain=5), on(16, 10) + dt.timedelta(minutes=30))
    hall.counted(on(16, 12))
    hall.ended(on(16, 13))
    hall.certified(on(17, 10))
    return decision


def _grown_to(teller: Teller, body: Body, decision: Decision, at: dt.datetime) -> None:
    """As many members of full capacity as the scenario has."""
    case = rules.case_of(decision)
    now = drawing.members(decision, kinds.pack_of(case, at.date()), at.date())
    teller.cast.settled(teller.cast.drawn(MEMBERS - len(now.lines)), body.organisation.area, body.organisation)


def _of_one_household(lines: list[RollEntry]) -> list[tuple[RollEntry, RollEntry]]:
    """Two of each household that has two on the roll."""
    homes: dict[str, list[RollEntry]] = {}
    for entry in lines:
        homes.setdefault(entry.household, []).append(entry)
    return [(two[0], two[1]) for home, two in homes.items() if home and len(two) > 1]


def council(teller: Teller, body: Body) -> Decision:
    """A repair that the council decides by hands; a director whose kin would do the work stands aside."""
    on = teller.days(3)
    decision = teller.brought(
        body, "project", *stories.REPAIR, on(0, 8), facts={"amount": Decimal(88000)}, budget="88000"
    )
    teller.deed(decision, body.head, on(0, 10))
    hall = seats(teller.cast, body, decision, "理事会会议", "经济社会议室")
    hall.noticed(on(0, 15), on(2, 16))
    lines = hall.lines()
    hall.begun(dict.fromkeys(lines, PAPER), on(2, 16))
    aside = next(e for e in lines if e.person_id == body.others[3])
    hall.aside(aside, "报价的施工队负责人是其近亲属。", on(2, 16) + dt.timedelta(minutes=10))
    hall.voting(on(2, 17))
    hall.counted(on(2, 18), by_hands(3, 1))
    hall.ended(on(2, 19))
    hall.certified(on(3, 9))
    return decision


def committees(teller: Teller, body: Body) -> Decision:
    """A payment that both committees of the community decide, its resolution on the board."""
    on = teller.days(14)
    decision = teller.brought(
        body, "payment", *stories.PUMPS, on(0, 8), facts={"amount": Decimal(36000)}, budget="36000"
    )
    teller.deed(decision, body.head, on(0, 10))
    hall = seats(teller.cast, body, decision, "社区“两委”会议", "社区会议室")
    hall.noticed(on(0, 15), on(3, 15))
    lines = hall.lines()
    hall.begun(dict.fromkeys(lines, PAPER), on(3, 15))
    hall.voting(on(3, 16))
    hall.counted(on(3, 16) + dt.timedelta(minutes=10), by_hands(len(lines)))
    hall.ended(on(3, 17))
    hall.certified(on(4, 9))
    board = Board(teller.cast, body, "大圩社区公示栏")
    board.hung(decision, on(5, 9))
    board.looked(on(13, 10))
    return decision


def residents(teller: Teller, body: Body) -> Decision:
    """Residents vote by household on raising money for a lane, now; under a law whose numbers are not entered yet."""
    on = teller.days(22, exactly=True)
    decision = teller.brought(body, "public_fundraising", *stories.LANE, on(0, 8))
    for day, person in ((0, body.head), (3, body.secretary), (8, body.head)):
        teller.deed(decision, person, on(day, 10))
    hall = seats(teller.cast, body, decision, "居民会议（按户）", "大圩社区文化广场")
    hall.noticed(on(9, 9), on(21, 9), until=teller.later(5, 20), mode="households")
    lines, mine = hall.lines(), set(teller.cast.personas.values())
    ours = [e for e in lines if mine & {holder.person_id for holder in e.holders.all()}]
    others = [e for e in lines if e not in ours]
    there = [*ours, *others[: len(lines) * 3 // 5]]
    hall.begun(dict.fromkeys(there, PAPER), on(21, 9))
    hall.voting(on(21, 10))
    voted = there[len(ours) : len(ours) + len(there) // 2]
    some = len(voted) // 10
    hall.voted(marks_of(voted, yes=len(voted) - 3 * some, against=2 * some, abstain=some), on(21, 12))
    return decision


def shed(teller: Teller, body: Body, register: list[Owner]) -> Decision:
    """The owners' vote on the charging shed, scenario 11: heads enough, area 130 m² short."""
    on = teller.days(60)
    decision, hall = _owners_called(teller, body, "owners_8", stories.SHED, on, 30)
    choices = {person: owner.choice for owner in register for person in owner.persons}
    marks = {e: c for e in hall.lines() if (c := choices.get(_first(e), ""))}
    hall.begun({}, on(17, 9))
    hall.voting(on(17, 10))
    hall.voted(marks, on(22, 19))
    hall.counted(on(30, 20))
    hall.ended(on(30, 21))
    hall.certified(on(31, 10))
    return decision


def lifts(teller: Teller, body: Body) -> Decision:
    """The owners vote on the repair fund, now: by phone and on paper, until a day to come."""
    on = teller.days(20, exactly=True)
    decision, hall = _owners_called(teller, body, "owners_5", stories.LIFTS, on, 26)
    mine = set(teller.cast.personas.values())
    lines = [e for e in hall.lines() if not mine & {e.person_id, *(h.person_id for h in e.holders.all())}]
    hall.begun({}, on(17, 9))
    hall.voting(on(17, 10))
    hall.voted(marks_of(lines[3:503], yes=402, against=71, abstain=27), on(18, 19))
    return decision


def _owners_called(
    teller: Teller, body: Body, subject: str, words: tuple[str, str], on: Days, until: int
) -> tuple[Decision, Hall]:
    """An owners' vote by writing, noticed to every owner of the register."""
    decision = teller.brought(body, subject, *words, on(0, 8))
    teller.deed(decision, body.head, on(0, 10))
    teller.deed(decision, body.head, on(1, 10))
    hall = seats(teller.cast, body, decision, "业主大会（书面征求意见）", "小区南门岗亭")
    hall.noticed(on(2, 9), on(17, 9), until=on(until, 20))
    assert len(hall.lines()) == HEADS
    return decision, hall


def _first(entry: RollEntry) -> int:
    """One of those through whom a line votes."""
    return entry.person_id or next(iter(sorted(h.person_id for h in entry.holders.all())), 0)


def election(teller: Teller, body: Body) -> Decision:
    """An election with a run-off, scenario 18: one elected at once, one by a third of the ballots and no more."""
    on = teller.days(55)
    cast = teller.cast
    decision = teller.brought(body, "election", *stories.ELECTION, on(0, 8), facts={"seats": Decimal(SEATS)})
    teller.deed(decision, body.head, on(0, 10))
    teller.deed(decision, body.head, on(4, 10))
    standing = cast.drawn(3)
    cast.settled(standing, body.organisation.area)
    with cast.acting(body.head, on(20, 9)) as viewer:
        _voters(decision, viewer.at)
        roll = post_voter_roll(viewer, fresh(decision), on(45, 0).date(), viewer.at)
    with cast.acting(body.head, on(28, 10)) as viewer:
        settle_roll(viewer, fresh(decision), viewer.at)
    teller.deed(decision, body.head, on(30, 10))
    teller.passed_by_town(decision, on(33, 10))
    with cast.acting(body.head, on(35, 9)) as viewer:
        post_candidates(viewer, fresh(decision), list(roll.entries.filter(person_id__in=standing)), viewer.at)
    hall = seats(cast, body, decision, "选举大会", "村文化广场")
    hall.noticed(on(36, 9), on(45, 9), drawn=False)
    hall.begun({}, on(45, 9))
    hall.voting(on(45, 10))
    a, b, c = (rules.ref(person) for person in standing)
    _polled(hall, 1070, 1068, 1062, {a: 535, b: 534, c: 400}, on(45, 11))
    with cast.acting(body.head, on(46, 9)) as viewer:
        open_runoff(viewer, hall.item, viewer.at)
    hall.number = 2
    _polled(hall, 1021, 1021, 1015, {b: 341, c: 300}, on(46, 10))
    hall.ended(on(46, 20))
    hall.certified(on(48, 10))
    teller.deed(decision, body.head, on(55, 10))
    return decision


def _polled(hall: Hall, issued: int, returned: int, valid: int, votes: dict[str, int], at: dt.datetime) -> None:
    """Secret paper for so many, returned, counted."""
    hall.papers(hall.lines()[:issued], at)
    spoiled = returned - valid
    hall.counted(
        at + dt.timedelta(hours=6),
        CountInput({**votes, "blank": spoiled}, issued, returned, issued - returned, valid, spoiled),
    )


def _voters(decision: Decision, at: dt.datetime) -> None:
    """The draft of the voters' roll: who is in the register, and the others as a list from the village has them."""
    case = rules.case_of(decision)
    pack = kinds.pack_of(case, at.date())
    known = drawing.adults(decision, pack, at.date()).lines[:REGISTERED]
    listed = [
        drawing.Line(None, name, f"0{n // HOME_SIZE + 1:04d}")
        for n, name in enumerate(stories.invented(REGISTERED - len(known)))
    ]
    write_draft(decision, case, pack, "", drawing.Drawn([*known, *listed]), at.date())


HOME_SIZE = 3
