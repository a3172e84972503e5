"""Identity numbers, phone numbers and names as people write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.people import identity, names

# invented numbers of the area code 000000, which is nobody's
MAN = "00000019500307001" + identity.check_digit("00000019500307001")


def test_fifteen_digits_and_eighteen_are_the_same_person() -> None:
    first = identity.read_identity("000000500307001")
    assert first == identity.read_identity(MAN)
    assert first.birth_date == dt.date(1950, 3, 7)


def test_full_width_digits_and_blanks_are_read() -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in MAN)
    assert identity.read_identity(f" {wide[:6]} {wide[6:]}") == identity.read_identity(MAN)


@pytest.mark.parametrize(
    ("number", "why"),
    [("12345", "length"), ("000000195013070012", "birth"), (MAN[:17] + ("1" if MAN[17] != "1" else "2"), "check")],
)
def test_a_wrong_number_says_what_is_wrong(number: str, why: str) -> None:
    with pytest.raises(identity.BadNumber, match=why):
        identity.read_identity(number)


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(place: int, step: int) -> None:
    wrong = MAN[:place] + str((int(MAN[place]) + step) % 10) + MAN[place + 1 :]
    with pytest.raises(identity.BadNumber):
        identity.read_identity(wrong)


def test_the_digest_cannot_be_computed_without_the_installations_key(settings: object) -> None:
    before = identity.read_identity(MAN).digest
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert identity.read_identity(MAN).digest != before


@pytest.mark.parametrize("text", ["199 0000 0001", "８６19900000001", "0086-199-0000-0001", "+8619900000001"])
def test_phones_are_read_into_one_form(text: str) -> None:
    assert identity.read_phone(text) == "+8619900000001"


@pytest.mark.parametrize(
    ("name", "initials", "shown", "english"),
    [
        ("何秀英", "hxy", "何街坊", "Neighbour He"),
        ("欧阳明", "oym", "欧阳街坊", "Neighbour Ouyang"),
        ("区慧敏", "ohm", "区街坊", "Neighbour Ou"),
        ("Maria Chan", "mc", "Maria街坊", "Neighbour Maria"),
    ],
)
def test_names(name: str, initials: str, shown: str, english: str) -> None:
    assert names.initials(name) == initials
    assert names.public_name(name, "", english=False) == shown
    assert names.public_name(name, "", english=True) == english


def test_the_form_of_address_follows_the_identity_number() -> None:
    assert names.public_name("张三", "0012", english=False) == "张先生"
    assert names.public_name("张三", "0021", english=True) == "Ms Zhang"
