"""What hangs on the demo town's boards: accounts, a proposal with objections, a gap, a correction, what is to be posted."""

import datetime as dt
import io
import uuid
from typing import BinaryIO

from PIL import Image, ImageDraw

from yishi.core import clock
from yishi.core.demo import DemoSize, Tick
from yishi.network import selectors as network
from yishi.network.models import Organisation
from yishi.network.viewers import Viewer
from yishi.people.models import User
from yishi.publication import services
from yishi.publication.demo import words
from yishi.publication.models import Posting
from yishi.publication.services import ObjectionInput, PostingInput


class Scene:
    """The people of the demo by their e-mail addresses, and acts on days before its now."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def at(self, days_ago: int, hour: int = 9) -> dt.datetime:
        """An hour of a day before now; never after now."""
        moment = (self.now - dt.timedelta(days=days_ago)).replace(hour=hour, minute=20)
        return min(moment, self.now)

    def who(self, name: str, at: dt.datetime) -> Viewer:
        """A persona at a moment."""
        return network.viewer_of_account(User.objects.get(email=f"{name}@dali.example"), at, second_factor=True)

    def prepared(self, name: str, organisation: Organisation, story: words.Story, days_ago: int) -> Posting:
        """A posting prepared by a persona."""
        at = self.at(days_ago, 8)
        with clock.standing_at(at):
            given = PostingInput(
                organisation_id=organisation.pk, item=story.item, title=story.title, text=story.text,
                title_en=story.title_en, text_en=story.text_en, places=story.places, phone="0757-85550000",
            )  # fmt: skip
            return services.prepare_posting(self.who(name, at), given, at)

    def hung(self, name: str, posting: Posting, days_ago: int) -> Posting:
        """Hung up on a day."""
        at = self.at(days_ago)
        with clock.standing_at(at):
            return services.open_posting(self.who(name, at), posting, board(posting.pk), at)

    def looked(self, name: str, posting: Posting, days_ago: int, *, seen: bool = True, note: str = "") -> None:
        """Looked at on a day."""
        at = self.at(days_ago)
        with clock.standing_at(at):
            photo = board(posting.pk + days_ago) if seen else None
            services.check_posting(self.who(name, at), posting, photo, at, seen=seen, note=note)

    def ended(self, name: str, posting: Posting, days_ago: int) -> None:
        """Taken down on a day."""
        at = self.at(days_ago)
        with clock.standing_at(at):
            services.end_posting(self.who(name, at), posting, board(posting.pk + 7), at)

    def objected(self, name: str, posting: Posting, line: tuple[str, str, str], days_ago: int) -> int:
        """Objected to by a persona; the objection's id."""
        at = self.at(days_ago, 11)
        with clock.standing_at(at):
            key = uuid.uuid5(uuid.NAMESPACE_URL, f"{posting.pk}:{name}:{line[0]}")
            return services.object_to_posting(self.who(name, at), posting, ObjectionInput(key, *line), at).pk

    def answered(self, name: str, posting: Posting, number: int, ruling: str, reason: str, days_ago: int) -> None:
        """An objection answered."""
        at = self.at(days_ago, 16)
        with clock.standing_at(at):
            services.answer_objection(self.who(name, at), posting.objections.get(number=number), ruling, reason, at)


def board(seed: int) -> BinaryIO:
    """A drawn photo of a notice board: cork, frame, sheets of paper."""
    image = Image.new("RGB", (640, 440), (188, 152, 104))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 639, 439), outline=(92, 58, 32), width=22)
    for n in range(3):
        left, top = 50 + n * 190 + seed * 7 % 23, 60 + (seed * 13 + n * 29) % 40
        draw.rectangle((left, top, left + 150, top + 220), fill=(250, 247, 238), outline=(150, 140, 120))
        draw.rectangle((left + 30, top + 18, left + 120, top + 34), fill=(170, 44, 30))
        for line in range(9):
            draw.line(
                (left + 15, top + 55 + line * 17, left + 135 - (line * 37 + seed) % 40, top + 55 + line * 17),
                fill=(90, 90, 90),
                width=4,
            )
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    out.seek(0)
    return out


def build_postings(size: DemoSize, tick: Tick) -> None:
    """Everything, oldest first; then the duties that the catalogue raises, and the ledger."""
    scene = Scene(size.now)
    officer = scene.who("officer", size.now)
    committee = Organisation.objects.get(pk=officer.offices[0].organisation_id)
    president = scene.who("president", size.now)
    cooperative = Organisation.objects.get(pk=president.offices[0].organisation_id)
    for story in (_ended, _corrected, _with_gap, _objected, _hanging):
        story(scene, committee)
        tick(1)
    accounts = scene.prepared("president", cooperative, words.COOPERATIVE, 6)
    scene.hung("president", accounts, 6)
    scene.prepared("officer", committee, words.PLANNED, 1)
    services.raise_disclosure_duties(size.now)
    services.take_in(size.now)
    tick(3)


def _ended(scene: Scene, committee: Organisation) -> None:
    posting = scene.hung("officer", scene.prepared("officer", committee, words.ENDED, 40), 40)
    scene.looked("grid", posting, 32)
    scene.ended("officer", posting, 24)


def _corrected(scene: Scene, committee: Organisation) -> None:
    posting = scene.hung("officer", scene.prepared("officer", committee, words.CORRECTED, 20), 20)
    scene.objected("resident", posting, words.UPHELD, 18)
    scene.answered("supervisor", posting, 1, "upheld", words.UPHELD_ANSWER, 15)
    at = scene.at(14)
    with clock.standing_at(at):
        posting.refresh_from_db()
        fresh = services.correct_posting(
            scene.who("officer", at), posting, posting.title, words.CORRECTED_TEXT, "漏记一笔支出", at
        )
    scene.hung("officer", fresh, 13)
    scene.looked("officer", fresh, 5)


def _with_gap(scene: Scene, committee: Organisation) -> None:
    posting = scene.hung("officer", scene.prepared("officer", committee, words.CONSULTED, 12), 12)
    scene.looked("grid", posting, 4, seen=False, note="夜里被雨打落")
    scene.looked("grid", posting, 3)


def _objected(scene: Scene, committee: Organisation) -> None:
    posting = scene.hung("officer", scene.prepared("officer", committee, words.PROPOSAL, 9), 9)
    scene.objected("resident", posting, words.ANSWERED, 7)
    scene.answered("secretary", posting, 1, "rejected", words.ANSWER, 5)
    scene.objected("newcomer", posting, words.OPEN, 2)
    scene.looked("officer", posting, 1)


def _hanging(scene: Scene, committee: Organisation) -> None:
    scene.hung("officer", scene.prepared("officer", committee, words.HANGING, 3), 3)
    scene.hung("officer", scene.prepared("officer", committee, words.WATER, 1), 1)
