"""Rules a register of pairs has to keep before it is published, each breach in words.

Organ branches pair with at least one society branch; pairs of communities are mutual and exclusive.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from yishi.engines.pairing.model import Pair
from yishi.engines.words import Text, say


@dataclass(frozen=True, slots=True)
class Breach:
    """What is wrong: `unpaired`, `unknown`, `repeated`, `self`, `one_sided` or `not_exclusive`; with whom."""

    rule: str
    who: tuple[str, ...]
    text: Text


def unpaired(organ_branches: Iterable[str], others: Iterable[str], pairs: Iterable[Pair]) -> tuple[Breach, ...]:
    """Breaches of 每个机关支部至少一个: organ branches without a pair, pairs with strangers or told twice."""
    organs, societies, told = list(organ_branches), set(others), list(pairs)
    known = set(organs)
    found = [
        Breach("unknown", pair, say(f"“{pair[0]}—{pair[1]}”不在名单里", f"“{pair[0]} — {pair[1]}” is not on the list"))
        for pair in told
        if pair[0] not in known or pair[1] not in societies
    ]
    found += [
        Breach("repeated", pair, say(f"“{pair[0]}—{pair[1]}”写了两次", f"“{pair[0]} — {pair[1]}” stands twice"))
        for pair, count in Counter(told).items()
        if count > 1
    ]
    have = {one for one, other in told if other in societies}
    found += [
        Breach(
            "unpaired",
            (name,),
            say(f"每个机关支部至少一个：“{name}”还没有", f"Each organ branch pairs at least once: “{name}” has none"),
        )
        for name in organs
        if name not in have
    ]
    return tuple(found)


def not_mutual(partner: Iterable[Pair]) -> tuple[Breach, ...]:
    """Breaches of mutual, exclusive pairs, from what each community says: (community, its partner)."""
    told = sorted(set(partner))
    said = set(told)
    found = []
    for one, other in told:
        if one == other:
            found.append(Breach("self", (one,), say(f"“{one}”与自己结对", f"“{one}” is paired with itself")))
        elif (other, one) not in said:
            text = say(
                f"“{one}”写了“{other}”，“{other}”没有写“{one}”", f"“{one}” names “{other}”, which does not name “{one}”"
            )
            found.append(Breach("one_sided", (one, other), text))
    for name in sorted({name for pair in told for name in pair}):
        partners = sorted({b for a, b in told if a == name} | {a for a, b in told if b == name})
        if len(partners) > 1:
            text = say(
                f"社区结对一对一：“{name}”同时与{'、'.join(partners)}结对",
                f"Communities pair one to one: “{name}” is paired with {', '.join(partners)}",
            )
            found.append(Breach("not_exclusive", (name, *partners), text))
    return tuple(found)
