"""Exports computed together are what each is by itself, byte for byte."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifiers.classify import Classifier
from classifiers.model import NotAlike
from classifiers.registry import default_registry
from gateway.errors import BadRequest, CannotDecide
from gateway.export.gathering import Gathering
from gateway.export.headcount import headcount, leaving
from gateway.export.parts import Message
from gateway.export.signature import Signatures
from gateway.export.stages import deadline_in
from gateway.export.together import Asked, Together, Treating, likeness
from gateway.export.transfer import Route, Transfer
from gateway.export.work import Inspected, Outgoing, Worker
from gateway.keys.keyring import OPERATOR_KEYS
from gateway.ledger.subjects import Subjects
from gateway.route_settings import RouteSettings
from gateway.settings import ExporterSettings
from policies.model import Counts, Decision, Field, FieldTreatment, Outcome
from tests.e2e.rig import FULFILMENT
from tests.gateway.treating import FakeKeys

VERSIONS = dict.fromkeys(OPERATOR_KEYS, 1)
NAMES = ["王小明", "陈娜超", "小明", "Li Na", "Wang Xiaoming", "顺丰"]
PHONES = ["13800138000", "17648047363", "138 0013 8000", "1380013800"]
NUMBERS = ["11010519491231002X", "4111111111111111", "SO13800138000", "SKU-11355"]
DATES = ["2020-05-05", "1980-05-05", "20200505"]
TEXTS = [
    "王小明已收货，电话13800138000",
    "请联系小明",
    "转交陈娜超 17648047363",
    "call Li Na at buyer1@mail.example.com",
    "无",
    "",
    "七天无理由退货",
]
OTHERS = ["buyer1@mail.example.com", "中山北路592号13栋", "shipped", "四川省"]
POOL = st.sampled_from([*NAMES, *PHONES, *NUMBERS, *DATES, *TEXTS, *OTHERS])
TREATMENTS = [
    "keep", "mask", "hash", "suppress", "suppress/field", "suppress/record", "surrogate",
    "pseudonymize", "generalize", "shuffle", "shift",
]  # fmt: skip


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Worker:
    """The shipped detectors, text engines too."""
    cache = tmp_path_factory.mktemp("hyperscan")
    return Worker(Classifier(default_registry(), cache_dir=cache), FakeKeys())


def route(**more: Any) -> Route:
    facts = FULFILMENT | {"upstream": "https://api.partner.example/"} | more
    exporter = ExporterSettings(id="acme-cn", name="示例", uscc="", origin="CN")
    return Route.of("sg", msgspec.convert(facts, RouteSettings), exporter)


PLAIN = route()
DECLARED = route(
    declare={"/name": "pi_basic", "/phone": "pi_contact_phone"}, subjects=[["/phone", "/email"]]
)


def asked(body: bytes, on: Route = PLAIN, *, key: str = "", query: str = "") -> Asked:
    headers = [("content-type", "application/json")]
    headers += [("idempotency-key", key)] if key else []
    message = Message(("orders",), query, tuple(headers), body, "application/json")
    transfer = Transfer("r", "shop", "POST", on, deadline_in(600), (), date(2026, 11, 27))
    return Asked(transfer, message, VERSIONS)


def decided(found: Inspected, table: Mapping[str, str], *, restore: bool = False) -> Decision:
    """Some treatment of each field, told by its category; a field that is left out goes."""
    fields: Sequence[Field] = found.groups.fields[0]
    return Decision(
        outcome=Outcome.ALLOW,
        mechanism="exemption",
        counts=Counts(general=True, sensitive=True),
        treatments=[
            FieldTreatment(f.pointer, f.category, table[f.category], restore=restore)
            for f in {(f.pointer, f.category): f for f in fields}.values()
            if f.category in table
        ],
        obligations=[],
        needs=[],
        reasons=[],
    )


def persons(found: Inspected, whose: Subjects, decision: Decision) -> list[Any]:
    what = leaving(found.groups.fields[0], decision)
    return sorted(headcount(whose, [what], found.groups.assignment), key=repr)


bodies = st.lists(
    st.fixed_dictionaries(
        {
            "order_sn": POOL,
            "name": POOL,
            "buyer": st.fixed_dictionaries({"name": POOL, "phone": POOL, "birth_date": POOL}),
            "phone": POOL,
            "email": POOL,
            "age": st.integers(0, 99),
            "price": st.one_of(st.integers(0, 9), st.floats(0, 9)),
            "tags": st.lists(POOL, min_size=1, max_size=9),
            "items": st.lists(
                st.fixed_dictionaries({"title": POOL, "code_note": POOL}), min_size=1, max_size=2
            ),
            "remark": st.lists(POOL, max_size=3).map("，".join),
        }
    ).map(lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True).encode()),
    min_size=2,
    max_size=6,
)
tables = st.dictionaries(
    st.sampled_from(["pi_basic", "pi_contact_phone", "pi_delivery", "pi_gov_id", "pi_account"]),
    st.sampled_from(TREATMENTS),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(bodies, tables, st.sampled_from([PLAIN, DECLARED]), st.data())
def test_together_is_one_by_one(
    worker: Worker, some: list[bytes], table: dict[str, str], on: Route, data: st.DataObject
) -> None:
    """Findings, proofs, persons and outgoing bytes; also where only some of them are treated."""
    alike = [asked(body, on, key=f"key-{n}") for n, body in enumerate(some)]
    assert len({likeness(each) for each in alike}) == 1
    singles = [worker.inspect(each.transfer, each.message, VERSIONS) for each in alike]
    try:
        together = Together(worker, alike)
    except NotAlike:
        return
    for one, other in zip(singles, together.found, strict=True):
        assert (one.groups, one.inspection) == (other.groups, other.inspection)
        assert not one.drift
    decisions = [decided(found, table) for found in singles]
    for row, (one, each) in enumerate(zip(singles, alike, strict=True)):
        alone = worker.subjects(each.transfer, one.kept)
        shared = together.subjects(row)
        assert persons(one, alone, decisions[row]) == persons(one, shared, decisions[row])
    chosen = data.draw(st.sets(st.sampled_from(range(len(some))), min_size=1).map(sorted))
    try:
        members = [Treating(together.found[n].kept, decisions[n], deadline_in(600)) for n in chosen]
        treated = together.treat(members)
    except Exception:  # then each is treated by itself
        return
    for number, outgoing in zip(chosen, treated, strict=True):
        alone = worker.treat(alike[number].transfer, singles[number], [decisions[number]], False)
        assert alone == outgoing


def orders(count: int) -> list[bytes]:
    """Orders as shops have them, no two alike in values."""
    return [
        json.dumps(
            {
                "sn": f"SO20261122{n:06}",
                "status": "shipped",
                "buyer": {"name": NAMES[n % 2], "phone": f"138001380{n:02}"},
                "price": n / 2,
                "items": [{"title": "跑鞋", "note": "general merchandise"}] * (1 + n % 2),
                "remark": f"{NAMES[n % 2]}已付款" if n % 3 else "无",
            },
            ensure_ascii=False,
        ).encode()
        for n in range(count)
    ]


MASKED = {"pi_basic": "mask", "pi_contact_phone": "hash"}


def test_ordinary_orders_are_done_together(worker: Worker) -> None:
    """The path that the others compare with is the one that is taken."""
    alike = [asked(body, key=f"key-{n}", query="v=1") for n, body in enumerate(orders(20))]
    together = Together(worker, alike)
    members = [
        Treating(each.kept, decided(each, MASKED), deadline_in(60)) for each in together.found
    ]
    treated = together.treat(members)
    assert len({outgoing.message.body for outgoing in treated}) == 20
    for each, outgoing in zip(alike, treated, strict=True):
        found = worker.inspect(each.transfer, each.message, VERSIONS)
        assert worker.treat(each.transfer, found, [decided(found, MASKED)], False) == outgoing


def test_two_halves_of_a_body_are_no_two_bodies(worker: Worker) -> None:
    """What is one text only among others is malformed, and nobody else's trouble."""
    whole = orders(4)
    whole[1] = whole[1] + b"," + whole[1]
    assert likeness(asked(whole[1])) is None
    assert likeness(asked(b'{"a":1,"a":2}')) is None
    found = run_all(worker, whole)
    assert [isinstance(each, BadRequest) for each in found] == [False, True, False, False]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"a":1}', b'{"a":"1"}'),
        (b'{"a":1}', b'{"b":1}'),
        (b'{"a":1,"b":2}', b'{"b":2,"a":1}'),
        (b'{"a":[]}', b'{"a":[1]}'),
        (b'{"a":{}}', b'{"a":[]}'),
        (b'{"a":{"b":null}}', b'{"a":{"b":{}}}'),
    ],
)
def test_other_shapes_are_not_alike(one: bytes, other: bytes) -> None:
    """Columns, and what their names say, must be those of each body by itself."""
    assert likeness(asked(one)) != likeness(asked(other))
    assert likeness(asked(one)) is not None


