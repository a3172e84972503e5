"""The named people of the tests are who they are said to be."""

from yishi.network.viewers import Viewer


def test_offices_and_standings_follow_from_facts(
    alice: Viewer, officer: Viewer, secretary: Viewer, stranger: Viewer, keeper: Viewer, anonymous: Viewer
) -> None:
    assert alice.standings and not alice.is_officer
    assert officer.is_officer and not officer.standings
    assert {o.organisation_name for o in secretary.offices} == {"大圩社区党总支", "大圩社区居民委员会"}
    assert not stranger.standings and not stranger.offices and stranger.person_id
    assert keeper.is_keeper and keeper.person_id is None and not keeper.offices
    assert anonymous.is_anonymous
