"""Sessions in the database, as Django's own; the one reading that every page needs is written once."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField

from yishi.core import clock
from yishi.core.compiled import Compiled, Slot

_LIVING = Compiled(
    lambda: Session.objects.filter(
        session_key=Slot("key", CharField()), expire_date__gt=Slot("now", DateTimeField())
    ).order_by()
)


class SessionStore(db.SessionStore):
    """A signing out holds in every process at once: nothing is kept besides the database."""

    def _get_session_from_db(self) -> Any:
        found = _LIVING.first(key=self.session_key, now=clock.now())
        if found is None:
            self._session_key = None
        return found
