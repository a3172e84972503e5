"""Wishes that cannot all be kept, edits and their cost, rules of the register."""

import sys
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from small import every_plan, keeps, problems, wishes

from yishi.engines.pairing import (
    Act,
    Branch,
    Community,
    Each,
    Edit,
    Problem,
    Quota,
    compiled,
    conflict,
    solve,
    what_if,
)
from yishi.engines.pairing import conflict as conflict_of
from yishi.engines.pairing.rules import not_mutual, unpaired


def possible(numbers, active):
    return any(keeps(numbers, chosen, active) for chosen in every_plan(numbers))


def least(numbers):
    """Size of the smallest set of wishes that conflicts, by trying all sets."""
    plans = [frozenset(w for w, holds in wishes(numbers, chosen) if not holds) for chosen in every_plan(numbers)]
    broken = sorted(set().union(*plans))
    for size in range(1, len(broken) + 1):
        for some in combinations(broken, size):
            if all(plan & set(some) for plan in plans):
                return size
    return None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(problems(most=2))
def test_a_conflict_is_a_conflict_and_the_smallest_where_said(problem):
    numbers = compiled(problem)
    found = conflict(numbers)
    if solve(problem) is not None:
        assert found is None
        return
    assert found is not None
    assert not possible(numbers, set(found.wishes))
    if found.needed:
        for wish in found.wishes:
            assert possible(numbers, set(found.wishes) - {wish})
    if found.smallest:
        assert len(found.wishes) == least(numbers)
    assert all(t["zh"] and t["en"] for t in found.texts)


def test_the_conflict_is_said_in_words():
    problem = Problem(
        tuple(Branch(f"支部{k}", institution=("教育局",)) for k in range(5)),
        (Community("东", high=2), Community("西", high=9)),
        quotas=(Quota("教育局在西", ("教育局",), ("西",), high=2),),
    )
    found = conflict(compiled(problem))
    assert found.smallest
    assert len(found.wishes) == 7
    assert "名额“教育局在西”合计最多 2 对" in found.sentence["zh"]
    assert "“东”最多结 2 个支部" in found.sentence["zh"]
    both = Problem((Branch("甲"),), (Community("东"), Community("西")), fixed=frozenset({("甲", "东"), ("甲", "西")}))
    assert len(conflict(compiled(both)).wishes) == 3
    same = Problem((Branch("甲"),), (Community("东"),), fixed=frozenset({("甲", "东")}), forbidden=frozenset({("甲", "东")}))  # fmt: skip
    assert conflict(compiled(same)).smallest


def test_a_large_conflict_is_answered_from_a_cut(monkeypatch):
    from yishi.engines.pairing import conflict as package_name  # noqa: F401

    branches = tuple(Branch(f"b{k:04}") for k in range(800))
    communities = tuple(Community(f"c{k:02}", high=19) for k in range(40))
    found = conflict_of(compiled(Problem(branches, communities)))
    assert found is not None
    lows = [w for w in found.wishes if w < 800]
    assert len(lows) == 40 * 19 + 1
    assert len(found.wishes) == len(found.texts) == 40 * 19 + 1 + 40
    assert len(found.told) == 2
    assert "761 个支部（b0039、b0040、b0041等）各至少结 1 个社区" in found.sentence["zh"]
    assert "40 communities (c00, c01, c02 …) pair with at most 19 branches each" in found.sentence["en"]


@settings(max_examples=60, deadline=None)
@given(problems())
def test_an_edit_costs_the_difference_of_two_best_plans(problem):
    plan = solve(problem)
    if plan is None or not plan.pairs:
        return
    one, other = plan.pairs[0]
    changed = what_if(plan, (Edit(Act.FORBID, one, other),))
    if changed.after is not None:
        assert changed.cost == plan.total - changed.after.total
        assert (one, other) in changed.gone
        assert changed.after.certificate.proven
    kept = what_if(plan, (Edit(Act.FIX, one, other),))
    assert kept.cost == 0
    assert kept.sentence["zh"]


