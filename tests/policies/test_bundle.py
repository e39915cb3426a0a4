"""The bundle: what is read, what is refused, one revision."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest

from policies.bundle import BundleError, archive, band_edges, builtin_path, from_archive, load

SHIPPED = load()


def folder(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def overlay(root: Path, content: object) -> Path:
    return folder(root, {"data.json": json.dumps({"silkgate": {"overlay": content}})})


def test_the_shipped_bundle_loads_without_its_tests() -> None:
    """Modules and data are there; test modules are not part of what decides."""
    assert "silkgate/main.rego" in SHIPPED.modules
    assert not [path for path in SHIPPED.modules if path.endswith("_test.rego")]
    assert len(SHIPPED.revision) == 64


def test_a_revision_is_the_same_wherever_the_bundle_lies(tmp_path: Path) -> None:
    """The revision covers content and relative paths, not the place on disk."""
    for path in builtin_path().rglob("*"):
        if path.is_file() and path.name != ".manifest":
            copy = tmp_path / path.relative_to(builtin_path())
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    assert load(tmp_path).revision == SHIPPED.revision


@pytest.mark.parametrize("what", ["module", "data", "name"])
def test_any_change_changes_the_revision(tmp_path: Path, what: str) -> None:
    """One character of a rule, one number of the data, one renamed file."""
    files = {"silkgate/a.rego": "package silkgate.a\n\nx := 1\n", "silkgate/data.json": '{"n": 1}'}
    before = load(folder(tmp_path / "before", files)).revision
    if what == "module":
        files["silkgate/a.rego"] += "# \n"
    elif what == "data":
        files["silkgate/data.json"] = '{"n": 2}'
    else:
        files["silkgate/b.rego"] = files.pop("silkgate/a.rego")
    assert load(folder(tmp_path / "after", files)).revision != before


def test_an_archive_is_deterministic_and_keeps_the_revision() -> None:
    """Twice the same bytes, and back to the same bundle."""
    packed = archive(SHIPPED)
    assert packed == archive(load())
    assert from_archive(packed) == SHIPPED


def test_an_altered_archive_is_refused() -> None:
    """A member changed after packing no longer matches the stated revision."""
    plain = bytearray(gzip.decompress(archive(SHIPPED)))
    at = plain.index(b"1000000")
    plain[at : at + 1] = b"9"
    with pytest.raises(BundleError, match="altered"):
        from_archive(gzip.compress(bytes(plain)))


@pytest.mark.parametrize(
    "packed", [b"", b"junk", gzip.compress(b"junk"), gzip.compress(b"\0" * 512)]
)
def test_what_is_no_archive_is_refused(packed: bytes) -> None:
    """Empty, not gzip, no tar, no members: a message, not a traceback."""
    with pytest.raises(BundleError):
        from_archive(packed)


def test_an_archive_with_a_member_twice_is_refused() -> None:
    """The second of two members of one name would otherwise win in silence."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for _ in range(2):
            tar.addfile(tarfile.TarInfo("data.json"), io.BytesIO())
    with pytest.raises(BundleError, match="twice"):
        from_archive(gzip.compress(packed.getvalue()))


def test_band_edges_are_thresholds_and_caps(tmp_path: Path) -> None:
    """The company's own caps are edges too."""
    assert band_edges(SHIPPED) == {"general": [100_000, 1_000_000], "sensitive": [1, 10_000]}
    capped = load(overlay=overlay(tmp_path, {"bands": {"general": [5000, 100_000]}}))
    assert band_edges(capped)["general"] == [5000, 100_000, 1_000_000]


def test_every_threshold_is_an_edge() -> None:
    """A threshold that is no edge would lie inside a band and never be decided."""
    limits = SHIPPED.data["silkgate"]["thresholds"]["order16"]
    edges = band_edges(SHIPPED)
    assert {limits["contract_general"], limits["assessment_general"]} <= set(edges["general"])
    assert {limits["contract_sensitive"], limits["assessment_sensitive"]} <= set(edges["sensitive"])


