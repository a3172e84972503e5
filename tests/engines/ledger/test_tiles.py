"""tlog-tiles: the specification's own examples, paths there and back, entry bundles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.engines.ledger import Tile, TileError, pack_entries, read_path, tiles_of, unpack_entries


def test_paths_of_the_specification() -> None:
    assert Tile(0, 1234067).path == "tile/0/x001/x234/067"
    assert Tile(-1, 273, 112).path == "tile/entries/273.p/112"
    assert Tile(3, 0, 1).path == "tile/3/000.p/1"


def test_tiles_of_the_specifications_tree_of_70_000() -> None:
    tiles = [tile for tile in tiles_of(70_000) if tile.level >= 0]
    assert [tile for tile in tiles if tile.level == 0] == [*(Tile(0, i) for i in range(273)), Tile(0, 273, 112)]
    assert [tile.path for tile in tiles[274:]] == ["tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]
    assert [tile.path for tile in tiles_of(256)] == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert list(tiles_of(0)) == []


@given(st.integers(0, 200_000), st.integers(0, 200_000))
def test_only_what_is_new_is_listed(a: int, b: int) -> None:
    since, size = sorted((a, b))
    new = set(tiles_of(size, since))
    assert new == set(tiles_of(size)) - set(tiles_of(since))


@given(st.integers(-1, 63), st.integers(0, 10**18), st.integers(1, 256))
def test_a_path_leads_back_to_its_tile(level: int, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert read_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    ["", "tile/0/0", "tile/00/000", "tile/64/000", "tile/0/x000/001", "tile/0/001/002", "tile/0/000.p/0",
     "tile/0/000.p/256", "tile/0/000.p/01", "tile/-1/000", "tile/0/000/", "/tile/0/000", "tile/0/../000",
     "tile/entries/x1/000", "tile/0/٠٠٠", "tile/0/000\n"],
)  # fmt: skip
def test_any_other_spelling_is_refused(path: str) -> None:
    with pytest.raises(TileError) as caught:
        read_path(path)
    assert caught.value.code == "path"


@given(st.text(alphabet="tile/0123456789xp.entrs-", max_size=40))
def test_paths_are_read_or_refused(path: str) -> None:
    try:
        tile = read_path(path)
    except TileError:
        return
    assert tile.path == path


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_bundles_there_and_back(entries: list[bytes]) -> None:
    assert unpack_entries(pack_entries(entries)) == entries


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_bundle_or_refused(raw: bytes) -> None:
    try:
        entries = unpack_entries(raw)
    except TileError as error:
        assert error.code == "bundle_broken"
        return
    assert pack_entries(entries) == raw


def test_a_bundle_of_257_is_refused() -> None:
    with pytest.raises(TileError):
        unpack_entries(pack_entries([b""] * 257))
