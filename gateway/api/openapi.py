"""The OpenAPI 3.1 document, made from the table of operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any, Final

import msgspec

from gateway import errors
from gateway.api.operations import JSON, PROBLEM, Operation
from gateway.errors import PROBLEM_PREFIX, GatewayError

_ALWAYS: Final = (errors.BadRequest,)
_WITH_ROLES: Final = (errors.Unauthorized, errors.RoleForbidden)
_WITH_BODY: Final = (errors.TooLarge, errors.MediaRefused)
_REF: Final = "#/components/schemas/{name}"


class ProblemDocument(msgspec.Struct):
    """An RFC 9457 problem; further members depend on its type."""

    type: str
    title: str
    status: int
    detail: str


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The document that describes `operations`."""
    types = [ProblemDocument, *_types(operations)]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    of_type = {id(kind): schema for kind, schema in zip(types, schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for each in operations:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, of_type)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Silkgate admin API",
            "version": version("silkgate"),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "Silkgate-Key"},
                "bearer": {"type": "http", "scheme": "bearer"},
                "certificate": {"type": "mutualTLS"},
            },
        },
    }


def _types(operations: Sequence[Operation]) -> list[Any]:
    bodies = [kind for each in operations for kind in (each.body or {}).values()]
    replies = [each.reply for each in operations if not isinstance(each.reply, str)]
    return [kind for kind in (*bodies, *replies) if kind is not bytes]


def _operation(each: Operation, of_type: Mapping[int, Any]) -> dict[str, Any]:
    problems: list[type[GatewayError]] = [*_ALWAYS, *each.errors]
    described: dict[str, Any] = {"operationId": each.name, "summary": each.about}
    if each.parameters:
        described["parameters"] = [
            {
                "name": parameter.name,
                "in": parameter.where,
                "required": parameter.required or parameter.where == "path",
                "description": parameter.about,
                "schema": parameter.schema,
            }
            for parameter in each.parameters
        ]
    if each.body is not None:
        problems += _WITH_BODY
        described["requestBody"] = {"required": True, "content": _content(each.body, of_type)}
    if each.roles is not None:
        problems += _WITH_ROLES
        described["security"] = [{"key": []}, {"bearer": []}, {"certificate": []}]
        described["description"] = "Roles: " + ", ".join(sorted(each.roles | {"admin"})) + "."
    replies = each.reply if isinstance(each.reply, str) else JSON
    described["responses"] = {
        "200": {
            "description": "Done",
            "content": {replies: {"schema": of_type.get(id(each.reply), {})}},
        },
        **_problems(problems, of_type),
    }
    return described


def _content(body: Mapping[str, Any], of_type: Mapping[int, Any]) -> dict[str, Any]:
    return {
        media: {"schema": _data(media) if kind is bytes else of_type[id(kind)]}
        for media, kind in body.items()
    }


def _data(media: str) -> dict[str, Any]:
    return {} if media == JSON else {"type": "string"}


def _problems(
    problems: Sequence[type[GatewayError]], of_type: Mapping[int, Any]
) -> dict[str, dict[str, Any]]:
    by_status: dict[int, list[type[GatewayError]]] = {}
    for error in dict.fromkeys(problems):
        by_status.setdefault(error.status, []).append(error)
    schema = of_type[id(ProblemDocument)]
    return {
        str(status): {
            "description": "; ".join(f"{e.title} ({PROBLEM_PREFIX}{e.code})" for e in found),
            "content": {PROBLEM: {"schema": schema}},
        }
        for status, found in sorted(by_status.items())
    }
