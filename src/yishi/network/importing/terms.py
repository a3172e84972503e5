"""Rows of the sheet 任职： who holds which post since when."""

import datetime as dt
from collections import defaultdict

from yishi.network.importing.cells import BadCell, date, name, number, text
from yishi.network.importing.columns import DUTIES, duty_of
from yishi.network.importing.reading import Row
from yishi.network.importing.state import (
    NEW,
    State,
    Take,
    find_person,
    make_person,
    mend_person,
    read_identity,
    read_phone,
)
from yishi.network.models import Organisation, Post, Term
from yishi.people.services.roll import Person, update


def bare_names(rows: list[Row]) -> frozenset[str]:
    """Names that stand under several organisations without any number or mark: one person or several?"""
    bare: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        try:
            if not any(text(row.cells.get(key)) for key in ("identity", "phone", "mark")):
                bare[name(row.cells["person"])].add(text(row.cells["organisation"]))
        except BadCell:
            continue
    return frozenset(called for called, where in bare.items() if called and len(where) > 1)


def taker(doubtful: frozenset[str]) -> Take:
    """How to take a row, given the names that cannot be told apart."""

    def take(state: State, row: Row) -> str:
        return take_term(state, row, doubtful)

    return take


def take_term(state: State, row: Row, doubtful: frozenset[str]) -> str:
    """Add or mend a term: known by post, person and first day."""
    organisation = state.organisation(text(row.cells["organisation"]))
    title, since, until = text(row.cells["title"]), date(row.cells["since"]), date(row.cells.get("until"))
    if not title:
        raise BadCell("缺职务")
    if since is None:
        raise BadCell("缺任职日期：请写成 2021-04-10")
    if until and until < since:
        raise BadCell("离任日期早于任职日期：请核对")
    duty = _duty(text(row.cells.get("duty")), title)
    person, person_outcome = _person(state, row, doubtful)
    post, post_is_new = _post(organisation, title, duty, number(row.cells.get("seats")))
    term = Term.objects.filter(post=post, person=person, since=since).first()
    because = text(row.cells.get("because"))[:60]
    if term is not None:
        changed = update(term, until=until, ended_because=because)
        return "changed" if changed or post_is_new or person_outcome != "unchanged" else "unchanged"
    _check_seats(post, person, since, until)
    Term.objects.create(post=post, person=person, since=since, until=until, ended_because=because)
    return "added"


def _duty(written: str, title: str) -> str:
    if written and written not in DUTIES:
        raise BadCell(f"没有“{written}”这种职责：请填 {'、'.join(DUTIES)}")
    duty = DUTIES.get(written) or duty_of(title)
    if not duty:
        raise BadCell(f"从“{title}”看不出职责：请在“职责类别”填 {'、'.join(DUTIES)}")
    return duty


def _person(state: State, row: Row, doubtful: frozenset[str]) -> tuple[Person, str]:
    called = name(row.cells["person"])
    if not called:
        raise BadCell("缺姓名：空缺的职务请删去这一行")
    known, phone = read_identity(row.cells.get("identity")), read_phone(row.cells.get("phone"))
    mark = text(row.cells.get("mark"))
    if called in doubtful and known is None and not phone and not mark:
        raise BadCell(f"“{called}”在本表出现多次又没有号码：是同一人请填同一个手机号；不是同一人请在“同名区分”填甲、乙")
    where = "" if mark and mark != NEW else text(row.cells["organisation"])
    key = f"term:{called}:{mark}:{where}"
    person = find_person(state, called, known, phone, key, may_be_new=bool(mark))
    if person is None:
        return make_person(state, called, known, phone, "" if known or phone else key), "added"
    return person, "changed" if mend_person(state, person, known, phone) else "unchanged"


def _post(organisation: Organisation, title: str, duty: str, seats: int) -> tuple[Post, bool]:
    post, fresh = Post.objects.get_or_create(
        organisation=organisation, title=title, defaults={"duty": duty, "seats": seats or 1}
    )
    return post, fresh or update(post, seats=seats or None)


def _check_seats(post: Post, person: Person, since: dt.date, until: dt.date | None) -> None:
    """A post with one seat has one holder at a time; the others are let go first."""
    others = Term.objects.filter(post=post).exclude(person=person).select_related("person")
    clash = [
        t for t in others
        if t.since <= (until or dt.date.max) and since <= (t.until or dt.date.max)
    ]  # fmt: skip
    if len(clash) >= post.seats:
        holders = "、".join(t.person.name for t in clash)
        raise BadCell(f"“{post.title}”同一时间已由{holders}担任（职数 {post.seats}）：请先填前任的离任日期，或改职数")
