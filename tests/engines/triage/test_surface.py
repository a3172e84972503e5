"""The package's names are there, and word rules do not load what they do not need."""

import subprocess
import sys

import pytest

from yishi.engines import triage


def test_every_name_is_found_where_it_says() -> None:
    for name in triage.__all__:
        assert getattr(triage, name).__module__.startswith("yishi.engines.triage.")
    with pytest.raises(AttributeError):
        triage.nothing  # noqa: B018


def test_word_rules_load_no_heavy_library() -> None:
    code = (
        "import sys; from yishi.engines.triage import check_reply, kind_of, urgency_of; "
        "print(urgency_of('楼道里有很浓的煤气味').number, sorted({'numpy', 'scipy', 'numba'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["119", "[]"]
