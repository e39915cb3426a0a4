"""The policy bundle: Rego modules and their data, one revision.

A bundle is a folder in OPA's own layout: `*.rego`, and `data.json` or `data.yaml` whose folder is
their place in the document. Tests (`*_test.rego`) lie beside the rules and are not part of it.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, Final

from policies import lint
from policies.errors import BundleError

__all__ = [
    "Bundle",
    "BundleError",
    "allowances",
    "archive",
    "band_edges",
    "builtin_path",
    "from_archive",
    "load",
    "pack",
    "read_folder",
    "seal",
    "unpack",
]

BUILTIN: Final = "builtin"
ROOT: Final = "silkgate"
MAX_ARCHIVE_BYTES: Final = 64 * 2**20  # unpacked; the shipped bundle is under one

_DATA_FILES: Final = frozenset({"data.json", "data.yaml"})
_LOOKS_LIKE_DATA: Final = frozenset({".json", ".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class Bundle:
    """Modules by path, the merged data document, and the SHA-256 over both, in hex."""

    modules: Mapping[str, str]
    data: Mapping[str, Any]
    revision: str


def builtin_path() -> Path:
    """Where the shipped bundle lies."""
    return Path(str(files("policies"))) / "rego"


def load(bundle: str | Path = BUILTIN, overlay: Path | None = None) -> Bundle:
    """Read a bundle folder, and the company's overlay on top of it.

    Raises `BundleError` naming the file, and the line where there is one.
    """
    root = builtin_path() if bundle == BUILTIN else Path(bundle)
    modules, data = read_folder(root)
    lint.check(modules, within=ROOT)
    _check_roots(data, root)
    if overlay is not None:
        from policies.overlay import check_overlay  # noqa: PLC0415

        own_modules, own_data = read_folder(overlay)
        check_overlay(own_modules, own_data, base=data, where=overlay)
        modules |= {f"overlay/{path}": text for path, text in own_modules.items()}
        data = _merge(data, own_data, str(overlay))
    return seal(modules, data)


def seal(modules: Mapping[str, str], data: Mapping[str, Any]) -> Bundle:
    """The bundle of these modules and data, with its revision."""
    listing = hashlib.sha256()
    for path in sorted(modules):
        text = hashlib.sha256(modules[path].encode()).hexdigest()
        listing.update(f"{text}  {path}\n".encode())
    listing.update(hashlib.sha256(_canonical(data)).hexdigest().encode())
    return Bundle(
        MappingProxyType(dict(modules)), MappingProxyType(dict(data)), listing.hexdigest()
    )


def archive(bundle: Bundle) -> bytes:
    """An OPA bundle (`.tar.gz`) that depends on nothing but `bundle`."""
    manifest = {"revision": bundle.revision, "roots": [ROOT], "rego_version": 1}
    members = {".manifest": _canonical(manifest), "data.json": _canonical(bundle.data)}
    return pack(members | {path: text.encode() for path, text in bundle.modules.items()})


def pack(members: Mapping[str, bytes]) -> bytes:
    """A `.tar.gz` of these files, the same bytes for the same files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(members):
            member = tarfile.TarInfo(name)
            member.size = len(members[name])
            member.mode = 0o644
            tar.addfile(member, io.BytesIO(members[name]))
    return gzip.compress(packed.getvalue(), mtime=0)


def from_archive(packed: bytes) -> Bundle:
    """The bundle in an archive made by `archive`. Raises `BundleError` if it was altered."""
    members = unpack(packed)
    members.pop(".signatures.json", None)
    try:
        manifest = json.loads(members.pop(".manifest"))
        data = json.loads(members.pop("data.json"))
        modules = {name: text.decode() for name, text in members.items()}
        revision = manifest["revision"]
    except (KeyError, TypeError, ValueError) as error:
        raise BundleError(f"the bundle archive is not one of ours: {error}") from error
    lint.check(modules, within=ROOT)
    bundle = seal(modules, data)
    if bundle.revision != revision:
        raise BundleError(
            f"the bundle archive states revision {revision} and holds {bundle.revision}: "
            "it was altered after it was made"
        )
    return bundle


def unpack(packed: bytes) -> dict[str, bytes]:
    """The files in a bundle archive. Raises `BundleError` where there are none to be had."""
    members: dict[str, bytes] = {}
    try:
        with gzip.open(io.BytesIO(packed)) as stream:
            plain = stream.read(MAX_ARCHIVE_BYTES + 1)
        if len(plain) > MAX_ARCHIVE_BYTES:
            raise BundleError(f"the bundle archive unpacks to over {MAX_ARCHIVE_BYTES} bytes")
        with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is None or member.name.removeprefix("/") in members:
                    raise BundleError(f"the bundle archive holds {member.name}, twice or no file")
                members[member.name.removeprefix("/")] = content.read()
    except (OSError, EOFError, tarfile.TarError) as error:
        raise BundleError(f"the bundle archive cannot be unpacked: {error}") from error
    return members


