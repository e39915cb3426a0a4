"""Tiles: paths, growth in any steps, and hashes read back from files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_log import durable, tree
from audit_log.errors import LogDamaged
from audit_log.tiles import Tile, TiledTree, TileFiles, tile_path

LEAVES = [tree.leaf_hash(str(number).encode()) for number in range(70_000)]


def test_paths_are_those_of_c2sp() -> None:
    """Three digits a group, all but the last with an x; width only on partial tiles."""
    assert tile_path("0", 1_234_067) == "tile/0/x001/x234/067"
    assert tile_path("entries", 0, 5) == "tile/entries/000.p/5"
    assert tile_path("2", 0, 256) == "tile/2/000"
    assert tile_path("1", 1000) == "tile/1/x001/000"


def test_the_tiles_of_seventy_thousand_leaves() -> None:
    """273 full tiles and 112 hashes over; one level-1 tile and 17; one hash on level 2."""
    grown = TiledTree()
    full = grown.extend(LEAVES)
    assert [sum(tile.level == level for tile in full) for level in (0, 1)] == [273, 1]
    assert [(tile.level, tile.index, tile.width) for tile in grown.partial()] == [
        (0, 273, 112),
        (1, 1, 17),
        (2, 0, 1),
    ]


def place(tile: Tile) -> tuple[int, int]:
    return tile.level, tile.index


@settings(max_examples=40)
@given(st.lists(st.integers(0, 700), max_size=8))
def test_steps_do_not_matter(steps: list[int]) -> None:
    """Leaves added one by one or in any runs give the same tiles and root."""
    size = sum(steps)
    whole, stepped = TiledTree(), TiledTree()
    expected = whole.extend(LEAVES[:size])
    found, done = [], 0
    for step in steps:
        found += stepped.extend(LEAVES[done : done + step])
        done += step
    assert sorted(found, key=place) == sorted(expected, key=place)
    assert stepped.root == whole.root
    assert list(stepped.partial()) == list(whole.partial())


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 65_535, 65_536, 65_537, 70_000])
def test_a_tree_resumes_from_its_files(size: int, tmp_path: Path) -> None:
    """Files give back root, partial tiles and every proof."""
    files = TileFiles(tmp_path)
    grown = TiledTree()
    for tile in (*grown.extend(LEAVES[:size]), *grown.partial()):
        path = tmp_path / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(tile.data)
    at = files.subtree(size)
    assert tree.root(size, at) == grown.root
    resumed = TiledTree.resume(size, at)
    assert resumed.root == grown.root
    assert list(resumed.partial()) == list(grown.partial())
    more = LEAVES[size : size + 300]
    assert resumed.extend(more) == grown.extend(more)
    for index in {0, size // 2, size - 1} if size else ():
        proof = tree.inclusion_proof(index, size, at)
        tree.verify_inclusion(LEAVES[index], index, size, proof, tree.root(size, at))


def test_a_published_tile_never_changes(tmp_path: Path) -> None:
    """Writing the same tile again is nothing; another one under its name is damage."""
    files = TileFiles(tmp_path)
    tile = Tile(0, 0, LEAVES[0] + LEAVES[1])
    files.publish([tile])
    files.publish([tile])
    with pytest.raises(LogDamaged):
        files.publish([Tile(0, 0, LEAVES[1] + LEAVES[0])])
    assert files.leaf(1) == LEAVES[1]
    assert files.leaf(2) is None


def test_a_folder_is_synced_once_behind_its_tiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever number of them; also where one was there before, perhaps not yet durable."""
    synced: list[tuple[str, int]] = []
    files = TileFiles(tmp_path)
    tiles = [Tile(0, index, b"".join(LEAVES[:256])) for index in range(3)]
    files.publish(tiles[:1])
    monkeypatch.setattr(
        durable, "sync_directory", lambda path: synced.append((path.name, len([*path.iterdir()])))
    )
    files.publish([*tiles, Tile(0, 3, LEAVES[0])])
    assert synced == [("0", 4), ("0", 4), ("003.p", 1)]  # the first for the folder 003.p
    synced.clear()
    files.publish(tiles[:1])
    assert synced == [("0", 4)]


def test_full_tiles_replace_their_partials(tmp_path: Path) -> None:
    """Once a tile is full its partial forms go, and reading finds the full one."""
    files = TileFiles(tmp_path)
    full = Tile(0, 0, b"".join(LEAVES[:256]))
    files.publish([Tile(0, 0, full.data[:64])])
    files.publish([full])
    files.drop_partials(full)
    assert not (tmp_path / "tile/0/000.p").exists()
    assert files.read(0, 0, 2) == full.data[:64]
    with pytest.raises(LogDamaged):
        files.read(0, 1, 1)
