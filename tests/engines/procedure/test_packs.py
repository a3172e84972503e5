"""Packs: complete, cited, strictly read; what is not verified never certifies."""

import contextlib
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.engines.procedure import (
    PackError,
    UnknownPack,
    all_packs,
    clock,
    load_pack,
    pack_in_force,
    packs_on,
)
from yishi.engines.procedure.packs import _FILES, laws, package_text, quantities
from yishi.engines.procedure.reading import parse_toml, read_laws, read_packs, read_quantities
from yishi.engines.procedure.steps import load_procedure, read_procedures

DOMAIN = [
    "ROUND",
    "DATE",
    "VA",
    "VA-OLD",
    "VRA",
    "VG",
    "VEL",
    "VEL-RUNOFF",
    "VEL-OLDPROXY",
    "VRECALL",
    "VCOMM",
    "VPUB",
    "VSUP",
    "RC-OLD",
    "RC",
    "REO-MA",
    "REO-34",
    "REO-MRA",
    "REO-BD",
    "REO-SUP",
    "REO-DOCS",
    "REO-SUE",
    "GD109-MA",
    "GD109-MRA",
    "OWN-Q",
    "OWN-34",
    "OWN-12",
    "OWN-COUNT",
    "OWN-279",
    "OWN-MEET",
    "OWN-DEEMED",
    "OWN-AFTER",
    "PARTY-GM",
    "PARTY-4YI",
    "XF",
    "HOT-GD",
    "MED",
]


def test_no_name_is_used_twice() -> None:
    found = [row["id"] for name in _FILES for row in parse_toml(package_text(name), name)["pack"]]
    assert len(found) == len(set(found)) == len(all_packs())


def test_every_rule_of_the_domain_report_is_there() -> None:
    assert set(DOMAIN) <= {pack.id for pack in all_packs()}


def test_every_rule_and_period_has_a_clause_in_both_languages() -> None:
    for pack in all_packs():
        for part in (*pack.rules.values(), *pack.waits.values(), *pack.clocks.values()):
            assert part.clause["zh"], (pack.id, part.id)
            assert part.clause["en"], (pack.id, part.id)


def test_versions_of_a_family_never_overlap() -> None:
    for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 11, 1)):
        families = [pack.family for pack in packs_on(day)]
        assert len(families) == len(set(families))
    assert pack_in_force("VA", date(2025, 12, 31)).id == "VA-OLD"
    assert pack_in_force("VA", date(2026, 1, 1)).id == "VA"
    assert pack_in_force("RC", date(2025, 6, 1)).id == "RC-OLD"
    assert not pack_in_force("RC", date(2026, 6, 1)).verified
    with pytest.raises(UnknownPack):
        pack_in_force("REO-MA", date(2025, 4, 30))


def test_what_does_not_exist_is_named_with_what_does() -> None:
    with pytest.raises(UnknownPack, match="REO-MA"):
        load_pack("NOPE")
    with pytest.raises(UnknownPack, match="complaint"):
        clock("HOT-GD", "praise")
    with pytest.raises(UnknownPack, match="none"):
        clock("REO-MA", "praise")
    with pytest.raises(UnknownPack, match="owners_vote"):
        load_procedure("NOPE")


def test_fractions_are_exact() -> None:
    assert load_pack("GD109-MRA").rules["reps"].modes[""][0].fraction == Fraction(3, 100)


HEAD = '[[pack]]\nid = "X"\ntitle = { zh = "甲", en = "A" }\nlaw = "civil_code"\nstatus = "verified"\n'


