"""Local rules: whatever is accepted never lets through what the law would stop."""

import contextlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.engines.procedure import PackError, load_pack
from yishi.engines.procedure.checks import check
from yishi.engines.procedure.floors import BelowFloor, LocalRule, floor, read_local, with_local

fractions = st.fractions(min_value=Fraction(1, 10), max_value=1, max_denominator=12)
PACKS = ["REO-MA", "REO-34", "REO-BD", "VRA", "PARTY-GM", "OWN-12", "OWN-34"]
NUMBERS = st.fixed_dictionaries(
    {
        **{name: st.integers(1, 60) for name in ("members_full_capacity", "body", "board", "voting_members")},
        **{name: st.integers(0, 60) for name in ("present", "present_voting", "present_incl_online_and_proxy", "yes")},
        **{name: st.integers(1, 60) for name in ("area_all", "heads_all")},
        **{name: st.integers(0, 60) for name in ("area_participating", "heads_participating", "area_yes", "heads_yes")},
    }
)


@given(
    st.sampled_from(PACKS),
    st.sampled_from(["quorum", "pass"]),
    st.sampled_from([None, "ge", "gt"]),
    fractions,
    st.sampled_from(["", "members_full_capacity", "body", "area_all", "heads_all", "present"]),
    NUMBERS,
)
def test_an_accepted_local_rule_is_never_weaker(
    id: str, rule: str, op: str | None, fraction: Fraction, base: str, numbers: dict[str, int]
) -> None:
    pack = load_pack(id)
    names = {name for r in pack.rules.values() for c in r.modes[""] for name in (c.have, c.base)}
    values = {name: n for name, n in numbers.items() if name in names or name == base}
    local = LocalRule(rule, fraction, op, "", base)  # type: ignore[arg-type]
    if not floor(pack, local).accepted:
        with pytest.raises(BelowFloor):
            with_local(pack, [local])
        return
    with_law, with_both = check(pack, values), check(with_local(pack, [local]), values)
    if rule in with_both.verdicts and rule in with_law.verdicts:
        assert with_both.verdicts[rule].met <= with_law.verdicts[rule].met


def test_a_local_rule_is_added_beside_the_article() -> None:
    pack = with_local(load_pack("VRA"), [read_local("pass=1/2:body"), read_local("notice=5")])
    lines = check(pack, {"body": 61, "present": 41, "yes": 30}).verdicts["pass"].lines
    assert [line.need for line in lines] == [21, 31]
    assert "章程或地方规定" in pack.rules["pass"].clause["zh"]
    assert pack.waits["notice"].amount == 5
    stricter = with_local(load_pack("REO-MA"), [read_local("notice=15"), read_local("pass=3/4")])
    assert stricter.waits["notice"].amount == 15
    assert [c.fraction for c in stricter.rules["pass"].modes[""]] == [Fraction(3, 4)]
    same = with_local(load_pack("REO-MA"), [read_local("pass=2/3")])
    assert same.rules["pass"].modes == load_pack("REO-MA").rules["pass"].modes


def test_a_local_rule_may_make_petitions_easier_clocks_shorter_and_add_a_quorum() -> None:
    easier = with_local(load_pack("VA"), [read_local("petition=villagers:1/20")])
    petition = check(easier, {"villagers": 60, "villagers_all": 1200}).verdicts["petition"]
    assert petition.met
    quicker = with_local(load_pack("HOT-GD"), [read_local("complaint=5")])
    assert quicker.clocks["complaint"].amount == 5
    added = with_local(load_pack("REO-MRA"), [read_local("quorum=present:2/3:reps_all")])
    assert check(added, {"reps_all": 31, "present": 20, "yes": 20}).outcome == "no_quorum"


@pytest.mark.parametrize(
    "text",
    [
        *["", "pass", "=1/2", "pass=", "pass=0.5", "pass=a/b", "pass=1/0", "pass=0/3", "pass=1/2:nobody"],
        *["pass=yes:no:ge:1/2", "pass=ge:gt:1/2", "pass=1/2:present:body", "notice=1234567", "pass=yes", "pass=1/2/3"],
        *["pass=²/3", "pass=yes:present:1/2"],
    ],
)
def test_what_cannot_be_read_is_an_error(text: str) -> None:
    with pytest.raises(PackError):
        read_local(text)


def test_what_cannot_be_compared_is_an_error() -> None:
    with pytest.raises(PackError, match="proportion"):
        floor(load_pack("REO-MA"), read_local("pass=10"))
    with pytest.raises(PackError, match="name who"):
        floor(load_pack("REO-MRA"), read_local("quorum=2/3"))
    with pytest.raises(PackError, match="none"):
        floor(load_pack("DATE"), read_local("pass=ge:2/3"))


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(PackError):
        assert read_local(text).rule


def test_refusals_name_the_article() -> None:
    answer = floor(load_pack("REO-MA"), read_local("pass=1/2"))
    assert answer.clause["zh"] == "农村集体经济组织法第27条"
    assert "2/3" in answer.text["zh"]
    with pytest.raises(BelowFloor, match="below"):
        with_local(load_pack("REO-MA"), [read_local("pass=1/2")])
    yearly = floor(load_pack("REO-SUE"), read_local("revoke_from_knowing=2"))
    assert not yearly.accepted
    assert "年" in yearly.text["zh"]
