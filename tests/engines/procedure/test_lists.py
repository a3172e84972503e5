"""Important-matter lists: routes, versions, strict reading."""

import contextlib
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.engines.procedure import PackError, UnknownPack
from yishi.engines.procedure.lists import list_on, matter_lists, read_lists, route_matter

CASES = tomllib.loads((Path(__file__).resolve().parents[2] / "cases" / "s07_matter_list.toml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["routes"], ids=lambda c: f"{c['list']}-{c['matter']}-{c['on']}")
def test_scenario_7(case: dict[str, Any]) -> None:
    route = route_matter(case["list"], case["on"], case["matter"], case["facts"])
    assert route.pack.id == case["pack"]
    assert list(route.requires) == case["requires"]
    assert case["says"] in route.text["zh"]
    assert route.text["en"]
    assert not route.by.verified


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(UnknownPack, match="cooperative"):
        list_on("estate", date(2026, 1, 1))
    with pytest.raises(UnknownPack):
        list_on("community", date(2025, 1, 1))
    with pytest.raises(UnknownPack, match="lease"):
        route_matter("cooperative", date(2026, 1, 1), "holiday", {})
    with pytest.raises(UnknownPack):
        route_matter("cooperative", date(2023, 1, 1), "lease", {})


def test_a_missing_number_never_picks_the_lesser_body() -> None:
    with pytest.raises(ValueError, match="amount_per_year"):
        route_matter("cooperative", date(2026, 1, 1), "lease", {"years": 2})
    assert route_matter("cooperative", date(2026, 1, 1), "lease", {"years": 3}).pack.id == "REO-MRA"


def test_every_level_has_an_ordinary_route_for_every_matter_with_lines() -> None:
    for one in matter_lists():
        lined = {entry.matter for entry in one.entries if entry.any}
        assert lined <= {entry.matter for entry in one.entries if not entry.any}


HEAD = (
    '[[list]]\nid = "x"\nversion = 1\nlevel = "y"\ntitle = { zh = "甲", en = "A" }\n'
    'status = "verified"\neffective_from = 2026-01-01\n'
)


@pytest.mark.parametrize(
    "text",
    [
        *["list = 1", "x = 1", "list = [1]", HEAD, HEAD + "entries = 1", HEAD + "entries = [1]"],
        HEAD + 'entries = []\neffective_to = "x"',
        HEAD.replace("version = 1", "version = 1.5") + "entries = []",
        HEAD + 'entries = [{ matter = "a" }]',
        HEAD + 'entries = [{ matter = "a", route = "NOPE" }]',
        HEAD + 'entries = [{ matter = "a", route = "VA", x = 1 }]',
        HEAD + 'entries = [{ matter = "a", route = "VA", any = [["amount", "ge"]] }]',
        HEAD + 'entries = [{ matter = "a", route = "VA", any = [["amount", "ge", 5]] }]',
        HEAD + 'entries = [{ matter = "a", route = "VA", any = [["amount", "ge", "x"]] }]',
        HEAD + 'entries = [{ matter = "a", route = "VA", any = [["amount", "ge", "NaN"]] }]',
        HEAD + "entries = []\n" + HEAD + "entries = []",
    ],
)
def test_a_list_with_a_mistake_is_refused(text: str) -> None:
    with pytest.raises(PackError):
        read_lists(text)


def test_more_than_excludes_the_number() -> None:
    text = HEAD + 'entries = [{ matter = "a", route = "VA", any = [["amount", "gt", "5"]] }]'
    assert read_lists(text)[0].entries[0].any[0][1] == "gt"


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(PackError):
        read_lists(text)
