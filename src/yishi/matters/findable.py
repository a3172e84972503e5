"""What the search index must hold of matters: the public words of all but the sealed."""

from collections.abc import Iterator

from yishi.core import health
from yishi.matters.models import Matter
from yishi.matters.services._acts import SEARCH_KIND


def words_of(matter: Matter) -> str:
    """What a matter is found by."""
    return "\n".join((matter.reference, matter.title, matter.text, matter.place, matter.result))


def rows() -> Iterator[health.Found]:
    """Every matter that may be found."""
    columns = ("pk", "town_id", "reference", "title", "text", "place", "result", "visibility")
    for matter in Matter.objects.filter(sealed=False).only(*columns).iterator(chunk_size=2000):
        yield matter.pk, matter.town_id, words_of(matter), matter.is_public


def register() -> None:
    """Tell `yishi check`."""
    health.register_findable(SEARCH_KIND, rows)
