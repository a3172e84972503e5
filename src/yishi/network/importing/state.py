"""What an import knows while it runs: the town's records by every key, and what became of each row."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from yishi.network.importing.cells import BadCell, text
from yishi.network.importing.reading import Row
from yishi.network.models import Area, Organisation
from yishi.people.services import roll
from yishi.people.services.roll import Identity, Person

NEW = "新"


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that was not taken, and what to mend."""

    row: Row
    layout: str
    words: str


@dataclass
class Tally:
    """What became of the rows of one sheet."""

    layout: str
    title: str
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass
class State:
    """The town's records, loaded once; new ones are added as they are made."""

    town: Area | None
    at: dt.datetime
    day: dt.date
    faults: list[Fault] = field(default_factory=list)
    touched: list[Organisation] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.areas: dict[str, list[Area]] = defaultdict(list)
        self.organisations: dict[str, list[Organisation]] = defaultdict(list)
        self.by_identity: dict[str, Person] = {}
        self.by_phone: dict[str, list[Person]] = defaultdict(list)
        self.by_key: dict[str, Person] = {}
        self.by_name: dict[str, list[Person]] = defaultdict(list)
        for area in Area.objects.select_related("parent"):
            self.areas[area.name].append(area)
        if self.town is not None:
            self.set_town(self.town)

    def set_town(self, town: Area) -> None:
        """Load the town's organisations and people (a first import makes its town on the way)."""
        self.town = town
        for organisation in Organisation.objects.filter(town=town).select_related("area"):
            self.organisations[organisation.name].append(organisation)
        for person in roll.known_people(town.pk):
            self.remember(person)

    def remember(self, person: Person) -> None:
        """Make a person known by every key."""
        if person.id_digest:
            self.by_identity[person.id_digest] = person
        if person.phone and person not in self.by_phone[person.phone]:
            self.by_phone[person.phone].append(person)
        if person.import_key:
            self.by_key[person.import_key] = person
        if person not in self.by_name[person.name]:
            self.by_name[person.name].append(person)

    def area(self, written: str) -> Area:
        """The area that a cell names, alone or with those above it: ``太平社区/白界西经济社``.

        Raises:
            BadCell: none, or several of that name.
        """
        *above, last = [
            part.strip() for part in written.replace(">", "/").replace("／", "/").split("/") if part.strip()
        ]
        found = [a for a in self.areas[last] if all(self._lies_in(a, name) for name in above)]
        if not found:
            raise BadCell(f"没有“{written}”这个区域：请先在“区域”表里列出，或改正名称")
        if len(found) > 1:
            raise BadCell(f"有 {len(found)} 个区域都叫“{last}”：请写全，例如“太平社区/{last}”")
        return found[0]

    def _lies_in(self, area: Area, name: str) -> bool:
        return any(area.pk != above.pk and area.path.startswith(above.path) for above in self.areas[name])

    def organisations_of(self, area: Area) -> list[Organisation]:
        """The organisations seated in an area."""
        return [o for rows in self.organisations.values() for o in rows if o.area_id == area.pk]

    def organisation(self, written: str) -> Organisation:
        """The organisation that a cell names, alone or after its area: ``太平社区/居民议事厅``.

        Raises:
            BadCell: none, or several of that name.
        """
        place, _slash, last = written.replace("／", "/").rpartition("/")
        found = [o for o in self.organisations[last] if not place or o.area.path.startswith(self.area(place).path)]
        if not found:
            raise BadCell(f"没有“{written}”这个组织：请先在“组织”表里列出，或改正名称")
        if len(found) > 1:
            raise BadCell(f"有 {len(found)} 个组织都叫“{last}”：请在前面写明区域，例如“太平社区/{last}”")
        return found[0]


def read_phone(cell: Any) -> str:
    """A phone number of a row, or nothing.

    Raises:
        BadCell: it cannot be read.
    """
    written = text(cell)
    try:
        return roll.read_phone(written) if written else ""
    except roll.BadNumber as error:
        raise BadCell("手机号应为 11 位数字：请核对") from error


IDENTITY_FAULTS = {
    "length": "证件号码应为 18 位（或旧的 15 位）：请核对位数",
    "birth": "证件号码里的出生日期不存在：请核对",
    "check": "证件号码最后一位对不上：请核对是否抄错",
}


def read_identity(cell: Any) -> Identity | None:
    """An identity number of a row, or None.

    Raises:
        BadCell: it cannot be one; says why.
    """
    written = text(cell)
    try:
        return roll.read_identity(written) if written else None
    except roll.BadNumber as error:
        raise BadCell(IDENTITY_FAULTS[str(error)]) from error


def find_person(
    state: State, called: str, known: Identity | None, phone: str, import_key: str, *, may_be_new: bool
) -> Person | None:
    """Who a row means: by identity number, else by phone and name, else by the key of an earlier import.

    None: someone new.

    Raises:
        BadCell: the number belongs to someone of another name, or others of that name are known already.
    """
    if known is not None and (person := state.by_identity.get(known.digest)):
        if person.name != called:
            raise BadCell("这个证件号码在名册上是另一个姓名：请核对姓名和号码")
        return person
    for person in state.by_phone[phone] if phone else ():
        if person.name == called and not (known and person.id_digest and person.id_digest != known.digest):
            return person
    if import_key in state.by_key:
        return state.by_key[import_key]
    if known is None and not phone and not may_be_new and state.by_name[called]:
        raise BadCell(
            f"名册上已有 {len(state.by_name[called])} 位“{called}”：请填证件号码或手机号；确是另一个人，请在“同名区分”填“{NEW}”"
        )
    return None


def make_person(
    state: State, called: str, known: Identity | None, phone: str, import_key: str, birth: dt.date | None = None
) -> Person:
    """A new person of the town."""
    assert state.town is not None
    person = roll.enter_person(state.town.pk, called, known, phone, import_key, birth, state.at)
    state.remember(person)
    return person


def mend_person(state: State, person: Person, known: Identity | None, phone: str, birth: dt.date | None = None) -> bool:
    """Add to a person what the row knows and the record does not."""
    changed = roll.mend_person(person, known, phone, birth)
    if changed:
        state.remember(person)
    return changed


Outcome = str  # added, changed, unchanged
Take = Callable[[State, Row], Outcome]


def take_rows(state: State, tally: Tally, rows: Iterable[Row], take: Take, tick: Callable[[int], None]) -> None:
    """Take each row; a bad one is kept as a fault and the others go on."""
    for row in rows:
        tally.rows += 1
        try:
            outcome = take(state, row)
            setattr(tally, outcome, getattr(tally, outcome) + 1)
        except BadCell as error:
            tally.refused += 1
            state.faults.append(Fault(row, tally.layout, str(error)))
        tick(1)
