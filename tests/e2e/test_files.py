"""`silkgate export`: files in, files out, the same pipeline; killed and taken up again."""

import asyncio
import csv
import json
import re
import signal
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from audit_log import reader
from audit_log.records import account
from gateway.cli.app import app
from gateway.ledger.book import standing
from gateway.node import ledger_place
from gateway.settings import Settings, load
from gateway.streams import files
from gateway.streams.groups import GROUP_RECORDS
from gateway.streams.journal import Journal
from gateway.streams.stream import Stream
from tests.e2e.process import configure, number_of, record
from tests.e2e.rig import verified
from tests.e2e.test_streams import SENSITIVE, ndjson

# The command line, killed by itself: nobody who watches it from outside is sure to be in time.
KILLED = """
import os, signal
from gateway.__main__ import main
from gateway.streams.journal import Journal
note = Journal.note
def noted(self, done):
    note(self, done)
    if len(self.done) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
Journal.note = noted
main()
"""
FULFILMENT = 'ground = "contract"\nexemption = "cn.order16.art5.1.1"'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return configure(tmp_path, 1)


def export(config: Path, source: Path, out: Path, route: str = "insights") -> tuple[int, object]:
    command = ["export", str(source), "-o", str(out), "-c", str(config), "--route", route]
    result = CliRunner().invoke(app, [*command, "--summary", "json"])
    try:
        return result.exit_code, json.loads(result.stdout)
    except json.JSONDecodeError:
        return result.exit_code, result.output


def books(settings: Settings):
    found = account(data for _, data in reader.entries(settings.path(settings.audit.dir)))
    assert found.closes, found.faults
    assert found.open == 0
    assert verified(settings).ok
    return found


@pytest.mark.parametrize("route", ["insights", "counted"])
def test_a_file_of_records(tmp_path: Path, config: Path, route: str) -> None:
    """All leave treated, in order; persons counted once; nothing but the output is left."""
    count = 2 * GROUP_RECORDS + 5
    source, out = tmp_path / "in.ndjson", tmp_path / "out" / "out.ndjson"
    source.write_bytes(b"".join(record(n) + b"\n" for n in range(count)))
    out.parent.mkdir()
    status, (summary,) = export(config, source, out, route)
    assert status == 0
    assert (summary["outcome"], summary["delivered"]) == ("allow", count)
    assert [number_of(line) for line in out.read_bytes().splitlines()] == list(range(count))
    assert b"13800000" not in out.read_bytes()
    assert [path.name for path in out.parent.iterdir()] == ["out.ndjson"]
    settings = load(config)
    assert books(settings).became == {"delivered": count}
    assert standing(ledger_place(settings).path).counted.general == count


def test_whole_files_and_folders(tmp_path: Path, config: Path) -> None:
    """JSON and text are decided whole; a folder's files each by itself."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "a.json").write_bytes(record(1))
    (folder / "b.txt").write_text("nothing personal")
    (folder / "c.jsonl").write_bytes(record(2))
    status, summaries = export(config, folder, out)
    assert status == 0
    assert [Path(each["file"]).name for each in summaries] == ["a.json", "b.txt", "c.jsonl"]
    assert (out / "b.txt").read_text() == "nothing personal"
    assert number_of((out / "a.json").read_bytes()) == 1
    assert books(load(config)).became == {"delivered": 3}


def tabular(path: Path, rows: list[dict[str, str]]) -> None:
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".arrow":
        table = pa.Table.from_pylist(rows)
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as out:
            out.write_table(table)
    else:
        with path.open("w", encoding="gb18030", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


def read_table(path: Path) -> list[dict[str, str]]:
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    if path.suffix == ".arrow":
        with pa.OSFile(str(path)) as file:
            return pa.ipc.open_file(file).read_all().to_pylist()
    with path.open(encoding="gb18030", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("route", ["insights", "counted"])
@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".arrow"])
def test_tables_leave_group_by_group(tmp_path: Path, config: Path, suffix: str, route: str) -> None:
    """Same kind of file, rows in order, persons counted once, phones treated."""
    count = 2 * GROUP_RECORDS + 5 if suffix == ".csv" else 9000
    source, out = tmp_path / f"in{suffix}", tmp_path / "out" / f"out{suffix}"
    out.parent.mkdir()
    tabular(source, [{"订单号": f"A-{n}", "手机号": f"1380{n:07}"} for n in range(count)])
    status, (summary,) = export(config, source, out, route)
    assert status == 0
    assert summary["delivered"] == count
    rows = read_table(out)
    assert [row["订单号"] for row in rows] == [f"A-{n}" for n in range(count)]
    assert not any((row["手机号"] or "").startswith("1380") for row in rows)
    assert [path.name for path in out.parent.iterdir()] == [f"out{suffix}"]
    settings = load(config)
    assert books(settings).became == {"delivered": count}
    assert standing(ledger_place(settings).path).counted.general == count


@pytest.mark.parametrize("route", ["insights", "counted"])
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_table_whose_publication_failed_is_taken_up_again(
    tmp_path: Path,
    config: Path,
    suffix: str,
    route: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Everything was written when the process ended: nothing is counted or written twice."""
    source, out = tmp_path / f"in{suffix}", tmp_path / f"out{suffix}"
    tabular(source, [{"sku": f"A-{n}", "手机号": f"1380{n:07}"} for n in range(1500)])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(files, "_publish", killed)
        export(config, source, out, route)
    assert not out.exists()
    assert len(Journal(out).done) > 0
    status, (summary,) = export(config, source, out, route)
    assert (status, summary["delivered"], summary["resumed"]) == (0, 1500, True)
    assert [row["sku"] for row in read_table(out)] == [f"A-{n}" for n in range(1500)]
    settings = load(config)
    assert books(settings).became == {"delivered": 1500}
    assert standing(ledger_place(settings).path).counted.general == 1500


