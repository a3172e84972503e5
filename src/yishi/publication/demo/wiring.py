"""The demo step of publication, run after the network's and the matters'."""

from yishi.core.demo import DemoSize, Tick
from yishi.core.registry import DemoStep


def run(size: DemoSize, tick: Tick) -> None:
    """Load the stories only when the demo is built."""
    from yishi.publication.demo.stories import build_postings

    build_postings(size, tick)


STEP = DemoStep("publication", run, order=60)
