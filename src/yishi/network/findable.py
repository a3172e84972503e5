"""How organisations are found: by name, place, and kind; Chinese parts, initials, English."""

from collections.abc import Iterator

from yishi.core import health, search
from yishi.network.models import Organisation

KIND = "network.organisation"


def text_of(organisation: Organisation) -> str:
    """What an organisation is found by."""
    parts = (organisation.name, organisation.name_en, organisation.area.name, organisation.code)
    return " ".join(filter(None, parts))


def index(organisation: Organisation) -> None:
    """Make an organisation findable, in the transaction of the act that changed it."""
    search.index_text(KIND, organisation.pk, organisation.town_id, text_of(organisation), public=True)


def rows() -> Iterator[health.Found]:
    """Every organisation that may be found, for `yishi check`."""
    for organisation in Organisation.objects.select_related("area").iterator(chunk_size=2000):
        yield organisation.pk, organisation.town_id, text_of(organisation), True
