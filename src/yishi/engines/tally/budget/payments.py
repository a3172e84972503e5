"""Who paid what: the trace of equal shares, exact for each voter."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from yishi.engines.tally.budget.shares import Shares

_PIECE = 4_000


class Payment(NamedTuple):
    """What one voter pays for one project in a round, in the currency; rounds count from 1."""

    voter: str
    project: str
    round: int
    paid: Fraction


def payments(shares: Shares) -> Iterator[Payment]:
    """Every payment above nothing, by voter and round; those of a project sum to its cost."""
    accounts, instance = shares.accounts, shares.instance
    known: dict[tuple[int, ...], list[tuple[int, Fraction]]] = {}
    emptied = accounts.emptied.tolist()
    for place, voter in enumerate(instance.voters):
        rounds = sorted(k for k in accounts.when[instance.ballots[place]].tolist() if k >= 0)
        history = (emptied[place], *rounds)
        if history not in known:
            known[history] = _paid(shares, rounds, emptied[place])
        for k, paid in known[history]:
            yield Payment(voter, instance.ids[accounts.chosen[k]], k + 1, paid)


def _paid(shares: Shares, rounds: list[int], emptied: int) -> list[tuple[int, Fraction]]:
    """Payments of one history: full caps until the round that took the rest."""
    accounts = shares.accounts
    whole, left, paid = accounts.denominator * shares.instance.one, accounts.start, []
    for k in rounds:
        amount = left if k == emptied else accounts.caps[k]
        paid.append((k, Fraction(amount, whole)))
        left -= amount
        if k == emptied:
            break
    return paid


def exact_text(number: Fraction) -> str:
    """`p/q` or `p`, of any length (Python refuses to write very long numbers at once)."""
    top = _digits(number.numerator)
    return top if number.denominator == 1 else f"{top}/{_digits(number.denominator)}"


def _digits(number: int) -> str:
    high, low = divmod(number, 10**_PIECE)
    return f"{_digits(high)}{low:0{_PIECE}d}" if high else str(low)


def rounded(number: Fraction) -> Decimal:
    """Two decimals, for people."""
    return Decimal(round(number * 100)).scaleb(-2)
