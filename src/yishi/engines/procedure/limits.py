"""Limits of a pack that compare with nothing: how large a body is, how often it meets, how many proxies.

They stand among the facts of a pack, as a number or as `[lowest, highest]`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from yishi.engines.procedure.model import Pack
from yishi.engines.words import Text, say

_LEAST, _MOST, _EXACTLY, _BETWEEN = "least", "most", "exactly", "between"
_KINDS: dict[str, str] = {
    "per_year_min": _LEAST,
    "appraisal_per_year_min": _LEAST,
    "woman_min": _LEAST,
    "max_held": _MOST,
    "term_years": _EXACTLY,
    "size": _BETWEEN,
    "size_odd": _BETWEEN,
    "rep_per_households": _BETWEEN,
}


def limits(pack: Pack) -> dict[str, Any]:
    """The limits of a pack by name: a number, or `[lowest, highest]`."""
    proxy = pack.facts.get("proxy", {})
    return {name: facts[name] for facts in (pack.facts, proxy) for name in facts if name in _KINDS}


def within(name: str, law: Any, amount: int) -> tuple[bool, Text]:
    """Whether a number may stand beside the law's limit, and the limit in words."""
    kind = _KINDS[name]
    if kind == _BETWEEN:
        low, high = law
        odd = name == "size_odd"
        stands = low <= amount <= high and not (odd and amount % 2 == 0)
        return stands, say(
            f"法定为 {low} 至 {high}{'，须为单数' if odd else ''}",
            f"the law says {low} to {high}{', an odd number' if odd else ''}",
        )
    words = {
        _LEAST: (amount >= law, f"法定至少为 {law}", f"the law asks at least {law}"),
        _MOST: (0 <= amount <= law, f"法定至多为 {law}", f"the law allows at most {law}"),
        _EXACTLY: (amount == law, f"法定为 {law}，不能改变", f"the law sets {law}, not to be changed"),
    }
    stands, zh, en = words[kind]
    return stands, say(zh, en)


def limited(pack: Pack, name: str, amount: int) -> Pack:
    """The pack with one of its limits set to a number."""
    value: Any = [amount, amount] if _KINDS[name] == _BETWEEN else amount
    if name in pack.facts:
        return replace(pack, facts={**pack.facts, name: value})
    return replace(pack, facts={**pack.facts, "proxy": {**pack.facts["proxy"], name: value}})


def size_wrong(pack: Pack, known: Mapping[str, int]) -> Text | None:
    """What is wrong with the size of a board, if it is given and the pack limits it."""
    for name in ("board_all", "board"):
        if "size_odd" in pack.facts and name in known:
            stands, words = within("size_odd", pack.facts["size_odd"], known[name])
            if not stands:
                return say(
                    f"{pack.title['zh']} {known[name]} 人：{words['zh']}", f"{known[name]} members: {words['en']}"
                )
    return None
