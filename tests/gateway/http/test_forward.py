"""Which route a host belongs to."""

import pytest

from gateway.errors import RouteForbidden
from gateway.http.forward import Hosts
from gateway.http.paths import BadTarget, Target
from gateway.route_settings import RouteSettings


def route(upstream: str) -> RouteSettings:
    return RouteSettings(upstream=upstream, destination="SG", recipient="P", purpose="analytics")


HOSTS = Hosts(
    {
        "plain": route("http://a.example/"),
        "tls": route("https://B.example/v2"),
        "odd": route("https://c.example:8443/"),
        "both-plain": route("http://d.example/"),
        "both-tls": route("https://d.example/"),
        "one": route("https://e.example/one/"),
        "two": route("https://e.example/two/"),
        "six": route("http://[2001:db8::1]:8080/"),
    }
)


@pytest.mark.parametrize(
    ("raw", "target"),
    [
        ("http://a.example", Target("plain", ("",), "", "http://a.example/")),
        ("HTTP://A.example:80/x?q=1", Target("plain", ("x",), "q=1", "http://A.example:80/")),
        ("http://b.example/v2/x/", Target("tls", ("x", ""), "", "http://b.example/v2/")),
        ("https://b.example/v2/x", Target("tls", ("x",), "", "https://b.example/v2/")),
        ("https://c.example:8443/x", Target("odd", ("x",), "", "https://c.example:8443/")),
        ("https://d.example/x", Target("both-tls", ("x",), "", "https://d.example/")),
        ("http://[2001:db8::1]:8080/", Target("six", ("",), "", "http://[2001:db8::1]:8080/")),
    ],
)
def test_a_host_with_one_route_leads_to_it(raw: str, target: Target) -> None:
    """Host and scheme in any case; plain http reaches a recipient on https."""
    assert HOSTS.target(raw) == target


@pytest.mark.parametrize(
    "raw",
    [
        "http://a.example:81/",
        "https://a.example/",
        "http://b.example/v1/x",
        "http://b.example/v2",
        "http://c.example/",
        "http://d.example/x",
        "https://e.example/one/x",
        "http://a.example./",
        "http://evil-a.example/",
    ],
)
def test_a_host_with_no_or_several_routes_leads_nowhere(raw: str) -> None:
    """Another port, scheme or path, or two routes on one host: nobody guesses."""
    with pytest.raises(RouteForbidden):
        HOSTS.target(raw)


@pytest.mark.parametrize(
    "raw",
    ["*", "a.example:443", "http://u@a.example/", "http:///x", "http://a.example/#f",
     "http://a.example/../x", "http://a.example/%2e%2e/x", "ftp://a.example/", "http://a.example\\@b/"],
)  # fmt: skip
def test_targets_of_other_forms_are_refused(raw: str) -> None:
    """User information, fragments, dot segments, other schemes."""
    with pytest.raises(BadTarget):
        HOSTS.target(raw)
