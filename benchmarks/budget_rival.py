"""Measured runs of pabutools in an environment of its own; prints one JSON line.

PYTHON-WITH-PABUTOOLS benchmarks/budget_rival.py FILE.pb RULE…
"""

import json
import resource
import sys
from time import perf_counter, process_time

from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares


def main(path: str, rules: list[str]) -> None:
    sys.setrecursionlimit(100_000)
    begin = perf_counter()
    instance, profile = parse_pabulib(path)
    found: dict[str, object] = {"parse": perf_counter() - begin}
    runs = {
        "greedy": lambda: greedy_utilitarian_welfare(instance, profile, Cost_Sat),
        "shares": lambda: method_of_equal_shares(instance, profile, Cost_Sat),
        "add1": lambda: method_of_equal_shares(instance, profile, Cost_Sat, voter_budget_increment=1),
    }
    for rule in rules:
        begin, began = perf_counter(), process_time()
        outcome = runs[rule]()
        wall, busy = perf_counter() - begin, process_time() - began
        found[rule] = {"wall": wall, "cpu": busy, "outcome": sorted(p.name for p in outcome)}
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
