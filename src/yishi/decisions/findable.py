"""What the search index must hold of decisions: number, title and motion."""

from collections.abc import Iterator

from yishi.core import health
from yishi.decisions.models import Decision, MotionVersion
from yishi.decisions.services.motions import SEARCH_KIND


def rows() -> Iterator[health.Found]:
    """Every decision that may be found."""
    for decision in Decision.objects.iterator(chunk_size=2000):
        text = (
            MotionVersion.objects.filter(decision=decision).order_by("-number").values_list("text", flat=True).first()
        )
        words = "\n".join((decision.reference, decision.title, text or ""))
        yield decision.pk, decision.town_id, words, decision.is_public


def register() -> None:
    """Tell `yishi check`."""
    health.register_findable(SEARCH_KIND, rows)
