"""The strict configuration file."""

import tomllib
from pathlib import Path

import pytest

from gateway.errors import ConfigError
from gateway.settings import Settings, load, parse

EXAMPLE = """
[exporter]
id = "acme-cn"
name = "示例电商有限公司"

[callers.orders-service]
key_sha256 = "{digest}"
routes = ["sg-fulfilment"]

[routes.sg-fulfilment]
upstream = "https://api.partner.example/v2/"
destination = "SG"
recipient = "Partner Logistics Pte Ltd"
purpose = "order_fulfilment"
subjects = [["/buyer/id_no", "/buyer/phone"]]
[routes.sg-fulfilment.basis]
ground = "contract"
exemption = "cn.order16.art5.1.1"
mechanism = {{ kind = "standard_contract", ref = "SCC-2026-001", valid_until = 2029-03-01 }}
[routes.sg-fulfilment.declare]
"/buyer/name" = "pi_basic"
""".format(digest="0" * 64)


def read(text: str) -> Settings:
    return parse(tomllib.loads(text), root=Path("/etc/silkgate"))


def test_the_example_is_read() -> None:
    """Defaults fill in; dates become the ISO strings that policies read."""
    settings = read(EXAMPLE)
    route = settings.routes["sg-fulfilment"]
    assert settings.listen.data == "127.0.0.1:8080"
    assert route.basis.facts().mechanism is not None
    assert route.basis.facts().mechanism.valid_until == "2029-03-01"
    assert settings.path("data/audit") == Path("/etc/silkgate/data/audit")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[exporter]", "[exproter]", r"\[exproter\] is not a section"),
        ('id = "acme-cn"', 'id = "acme-cn"\ncioo = true', "cioo"),
        ('destination = "SG"', 'destination = "Singapore"', "destination"),
        ('destination = "SG"', 'destination = "SG"\nmdoe = "shadow"', r"sg-fulfilment\].*mdoe"),
        ("https://api.partner.example/v2/", "api.partner.example", "absolute"),
        ("https://api.partner.example/v2/", "https://u:p@a.example/", "user information"),
        ('routes = ["sg-fulfilment"]', 'routes = ["sg"]', r"no \[routes.sg\]"),
        ('key_sha256 = "', '#key_sha256 = "', "give key_sha256, keys, mtls_subject or jwt_subject"),
        ('"/buyer/name" = ', '"buyer/name" = ', "JSON Pointer"),
        ('= "pi_basic"', '= "pi_bsaic"', "pi_bsaic"),
        ('ground = "contract"', 'ground = "contract"\nkonsent = "x"', "konsent"),
        ('destination = "SG"', 'destination = "SG"\nopaque = ["text/csv"]', "text/csv is read"),
        ('destination = "SG"', 'destination = "SG"\nopaque = ["image/*"]', "opaque"),
    ],
)
def test_mistakes_are_named(old: str, new: str, message: str) -> None:
    """A wrong key or value is an error that says where it stands."""
    assert old in EXAMPLE
    with pytest.raises(ConfigError, match=message):
        read(EXAMPLE.replace(old, new))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Missing and broken files end in one clear message."""
    with pytest.raises(ConfigError, match=r"none\.toml"):
        load(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("[exporter\n")
    with pytest.raises(ConfigError, match="not valid TOML"):
        load(tmp_path / "bad.toml")


def test_an_opening_balance_needs_evidence() -> None:
    """Where earlier exports are claimed, somebody must say how that is known."""
    opening = (
        "[ledger.opening]\nyear = 2026\ngeneral = 0\nsensitive = 0\nas_of = 2026-01-01\n"
        'evidence = ""\n'
    )
    with pytest.raises(ConfigError, match="evidence"):
        read(opening + EXAMPLE)
