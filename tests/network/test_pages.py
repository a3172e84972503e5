"""The pages of the network: for anyone to read, for organisers to keep, few queries, exports that match."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tests.people_fixtures import MOMENT, Town

from yishi.core import search
from yishi.network import findable, services
from yishi.network.models import Organisation, Post, Term
from yishi.network.viewers import Viewer
from yishi.people.models import Person


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_anyone_reads_town_area_organisation_and_holders(
    language: str, president: Viewer, town: Town, client: Client
) -> None:
    client.cookies["django_language"] = language
    for name, args in (
        ("network:town", []), ("network:area", [town.dawei.pk]), ("network:area", [town.area.pk]),
        ("network:organisation", [town.cooperative.pk]), ("network:holders", []),
        ("network:person", [president.person_id]),
    ):  # fmt: skip
        assert client.get(reverse(name, args=args)).status_code == 200
    assert "谢锦波" in client.get(reverse("network:organisation", args=[town.cooperative.pk])).content.decode()


def test_another_day_shows_who_held_the_post_then_and_masks_those_no_longer_in_office(
    president: Viewer, town_officer: Viewer, town: Town, client: Client, client_for: Callable[[Viewer], Client]
) -> None:
    term = Term.objects.get(person_id=president.person_id)
    services.end_term(town_officer, term, MOMENT.date().replace(day=1), "换届", MOMENT)
    page = reverse("network:organisation", args=[town.cooperative.pk])
    assert "谢锦波" not in client.get(page).content.decode()
    then = client.get(f"{page}?on=2025-06-01").content.decode()
    assert "谢街坊" in then and "谢锦波" not in then
    assert "谢锦波" in client_for(town_officer).get(f"{page}?on=2025-06-01").content.decode()
    assert "谢街坊" not in client.get(f"{page}?on=2023-06-01").content.decode()


def test_search_finds_by_part_and_by_initials(town: Town, client: Client) -> None:
    rows = Organisation.objects.filter(town=town.area).select_related("area")
    search.index_many(findable.KIND, town.area.pk, [(o.pk, findable.text_of(o), True) for o in rows])
    for query in ("白界", "bjx"):
        assert "白界西经济社" in client.get(reverse("network:town"), {"q": query}).content.decode()


def test_the_export_holds_what_the_list_shows(president: Viewer, officer: Viewer, town: Town, client: Client) -> None:
    url = reverse("network:holders")
    lines = list(csv.reader(io.StringIO(client.get(url, {"duty": "president", "export": "csv"}).content.decode()[1:])))
    assert [line[3] for line in lines[1:]] == ["谢锦波"]
    book = load_workbook(io.BytesIO(client.get(url, {"export": "xlsx"}).content))
    assert {row[3] for row in book.active.iter_rows(min_row=2, values_only=True)} == {"谢锦波", "陈晓岚"}


def test_queries_do_not_grow_with_rows(town: Town, client: Client, django_assert_max_num_queries: Any) -> None:
    post = Post.objects.create(organisation=town.dawei_committee, duty="committee_member", title="委员", seats=60)
    for i in range(60):
        person = Person.objects.create(town=town.area, name=f"测试{i}", created_at=MOMENT)
        Term.objects.create(post=post, person=person, since=MOMENT.date())
    for url in (
        reverse("network:holders"), reverse("network:town"), reverse("network:area", args=[town.dawei.pk]),
        reverse("network:organisation", args=[town.dawei_committee.pk]),
    ):  # fmt: skip
        with django_assert_max_num_queries(8):
            client.get(url)


def test_managing_pages_are_for_organisers(
    president: Viewer, town_officer: Viewer, officer: Viewer, alice: Viewer, town: Town,
    client_for: Callable[[Viewer], Client],
) -> None:  # fmt: skip
    term = Term.objects.get(person_id=president.person_id)
    pages = [
        reverse("network:add_organisation", args=[town.dawei.pk]),
        reverse("network:add_post", args=[town.cooperative.pk]),
        reverse("network:tie", args=[town.cooperative.pk]),
        reverse("network:appoint", args=[term.post_id]),
        reverse("network:end_term", args=[term.pk]),
        reverse("network:transfer", args=[term.pk]),
        reverse("network:import"),
        reverse("network:import_template"),
    ]
    for url in pages:
        assert client_for(town_officer).get(url).status_code == 200
        assert client_for(officer).get(url).status_code == 403
        assert client_for(alice).get(url).status_code == 403
        assert Client().get(url).status_code == 302


def test_a_post_is_made_filled_and_handed_over_in_the_browser(
    town_officer: Viewer, town: Town, client_for: Callable[[Viewer], Client]
) -> None:
    client = client_for(town_officer)
    where = reverse("network:add_post", args=[town.owners.pk])
    assert client.post(where, {"title": "业委会主任", "duty": "director", "seats": 1}).status_code == 303
    post = Post.objects.get(title="业委会主任")
    client.post(reverse("network:appoint", args=[post.pk]), {"name": "卢家豪", "phone": "", "since": "2026-01-01"})
    term = Term.objects.get(post=post)
    assert term.person.name == "卢家豪"
    answer = client.post(
        reverse("network:transfer", args=[term.pk]), {"name": "叶婉婷", "since": "2026-06-01", "because": ""}
    )
    assert answer.status_code == 200 and "叶婉婷" in answer.content.decode()
    answer = client.post(
        reverse("network:transfer", args=[term.pk]), {"name": "叶婉婷", "since": "2026-06-01", "because": "改选"}
    )
    assert answer.status_code == 303
    page = client.get(reverse("network:organisation", args=[town.owners.pk])).content.decode()
    assert "叶婉婷" in page and "卢家豪" not in page
    sheet = client.post(reverse("network:invite", args=[Term.objects.get(until=None, post=post).pk]))
    assert sheet.status_code == 200 and "claim=" in sheet.context["address"]
