"""Elections of a villagers' committee: roll, candidates, paper count, run-off."""

from datetime import date, timedelta

from yishi.engines.calendar import CalendarUnpublished
from yishi.engines.procedure.after import late
from yishi.engines.procedure.case import (
    Case,
    Posting,
    Result,
    advance,
    pack_for,
    refuse,
)
from yishi.engines.procedure.checks import Outcome, check
from yishi.engines.procedure.count import box_adds_up, two_counters
from yishi.engines.procedure.events import Event
from yishi.engines.procedure.model import Pack
from yishi.engines.procedure.packs import pack_in_force
from yishi.engines.tally.contests import Contest, plurality, runoff_candidates
from yishi.engines.words import joined


def roll_posted(case: Case, event: Event) -> None:
    """Post the roll at least 20 days before election day."""
    pack, election_on = pack_for(case, event.on), event.data.get("election_on")
    days = pack.waits["roll"].amount
    earliest = event.on + timedelta(days=days)
    if not event.data.get("registered"):
        refuse("roll_missing", "须写明登记人数 registered", "give the number registered")
    if election_on is None or election_on < earliest:
        refuse(
            "notice_too_short",
            f"名单须在选举日 {days} 日前公布：最早 {earliest} 选举",
            f"the roll is posted {days} days before: election day is {earliest} at the earliest",
            pack.waits["roll"].clause,
        )
    case.poll.registered, case.poll.roll_on = event.data["registered"], event.on
    case.poll.election_on = election_on
    case.posting, case.phase = Posting(event.on, pack), "posted"
    case.records[case.step.id].pack = pack.id


def objected(case: Case, event: Event) -> None:
    """An objection to the roll within its five days."""
    posting, id = case.board(), event.data.get("id", "")
    if not id or id in posting.objections:
        refuse("objection_id", "申诉须有唯一编号", "an objection needs an id of its own")
    due = objection_due(posting)
    if event.on > due:
        refuse(
            "objection_late",
            f"对名单的申诉应在 {due} 前提出",
            f"objections to the roll were due on {due}",
            posting.pack.clause if posting.pack else None,
        )
    posting.objections[id] = None
    posting.gaps.add(event.on)


def objection_due(posting: Posting) -> date:
    """The last day for objections to the roll. Refuses where no calendar is published."""
    assert posting.pack is not None
    try:
        return posting.pack.clocks["roll_objection"].due(posting.posted_on).due
    except CalendarUnpublished as error:
        refuse("calendar", error.text["zh"], error.text["en"])


def objection_answered(case: Case, event: Event) -> None:
    """Rule on an objection within three days; a late ruling is noted."""
    posting, id = case.board(), event.data.get("id", "")
    if id not in posting.open_objections():
        refuse("no_objection", f"没有待处理的申诉 {id}", f"no open objection {id!r}")
    assert posting.pack is not None
    posting.objections[id] = event.on
    late(case, event.on, max(posting.gaps), posting.pack.clocks["roll_ruling"])


def roll_settled(case: Case, event: Event) -> None:
    """Settle the roll when the days for objections are over."""
    due = objection_due(case.board())
    if event.on <= due:
        refuse(
            "objections_run",
            f"申诉期到 {due} 届满后方可确定名单",
            f"the roll is settled after the days for objections end on {due}",
            _law(case).clocks["roll_objection"].clause,
        )
    case.poll.registered = event.data.get("registered") or case.poll.registered
    advance(case, event.on)


def candidates_posted(case: Case, event: Event) -> None:
    """More candidates than seats (差额)."""
    names, seats = tuple(event.data.get("names", ())), case.decision.seats
    pack = _law(case)
    if seats < 1 or len(set(names)) < len(names):
        refuse(
            "seats",
            "须写明应选名额 seats，候选人不得重复",
            "say how many seats there are, and name each candidate once",
        )
    verdict = check(pack, {"count": len(names), "seats": seats}).verdicts["candidates"]
    if not verdict.met:
        text = verdict.text
        refuse("too_few_candidates", text["zh"], text["en"], verdict.clause)
    case.poll.candidates, case.phase = names, "posted"


