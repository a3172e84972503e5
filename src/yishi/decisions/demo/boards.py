"""The demo's decisions on the board: hung with a photo, looked at in the middle, taken down with a last one."""

import datetime as dt

from yishi.decisions.demo.cast import Body, Cast
from yishi.decisions.models import Decision
from yishi.publication import services as publication
from yishi.publication.demo.stories import board
from yishi.publication.models import Posting


class Board:
    """Where an organisation hangs what was decided; its officers hang it, its supervisor looks."""

    def __init__(self, cast: Cast, body: Body, place: str = "祠堂前公示栏") -> None:
        self.cast, self.body, self.place = cast, body, place
        self.posting: Posting | None = None

    def hung(self, decision: Decision, at: dt.datetime) -> None:
        """Prepared from the decision and hung on the same morning."""
        with self.cast.acting(self.body.others[0], at - dt.timedelta(minutes=30)) as viewer:
            prepared = publication.prepare_for_subject(
                viewer, "decisions.decision", decision.pk, viewer.at, phone="0757-85550000"
            )
        with self.cast.acting(self.body.others[0], at) as viewer:
            self.posting = publication.open_posting(viewer, prepared, board(prepared.pk), at, places=[self.place])

    def looked(self, at: dt.datetime) -> None:
        """Looked at by the supervisor on its middle day, if that has come."""
        assert self.posting is not None
        if at <= self.cast.now:
            with self.cast.acting(self.body.supervisor, at) as viewer:
                publication.check_posting(viewer, self.posting, board(self.posting.pk + 3), at, place=self.place)

    def taken_down(self, at: dt.datetime) -> None:
        """Taken down after its full days."""
        assert self.posting is not None
        with self.cast.acting(self.body.others[1], at) as viewer:
            publication.end_posting(viewer, self.posting, board(self.posting.pk + 7), at)