REFUSED = {
    "stray data file": ({"silkgate/limits.json": "{}"}, r"limits\.json: .*data\.json"),
    "broken json": ({"silkgate/data.json": '{"a":\n 1,,}'}, r"data\.json:2"),
    "duplicate key": ({"silkgate/data.json": '{"a": 1, "a": 2}'}, "'a' appears twice"),
    "float": ({"silkgate/data.json": '{"a": 1.5}'}, r"data.a is a float"),
    "yaml date": ({"silkgate/data.yaml": "a: 2026-11-22"}, "quote it as text"),
    "yaml number key": ({"silkgate/data.yaml": "1: x"}, "must be text"),
    "broken yaml": ({"silkgate/data.yaml": "a: [1"}, r"data\.yaml"),
    "array": ({"silkgate/data.json": "[]"}, "one object"),
    "set twice": ({"silkgate/data.json": '{"a": 1}', "silkgate/data.yaml": "a: 2"}, "already"),
    "data elsewhere": ({"other/data.json": '{"a": 1}'}, "found other"),
    "package elsewhere": ({"silkgate/a.rego": "package other\n"}, "package other"),
    "no package": ({"silkgate/a.rego": "x := 1\n"}, "no package"),
    "network": (
        {"silkgate/a.rego": 'package silkgate.a\n\nx := http.send({"url": "u"})\n'},
        r"a\.rego:3: built-in http\.send",
    ),
    "environment": ({"silkgate/a.rego": "package silkgate\n\nx := opa.runtime()\n"}, "opa.runtime"),
    "clock": ({"silkgate/a.rego": "package silkgate\n\nx := time.now_ns()\n"}, "time.now_ns"),
    "chance": ({"silkgate/a.rego": 'package silkgate\n\nx := rand.intn("a", 5)\n'}, "rand.intn"),
    "with": (
        {"silkgate/a.rego": "package silkgate\n\nx if input.a with input as {}\n"},
        "belongs in tests",
    ),
    "import": ({"silkgate/a.rego": "package silkgate\n\nimport data.system\n"}, "data.system"),
    "not text": ({"silkgate/a.rego": "package silkgate\n\ud800"}, "UTF-8"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_bundle_must_not_hold_is_refused(tmp_path: Path, case: str) -> None:
    """Each fault is named with its file, and its line where it has one."""
    files, message = REFUSED[case]
    files = {"silkgate/ok/data.json": '{"a": 1}', **files}
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(errors="surrogatepass"))
    with pytest.raises(BundleError, match=message):
        load(tmp_path)


def test_a_builtin_in_text_or_comment_is_no_call(tmp_path: Path) -> None:
    """Only code is vetted; strings, raw strings and comments may name anything."""
    text = 'package silkgate.a\n\n# http.send(x)\nx := "http.send(x)"\n\ny := `opa.runtime()`\n'
    files = {"silkgate/a.rego": text, "silkgate/data.json": '{"a": 1}'}
    assert load(folder(tmp_path, files)).modules


@pytest.mark.parametrize(
    "name", ["http.send", "opa.runtime", "http . send", 'http["send"]', "strings . count"]
)
def test_a_builtin_cannot_hide_in_layout(tmp_path: Path, name: str) -> None:
    """Split over lines or spaced out, a call is still read as one, or not at all."""
    text = f"package silkgate.a\n\nx := {name} (1)\n"
    files = {"silkgate/a.rego": text, "silkgate/data.json": '{"a": 1}'}
    with pytest.raises(BundleError, match=r"a\.rego:3"):
        load(folder(tmp_path, files))


WAIVABLE = "cn.pipl.art39.consent_missing"
PILOT = {
    "exporters": ["acme-cn"],
    "destinations": ["SG"],
    "recipients": ["Partner"],
    "purposes": ["analytics"],
    "treatments": {"pi_account": "mask"},
    "from": "2026-01-01",
    "until": "2026-12-31",
    "below_persons": 5,
}
OVERLAYS = {
    "section": ({"allow": {}}, r"overlay\.allow is unknown"),
    "setting": ({"settings": {"nice": True}}, "setting nice is unknown"),
    "setting type": ({"settings": {"id_number_sensitive": "no"}}, "must be true or false"),
    "treatment": ({"treatments": {"any": {"pi_basic": "shred"}}}, "'shred' is none of"),
    "treated category": (
        {"treatments": {"any": {"pi_contact_phon/PHONE_NUMBER": "mask"}}},
        "no category pi_contact_phon; meant is perhaps pi_contact_phone",
    ),
    "treated purpose": ({"treatments": {"analysis": {"pi_basic": "mask"}}}, "no purpose analysis"),
    "restored category": ({"restore": {"any": ["pi_nam"]}}, "no category pi_nam"),
    "restored purpose": ({"restore": {"analysis": ["pi_basic"]}}, "no purpose analysis"),
    "pilot day": (
        {"pilots": {"p": PILOT | {"until": "31.12.2026"}}},
        r"pilots\.p\.until: 31\.12\.2026 is no day",
    ),
    "pilot first day": ({"pilots": {"p": PILOT | {"from": "2026-02-30"}}}, "2026-02-30 is no day"),
    "pilot category": ({"pilots": {"p": PILOT | {"treatments": {"x": "keep"}}}}, "no category x"),
    "pilot purpose": ({"pilots": {"p": PILOT | {"purposes": ["x"]}}}, "no purpose x"),
    "basic day": (
        {"waivers": {WAIVABLE: {"by": "A", "why": "B", "until": "20261231"}}},
        "20261231 is no day; write it as 2026-12-31",
    ),
    "waiver code": (
        {"waivers": {"destination.unknown": {"by": "A", "why": "B", "until": "2027-01-01"}}},
        "cannot be waived",
    ),
    "waiver shape": (
        {"waivers": {"cn.pipl.art39.consent_missing": {"by": "A"}}},
        "needs by, why and until",
    ),
    "category": ({"categories": {"pi_basic": {"level": "general"}}}, "only adds its own"),
    "level": ({"categories": {"acme_x": {"level": "nice"}}}, "needs a level"),
    "band": ({"bands": {"general": [0]}}, "positive integers"),
}


@pytest.mark.parametrize("case", OVERLAYS)
def test_an_overlay_says_only_what_it_may(tmp_path: Path, case: str) -> None:
    """Unknown sections, settings, treatments and waivers are refused by name."""
    content, message = OVERLAYS[case]
    with pytest.raises(BundleError, match=message):
        load(overlay=overlay(tmp_path, content))


@pytest.mark.parametrize(
    ("package", "message"),
    [("silkgate.rules.cn.mine", "must lie in"), ("silkgate.overlay.waivers", "name it")],
)
def test_an_overlay_keeps_to_its_own_package(tmp_path: Path, package: str, message: str) -> None:
    """It may not stand among our rules, nor where its own data lies."""
    with pytest.raises(BundleError, match=message):
        load(overlay=folder(tmp_path, {"a.rego": f"package {package}\n"}))


def test_an_overlay_cannot_change_our_data(tmp_path: Path) -> None:
    """Data outside `silkgate.overlay` is refused."""
    files = {"silkgate/thresholds/data.json": '{"order16": {"assessment_general": 9}}'}
    with pytest.raises(BundleError, match="only"):
        load(overlay=folder(tmp_path, files))


def test_an_overlay_may_speak_of_what_it_adds(tmp_path: Path) -> None:
    """Its own categories are treated like the shipped ones; a whole pilot is taken as it is."""
    content = {
        "categories": {"acme_score": {"level": "pi"}},
        "treatments": {"any": {"acme_score": "mask", "pi_basic/PERSON": "mask"}},
        "pilots": {"p": PILOT},
    }
    assert load(overlay=overlay(tmp_path, content)).data["silkgate"]["overlay"]["pilots"]["p"]


def test_an_empty_overlay_changes_nothing(tmp_path: Path) -> None:
    """A fresh folder with a README is no policy."""
    assert load(overlay=folder(tmp_path, {"README.md": "# ours"})) == SHIPPED