def band_edges(bundle: Bundle) -> dict[str, list[int]]:
    """Every threshold and cap on yearly counts of persons, ascending, by tally."""
    policy = bundle.data[ROOT]
    overlay = policy.get("overlay", {})
    edges = {kind: set(policy["bands"][kind]) for kind in ("general", "sensitive")}
    for kind, own in overlay.get("bands", {}).items():
        edges[kind].update(own)
    for enabled in overlay.get("negative_lists", {}).values():
        edges["general"].update(item["threshold"] for item in enabled["items"])
    edges["general"].discard(0)
    return {kind: sorted(numbers) for kind, numbers in edges.items()}


def allowances(bundle: Bundle) -> dict[str, dict[str, int]]:
    """The caps of each sandbox, pilot programme and shadow fact, by the name decisions give it.

    What has left under it, as persons, records or bytes, must stay below the cap of that kind.
    """
    overlay = bundle.data[ROOT].get("overlay", {})
    found: dict[str, dict[str, int]] = {}
    for kind, section in (("pilot", "pilots"), ("sandbox", "sandboxes")):
        for name, facts in overlay.get(section, {}).items():
            found[f"{kind}.{name}"] = {
                key.removeprefix("below_"): cap
                for key, cap in facts.items()
                if key.startswith("below_")
            }
    for name, fact in overlay.get("shadows", {}).items():
        found[f"shadow.{name}"] = {"persons": fact["max_persons"] + 1}
    return found


def read_folder(root: Path, *, tests: bool = False) -> tuple[dict[str, str], dict[str, Any]]:
    """The modules (or, with `tests`, the test modules alone) and the data under `root`."""
    if not root.is_dir():
        raise BundleError(f"{root}: no such folder; a bundle is a folder of Rego and data files")
    modules: dict[str, str] = {}
    data: dict[str, Any] = {}
    for path in _files(root):
        place = PurePosixPath(path.relative_to(root).as_posix())
        if path.suffix == ".rego":
            if path.stem.endswith("_test") == tests:
                modules[str(place)] = _text(path)
        elif path.name in _DATA_FILES:
            data = _merge(data, _nest(place.parent, _document(path)), str(path))
        elif path.suffix in _LOOKS_LIKE_DATA:
            raise BundleError(
                f"{path}: a bundle reads only data.json and data.yaml; "
                f"move it to {path.with_suffix('')}/data{path.suffix}"
            )
    return modules, data


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        if path.is_file() and not any(p.startswith(".") for p in path.relative_to(root).parts):
            yield path


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BundleError(f"{path}: cannot be read as UTF-8 text: {error}") from error


def _document(path: Path) -> dict[str, Any]:
    """The object in a data file. Duplicate keys, floats and YAML's dates are refused."""
    text = _text(path)
    try:
        if path.suffix == ".json":
            value = json.loads(text, object_pairs_hook=_distinct)
        else:
            value = _yaml(text)
    except json.JSONDecodeError as error:
        raise BundleError(f"{path}:{error.lineno}: {error.msg}") from error
    except ValueError as error:
        raise BundleError(f"{path}: {error}") from error
    if not isinstance(value, dict):
        raise BundleError(f"{path}: must hold one object")
    _plain(value, str(path), "data")
    return value


def _yaml(text: str) -> Any:
    import yaml  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"key {twice!r} appears twice")
    return value


def _plain(value: Any, where: str, place: str) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise BundleError(f"{where}: {place}: key {key!r} must be text; quote it")
            _plain(item, where, f"{place}.{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            _plain(item, where, f"{place}[{number}]")
    elif not isinstance(value, str | bool | int | None):
        kind = type(value).__name__
        raise BundleError(f"{where}: {place} is a {kind}; use an integer, or quote it as text")


def _nest(folder: PurePosixPath, document: dict[str, Any]) -> dict[str, Any]:
    for name in reversed(folder.parts):
        document = {name: document}
    return document


def _merge(
    base: dict[str, Any], more: dict[str, Any], where: str, place: str = "data"
) -> dict[str, Any]:
    merged = dict(base)
    for key, value in more.items():
        if key not in merged:
            merged[key] = value
        elif isinstance(merged[key], dict) and isinstance(value, dict):
            merged[key] = _merge(merged[key], value, where, f"{place}.{key}")
        else:
            raise BundleError(f"{where}: {place}.{key} is set by another data file already")
    return merged


def _check_roots(data: Mapping[str, Any], root: Path) -> None:
    if set(data) != {ROOT}:
        outside = ", ".join(sorted(set(data) - {ROOT})) or "nothing"
        raise BundleError(f"{root}: all data must lie under {ROOT}/; found {outside}")


def _canonical(value: Mapping[str, Any]) -> bytes:
    return json.dumps(
        dict(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()
