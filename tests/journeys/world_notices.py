"""The notice board's part of the small world: one that hangs with objections, one to be posted, duties."""

import datetime as dt
import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from PIL import Image

from yishi.network.viewers import Viewer
from yishi.publication import services
from yishi.publication.models import Posting

OWN = ("财务收支", "停水通知", "第二项支出", "公示栏", "停电通知", "检修改期", "票据", "梁", "居民委员会")


def picture() -> io.BytesIO:
    """A photo of a board."""
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "tan").save(out, "PNG")
    out.seek(0)
    return out


@dataclass
class Postings:
    """One that hangs, with an answered and an open objection and a gap; one to be posted; one suspended; one due."""

    up: Posting
    planned: Posting
    suspended: Posting
    due: Posting


def build_notices(who: dict[str, Viewer], town: Any, at: dt.datetime) -> Postings:
    """Each posting to the state it is named after."""
    officer, start = who["officer"], at - dt.timedelta(days=9)
    given = services.PostingInput(
        organisation_id=town.dawei_committee.pk, item="committee_accounts", title="8 月财务收支",
        text="收入 120000.00 元，支出 83500.50 元。\n\n余额 36499.50 元。", phone="0757-85550000", places=["大圩公示栏"],
    )  # fmt: skip
    up = services.prepare_posting(officer, given, start)
    services.open_posting(officer, up, picture(), start)
    services.check_posting(officer, up, None, at - dt.timedelta(days=2), seen=False)
    for n in (1, 2):
        words = services.ObjectionInput(uuid.uuid4(), f"第二项支出（{n}）", "没有看到票据。", "请公布票据。")
        made = services.object_to_posting(who["alice"], up, words, at - dt.timedelta(days=2))
    services.answer_objection(officer, up.objections.get(number=1), "rejected", "票据在财务室，可以查看。", at)
    assert made.number == 2
    water = services.PostingInput(town.dawei_committee.pk, "announcement", "停水通知", "明天检修停水。")
    services.raise_disclosure_duties(at)
    services.take_in(at)
    up.refresh_from_db()
    power = services.PostingInput(town.dawei_committee.pk, "announcement", "停电通知", "后天检修停电。")
    resting, due = (_hung(officer, power, start) for _ in range(2))
    services.suspend_posting(officer, resting, "检修改期", at)
    return Postings(up, services.prepare_posting(officer, water, at), resting, due)


def _hung(officer: Viewer, given: services.PostingInput, at: dt.datetime) -> Posting:
    return services.open_posting(
        officer, services.prepare_posting(officer, given, at), picture(), at, places=["大圩公示栏"]
    )


def board_pages(up: Posting) -> Iterator[tuple[str, str]]:
    """What is open to anyone, and to one who objects."""
    for name in ("publication:board", "find_proof"):
        yield "anonymous", reverse(name)
    yield "anonymous", reverse("publication:posting", args=[up.reference])
    yield "anonymous", reverse("publication:sheet", args=[up.reference])
    yield "anonymous", reverse("proof", args=[up.check_code])
    yield "alice", reverse("publication:object", args=[up.reference])


def desk_pages(made: Postings) -> Iterator[tuple[str, str]]:
    """The desk of those who post."""
    up = made.up
    for name in ("desk", "prepare", "duties"):
        yield "officer", reverse(f"publication:{name}")
    yield "officer", reverse("publication:posting", args=[up.reference])
    yield "officer", reverse("publication:enter", args=[up.reference])
    yield "officer", reverse("publication:answer", args=[up.reference, 2])
    for posting, acts in (
        (up, ("check", "suspend", "correct")), (made.planned, ("open",)), (made.suspended, ("resume",)), (made.due, ("end",)),
    ):  # fmt: skip
        for act in acts:
            yield "officer", reverse(f"publication:{act}", args=[posting.reference])