def test_edits_of_bounds():
    plan = solve(
        Problem((Branch("甲", {"a": 1}), Branch("乙", {"a": 2})), (Community("东", {"a": 3}), Community("西")))
    )
    assert {c for _, c in plan.pairs} == {"东"}
    one = what_if(plan, (Edit(Act.LIMIT_COMMUNITY, community="东", high=1),))
    assert one.cost == 30_000
    assert one.gone == (("甲", "东"),)
    assert one.new == (("甲", "西"),)
    assert what_if(plan, (Edit(Act.LIMIT_BRANCH, "甲", low=3, high=3),)).cost is None


def test_scenario_each_organ_branch_at_least_one_and_communities_mutual_and_exclusive():
    organs = [f"机关支部{k}" for k in range(1, 31)]
    societies = [f"经济社支部{k}" for k in range(1, 307)]
    plan = solve(
        Problem(
            tuple(Branch(name, high=11) for name in organs),
            tuple(Community(name, low=1, high=1) for name in societies),
            quotas=(Quota("总数", each=Each.TOTAL, low=306),),
        )
    )
    assert len(plan.pairs) == 306
    assert unpaired(organs, societies, plan.pairs) == ()
    without = [pair for pair in plan.pairs if pair[0] != "机关支部17"]
    (breach,) = unpaired(organs, societies, without)
    assert breach.who == ("机关支部17",)
    assert "每个机关支部至少一个" in breach.text["zh"]
    assert not_mutual([("东", "西"), ("西", "东")]) == ()
    assert [b.rule for b in not_mutual([("东", "西")])] == ["one_sided"]
    told = [("东", "西"), ("西", "东"), ("南", "西"), ("西", "南"), ("北", "北")]
    assert [b.rule for b in not_mutual(told)] == ["self", "not_exclusive"]
    assert [b.rule for b in unpaired(["甲"], ["乙"], [("甲", "乙"), ("甲", "乙"), ("丙", "乙")])] == [
        "unknown",
        "repeated",
    ]


def test_the_plan_does_not_depend_on_what_the_solver_sees_first(monkeypatch):
    rng = np.random.default_rng(5)
    numbers = compiled(
        Problem(tuple(Branch(f"b{k:03}") for k in range(60)), tuple(Community(f"c{k:02}", high=2) for k in range(30))),
        rng.integers(0, 50, (60, 30)),
    )
    from yishi.engines.pairing import solve_compiled, solving

    first = solve_compiled(numbers)
    for width in (1, 2, 30):
        monkeypatch.setattr(solving, "first_width", lambda m, width=width: width)
        assert solve_compiled(numbers).pairs == first.pairs


def test_two_wishes_are_found_by_counting_however_many_there_are():
    branches = tuple(Branch(f"b{k:03}", institution=(f"o{k % 40:02}",)) for k in range(480))
    communities = tuple(Community(f"c{k:02}") for k in range(40))
    quotas = (
        Quota("每机构每社区", each=Each.COMMUNITY, high=3, by_institution=True),
        Quota("只此一处", ("o01",), ("c00",), high=1),
        Quota("至少九", ("o01",), ("c00", "c01"), low=9),
    )
    found = conflict_of(compiled(Problem(branches, communities, quotas=quotas)))
    assert found.smallest
    assert "至少九" in found.sentence["zh"]
    assert "（o01）每个社区最多 3 对" in found.sentence["zh"]
    fixed = frozenset((b.id, "c03") for b in branches if b.institution == ("o05",))
    found = conflict_of(compiled(Problem(branches, communities, quotas=quotas[:1], fixed=fixed)))
    assert len(found.wishes) == 5
    assert found.needed
    assert not found.smallest


def test_a_list_too_large_for_the_search_is_told_so(monkeypatch):
    from yishi.engines.pairing import PairingError

    monkeypatch.setattr(sys.modules["yishi.engines.pairing.conflict"], "MOST_CELLS", 3)
    same = Problem((Branch("甲"),), tuple(Community(f"c{k}", high=0) for k in range(4)))
    with pytest.raises(PairingError, match="divide the list"):
        conflict_of(compiled(same))
