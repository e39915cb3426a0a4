"""`silkgate review …`: what waits for a person, and what a person says of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

from rich.table import Table

from gateway.cli.admin_client import Reply, ask
from gateway.cli.terminal import CANNOT_DECIDE, NEGATIVE, console, fail, print_json

_OK = 200


def show(config: Path, *, as_json: bool, everything: bool) -> None:
    """Print the reviews of the last while; those that are settled only with `everything`."""
    reply = ask(config, "GET", "/v1/reviews")
    if reply.status != _OK:
        _failed(reply)
    found = [each for each in reply.document if everything or each["state"] != "used"]
    if as_json:
        print_json(found)
        return
    if not found:
        console.print("nothing waits for a person")
        return
    for each in found:
        console.print(_card(each))


def say(config: Path, name: str, verdict: str, statement: dict[str, Any], *, as_json: bool) -> None:
    """Approve or deny."""
    reply = ask(config, "POST", f"/v1/reviews/{quote(name, safe='')}/{verdict}", statement)
    if reply.status != _OK:
        _failed(reply)
    if as_json:
        print_json(reply.document)
        return
    review = reply.document
    console.print(f"{review['state']}: {name}, approved by {', '.join(review['by']) or 'nobody'}")
    if review["state"] == "approved":
        how = (
            f"silkgate review release {name} -o FILE"
            if review["kept"]
            else f"the caller resends the same request with Silkgate-Approval: {name}"
        )
        console.print(f"next: {how}", highlight=False, soft_wrap=True)


def release(config: Path, name: str, target: Path) -> None:
    """Write the records, as they leave, to a new file. Exit 1 where the policy keeps them."""
    try:
        file = target.open("xb")
    except OSError as error:
        fail(f"{target} cannot be made: {error.strerror}")
    with file:
        reply = ask(config, "POST", f"/v1/reviews/{quote(name, safe='')}/release")
        if reply.status == _OK:
            file.write(reply.body)
    if reply.status != _OK:
        target.unlink()
        _failed(reply)
    console.print(f"released to {target}, entry {reply.entry}")


def _failed(reply: Reply) -> NoReturn:
    problem = reply.document
    for reason in problem.get("reasons", ()):
        console.print(f"  {reason['code']} ({reason['citation']}): {reason['en']}", highlight=False)
    code = NEGATIVE if reply.status in (403, 404, 422) else CANNOT_DECIDE
    fail(f"{problem['title']}: {problem['detail']}", code)


def _card(review: dict[str, Any]) -> Table:
    card = Table(box=None, show_header=False, pad_edge=False)
    at = datetime.fromtimestamp(review["at_us"] / 1_000_000, UTC)
    rows = {
        "review": review["id"],
        "state": review["state"],
        "since": f"{at:%Y-%m-%d %H:%M} UTC, entry {review['entry']}",
        "route": f"{review['route']}, sent by {review['caller']}",
        "records": f"{review['records']}{' in the quarantine' if review['kept'] else ''}",
        "because": ", ".join(review["reasons"]),
        "holding": ", ".join(review["categories"]),
        "approved by": ", ".join(review["by"]),
    }
    for name, value in rows.items():
        if value:
            card.add_row(name, value)
    card.add_row("", "")
    return card
