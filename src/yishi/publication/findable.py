"""What the search index must hold of postings."""

from collections.abc import Iterator

from yishi.core import health
from yishi.publication.models import Posting
from yishi.publication.services._acts import SEARCH_KIND, words_in


def rows() -> Iterator[health.Found]:
    """Every posting; what is planned or inside is not public."""
    for posting in Posting.objects.select_related("organisation").iterator(chunk_size=500):
        yield posting.pk, posting.town_id, words_in(posting), posting.is_public


def register() -> None:
    """Tell `yishi check`."""
    health.register_findable(SEARCH_KIND, rows)