def _law(case: Case) -> Pack:
    """The pack of the day on which the roll was posted: a later change does not touch it."""
    assert case.poll.roll_on is not None
    return pack_for(case, case.poll.roll_on)


def runoff_law(case: Case) -> Pack:
    """The pack of the run-off of an election whose roll is posted."""
    assert case.poll.roll_on is not None
    return pack_in_force("VEL-RUNOFF", case.poll.roll_on)


def proxy_given(case: Case, event: Event) -> None:
    """A written proxy to a villager with the vote, at most three each, never to a candidate."""
    data, poll, pack = event.data, case.poll, _law(case)
    rule, clause = pack.facts["proxy"], pack.clause
    principal, agent = data.get("principal", ""), data.get("agent", "")
    taken = {name for names in poll.held.values() for name in names}
    if not principal or not agent or principal == agent or principal in taken:
        refuse("proxy_form", "委托人、受托人须写明且未重复委托", "name principal and agent, once")
    if not data.get("written"):
        refuse("proxy_written", "须书面委托", "a proxy must be in writing", clause)
    if not data.get("has_vote"):
        refuse("proxy_grantee", "受托人须是有选举权的村民", "the agent must have the vote", clause)
    if agent in poll.candidates:
        refuse("proxy_candidate", "候选人不得接受委托", "a candidate may hold no proxy", clause)
    if len(poll.held.get(agent, [])) >= rule["max_held"]:
        refuse(
            "proxy_limit",
            f"每人最多接受 {rule['max_held']} 人委托",
            f"one person holds at most {rule['max_held']} proxies",
            clause,
        )
    poll.held.setdefault(agent, []).append(principal)


def proxy_revoked(case: Case, event: Event) -> None:
    """The principal takes the proxy back before the poll; the agent may hold another."""
    principal = event.data.get("principal", "")
    agent = next((name for name, names in case.poll.held.items() if principal in names), None)
    if agent is None:
        refuse("no_proxy", f"{principal} 没有登记委托", f"no proxy of {principal} is recorded")
    case.poll.held[agent].remove(principal)


def poll_opened(case: Case, event: Event) -> None:
    """Open on election day, on paper."""
    if case.decision.electronic:
        refuse(
            "electronic",
            "本选举须无记名投票并设秘密写票处，默认不使用电子投票",
            "this election is on paper with a secret booth; electronic voting is off",
            _law(case).clause,
        )
    if event.on != case.poll.election_on:
        refuse(
            "wrong_day",
            f"选举日是 {case.poll.election_on}",
            f"election day is {case.poll.election_on}",
        )
    case.phase = "open"


def poll_postponed(case: Case, event: Event) -> None:
    """Set another election day, with the roll still posted 20 days before."""
    day, roll_on = event.data.get("election_on"), case.poll.roll_on
    assert roll_on is not None
    earliest = max(event.on, roll_on + timedelta(days=_law(case).waits["roll"].amount))
    if day is None or day < earliest:
        refuse("too_early", f"最早 {earliest}", f"election day is {earliest} at the earliest")
    case.poll.election_on, case.phase = day, "posted"


def counted(case: Case, event: Event) -> None:
    """The open count of the poll: valid election, then who has more than half."""
    poll, pack = case.poll, _law(case)
    counters = two_counters(case, event)
    counts = dict(event.data.get("counts", {}))
    if case.phase == "runoff":
        _count_runoff(case, event, counts, counters)
        return
    voted = counts.get("voters_who_voted")
    if voted is None:
        refuse("counts_missing", "还缺：voters_who_voted", "still missing: voters_who_voted")
    votes = _votes(event, counts, case.decision.seats)
    answer = check(pack, {"registered": poll.registered, "voters_who_voted": voted})
    if "valid" not in answer.verdicts:
        note = answer.refusals[0]
        refuse(note.code, note.text["zh"], note.text["en"], note.clause)
    valid = answer.verdicts["valid"]
    over = counts.get("returned", 0) > voted
    if not over:
        box_adds_up(counts, voted)
    contest = plurality(votes, case.decision.seats, _elected_need(pack, voted))
    void = over or not valid.met
    outcome: Outcome = "no_quorum" if void else "passed"
    text = valid.text if void else joined([valid.text, contest.text])
    if over:
        case.warn("void", "收回选票多于投票人数，选举无效", "more ballots than voters: void")
    elected = () if void else contest.elected
    result = Result(case.step.id, pack, event.on, outcome, text, None, counts, counters)
    result.elected, result.vacant = elected, case.decision.seats - len(elected)
    case.results.append(result)
    poll.votes, poll.contest, poll.elected = votes, contest, elected
    poll.open_seats = result.vacant
    case.phase = "void" if void else "counted"


