"""Hands that carry a decision along: proposals by services, meetings and postings as bare events."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from yishi.decisions import services
from yishi.decisions.models import Decision
from yishi.decisions.services._acts import append, held
from yishi.decisions.services.motions import current_version
from yishi.decisions.services.steps import PaperInput
from yishi.engines.procedure import Case
from yishi.network.viewers import Viewer

TEXT = "在白界西街口的空地建一处小菜园和小花园，共 320 平方米，工程费 180000 元，由经济社出资。"


def proposal(organisation: Any, subject: str = "project", **more: Any) -> services.StartInput:
    """What a proposer sends."""
    given: dict[str, Any] = {
        "key": uuid.uuid4(), "organisation_id": organisation.pk, "subject": subject, "title": "四小园建设方案",
        "text": TEXT, "conflict": False,
    }  # fmt: skip
    return services.StartInput(**(given | more))


@dataclass
class Hands:
    """Who does what in the tests: proposer, Party secretary, supervisor, town officer; the day moves on."""

    proposer: Viewer
    secretary: Viewer
    supervisor: Viewer
    town_officer: Viewer
    at: dt.datetime
    made: list[Decision] = field(default_factory=list)

    def garden(self, organisation: Any) -> Decision:
        """The garden plan of scenario 8, brought to the representatives by the four deliberations."""
        given = proposal(organisation, facts={"amount": Decimal(180000)}, budget="180000.00", wider=True)
        return services.start_decision(self.proposer, given, self.at)

    def event(self, decision: Decision, kind: str, on: str, **data: Any) -> Case:
        """A bare event on a day, as the services of meetings and postings append it."""
        at = dt.datetime.fromisoformat(f"{on}T10:00:00+08:00")
        with held(decision) as fresh:
            return append(self.proposer, fresh, kind, at, data)

    def drafted(self, decision: Decision, on: str = "2026-09-28") -> Case:
        """The draft handed in."""
        at = dt.datetime.fromisoformat(f"{on}T10:00:00+08:00")
        return services.do_step(self.proposer, decision, {}, at)

    def studied(self, decision: Decision, on: str = "2026-09-28") -> Case:
        """The Party organisation's opinion."""
        at = dt.datetime.fromisoformat(f"{on}T11:00:00+08:00")
        return services.do_step(self.secretary, decision, {"opinion": PaperInput("支部讨论同意。")}, at)

    def to_resolve(self, decision: Decision) -> None:
        """The garden plan through proposal, consultation and review."""
        self.drafted(decision)
        self.event(decision, "meeting_opened", "2026-09-29", roll={"body": 5})
        self.event(decision, "counted", "2026-09-29", counts={"present": 5, "yes": 5, "no": 0})
        self.event(decision, "meeting_opened", "2026-09-30")
        self.event(decision, "counted", "2026-09-30", counts={"present": 9, "yes": 8, "no": 1})
        self.event(decision, "meeting_opened", "2026-10-08", roll={"voting_members": 47})
        self.event(decision, "attendance_counted", "2026-10-08", counts={"present_voting": 38})
        self.event(decision, "counted", "2026-10-08", counts={"yes": 26, "no": 8, "abstain": 4})

    def noticed(self, decision: Decision, on: str = "2026-10-09", meeting_on: str = "2026-10-20") -> None:
        """Notice of the representatives' meeting."""
        digest = current_version(decision).digest
        self.event(
            decision, "notice_posted", on, proof="photo", meeting_on=meeting_on, roll={"reps_all": 31},
            states=["time", "place", "matters"], hash=digest,
        )  # fmt: skip

    def resolved(self, decision: Decision, yes: int = 24) -> None:
        """The vote of the representatives, counted by two."""
        on, no = "2026-10-20", 29 - yes
        self.event(decision, "meeting_opened", on)
        self.event(decision, "attendance_counted", on, counts={"present": 29})
        self.event(decision, "ballot_opened", on)
        self.event(decision, "ballot_closed", on)
        box = {"issued": 29, "returned": 29, "unreturned": 0, "valid": 29, "invalid": 0}
        self.event(
            decision, "counted", on, counters=["p901", "p902"], counts={"yes": yes, "no": no, "abstain": 0} | box
        )

    def certified(self, decision: Decision) -> None:
        """Certified by someone else."""
        self.event(decision, "certified", "2026-10-21", by="p903")

    def disclosed(self, decision: Decision, start: str = "2026-10-22", end: str = "2026-11-07") -> None:
        """The full posting."""
        self.event(decision, "posted", start, place="公示栏", photo=True)
        self.event(decision, "posting_ended", end, photo=True)
