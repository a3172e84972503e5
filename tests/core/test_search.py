"""Search finds a query of two Han characters or more exactly where it stands as a substring."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yishi.core import search, terms
from yishi.core.models import SearchEntry

pytestmark = pytest.mark.django_db
HAN = "电梯加装小区楼道下水堵塞灯"


CASES = Path(__file__).resolve().parents[1] / "cases" / "search"


def found(query: str, *, public_only: bool = True, town_id: int = 1) -> list[int]:
    return search.find("matter", query, town_id=town_id, public_only=public_only)


def index(number: int, text: str, *, public: bool = True) -> None:
    search.index_text("matter", number, 1, text, public=public)


@pytest.mark.parametrize(
    "query", ["电梯", "加装电梯", "梯", "装", "电", "jzdt", "dt", "dianti"[:1] + "t", "3号楼", "K9", "k9"]
)
def test_a_part_finds_the_whole(query: str) -> None:
    index(1, "关于加装电梯的请求,3号楼,K9县")
    assert found(query) == [1]


@pytest.mark.parametrize(
    "query", ["装梯", "", "  ", "。,", "' OR 1=1 --", '"', "电灯", "zz", "*", "NEAR(", "梯的请求楼"]
)
def test_what_does_not_stand_there_is_not_found(query: str) -> None:
    index(1, "关于加装电梯的请求,3号楼")
    assert found(query) == []


def test_no_phrase_reaches_across_punctuation() -> None:
    index(1, "停电。梯子坏了")
    assert found("电梯") == []
    assert found("梯子") == [1]


def test_full_width_and_capitals_are_the_same() -> None:
    index(1, "K9县３号")
    assert found("k9县") == found("3号") == [1]


def test_newest_first_and_paged() -> None:
    for number in range(1, 8):
        index(number, f"电梯 {number}")
    assert search.find("matter", "电梯", town_id=1, public_only=True, limit=3, offset=2) == [5, 4, 3]


def test_hidden_texts_and_other_towns_are_not_found() -> None:
    index(1, "电梯", public=False)
    search.index_text("matter", 2, 2, "电梯", public=True)
    assert found("电梯") == []
    assert found("电梯", public_only=False) == [1]
    assert found("电梯", town_id=2) == [2]


def test_a_changed_text_is_found_anew_only() -> None:
    index(1, "电梯坏了")
    index(1, "路灯坏了")
    assert (found("电梯"), found("路灯")) == ([], [1])
    search.drop("matter", 1)
    assert found("路灯") == []
    assert not SearchEntry.objects.exists()


def test_bulk_index_equals_single_index() -> None:
    assert search.index_many("matter", 1, [(1, "电梯", True), (2, "路灯", False)]) == 2
    assert (found("电梯"), found("路灯"), found("路灯", public_only=False)) == ([1], [], [2])
    assert search.missing("matter", [1, 2, 3]) == {3}


def test_a_subquery_for_lists() -> None:
    index(5, "加装电梯")
    chosen = SearchEntry.objects.filter(
        object_id__in=search.ids_matching("matter", "电梯", town_id=1, public_only=True)
    )
    assert [e.object_id for e in chosen] == [5]
    nothing = search.ids_matching("matter", "。", town_id=1, public_only=True)
    assert not SearchEntry.objects.filter(object_id__in=nothing).exists()


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.text(HAN + "。 a3", min_size=1, max_size=14), min_size=1, max_size=6),
    query=st.text(HAN, min_size=2, max_size=4),
)
def test_recall_and_precision_are_those_of_substring_search(texts: list[str], query: str) -> None:
    SearchEntry.objects.all()
    for entry in list(SearchEntry.objects.values_list("object_id", flat=True)):
        search.drop("matter", entry)
    for number, text in enumerate(texts, 1):
        index(number, text)
    assert set(found(query)) == {n for n, text in enumerate(texts, 1) if query in text}


def test_initials_find_what_residents_mean() -> None:
    """The recall set: of words of town talk typed by their first letters, how many are found; and nothing else's."""
    words = tomllib.loads((CASES / "initials.toml").read_text(encoding="utf-8"))["words"]
    for number, word in enumerate(words, 1):
        index(number, f"我家附近的{word}")
    missed = {w: q for n, (w, q) in enumerate(words.items(), 1) if len(q) > 1 and n not in found(q)}
    assert len(words) >= 90
    assert missed == {}


def test_initials() -> None:
    assert terms.initials_of("加装电梯,A座") == "jzdtz"
