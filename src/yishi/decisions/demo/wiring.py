"""The demo step of decisions, run after the matters'."""

from yishi.core.demo import DemoSize, Tick
from yishi.core.registry import DemoStep


def run(size: DemoSize, tick: Tick) -> None:
    """Load the stories only when the demo is built."""
    from yishi.decisions.demo.build import build_decisions

    build_decisions(size, tick)


STEP = DemoStep("decisions", run, order=60)