def test_alike_are_numbers_of_any_form_and_lists_of_any_length() -> None:
    """Neither makes another column."""
    assert likeness(asked(b'{"a":1,"b":["x"]}')) == likeness(asked(b'{"a":1.5e3,"b":["y","z"]}'))


def test_a_name_of_one_order_is_nobody_in_another(worker: Worker) -> None:
    """王小明 buys in the first order; what the second says of a word is its own affair."""
    pair = orders(2)
    second = json.loads(pair[1])
    second["remark"] = "王小明牌跑鞋"
    pair[1] = json.dumps(second, ensure_ascii=False).encode()
    singles = [worker.inspect(a.transfer, a.message, VERSIONS) for a in map(asked, pair)]
    try:
        together = Together(worker, [asked(body) for body in pair])
    except NotAlike:
        return
    assert [found.groups for found in together.found] == [found.groups for found in singles]


def test_what_one_order_hides_another_may_say(worker: Worker) -> None:
    """A number that is treated in the first order is a stock number in the second, and stays."""
    some = [
        b'{"phone":"88123456789012","sku":"x"}',
        b'{"phone":"13800138000","sku":"88123456789012"}',
    ]
    together = Together(worker, [asked(body, DECLARED) for body in some])
    hidden, said = together.treat(treating(together, {"pi_contact_phone": "hash"}))
    assert b"88123456789012" not in hidden.message.body
    assert b'"sku":"88123456789012"' in said.message.body


