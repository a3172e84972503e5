"""Real participatory budgets: the outcomes another library computed, and two whole cities."""

from collections import defaultdict
from fractions import Fraction
from typing import Any

import pytest
from tests.engines.tally.budgets import DATA, real, references

from yishi.engines.tally.budget import Instance, as_data, equal_shares, greedy, payments, plain, read_pabulib, sweeps

pytestmark = [pytest.mark.real, real]

RULES = {
    "greedy_cost": lambda instance: greedy(instance, "cost"),
    "greedy_card": lambda instance: greedy(instance, "cardinality"),
    "mes_cost": lambda instance: equal_shares(instance, "cost"),
    "mes_card": lambda instance: equal_shares(instance, "cardinality"),
    "mes_cost_add1": lambda instance: equal_shares(instance, "cost", "add1"),
}


@pytest.mark.parametrize("row", references(), ids=lambda row: row["file"].removesuffix(".pb"))
def test_every_outcome_is_the_reference(row: dict[str, Any]) -> None:
    instance = read_pabulib(DATA / row["file"])
    assert len(instance.voters) == row["num_votes"]
    for name, rule in RULES.items():
        assert sorted(instance.ids[p] for p in rule(instance).chosen) == sorted(row[name]), name


def paid_up(result: Any) -> bool:
    """Payments of each project sum to its cost and nobody pays more than the share."""
    instance = result.instance
    of_project: dict[str, Fraction] = defaultdict(Fraction)
    of_voter: dict[str, Fraction] = defaultdict(Fraction)
    for one in payments(result):
        of_project[one.project] += one.paid
        of_voter[one.voter] += one.paid
    costs = {instance.ids[p]: Fraction(instance.costs[p], instance.one) for p in result.chosen}
    return of_project == costs and max(of_voter.values()) <= result.share / instance.one


CITIES = {
    "Poland_Lodz_2022.pb.xz": (90_494, 160, 58, "exceeds"),
    "Poland_Warszawa_2023_Mokotow.pb.xz": (11_067, 81, 348, "exhausted"),
}


@pytest.fixture(scope="module", params=sorted(CITIES))
def city(request: pytest.FixtureRequest) -> Instance:
    return read_pabulib(DATA / "large" / request.param)


@pytest.mark.slow
def test_a_city_is_counted_the_same_compiled_and_plain(city: Instance) -> None:
    name = next(n for n, (voters, *_) in CITIES.items() if voters == len(city.voters))
    assert (len(city.ids), city.notes) == (CITIES[name][1], ())
    result = equal_shares(city, "cost", "add1", sweeps)
    assert (result.raises, result.stop) == CITIES[name][2:]
    for utility in ("cost", "cardinality"):
        one, other = equal_shares(city, utility, sweeps=sweeps), equal_shares(city, utility, sweeps=plain)
        assert one.chosen == other.chosen
        assert one.accounts.caps == other.accounts.caps
        assert (one.accounts.emptied == other.accounts.emptied).all()
    assert as_data(result)["projects"][0]["round"] == 1


@pytest.mark.slow
def test_a_district_pays_for_everything_to_the_last_part() -> None:
    instance = read_pabulib(DATA / "poland_wroclaw_2017_rejon-nr-14-750.pb")
    assert paid_up(equal_shares(instance, "cost", "add1"))
    assert paid_up(equal_shares(instance, "cardinality", "add1"))
