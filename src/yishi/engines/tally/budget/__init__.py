"""Participatory budgets from approval ballots: equal shares and greedy, exact and explained.

    instance = read_pabulib(Path("town.pb"))
    result = equal_shares(instance, "cost", "add1")
    as_data(result); payments(result)

See docs/engines/tally.md.
"""

from yishi.engines.tally.budget.faults import Fault, PabulibError
from yishi.engines.tally.budget.greedy import Greedy, greedy
from yishi.engines.tally.budget.instance import Instance, instance_of
from yishi.engines.tally.budget.pabulib import read_pabulib
from yishi.engines.tally.budget.payments import Payment, payments
from yishi.engines.tally.budget.shares import Shares, TooManyRaises, equal_shares
from yishi.engines.tally.budget.view import as_data, as_words

__all__ = [
    "Fault",
    "Greedy",
    "Instance",
    "PabulibError",
    "Payment",
    "Shares",
    "TooManyRaises",
    "as_data",
    "as_words",
    "equal_shares",
    "greedy",
    "instance_of",
    "payments",
    "read_pabulib",
]