def test_a_child_in_one_order_raises_nothing_in_another(worker: Worker) -> None:
    """Such orders are looked at one by one."""
    some = [
        b'{"name":"\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e","birth_date":"2020-05-05"}',
        b'{"name":"\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e","birth_date":"1980-05-05"}',
    ]
    with pytest.raises(NotAlike):
        Together(worker, [asked(body) for body in some])
    first, second = run_all(worker, some)
    assert {f.level for f in first.groups.fields[0]} == {"spi"}
    assert {f.level for f in second.groups.fields[0]} == {"pi"}


def test_what_is_found_in_a_header_is_decided_alone(worker: Worker) -> None:
    """A value outside the body belongs to one request."""
    some = [asked(body, key=key) for body, key in zip(orders(2), [PHONES[0], "k"], strict=True)]
    with pytest.raises(NotAlike):
        Together(worker, some)


@pytest.mark.parametrize("treatment", ["shuffle", "shift"])
def test_what_depends_on_others_is_treated_alone(worker: Worker, treatment: str) -> None:
    """An operator that looks at more than the value would mix exports."""
    together = Together(worker, [asked(body) for body in orders(4)])
    with pytest.raises(NotAlike):
        together.treat(treating(together, {"pi_basic": treatment}))
    with pytest.raises(NotAlike):
        together.treat(treating(together, MASKED, restore=True))


def treating(together: Together, table: Mapping[str, str], **how: bool) -> list[Treating]:
    return [
        Treating(each.kept, decided(each, table, **how), deadline_in(60)) for each in together.found
    ]


def run_all(worker: Worker, some: Sequence[bytes]) -> list[Any]:
    """What a `Gathering` says of bodies that wait at the same moment: results or errors."""

    async def run() -> list[Any]:
        work = Gathering(worker)
        waiting = (work.inspect(a.transfer, a.message, VERSIONS) for a in map(asked, some))
        return await asyncio.gather(*waiting, return_exceptions=True)

    return asyncio.run(run())


class Broken(Worker):
    """Fails for one message, and for every one that is looked at with it."""

    __slots__ = ()

    def inspect(self, transfer: Transfer, message: Message, key_versions: Any) -> Inspected:
        if b"SO20261122000001" in message.body:
            raise CannotDecide("broken")
        return super().inspect(transfer, message, key_versions)


@pytest.mark.parametrize("stage", ["classify", "treat"])
def test_a_failure_is_its_own_requests(
    worker: Worker, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    """Whatever goes wrong with several, each has its own result or its own error."""

    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a fault")

    if stage == "classify":
        monkeypatch.setattr("gateway.export.gathering.Together", fail)
        found = run_all(Broken(worker.classifier, worker.keys), orders(3))
        assert [type(each) for each in found] == [Inspected, CannotDecide, Inspected]
        return
    monkeypatch.setattr(Together, "treat", fail)
    bodies = orders(3)
    outgoing = treat_all(worker, bodies)
    for body, result in zip(bodies, outgoing, strict=True):
        each = asked(body)
        found = worker.inspect(each.transfer, each.message, VERSIONS)
        assert worker.treat(each.transfer, found, [decided(found, MASKED)], False) == result


def treat_all(
    worker: Worker, some: Sequence[bytes], change: Callable[[Any], Any] = lambda found: found
) -> list[Outgoing]:
    async def one(work: Gathering, body: bytes) -> Outgoing:
        each = asked(body)
        found = change(await work.inspect(each.transfer, each.message, VERSIONS))
        return await work.treat(each.transfer, found, [decided(found, MASKED)])

    async def run() -> list[Outgoing]:
        work = Gathering(worker)
        return await asyncio.gather(*(one(work, body) for body in some))

    return asyncio.run(run())


def test_an_alien_decision_is_not_carried_out(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is treated by itself after all must still be what was decided on."""

    def fail(*_: Any) -> Any:
        raise NotAlike("a fault")

    def other(found: Inspected) -> Inspected:
        return replace(found, groups=Signatures([[]], [0]))

    monkeypatch.setattr(Together, "treat", fail)
    with pytest.raises(CannotDecide):
        treat_all(worker, orders(2), other)


def test_who_left_is_left_out(worker: Worker) -> None:
    """A request that is cancelled while it waits changes nothing for the others."""

    async def run() -> list[Any]:
        work = Gathering(worker)
        waiting = [
            asyncio.ensure_future(work.inspect(a.transfer, a.message, VERSIONS))
            for a in map(asked, orders(3))
        ]
        await asyncio.sleep(0)
        waiting[1].cancel()
        return await asyncio.gather(*waiting, return_exceptions=True)

    found = asyncio.run(run())
    assert [type(each) for each in found] == [Inspected, asyncio.CancelledError, Inspected]
