"""A team's own Presidio recognizers, as detectors: registry files in YAML, classes in Python.

Whatever of a file or class cannot be run as it was meant is refused by name: a recognizer that is
left out in silence would be a hole. Importing this module imports Presidio.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

import yaml  # type: ignore[import-untyped]
from presidio_analyzer import PatternRecognizer, predefined_recognizers

from classifiers.detector import Detector
from classifiers.presidio import adopt

# Keys of a custom recognizer that its constructor takes, and those that say how it is set up.
_TAKEN: Final = frozenset(
    "supported_entity name patterns deny_list deny_list_score context global_regex_flags version"
    " supported_language".split()
)
_SET_UP: Final = frozenset(
    "type enabled supported_entities supported_languages country_code class_name".split()
)
_SECTIONS: Final = frozenset(
    "recognizers supported_languages global_regex_flags recognizer_registry".split()
)
_NO_CATEGORIES: Final[Mapping[str, str]] = MappingProxyType({})


class RecognizerRefused(ValueError):
    """A recognizer cannot be run; the message says which, why, and what to do."""


def adopt_yaml(
    text: str, path: str, *, categories: Mapping[str, str] = _NO_CATEGORIES
) -> list[Detector]:
    """The pattern recognizers of a Presidio registry file (`recognizers:` in YAML) read at `path`.

    `categories` maps entities to categories where the taxonomy does not know them. An entry with
    `enabled: false` is left out. Raises `RecognizerRefused`.
    """
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RecognizerRefused(f"{path}: not valid YAML: {str(error).splitlines()[0]}") from error
    if not isinstance(document, dict) or not isinstance(document.get("recognizers"), list):
        raise RecognizerRefused(f"{path}: no list of `recognizers:` is in it")
    if unknown := sorted(map(str, set(document) - _SECTIONS)):
        raise RecognizerRefused(f"{path}: {unknown[0]!r} is no key of a registry file")
    found = []
    for number, row in enumerate(document["recognizers"], 1):
        where = f"{path}, recognizer {number}"
        for recognizer in _listed(row, where):
            found.append(_adopted(recognizer, categories, where))
    return found


def adopt_class(place: str, *, categories: Mapping[str, str] = _NO_CATEGORIES) -> Detector:
    """The recognizer that `module:Class` makes when it is called with nothing.

    Importing runs the module's code: only what the configuration names is imported. Raises
    `RecognizerRefused`.
    """
    module, separator, name = place.partition(":")
    if not (module and separator and name):
        raise RecognizerRefused(f"{place!r} is not module:Class")
    try:
        made = getattr(import_module(module), name)()
    except Exception as error:  # whatever a stranger's module does
        raise RecognizerRefused(f"{place}: {type(error).__name__}: {error}") from error
    return _adopted(made, categories, place)


def team_detectors(
    files: Mapping[str, str], classes: Sequence[str], categories: Mapping[str, str]
) -> list[Detector]:
    """Every recognizer of the files (name -> text) and classes. Raises `RecognizerRefused`."""
    found = [
        item
        for path, text in files.items()
        for item in adopt_yaml(text, path, categories=categories)
    ]
    found += [adopt_class(place, categories=categories) for place in classes]
    return found


def _listed(row: Any, where: str) -> Iterator[Any]:
    """The recognizers of one entry: none where it is switched off."""
    if isinstance(row, str):
        row = {"name": row, "type": "predefined"}
    if not isinstance(row, dict):
        raise RecognizerRefused(f"{where}: must be a name or a table of keys")
    if unknown := sorted(map(str, set(row) - _TAKEN - _SET_UP)):
        raise RecognizerRefused(f"{where}: {unknown[0]!r} is no key of a recognizer")
    if not row.get("enabled", True):
        return
    if row.get("type", "custom") == "predefined":
        yield _predefined(str(row.get("class_name") or row.get("name")), where)
        return
    taken = {key: value for key, value in row.items() if key in _TAKEN}
    entities = row.get("supported_entities") or ()
    if len(entities) > 1:
        raise RecognizerRefused(f"{where}: one entity a recognizer; split it")
    if entities:
        taken.setdefault("supported_entity", entities[0])
    taken["context"] = [*(row.get("context") or ()), *_spoken(row.get("supported_languages"))]
    try:
        yield PatternRecognizer.from_dict(taken)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise RecognizerRefused(f"{where}: {type(error).__name__}: {error}") from error


def _spoken(languages: Any) -> Iterator[str]:
    """Context words that stand under languages: every column may be in any of them."""
    for language in languages or ():
        if isinstance(language, dict):
            yield from language.get("context") or ()


def _predefined(name: str, where: str) -> Any:
    kind = getattr(predefined_recognizers, name, None)
    if not isinstance(kind, type) or not issubclass(kind, PatternRecognizer):
        raise RecognizerRefused(
            f"{where}: {name} is none of Presidio's pattern recognizers; leave it out or say"
            " `enabled: false`"
        )
    made: Any = kind
    return made()


def _adopted(recognizer: Any, categories: Mapping[str, str], where: str) -> Detector:
    if not isinstance(recognizer, PatternRecognizer):
        raise RecognizerRefused(
            f"{where}: {type(recognizer).__name__} is no PatternRecognizer; others have no patterns"
            " that could be searched in linear time"
        )
    theirs: Any = recognizer
    entity = theirs.supported_entities[0]
    try:
        return adopt(recognizer, category=categories.get(entity))
    except ValueError as error:
        hint = f'; name one under [detectors.categories], as in {entity} = "pi_account"'
        told = str(error).split("; say which one", maxsplit=1)[0]
        raise RecognizerRefused(f"{where}: {told}{hint if told != str(error) else ''}") from error
