"""Exact lines: the check values, monotone in every number, ties said aloud."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.engines.tally.lines import ABSOLUTE, Condition, Quantity, judge

NAMES = {
    "yes": Quantity("yes", "赞成", "in favour"),
    "all": Quantity("all", "全体", "all"),
    "area": Quantity("area", "面积", "area", "area"),
    "area_all": Quantity("area_all", "总面积", "whole area", "area"),
}
CLAUSE = {"zh": "某法第1条", "en": "Some Law, art. 1"}
fractions = st.fractions(min_value=Fraction(1, 20), max_value=1, max_denominator=20)
ops = st.sampled_from(["ge", "gt"])


@pytest.mark.parametrize(
    ("whole", "op", "fraction", "need"),
    [
        *[(498, "ge", "2/3", 332), (498, "ge", "3/4", 374), (31, "ge", "2/3", 21), (5, "ge", "2/3", 4)],
        *[(5, "gt", "1/2", 3), (47, "ge", "1/2", 24), (47, "gt", "1/2", 24), (47, "ge", "2/3", 32)],
        *[(1193, "ge", "2/3", 796), (860, "ge", "3/4", 645), (860, "gt", "1/2", 431), (2135, "gt", "1/2", 1068)],
        *[(1068, "gt", "1/2", 535), (1021, "ge", "1/3", 341), (61, "ge", "2/3", 41), (61, "ge", "4/5", 49)],
        *[(61, "ge", "1/3", 21), (12840000, "ge", "2/3", 8560000), (9348000, "ge", "3/4", 7011000)],
        *[(9348000, "gt", "1/2", 4674001), (0, "ge", "2/3", 1), (0, "gt", "1/2", 1)],
    ],
)
def test_check_values(whole: int, op: str, fraction: str, need: int) -> None:
    assert Condition("yes", op, Fraction(fraction), "all").need(whole) == need  # type: ignore[arg-type]


@given(st.integers(1, 10**12), ops, fractions)
def test_the_need_is_the_least_number_that_meets_the_line(whole: int, op: str, fraction: Fraction) -> None:
    need = Condition("yes", op, fraction, "all").need(whole)  # type: ignore[arg-type]
    reached = (lambda n: n >= whole * fraction) if op == "ge" else (lambda n: n > whole * fraction)
    assert reached(need)
    assert not reached(need - 1)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), ops, fractions)
def test_more_in_favour_never_hurts_and_a_larger_whole_never_helps(
    yes: int, more: int, whole: int, op: str, fraction: Fraction
) -> None:
    condition = Condition("yes", op, fraction, "all")  # type: ignore[arg-type]

    def met(a: int, b: int) -> bool:
        return judge("pass", (condition,), "all", {"yes": a, "all": b}, NAMES, CLAUSE).met

    assert met(yes + more, whole) >= met(yes, whole)
    assert met(yes, whole + more) <= met(yes, whole)


def test_the_sentence_carries_arithmetic_clause_and_what_is_missing() -> None:
    rule = (Condition("yes", "ge", Fraction(2, 3), "all"),)
    verdict = judge("pass", rule, "all", {"yes": 331, "all": 498}, NAMES, CLAUSE)
    assert verdict.text["zh"] == "赞成：需 332 = ⌈498×2/3⌉，某法第1条；实得 331，还差 1"
    assert verdict.text["en"] == "in favour: need 332 = ⌈498×2/3⌉ (Some Law, art. 1); have 331, 1 short"
    assert verdict.as_json()["lines"][0]["short"] == 1
    assert not verdict.met


def test_formulas_of_more_than_of_areas_of_everyone_and_of_plain_numbers() -> None:
    def formula(op: str, fraction: str, base: str, whole: str) -> str:
        return Condition("yes", op, Fraction(fraction), base).formula(whole)  # type: ignore[arg-type]

    assert formula("gt", "1/2", "all", "860") == "⌊860×1/2⌋+1"
    assert formula("gt", "1/2", "area_all", "93480.00") == "⌊93480.00×1/2⌋+0.01"
    assert formula("ge", "1", "all", "24") == "24"
    assert formula("ge", "15", ABSOLUTE, "1") == "15"
    assert formula("gt", "20", ABSOLUTE, "1") == "20+1"


def test_areas_are_written_in_square_metres_and_a_tie_at_the_line_is_marked() -> None:
    rule = (Condition("area", "gt", Fraction(1, 2), "area_all"),)
    verdict = judge("pass", rule, "all", {"area": 4674000, "area_all": 9348000}, NAMES, CLAUSE)
    assert "需 46740.01 = ⌊93480.00×1/2⌋+0.01" in verdict.text["zh"]
    assert "实得 46740.00，还差 0.01" in verdict.text["zh"]
    assert verdict.lines[0].exact
    assert not verdict.met


def test_any_takes_what_is_given_all_asks_for_everything() -> None:
    rule = (Condition("yes", "ge", Fraction(10), ABSOLUTE), Condition("area", "ge", Fraction(1, 2), "area_all"))
    assert judge("petition", rule, "any", {"yes": 10}, NAMES, CLAUSE).met
    assert not judge("petition", rule, "any", {"yes": 9, "area": 1, "area_all": 4}, NAMES, CLAUSE).met
    for combine in ("all", "any"):
        with pytest.raises(KeyError):
            judge("petition", rule, combine, {"area": 1}, NAMES, CLAUSE)  # type: ignore[arg-type]
