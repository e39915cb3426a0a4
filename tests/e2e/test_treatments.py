"""Every treatment, named by a profile of the company's own, from a request to what arrives."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from gateway.operators.registry import OPERATORS
from gateway.streams.files import FileExport
from tests.e2e.profiles import overlay, route
from tests.e2e.rig import Rig, rig

PHONE, ID, EMAIL = "13800138000", "11010519491231002X", "xiaoming@acme.example"
PERSON = {"name": "王小明", "phone": PHONE, "birthday": "1990-01-31"}


def _shape(pattern: str) -> Callable[[str | None], bool]:
    return lambda text: text is not None and re.fullmatch(pattern, text) is not None


def _is(want: object) -> Callable[[object], bool]:
    return lambda got: got == want


# treatment: field, its value, category or entity, what arrives
CASES = {
    "keep": ("phone", PHONE, "pi_contact_phone", _is(PHONE)),
    "round": ("salary", "18732.50", "pi_property/INCOME", _is("19000")),
    "round:digits=1": ("salary", "18732.50", "pi_property/INCOME", _is("20000")),
    "top_code:low=18,high=90": ("age", "102", "pi_basic/AGE", _is("90")),
    "noise:epsilon=0.5,low=0,high=99": ("age", "37", "pi_basic/AGE", _shape(r"-?[0-9]+")),
    "noise": ("salary", "18732.50", "pi_property/INCOME", _shape(r"-?[0-9]+\.[0-9]{2}")),
    "shift": ("birthday", "1990-01-31", "pi_basic/DATE_OF_BIRTH", _shape(r"19(89|90)-[0-9-]{5}")),
    "shift:days=3000": ("birthday", "1990-01-31", "pi_basic/DATE_OF_BIRTH", _shape(r"[0-9-]{10}")),
    "generalize": ("birthday", "1990-01-31", "pi_basic/DATE_OF_BIRTH", _is("1990")),
    "generalize:to=decade": ("birthday", "1990-01-31", "pi_basic/DATE_OF_BIRTH", _is("1990s")),
    "generalize:to=city": ("address", "广东省深圳市南山区1号", "pi_delivery", _is("广东省深圳市")),
    "generalize:to=province": ("city", "深圳市", "pi_basic/LOCATION", _is("广东省")),
    "generalize:prefix=16": ("ip", "203.0.113.77", "pi_device", _is("203.0.0.0/16")),
    "generalize:precision=3": ("gps", "22.5431,114.0579", "spi_precise_location", _is("23,114")),
    "generalize:width=20": ("age", "37", "pi_basic/AGE", _is("20-39")),
    "mask": ("phone", PHONE, "pi_contact_phone", _is("138****8000")),
    "mask:first=0,last=2": ("phone", PHONE, "pi_contact_phone", _is("*********00")),
    "mask:domain=hide": ("email", EMAIL, "pi_basic/EMAIL_ADDRESS", _is("x***@***")),
    "format_preserve": ("id_no", ID, "pi_gov_id", _shape(r"[0-9]{17}[0-9X]")),
    "surrogate": ("name", "王小明", "pi_basic/PERSON", _shape(r"[\u4e00-\u9fff]{2,4}")),
    "pseudonymize": ("phone", PHONE, "pi_contact_phone", _shape(r"psn_1_[a-z2-7]{24}")),
    "encrypt/sm4": ("phone", PHONE, "pi_contact_phone", _shape(r"sm4_1_[A-Za-z0-9_-]{50,}")),
    "encrypt": ("phone", PHONE, "pi_contact_phone", _shape(r"aes_1_[A-Za-z0-9_-]{50,}")),
    "hash/sm3": ("phone", PHONE, "pi_contact_phone", _shape(r"sm3_1_[0-9a-f]{64}")),
    "hash": ("phone", PHONE, "pi_contact_phone", _shape(r"sha256_1_[0-9a-f]{64}")),
    "suppress": ("phone", PHONE, "pi_contact_phone", _is(None)),
    "suppress/field": ("note", f"call {PHONE} now", "pi_contact_phone", _is(None)),
    "shuffle": ("salary", "18732.50", "pi_property/INCOME", _is("<INCOME>")),
    "top_code": ("age", "37", "pi_basic/AGE", _is("<AGE>")),
    "suppress/record": ("phone", PHONE, "pi_contact_phone", _is(None)),
}  # fmt: skip
PURPOSES = {treatment: f"t{number}" for number, treatment in enumerate(CASES)}


@pytest.fixture(scope="module")
def profiles(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One purpose a treatment, which it gives to the field's category; all else is kept."""
    table = {
        PURPOSES[treatment]: {"pi_basic": "keep", "pi_contact_phone": "keep", category: treatment}
        for treatment, (_, _, category, _) in CASES.items()
    }
    return overlay(tmp_path_factory.mktemp("policies") / "overlay", table)


