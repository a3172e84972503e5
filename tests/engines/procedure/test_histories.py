"""Random histories against every procedure: nothing is skipped, nothing is stuck, totals reconcile."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.procedure.histories import ALL, run, way_out


@pytest.mark.parametrize("procedure", ALL)
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32), length=st.integers(0, 120))
def test_any_history_is_sound_and_has_a_way_out(procedure: str, seed: int, length: int) -> None:
    case, _ = run(seed, procedure, length)
    way_out(case)


@pytest.mark.parametrize("procedure", ALL)
def test_the_histories_reach_every_step_and_every_end(procedure: str) -> None:
    ends: Counter[str] = Counter()
    for seed in range(30):
        case, _ = run(seed, procedure, 150, careful=False)
        ends[case.status] += 1
        path = way_out(case)
        ends["settled" if path and path[-1] not in ("withdrawn", "recorded_as_advice") else case.status] += 1
    assert ends["settled"]
    assert ends["withdrawn"]
