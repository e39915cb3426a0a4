"""The journal of a file export: what it lists lies in the part file."""

from pathlib import Path

import pytest

from gateway.streams.journal import FORMAT, NOTHING, Beginning, Done, Journal, JournalMismatch

BEGINNING = Beginning(FORMAT, "digest", "sg", "first")


def done(group: int) -> Done:
    end = 10 * (group + 1)
    return Done(group, 100 + group, end, end, end, end, 0)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    target = tmp_path / "out.ndjson"
    journal = Journal(target)
    assert journal.begin(BEGINNING).ident == "first"
    for group in range(3):
        journal.note(done(group))
    journal.part.write_bytes(b"x" * 30)
    return target


def test_an_export_is_taken_up_where_it_stopped(out: Path) -> None:
    """With its first identity, whatever the new attempt would have had."""
    journal = Journal(out)
    assert journal.done == [done(0), done(1), done(2)]
    assert journal.begin(Beginning(FORMAT, "digest", "sg", "second")).ident == "first"


@pytest.mark.parametrize(("size", "groups"), [(30, 3), (29, 2), (10, 1), (9, 0), (0, 0)])
def test_what_the_part_file_lost_is_done_again(out: Path, size: int, groups: int) -> None:
    """A power cut may take the end of it; the next group follows on what is there."""
    Journal(out).part.write_bytes(b"x" * size)
    journal = Journal(out)
    assert journal.done == [done(group) for group in range(groups)]
    assert journal.last == (done(groups - 1) if groups else NOTHING)
    journal.note(done(groups))
    journal.part.write_bytes(b"x" * 40)
    assert Journal(out).done == [done(group) for group in range(groups + 1)]


@pytest.mark.parametrize("torn", [b'{"group": 3', b"\x00\x00\n", b'{"group": 3}\n'])
def test_a_torn_line_is_no_line(out: Path, torn: bytes) -> None:
    """Neither half a line, nor zeros, nor one that lacks something."""
    with Journal(out).path.open("ab") as file:
        file.write(torn)
    journal = Journal(out)
    assert len(journal.done) == 3
    journal.note(done(3))
    journal.part.write_bytes(b"x" * 40)
    assert len(Journal(out).done) == 4


@pytest.mark.parametrize("other", [("other", "sg"), ("digest", "other")])
def test_another_export_does_not_go_on_from_it(out: Path, other: tuple[str, str]) -> None:
    """Another input, another route."""
    with pytest.raises(JournalMismatch, match="unfinished"):
        Journal(out).begin(Beginning(FORMAT, *other, "x"))


def test_a_file_that_is_no_journal(tmp_path: Path) -> None:
    """It is not touched."""
    path = Journal(tmp_path / "out").path
    path.write_text("notes\n")
    with pytest.raises(JournalMismatch):
        Journal(tmp_path / "out")
    assert path.read_text() == "notes\n"
