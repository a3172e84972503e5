"""What every story of the demo needs: days before now, matters brought, deeds with their papers."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from yishi.core.demo import DemoSize
from yishi.decisions import services
from yishi.decisions.demo.cast import Body, Cast, fresh
from yishi.decisions.demo.stories import PAPERS
from yishi.decisions.models import Decision
from yishi.engines.procedure import Case
from yishi.network.models import Area


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a story: called with a day and an hour, the moment."""

    began: dt.datetime

    def __call__(self, day: int, hour: int) -> dt.datetime:
        return self.began + dt.timedelta(days=day, hours=hour)


class Teller:
    """Tells stories of decisions that began some days before now."""

    def __init__(self, town: Area, size: DemoSize) -> None:
        self.cast = Cast(town, size)
        self.today = timezone.localtime(size.now).replace(hour=0, minute=0, second=0, microsecond=0)

    def key(self) -> uuid.UUID:
        """A key that makes an act repeatable."""
        return uuid.UUID(int=self.cast.chance.getrandbits(128), version=4)

    def days(self, last: int, *, exactly: bool = False) -> Days:
        """The days of a story whose last act was some days ago; ``exactly``: as many days ago as given."""
        return Days(self.today - dt.timedelta(days=last + (0 if exactly else self.cast.chance.randint(1, 4))))

    def later(self, days: int, hour: int) -> dt.datetime:
        """An hour of a day to come."""
        return self.today + dt.timedelta(days=days, hours=hour)

    def brought(self, body: Body, subject: str, title: str, text: str, at: dt.datetime, **more: Any) -> Decision:
        """Brought by the organisation's head."""
        given = services.StartInput(
            key=self.key(), organisation_id=body.organisation.pk, subject=subject, title=title, text=text,
            conflict=False, **more,
        )  # fmt: skip
        with self.cast.acting(body.head, at) as viewer:
            return services.start_decision(viewer, given, at)

    def deed(self, decision: Decision, person: int, at: dt.datetime) -> Case:
        """The deed that it stands at, with its papers."""
        given = {name: services.PaperInput(words) for name, words in PAPERS.items()}
        with self.cast.acting(person, at) as viewer:
            return services.do_step(viewer, fresh(decision), given, at)

    def passed_by_town(self, decision: Decision, at: dt.datetime) -> None:
        """Reviewed by the town's officer, and passed."""
        with self.cast.acting(self.cast.personas["town"], at) as viewer:
            services.review_decision(viewer, fresh(decision), "pass", "", at)
