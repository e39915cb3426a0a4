"""Decisions made again: from the log alone, and with the original at hand."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from audit_log import reader, retention
from audit_log.commitment import Vault
from classifiers.classify import Classifier
from classifiers.registry import default_registry
from gateway.export.commitments import Commitments
from gateway.export.evidence import detectors_digest
from gateway.export.transfer import Route
from gateway.keys.keyring import Keyring
from gateway.node import open_log, vault_path
from gateway.replay.original import Owner, replay_folder, replay_original
from gateway.replay.shapes import Replayed, replay_shapes
from gateway.settings import Settings
from policies import bundle as bundles
from tests.e2e.profiles import overlay, route
from tests.e2e.rig import rig

MEMBERS = json.dumps(
    [
        {"username": "xiaoming_88", "phone": "13800138000", "sku": "A-1"},
        {"username": "hong", "phone": "13900139000", "password": "made-up-1", "sku": "A-2"},
        {"sku": "A-3", "n": 1.10},
    ]
).encode()


def owner_of(settings: Settings, route: str = "insights") -> Owner:
    registry = default_registry()
    return Owner(
        classifier=Classifier(registry),
        detectors_digest=detectors_digest(registry.versions),
        keyring=Keyring.open(settings.path(settings.keys.dir)),
        commitments=Commitments(Vault(vault_path(settings.path(settings.audit.dir)))),
        route=Route.of(route, settings.routes[route], settings.exporter),
    )


@pytest.fixture
async def exported(tmp_path: Path) -> tuple[Settings, str]:
    """The configuration and decision id of an export that has left."""
    async with rig(tmp_path) as line:
        answer = await line.send(MEMBERS, to="/insights/x?page=2")
        assert answer.status == 200
        return line.settings, answer.headers["Silkgate-Decision-Id"]


async def test_the_log_alone_gives_the_same_decisions(exported: tuple[Settings, str]) -> None:
    """Level 1: every shape decides as recorded; a sample is a part of them."""
    settings, decision_id = exported
    directory = settings.path(settings.audit.dir)
    results = replay_shapes(directory)
    assert {result.result for result in results} == {"match"}
    assert len(replay_shapes(directory, sample=1)) == 1
    assert len(replay_shapes(directory, decision_id)) == len(results)


async def test_another_bundle_is_not_replayed_with(exported: tuple[Settings, str]) -> None:
    """A swapped, a damaged and a missing bundle: never a guess."""
    settings, _ = exported
    directory = settings.path(settings.audit.dir)
    (kept,) = (directory / "bundles").iterdir()
    law = bundles.load("builtin", None)
    other = replace(law, data=law.data | {"more": {}})
    for swapped, why in (
        (bundles.archive(other), "altered after it was made"),
        (b"nonsense", ""),
        (None, "not kept"),
    ):
        if swapped is None:
            kept.unlink()
        else:
            kept.write_bytes(swapped)
        results = replay_shapes(directory)
        assert {result.result for result in results} == {"not_replayable"}
        assert why in results[0].why


async def test_a_shape_must_be_there_and_be_the_one_referred_to(
    exported: tuple[Settings, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One under another's digest differs; one that no entry holds is named, not passed over."""
    settings, decision_id = exported
    directory = settings.path(settings.audit.dir)
    entries = list(reader.documents(directory))
    place, other, *_ = [at for at, entry in enumerate(entries) if entry["kind"] == "shape"]
    (export,) = [entry for entry in entries if entry["kind"] == "export"]

    def replayed(changed: list[dict[str, Any]], of: str | None = decision_id) -> list[Replayed]:
        monkeypatch.setattr("audit_log.reader.documents", lambda _: iter(changed))
        return [one for one in replay_shapes(directory, of) if one.result != "match"]

    lying = entries[other] | {name: entries[place][name] for name in ("shape", "seq")}
    (one,) = replayed([*entries[:place], lying, *entries[place + 1 :]])
    assert (one.result, one.entry) == ("differs", entries[place]["seq"])
    without = [*entries[:place], *entries[place + 1 :]]
    for of in (decision_id, None):
        (one,) = replayed(without, of)
        assert (one.result, one.entry) == ("not_replayable", export["seq"])
    (late,) = replayed([*without, entries[place]])
    assert late.result == "not_replayable", "an entry refers to what stands before it"
    assert replayed(without, "another") == []


async def test_the_original_gives_what_left(exported: tuple[Settings, str]) -> None:
    """Level 2: the same is found, and the same would leave, byte for byte."""
    settings, decision_id = exported
    directory = settings.path(settings.audit.dir)
    result = replay_original(directory, decision_id, MEMBERS, owner_of(settings))
    assert result is not None
    assert (result.result, result.why) == ("match", "")