def _elected_need(pack: Pack, voted: int) -> int:
    return pack.rules["elected"].modes[""][0].need(voted)


def _votes(event: Event, counts: dict[str, int], seats: int) -> dict[str, int]:
    votes = dict(event.data.get("votes", {}))
    valid = counts.get("valid", counts.get("voters_who_voted", counts.get("returned", 0)))
    if not votes or max(votes.values()) > valid or sum(votes.values()) > valid * seats:
        refuse(
            "votes_differ",
            "得票数缺失，或多于有效票所能投出的票数",
            "votes are missing, or exceed what the valid ballots can carry",
        )
    return votes


def may_run_off(case: Case) -> bool:
    """Whether seats are open that another vote can fill."""
    poll = case.poll
    return poll.open_seats > 0 and (poll.runoffs == 0 or bool(poll.contest and poll.contest.tied))


def runoff_opened(case: Case, event: Event) -> None:
    """Those level stand again, or else the highest not elected."""
    poll, names = case.poll, tuple(event.data.get("names", ()))
    assert poll.contest is not None
    due = runoff_candidates(poll.contest, poll.votes, len(names))
    if not names or set(names) != set(due) or len(names) != len(due):
        refuse(
            "runoff_names",
            f"另行选举的候选人应为：{'、'.join(due)}",
            f"those who stand again are: {', '.join(due)}",
            runoff_law(case).clause,
        )
    poll.candidates, poll.runoffs = names, poll.runoffs + 1
    case.phase = "runoff"


def _count_runoff(case: Case, event: Event, counts: dict[str, int], counters: tuple[str, ...]) -> None:
    poll, pack = case.poll, runoff_law(case)
    cast = counts.get("ballots_cast", counts.get("returned"))
    if cast is None:
        refuse("counts_missing", "还缺：ballots_cast", "still missing: ballots_cast")
    if cast > min(poll.registered, counts.get("voters_who_voted", poll.registered)):
        refuse(
            "more_than_whole",
            f"选票（{cast}）多于登记或投票的人数，请核对",
            f"more ballots ({cast}) than voters; check the numbers",
            pack.clause,
        )
    box_adds_up(counts)
    votes = _votes(event, {"returned": cast, **counts}, poll.open_seats)
    if not votes.keys() <= set(poll.candidates):
        refuse("runoff_names", "另行选举只计候选人得票", "a run-off counts its candidates only")
    contest: Contest = plurality(votes, poll.open_seats, pack.rules["floor"].modes[""][0].need(cast))
    result = Result(case.step.id, pack, event.on, "passed", contest.text, None, counts, counters)
    poll.elected = (*poll.elected, *contest.elected)
    poll.votes, poll.contest, poll.open_seats = votes, contest, contest.open_seats
    result.elected, result.vacant = poll.elected, poll.open_seats
    case.results.append(result)
    case.phase = "counted"


HANDLERS = {
    ("roll", "roll_posted"): roll_posted,
    ("roll", "objected"): objected,
    ("roll", "objection_answered"): objection_answered,
    ("roll", "roll_settled"): roll_settled,
    ("poll", "candidates_posted"): candidates_posted,
    ("poll", "proxy_given"): proxy_given,
    ("poll", "proxy_revoked"): proxy_revoked,
    ("poll", "poll_opened"): poll_opened,
    ("poll", "poll_postponed"): poll_postponed,
    ("poll", "counted"): counted,
    ("poll", "runoff_opened"): runoff_opened,
}
