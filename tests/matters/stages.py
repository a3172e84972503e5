"""Short ways to bring a matter to a stage in tests: the real commands, by the people of the small town."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from yishi.matters import services
from yishi.matters.models import Assignment, Matter, Report
from yishi.network.viewers import Viewer


def told(key: uuid.UUID | None = None, **given: Any) -> services.RaiseInput:
    """What someone tells: a blocked drain, unless told otherwise."""
    fields = {
        "title": "巷子下水道堵了",
        "text": "永东街 18 号门前下水道堵了，污水漫到路上。",
        "nature": "complaint",
    } | given
    return services.RaiseInput(key=key or uuid.uuid4(), **fields)


@dataclass
class Desk:
    """The officers who carry a matter along."""

    officer: Viewer
    other: Viewer
    town: Any
    at: dt.datetime

    def accepted(self, matter: Matter, decider: str = "community", visibility: str = "public") -> Matter:
        """Accepted and sorted."""
        return services.accept_matter(
            self.officer, matter, None, "everyday", "小事，直接办。", decider, "街巷维护。", visibility, self.at
        )

    def assigned(self, matter: Matter) -> Assignment:
        """Given to the community's committee."""
        self.accepted(matter)
        return services.assign_matter(self.officer, matter, self.town.dawei_committee.pk, "lead", "归社区。", self.at)

    def doing(self, matter: Matter) -> Assignment:
        """Signed by the officer."""
        return services.sign_assignment(self.officer, self.assigned(matter), self.at)

    def answered(self, report: Report) -> Report:
        """Replied and told in the application."""
        self.doing(report.matter)
        services.reply_to_report(self.officer, report, "经现场核查，已疏通。", self.at)
        return services.tell_reporter(self.officer, report, "in_app", self.at)