async def test_a_folder_of_originals(exported: tuple[Settings, str], tmp_path: Path) -> None:
    """Which file is whose body the commitments tell; a body that is not there is said to be so."""
    settings, decision_id = exported
    directory, folder = settings.path(settings.audit.dir), tmp_path / "bodies"
    folder.mkdir()
    (folder / "a.json").write_bytes(b"[]")
    (missing,) = replay_folder(directory, folder, None, partial(owner_of, settings))
    assert (missing.result, missing.why) == ("not_replayable", "none of the files is its body")
    (folder / "b.json").write_bytes(MEMBERS)
    (found,) = replay_folder(directory, folder, 5, partial(owner_of, settings))
    assert (found.result, found.shape) == ("match", decision_id)


async def test_another_body_is_not_the_original(exported: tuple[Settings, str]) -> None:
    """One changed byte does not open the commitment."""
    settings, decision_id = exported
    other = MEMBERS.replace(b"A-3", b"A-4")
    result = replay_original(
        settings.path(settings.audit.dir), decision_id, other, owner_of(settings)
    )
    assert result is not None
    assert result.result == "differs"


async def test_old_keys_still_replay_after_a_rotation(exported: tuple[Settings, str]) -> None:
    """The entry names the versions that were in force; retired ones make it unplayable."""
    settings, decision_id = exported
    directory = settings.path(settings.audit.dir)
    from datetime import date

    Keyring.open(settings.path(settings.keys.dir)).rotate("pseudonym", today=date(2026, 11, 23))
    again = replay_original(directory, decision_id, MEMBERS, owner_of(settings))
    assert again is not None
    assert again.result == "match"
    Keyring.open(settings.path(settings.keys.dir)).retire("pseudonym", 1)
    gone = replay_original(directory, decision_id, MEMBERS, owner_of(settings))
    assert gone is not None
    assert gone.result == "not_replayable"


async def test_other_detectors_are_said_to_be_others(exported: tuple[Settings, str]) -> None:
    """A replay with other versions would prove nothing."""
    settings, decision_id = exported
    owner = owner_of(settings)
    other = Owner(owner.classifier, "0" * 64, owner.keyring, owner.commitments, owner.route)
    result = replay_original(settings.path(settings.audit.dir), decision_id, MEMBERS, other)
    assert result is not None
    assert result.result == "not_replayable"


async def test_an_erased_salt_leaves_nothing_to_test_against(
    exported: tuple[Settings, str],
) -> None:
    """After erasure not even the owner can tie a body to the entry; the log says who asked."""
    settings, decision_id = exported
    directory = settings.path(settings.audit.dir)
    log = open_log(settings, Keyring.open(settings.path(settings.keys.dir)))
    vault = Vault(vault_path(directory))
    await retention.erase(log, vault, [0], reason="ticket-17")
    await log.close()
    vault.close()
    result = replay_original(directory, decision_id, MEMBERS, owner_of(settings))
    assert result is not None
    assert result.result == "not_replayable"
    assert "erased" in result.why
    assert msgspec.to_builtins(result)["entry"] >= 0


async def test_what_was_drawn_at_random_is_said_to_be_so(tmp_path: Path) -> None:
    """A token with a nonce cannot be made again, nor a batch's groups: that is no difference."""
    phones = {"pi_basic": "keep", "pi_contact_phone": "encrypt"}
    kept = {"pi_basic": "keep", "pi_contact_phone": "hash"}
    folder = overlay(tmp_path / "overlay", {"sealed": phones, "kept": kept})
    guard = {"k": 2, "quasi": {"/birthday": "DATE_OF_BIRTH"}, "max_lost": 0.5}
    routes = {
        "sealed": route("sealed"),
        "typed": route("kept", output="same-type"),
        "k": route("kept", k_anonymity=guard),
    }
    people = [{"phone": 13800138000 + n, "birthday": f"1990-0{n}-01"} for n in (1, 2, 3)]
    body = json.dumps(people).encode()
    results = {}
    async with rig(tmp_path, policy={"overlay": folder}, routes=routes) as line:
        for name in routes:
            answer = await line.send(body, to=f"/{name}/x")
            assert answer.status == 200, answer.body
            results[name] = answer.headers["Silkgate-Decision-Id"]
    directory = line.settings.path(line.settings.audit.dir)
    for name, why in (("sealed", "draws at random"), ("k", "k-anonymous"), ("typed", "")):
        found = replay_original(directory, results[name], body, owner_of(line.settings, name))
        assert found is not None
        assert found.result == ("not_replayable" if why else "match"), (name, found.why)
        assert why in found.why