def test_what_cannot_be_exported(tmp_path: Path, config: Path) -> None:
    """An output that is there, unknown names, an unknown route, broken lines: 2, nothing made."""
    source, out = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    source.write_bytes(b"{\n")
    assert export(config, source, out)[0] == 2
    assert not out.exists()
    assert not Journal(out).path.exists()
    source.write_bytes(b"{}\n")
    assert export(config, source, out, "elsewhere")[0] == 2
    assert export(config, config, out)[0] == 2
    out.touch()
    assert export(config, source, out)[0] == 2


@pytest.mark.parametrize("route", ["insights", "counted"])
async def test_killed_and_taken_up_again(tmp_path: Path, config: Path, route: str) -> None:
    """Killed after its first groups: each record is written once and counted once in the end."""
    count = 8 * GROUP_RECORDS
    source, out = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    source.write_bytes(b"".join(record(n) + b"\n" for n in range(count)))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, "export", str(source), "-o", str(out),
        "-c", str(config), "--route", route,
    )  # fmt: skip
    assert await process.wait() == -signal.SIGKILL
    assert not out.exists()
    before = len(Journal(out).done)
    with Journal(out).part.open("ab") as part:
        part.write(b"torn")
    source_bytes = source.read_bytes()
    source.write_bytes(source_bytes + b"{}\n")
    assert (await asyncio.to_thread(export, config, source, out, route))[0] == 2  # another input
    source.write_bytes(source_bytes)
    status, (summary,) = await asyncio.to_thread(export, config, source, out, route)
    assert (status, summary["delivered"], summary["resumed"]) == (0, count, True)
    assert [number_of(line) for line in out.read_bytes().splitlines()] == list(range(count))
    settings = load(config)
    became = books(settings).became
    assert became["delivered"] == count
    assert set(became) <= {"delivered", "failed"}
    assert standing(ledger_place(settings).path).counted.general == count
    assert before == 3


@pytest.mark.parametrize("after", [1, 2, 3])
def test_what_was_held_before_a_crash_is_counted_once(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Crashes right behind the entry of a wholly held, a partly held and a clean group."""
    text = config.read_text("utf-8").replace(
        'purpose = "analytics"', 'purpose = "order_fulfilment"'
    )
    text = re.sub("ground = .*\nconsent = .*", FULFILMENT, text)
    config.write_text(text, "utf-8")
    held = json.dumps(SENSITIVE, ensure_ascii=False).encode()
    half = GROUP_RECORDS // 2
    lines = [record(n) for n in range(GROUP_RECORDS)] + [held] * (GROUP_RECORDS + half)
    lines += [record(n) for n in range(GROUP_RECORDS, 2 * GROUP_RECORDS + half)]
    source, out = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    source.write_bytes(b"".join(line + b"\n" for line in lines))
    enter, entered = Stream.enter, []

    async def crashing(self: Stream, stages: Any, pairs: Any, facts: dict[str, Any]) -> int:
        entered.append(await enter(self, stages, pairs, facts))
        if len(entered) == after + 1:
            raise SystemExit("the plug was pulled")
        return entered[-1]

    monkeypatch.setattr(Stream, "enter", crashing)
    assert export(config, source, out, "counted")[0] != 0
    assert not out.exists()
    status, (summary,) = export(config, source, out, "counted")
    assert (status, summary["resumed"]) == (1, True), summary
    assert summary["delivered"] == len(out.read_bytes().splitlines()) == 2 * GROUP_RECORDS + half
    found = books(load(config))
    assert found.became["quarantined"] == GROUP_RECORDS + half
    assert found.accepted == len(lines) + found.became["failed"]


def test_records_that_stay_are_told(tmp_path: Path, config: Path) -> None:
    """Exit 1; the rest is in the output."""
    source, out = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    source.write_bytes(ndjson([{"sku": "A-1"}, {"sku": "A-2"}]))
    text = config.read_text("utf-8").replace('destination = "SG"', 'destination = "ZZ"')
    config.write_text(text, "utf-8")
    status, summaries = export(config, source, out, "counted")
    assert status == 1
    assert summaries[0]["outcome"] in {"deny", "review"}
    assert not out.exists()
