"""The demo town's boards hold every state, a gap, an open objection, overdue duties, and a ledger that recomputes."""

import pytest
from tests.people_fixtures import MOMENT

from yishi.core import audit
from yishi.core.demo import DemoSize
from yishi.network import demo
from yishi.publication.demo.stories import build_postings
from yishi.publication.models import DisclosureDuty, Objection, Posting, PostingCheck
from yishi.publication.selectors.ledger import recomputed


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_boards_of_the_demo_town() -> None:
    size = DemoSize(now=MOMENT, households=60)
    demo.build(size, lambda n: None)
    build_postings(size, lambda n: None)
    states = {s: Posting.objects.filter(state=s).count() for s in Posting.State.values}
    assert states == {"planned": 1, "up": 6, "suspended": 0, "ended": 1, "corrected": 1, "superseded": 0}
    assert PostingCheck.objects.filter(seen=False).count() == 1
    assert [o.ruling for o in Objection.objects.order_by("pk")] == ["upheld", "rejected", ""]
    assert DisclosureDuty.objects.filter(due_on__lt=MOMENT.date(), posting=None).exists()
    size_of_log, ours, signed = recomputed(lambda n: None)
    assert ours == signed and size_of_log == 9
    assert all(audit.check_chain(audit.chain(p)) for p in Posting.objects.all())
    for posting in Posting.objects.all():
        assert posting.created_at <= MOMENT and (posting.posted_at is None or posting.posted_at <= MOMENT)
