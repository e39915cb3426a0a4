"""Request targets: one reading or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.http.paths import BadTarget, Target, join_upstream, location_within, parse_target


def test_a_target_splits_into_route_segments_and_query() -> None:
    """Raw segments and the raw query stay as they came."""
    assert parse_target("/sg/orders/7%2C8?x=%E4%B8%AD&x=1") == Target(
        "sg", ("orders", "7%2C8"), "x=%E4%B8%AD&x=1", "/sg/"
    )
    assert parse_target("/sg") == Target("sg", (), "", "/sg/")
    assert parse_target("/sg/") == Target("sg", ("",), "", "/sg/")


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "sg/orders",
        "*",
        "//evil.example/x",
        "/sg//orders",
        "/sg/../admin",
        "/sg/%2e%2e/admin",
        "/sg/.",
        "/sg/a%2Fb",
        "/sg/a%5Cb",
        "/sg/a\\b",
        "/sg/a;b=c",
        "/sg/a%3Bb",
        "/sg/%252e%252e/admin",
        "/sg/a%00b",
        "/sg/a%0d%0ab",
        "/sg/a b",
        "/sg/中",
        "/sg/a%zz",
        "/sg/a#frag",
        "/sg/a?x#y",
    ],
)
def test_ambiguous_targets_are_refused(raw: str) -> None:
    """Empty and dot segments, encoded separators, double encodings, controls, fragments."""
    with pytest.raises(BadTarget):
        parse_target(raw)


@given(st.text(alphabet="/.%2eE\\;aA?#\x00 中", max_size=24))
def test_what_is_accepted_cannot_climb(raw: str) -> None:
    """No accepted target changes its meaning when a server decodes and normalizes it."""
    try:
        target = parse_target("/" + raw)
    except BadTarget:
        return
    url = join_upstream("https://partner.example/v2/", target.segments, target.query)
    assert url.startswith("https://partner.example/v2/")
    assert ".." not in url.partition("?")[0].replace("%2e", ".").replace("%2E", ".").split("/")


def test_the_upstream_url_keeps_raw_parts() -> None:
    """Base path, segments and query are joined without re-encoding."""
    assert join_upstream("https://a.example/v2", ("x%2Cy", "z"), "q=1") == (
        "https://a.example/v2/x%2Cy/z?q=1"
    )


@pytest.mark.parametrize(
    ("location", "want"),
    [
        ("https://a.example/v2/orders/9?ok=1", "/sg/orders/9?ok=1"),
        ("/v2/orders/9", "/sg/orders/9"),
        ("https://b.example/v2/orders/9", None),
        ("http://a.example/v2/orders/9", None),
        ("//b.example/v2/x", None),
        ("/v1/orders", None),
        ("/v2/../admin", None),
        ("https://a.example:8443/v2/x", None),
    ],
)
def test_redirects_are_rewritten_only_inside_the_route(location: str, want: str | None) -> None:
    """Another host, scheme, port or path is outside."""
    assert location_within("https://a.example/v2/", location, "/sg/") == want
