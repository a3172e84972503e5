"""What makes the town complete: sealed matters of the women's halls, photos, and what the personas were told."""

import datetime as dt
import io
import random
from collections import defaultdict
from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils import translation

from yishi.core import files
from yishi.inbox import services as inbox
from yishi.matters.bulk.book import Book
from yishi.matters.bulk.kept import Hand, Kept
from yishi.matters.demo.course import Course
from yishi.matters.demo.days import office
from yishi.matters.demo.reading import words
from yishi.matters.demo.reporters import Reporters, new_key
from yishi.matters.demo.scenes import scene_of
from yishi.matters.demo.sheet import Place, Sheet
from yishi.matters.demo.telling import called
from yishi.matters.models import Matter, Report, Step
from yishi.matters.notices import NOTICES
from yishi.matters.reactions import FOR_ONE
from yishi.matters.services.raising import ContactInput, RaiseInput
from yishi.network import selectors as network
from yishi.network.models import Organisation
from yishi.people.models import User

SEALED, PHOTOS, FOLLOWED = 8, 30, 4
KEPT = dt.timedelta(days=75)
READ = dt.timedelta(days=9)


class Extras:
    """Built around the courses, some before and some after the book is written."""

    def __init__(self, sheet: Sheet, book: Book, reporters: Reporters, now: dt.datetime) -> None:
        self.sheet, self.book, self.reporters, self.now = sheet, book, reporters, now
        self.chance: random.Random = sheet.chance

    # --- sealed ------------------------------------------------------------------------------

    def sealed(self) -> None:
        """A few matters in the women's halls: told in a room, known to the hall alone."""
        halls = [(p, h) for p in self.sheet.places if (h := p.by_kind.get(Organisation.Kind.WOMENS_HALL))]
        for i, (place, hall) in enumerate(halls[:SEALED]):
            host = self.sheet.hand(hall, frozenset({"host"}))
            if host is not None:
                self._sealed(place, hall, host, i)

    def _sealed(self, place: Place, hall: Organisation, host: Hand, i: int) -> None:
        texts = words()["sealed"]
        title, text = (texts[k][i % len(texts[k])] for k in ("titles", "texts"))
        at = office(self.now - dt.timedelta(days=self.chance.randint(6, 120)), 0, self.chance)
        channel, nature = Report.Channel.WALK_IN, Report.Nature.HELP
        kept = Kept(
            self.book,
            Matter(
                town_id=self.sheet.town.pk, reference=self.reporters.reference(at), title=title, text=text, sealed=True,
                community_id=place.area.pk, hall_id=hall.pk, channel=channel, nature=nature, raised_at=at,
                changed_at=at, visibility=Matter.Visibility.HANDLERS,
            ),
        )  # fmt: skip
        name = called(self.chance)
        data = RaiseInput(
            key=new_key(self.chance), title=title, text=text, nature=nature, channel=channel,
            consent_id=self.reporters.consent(host, channel, at),
            contact=ContactInput(name=name, phone=f"123{self.chance.randint(0, 99_999_999):08d}", shown_as="一位姐妹"),
        )  # fmt: skip
        report = kept.report(host, data, at, first=True)
        kept.accept(
            host, at, category_id=None, size="everyday", size_reason="先听，再一起想办法。", decider="community",
            decider_reason="由议事厅处理。", visibility=Matter.Visibility.HANDLERS,
        )  # fmt: skip
        given = kept.assign(host, at, hall.pk, "由议事厅自己办。")
        kept.sign(host, given, at)
        kept.contact(host, report, at, "当面谈过。")
        later = office(at, 2, self.chance)
        if later <= self.now:
            kept.note(host, later, self.chance.choice(texts["notes"]), public=False)

    # --- what the personas were told ---------------------------------------------------------

    def notifications(self, courses: list[Course]) -> None:
        """Messages of the last weeks for those who can sign in, about what they reported themselves."""
        steps: dict[int, list[Step]] = defaultdict(list)
        for row in self.book.rows[Step]:
            assert isinstance(row, Step)
            if row.at >= self.now - KEPT:
                steps[row.matter_id].append(row)
        for course in courses:
            for report in course.kept.reports if hasattr(course, "kept") else []:
                if report.reporter_id in self.sheet.accounts:
                    for step in steps[report.matter_id]:
                        self._told(report, step, course.kept.matter)

    def _told(self, report: Report, step: Step, matter: Matter) -> None:
        notice = NOTICES.get(step.kind)
        meant = step.kind not in FOR_ONE or step.report_id == report.pk
        if notice is None or not notice.to_reporters or not meant or step.by_id == report.reporter_id:
            return
        notification = apps.get_model("inbox.Notification")
        said = {}
        for language in ("zh-hans", "en"):
            with translation.override(language):
                said[language] = translation.gettext(notice.title)
        body = f"{matter.reference} {matter.title}"
        self.book.add(
            notification(
                person_id=report.reporter_id or 0, key=f"matter:{matter.pk}:{step.pk}", subject_kind="matters.matter",
                subject_id=matter.pk, title=said["zh-hans"], title_en=said["en"], body=body, body_en=body,
                url=reverse("matters:matter", args=[matter.reference]), at=step.at,
                read_at=step.at + dt.timedelta(hours=3) if step.at < self.now - READ else None,
            )
        )  # fmt: skip

    # --- after the book is written -----------------------------------------------------------

    def follows(self, courses: list[Course]) -> None:
        """The personas who live here follow what is open around them, by the ordinary service."""
        public = [c.kept.matter for c in courses if hasattr(c, "kept") and c.kept.matter.is_public and not c.ended]
        home = [m for m in public if m.community_id == self.sheet.places[0].area.pk][:FOLLOWED]
        for user in User.objects.filter(person__in=self.reporters.accounts).order_by("pk")[:2]:
            viewer: Any = network.viewer_of_account(user, self.now)
            for matter in home:
                inbox.follow(viewer, matter, self.now)

    def photos(self, courses: list[Course]) -> None:
        """Simple scenes, drawn; stored as any photo is."""
        able = [c for c in courses if hasattr(c, "kept") and c.kept.reports and scene_of(c.story.category)]
        able.sort(key=lambda c: c.told, reverse=True)
        for course in able[: PHOTOS * 3 : 3]:
            draw = scene_of(course.story.category)
            assert draw is not None
            report, matter = course.kept.reports[0], course.kept.matter
            picture = io.BytesIO(draw(self.chance))
            files.store_photo(report, picture, at=course.told, public=matter.is_public, town_id=matter.town_id)
