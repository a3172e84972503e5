"""Everything that decides what an account may do on a day, in one question to the database.

Every page of everyone who is signed in asks it, so it is written in SQL: posts
held, verified capacities, whom one helps, and how many messages are unread.
"""

import datetime as dt
from dataclasses import dataclass

from yishi.core.prepared import prepared_cursor
from yishi.network.viewers import Office, Standing

_SQL = """
SELECT 'office', p.id, p.duty, p.title, o.id, o.kind, o.name, a.id, a.path, o.town_id
  FROM network_term t
  JOIN network_post p ON p.id = t.post_id
  JOIN network_organisation o ON o.id = p.organisation_id
  JOIN network_area a ON a.id = o.area_id
 WHERE t.person_id = %(person)s AND t.since <= %(day)s AND (t.until IS NULL OR t.until >= %(day)s)
   AND (p.opened_on IS NULL OR p.opened_on <= %(day)s) AND (p.closed_on IS NULL OR p.closed_on >= %(day)s)
   AND (o.opened_on IS NULL OR o.opened_on <= %(day)s) AND (o.closed_on IS NULL OR o.closed_on >= %(day)s)
UNION ALL
SELECT 'standing', c.id, c.kind, '', c.organisation_id, '', '', c.area_id, COALESCE(a.path, ''), c.household_id
  FROM people_capacity c LEFT JOIN network_area a ON a.id = c.area_id
 WHERE c.person_id = %(person)s AND c.verified_at IS NOT NULL
   AND c.since <= %(day)s AND (c.until IS NULL OR c.until >= %(day)s)
UNION ALL
SELECT 'helping', h.helped_id, '', p.name, h.helped_id, '', '', h.helped_id, '', h.helped_id
  FROM people_helpersession h JOIN people_person p ON p.id = h.helped_id
 WHERE h.helper_id = %(person)s AND h.ended_at IS NULL
UNION ALL
SELECT 'unread', COUNT(*), '', '', 0, '', '', 0, '', 0
  FROM inbox_notification n WHERE n.person_id = %(person)s AND n.read_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What holds of a person on a day."""

    offices: tuple[Office, ...]
    standings: tuple[Standing, ...]
    helping_id: int | None
    helping_name: str
    unread: int


def facts_of(person_id: int, day: dt.date) -> Facts:
    """The facts of a person on a day; one query."""
    with prepared_cursor() as cursor:
        cursor.execute(_SQL, {"person": person_id, "day": day})
        rows = cursor.fetchall()
    helping = next((row for row in rows if row[0] == "helping"), None)
    return Facts(
        offices=tuple(Office(*row[1:10]) for row in sorted(r for r in rows if r[0] == "office")),
        standings=tuple(Standing(r[2], r[7], r[8], r[4], r[9]) for r in rows if r[0] == "standing"),
        helping_id=helping[1] if helping else None,
        helping_name=helping[3] if helping else "",
        unread=next(row[1] for row in rows if row[0] == "unread"),
    )
