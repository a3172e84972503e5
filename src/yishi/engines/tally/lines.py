"""Lines to reach: exact comparisons such as yes ≥ 2/3 of all members, with their arithmetic.

Everything is integers and fractions. Areas are integers in hundredths of a square metre.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from yishi.engines.words import Text, joined, say

Op = Literal["ge", "gt"]
ABSOLUTE = "absolute"
"""The whole of a rule that asks for a plain number: its value is 1."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that rules speak of. `measure` is `heads` or `area`; `within` names the whole
    that it can never exceed, or is empty."""

    id: str
    zh: str
    en: str
    measure: Literal["heads", "area"] = "heads"
    within: str = ""

    def written(self, value: int) -> str:
        """`862` or, for an area in hundredths, `93480.00`."""
        return f"{value // 100}.{value % 100:02d}" if self.measure == "area" else str(value)


@dataclass(frozen=True, slots=True)
class Condition:
    """`have` at least (`ge`, 以上， Civil Code 1259) or more than (`gt`, 超过) `fraction` of
    `base`."""

    have: str
    op: Op
    fraction: Fraction
    base: str

    def need(self, whole: int) -> int:
        """The least number that meets the line: ⌈N·p/q⌉ or ⌊N·p/q⌋ + 1, never below 1, so that
        nothing passes on an empty whole."""
        p, q = self.fraction.numerator, self.fraction.denominator
        least = -(-whole * p // q) if self.op == "ge" else whole * p // q + 1
        return max(1, least)

    def formula(self, whole: str) -> str:
        """`⌈498×2/3⌉` or `⌊1068×1/2⌋+1`; areas add 0.01."""
        if self.base == ABSOLUTE:
            return str(self.fraction) if self.op == "ge" else f"{self.fraction}+1"
        if self.fraction == 1 and self.op == "ge":
            return whole
        step = "0.01" if "." in whole else "1"
        product = f"{whole}×{self.fraction.numerator}/{self.fraction.denominator}"
        return f"⌈{product}⌉" if self.op == "ge" else f"⌊{product}⌋+{step}"


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison worked out. `short` is what is still missing (0 when met); `exact` says
    that the number stands exactly on the fraction (a tie at the line). Areas in hundredths."""

    name: str
    have: int
    need: int
    base_name: str
    base: int
    op: Op
    fraction: str
    met: bool
    exact: bool
    short: int
    text: Text


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule worked out: its lines, joined by `all` or `any`, with clause and sentences."""

    rule: str
    met: bool
    combine: Literal["all", "any"]
    mode: str
    lines: tuple[Line, ...]
    clause: Text
    text: Text

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        lines = [{slot: getattr(one, slot) for slot in Line.__slots__} for one in self.lines]
        return {
            "rule": self.rule,
            "met": self.met,
            "combine": self.combine,
            "mode": self.mode,
            "clause": self.clause,
            "text": self.text,
            "lines": lines,
        }


def judge_line(
    condition: Condition,
    values: Mapping[str, int],
    quantities: Mapping[str, Quantity],
    clause: Text,
) -> Line:
    """One comparison on `values`. Raises `KeyError` naming a value that is missing."""
    whole = 1 if condition.base == ABSOLUTE else values[condition.base]
    have, need = values[condition.have], condition.need(whole)
    p, q = condition.fraction.numerator, condition.fraction.denominator
    quantity = quantities[condition.have]
    base = quantities.get(condition.base, quantity)
    wanted, formula = quantity.written(need), condition.formula(base.written(whole))
    reckoned = wanted if wanted == formula else f"{wanted} = {formula}"
    got, short = quantity.written(have), max(0, need - have)
    lack = quantity.written(short)
    text = say(
        f"{quantity.zh}：需 {reckoned}，{clause['zh']}；实得 {got}" + f"，还差 {lack}" * (short > 0),
        f"{quantity.en}: need {reckoned} ({clause['en']}); have {got}" + f", {lack} short" * (short > 0),
    )
    return Line(
        name=condition.have,
        have=have,
        need=need,
        base_name=condition.base,
        base=whole,
        op=condition.op,
        fraction=f"{p}/{q}",
        met=have >= need,
        exact=have * q == whole * p,
        short=short,
        text=text,
    )


def judge(
    rule: str,
    conditions: tuple[Condition, ...],
    combine: Literal["all", "any"],
    values: Mapping[str, int],
    quantities: Mapping[str, Quantity],
    clause: Text,
    mode: str = "",
) -> Verdict:
    """A rule of one or more comparisons. For `any`, comparisons whose numbers are not given
    are left out; raises `KeyError` when a needed number is missing."""
    known = [c for c in conditions if {c.have, c.base} - {ABSOLUTE} <= values.keys()]
    asked = conditions if combine == "all" or not known else tuple(known)
    lines = tuple(judge_line(c, values, quantities, clause) for c in asked)
    met = all(x.met for x in lines) if combine == "all" else any(x.met for x in lines)
    return Verdict(rule, met, combine, mode, lines, clause, joined([x.text for x in lines]))