def _routes() -> dict[str, dict[str, object]]:
    return {purpose: route(purpose) for purpose in PURPOSES.values()}


async def test_every_treatment_over_http(tmp_path: Path, profiles: str) -> None:
    """What the profile names is what is done, and the entry says so."""
    assert {treatment.partition(":")[0] for treatment in CASES} == set(OPERATORS)
    async with rig(tmp_path, policy={"overlay": profiles}, routes=_routes()) as line:
        for treatment, (field, value, category, check) in CASES.items():
            body = json.dumps([PERSON | {field: value}], ensure_ascii=False).encode()
            answer = await line.send(body, to=f"/{PURPOSES[treatment]}/x")
            assert answer.status == 200, (treatment, answer.body)
            (record,) = json.loads(line.sink.received[-1][1])
            assert check(record[field]), (treatment, record[field])
            done = {(each["treatment"], each["category"]) for each in _entry(line)["treatments"]}
            assert (treatment, category.partition("/")[0]) in done
            if treatment == "suppress/record":
                assert set(record.values()) == {None}
            elif field not in ("name", "note"):
                assert record["name"] == "王小明"


async def test_shuffle_moves_values_between_records(tmp_path: Path, profiles: str) -> None:
    """The set of values stays; nobody keeps their own."""
    sent = [PERSON | {"phone": f"1380013800{i}", "salary": f"{1000 + i}.00"} for i in range(5)]
    async with rig(tmp_path, policy={"overlay": profiles}, routes=_routes()) as line:
        await line.send(json.dumps(sent).encode(), to=f"/{PURPOSES['shuffle']}/x")
        got = [each["salary"] for each in json.loads(line.sink.received[-1][1])]
    assert sorted(got) == [each["salary"] for each in sent]
    assert all(new != old["salary"] for new, old in zip(got, sent, strict=True))


async def test_a_persons_dates_move_together(tmp_path: Path, profiles: str) -> None:
    """Across requests and files, by the same days for one person, by others for another."""
    a = PERSON | {"consignee": {"name": "李雷", "phone": "13911112222", "birthday": "1990-01-31"}}
    b = {"name": "王小明", "phone": "+86 138-0013-8000", "birthday": "2000-02-29"}
    path = f"/{PURPOSES['shift']}/x"
    async with rig(tmp_path, policy={"overlay": profiles}, routes=_routes()) as line:
        await line.send(json.dumps([a]).encode(), to=path)
        (first,) = json.loads(line.sink.received[-1][1])
        source, target = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
        source.write_text(json.dumps(b) + "\n")
        node = line.gateway.node
        await FileExport(node, node.routes[PURPOSES["shift"]], source, target).run()
        second = json.loads(target.read_bytes())
    moved = _days(first["birthday"], "1990-01-31")
    assert moved
    assert _days(second["birthday"], "2000-02-29") == moved
    assert _days(first["consignee"]["birthday"], "1990-01-31") not in (0, moved)


async def test_a_treatment_that_nobody_can_carry_out_stops_the_start(tmp_path: Path) -> None:
    """A parameter out of bounds is found before the first request."""
    folder = overlay(tmp_path / "overlay", {"x": {"pi_basic": "mask:first=none"}})
    with pytest.raises(Exception, match="profiles.x.treatments.pi_basic: the treatment 'mask:"):
        async with rig(tmp_path, policy={"overlay": folder}, routes={"x": route("x")}):
            pass


def _days(new: str, old: str) -> int:
    return (date.fromisoformat(new) - date.fromisoformat(old)).days


def _entry(line: Rig) -> dict[str, object]:
    return line.entries("export")[-1]