def read(text: str) -> Any:
    return read_packs(parse_toml(text, "t"), laws(), quantities(), "t")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pack = 1", r"\[\[pack\]\]"),
        ("x = 1", "unknown key x"),
        ("pack = [1]", "must be a table"),
        ('[[pack]]\nid = "X"', "law"),
        ('[[pack]]\nid = "X"\nlaw = "nope"\nstatus = "verified"', "known law"),
        (HEAD.replace("verified", "maybe"), "status"),
        (HEAD.replace('zh = "甲", ', ""), "zh and en"),
        (HEAD + "typo = 1", "unknown key typo"),
        (HEAD + "articles = 278", "must be a list"),
        (HEAD + "articles = [278]", "must be text"),
        (HEAD + 'effective_from = "2026-01-01"', "must be a date"),
        (HEAD + "effective_to = 2026-01-01T00:00:00", "must be a date"),
        (HEAD + 'rules.pass = { all = [["yes", "ge", "2/3", "present"]], any = [] }', "exactly one"),
        (HEAD + "rules.pass = { all = [] }", "no comparison"),
        (HEAD + "rules.pass = { modes = {} }", "no mode"),
        (HEAD + 'rules.pass = { all = [["yes", "ge", 0.5, "present"]] }', "write a comparison"),
        (HEAD + 'rules.pass = { all = [["yes", "ge", "0.5", "present"]] }', "as a fraction"),
        (HEAD + 'rules.pass = { all = [["yes", "ge", "1/0", "present"]] }', "zero"),
        (HEAD + 'rules.pass = { all = [["yes", "over", "1/2", "present"]] }', "ge"),
        (HEAD + 'rules.pass = { all = [["si", "ge", "1/2", "present"]] }', "unknown quantity"),
        (HEAD + 'rules.pass = { all = [["yes", "ge", "1/2", "presente"]] }', "unknown quantity"),
        (HEAD + 'rules.pass = { all = [["yes", "ge", "/", "present"]] }', "as a fraction"),
        (HEAD + "waits.notice = { days = 1.5 }", "whole number"),
        (HEAD + "waits.notice = { days = true }", "whole number"),
        (HEAD + "waits.notice = { days = 1, years = 1 }", "whole number"),
        (HEAD + "clocks.x = { hours = 1 }", "unknown key"),
        (HEAD + "notes = [1]", "must be a table"),
        ("[[pack]\n", "not valid TOML"),
    ],
)
def test_a_pack_with_a_mistake_is_refused(text: str, says: str) -> None:
    with pytest.raises(PackError, match=says):
        read(text)


def test_a_sound_pack_is_read() -> None:
    (pack,) = read(HEAD + 'rules.pass = { any = [["yes", "ge", "20", "absolute"]] }\nclocks.x = { months = 2 }')
    assert pack.rules["pass"].combine == "any"
    assert pack.clocks["x"].unit == "month"
    assert pack.effective_from == date(2021, 1, 1)


def test_laws_and_quantities_are_read_strictly() -> None:
    with pytest.raises(PackError, match="unknown key"):
        read_laws({"x": {"zh": "甲", "en": "A", "since": 1}})
    with pytest.raises(PackError, match="measure"):
        read_quantities({"x": {"zh": "甲", "en": "A", "measure": "weight"}})


@given(st.text(max_size=80) | st.text(alphabet='[]{}="\n,pack.ruleswithd 0123/', max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for reader in (read, read_procedures):
        with contextlib.suppress(PackError):
            reader(text)


def test_deep_nesting_is_refused_not_a_crash() -> None:
    with pytest.raises(PackError):
        parse_toml("x = " + "[" * 100_000, "t")


STEP = '[[procedure]]\nid = "p"\ntitle = { zh = "甲", en = "A" }\n[[procedure.step]]\nid = "s"\n'
TITLE = 'title = { zh = "甲", en = "A" }\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("procedure = 1", r"\[\[procedure\]\]"),
        ("[[procedure]]\nid = 1", "id of its own"),
        ('[[procedure]]\nid = "p"\nstep = 1', "id of its own"),
        ('[[procedure]]\nid = "p"\ntitle = { zh = "甲", en = "A" }', "steps need ids"),
        ('[[procedure]]\nid = "p"\nstep = [1]', "a step needs an id"),
        (STEP, "title"),
        (STEP + TITLE, "kind"),
        (STEP + TITLE + 'kind = "deed"\nhow = 1', "unknown how"),
        (STEP + TITLE + 'kind = "deed"\nneeds = "x"', "list of names"),
        (STEP + TITLE + 'kind = "meeting"\nfamilies = ["X"]', "no pack of family X"),
        (STEP.replace('title = { zh = "甲", en = "A" }\n', "") + TITLE + 'kind = "deed"', "title"),
    ],
)
def test_a_procedure_with_a_mistake_is_refused(text: str, says: str) -> None:
    with pytest.raises(PackError, match=says):
        read_procedures(text)


def test_a_sound_procedure_is_read() -> None:
    assert read_procedures(STEP + TITLE + 'kind = "deed"\nfrom = 2026-01-01')["p"].steps[0].start == date(2026, 1, 1)
