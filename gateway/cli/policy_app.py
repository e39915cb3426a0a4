"""`silkgate policy …`: every command and its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import Output, OutputOption

policy_app = typer.Typer(
    help="Check, test, show, compare, simulate and sign policies.", rich_markup_mode=None
)

BundleOption = Annotated[
    str, typer.Option("--bundle", help="A bundle folder; the shipped one by default.")
]
OverlayOption = Annotated[
    Path | None, typer.Option("--overlay", help="The company's own policies over it.")
]


@policy_app.command("check", epilog="Example: silkgate policy check --overlay policies/")
def check(
    bundle: BundleOption = "builtin",
    overlay: OverlayOption = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Find what is wrong before anybody relies on it. Exit 1 where something is."""
    from gateway.cli.policy import check as run

    run(bundle, overlay, as_json=output is Output.JSON)


@policy_app.command("test", epilog="Example: silkgate policy test --overlay policies/")
def run_tests(
    bundle: BundleOption = "builtin",
    overlay: OverlayOption = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Run the Rego tests on the embedded engine: the bundle's, or with --overlay the overlay's.

    `opa test` runs the same ones.
    """
    from gateway.cli.policy import test as run

    run(bundle, overlay, as_json=output is Output.JSON)


@policy_app.command(
    "show", epilog="Example: silkgate policy show --destination SG --purpose order_fulfilment"
)
def show(
    destination: Annotated[str, typer.Option(help="ISO 3166-1 alpha-2.")],
    purpose: Annotated[str, typer.Option(help="What the recipient does with the data.")],
    bundle: BundleOption = "builtin",
    overlay: OverlayOption = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """What happens to each kind of data on its way there, as a table a lawyer can read."""
    from gateway.cli.policy import show as run

    run(destination, purpose, bundle, overlay, as_json=output is Output.JSON)


@policy_app.command("diff", epilog="Example: silkgate policy diff builtin builtin --new-overlay p/")
def diff(
    old: Annotated[str, typer.Argument(help="A bundle folder or `builtin`.")],
    new: Annotated[str, typer.Argument(help="A bundle folder or `builtin`.")],
    old_overlay: Annotated[Path | None, typer.Option(help="Overlay of the old one.")] = None,
    new_overlay: Annotated[Path | None, typer.Option(help="Overlay of the new one.")] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Say in words what changed between two bundles. Exit 1 where anything did."""
    from gateway.cli.policy import diff as run

    run((old, old_overlay), (new, new_overlay), as_json=output is Output.JSON)


@policy_app.command("simulate", epilog="Example: silkgate policy simulate builtin --log data/audit")
def simulate(
    new: Annotated[str, typer.Argument(help="A bundle folder or `builtin`.")],
    log: Annotated[Path, typer.Option("--log", help="The audit log's folder.")],
    overlay: OverlayOption = None,
    since: Annotated[
        str | None, typer.Option(help="Only exports from this time on (ISO 8601, UTC).")
    ] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Decide recorded exports again by another policy. Exit 1 where anything would be freed."""
    from gateway.cli.policy import simulate as run

    run(new, overlay, log, since, as_json=output is Output.JSON)


@policy_app.command("sign", epilog="Example: silkgate policy sign --key key.pem --to bundle.tar.gz")
def sign(
    key: Annotated[Path, typer.Option("--key", help="Private key, P-256, PEM.")],
    to: Annotated[Path, typer.Option("--to", help="Where to write the signed bundle.")],
    bundle: BundleOption = "builtin",
    overlay: OverlayOption = None,
    key_id: Annotated[str, typer.Option(help="The key's name in the signature.")] = "default",
) -> None:
    """Write an OPA bundle with `.signatures.json`, as `opa run --verification-key` accepts it."""
    from gateway.cli.policy import sign as run

    run(bundle, overlay, key, key_id, to)


@policy_app.command("verify", epilog="Example: silkgate policy verify bundle.tar.gz --key key.pub")
def verify(
    bundle: Annotated[Path, typer.Argument(help="What `policy sign` or `opa sign` made.")],
    key: Annotated[Path, typer.Option("--key", help="Public key, P-256, PEM.")],
) -> None:
    """Check that a bundle is as it was signed, no file more or less. Exit 1 where it is not."""
    from gateway.cli.policy import verify as run

    run(bundle, key)
