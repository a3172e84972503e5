"""The demo step of matters, run after the network's."""

from yishi.core.demo import DemoSize, Tick
from yishi.core.registry import DemoStep


def run(size: DemoSize, tick: Tick) -> None:
    """Load the stories only when the demo is built."""
    from yishi.matters.demo.steps import build_matters

    build_matters(size, tick)


STEP = DemoStep("matters", run, order=50)
