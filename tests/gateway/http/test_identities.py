"""Keys that rotate, certificate subjects, allowances."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from gateway.credentials import CallerLimits, Credentials, KeySettings, TlsSettings, fault
from gateway.errors import TooManyRequests, Unauthorized
from gateway.http.allowance import Allowance
from gateway.http.identities import Identities

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def test_an_old_key_works_beside_its_successor_until_its_end() -> None:
    """Rotation: two keys at once, then one; the holder of the old one is told since when."""
    keys = [KeySettings(digest("old"), NOW), KeySettings(digest("new"))]
    known = {"shop": Credentials(key_sha256=digest("first"), keys=keys)}
    before = Identities(known, now=lambda: NOW - timedelta(seconds=1))
    assert {before.of_secret(key) for key in ("first", "old", "new")} == {"shop"}
    after = Identities(known, now=lambda: NOW)
    assert after.of_secret("new") == "shop"
    with pytest.raises(Unauthorized, match="valid until 2026-11-27"):
        after.of_secret("old")
    for stranger in ("", "other", digest("new"), "a.b.c"):
        with pytest.raises(Unauthorized, match="not one that is known"):
            after.of_secret(stranger)


def test_a_subject_must_be_the_whole_name() -> None:
    """Exactly these parts, in this order."""
    identities = Identities({"shop": Credentials(mtls_subject="CN=orders,O=Acme\\, Inc")})

    def name(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
        return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts])

    org, common = x509.NameOID.ORGANIZATION_NAME, x509.NameOID.COMMON_NAME
    whole = name((org, "Acme, Inc"), (common, "orders"))
    assert identities.of_certificate(whole, "") == "shop"
    for other in (
        name((common, "orders")),
        name((common, "orders"), (org, "Acme, Inc")),
        name((org, "Acme, Inc"), (common, "orders"), (common, "orders")),
        name((org, "Acme, Inc"), (common, "Orders")),
        name((common, "CN=orders,O=Acme\\, Inc")),
    ):
        with pytest.raises(Unauthorized):
            identities.of_certificate(other, "")


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (Credentials(), None, "a]: give"),
        (Credentials(mtls_subject="CN=a"), None, "client_ca"),
        (Credentials(jwt_subject="a"), None, r"needs \[jwt\]"),
        (Credentials(key_sha256=digest("k")), Credentials(keys=[KeySettings(digest("k"))]),
         "b]: shares a key or subject with a"),
    ],
)  # fmt: skip
def test_credentials_that_say_too_little_or_the_same_are_refused(
    first: Credentials, second: Credentials | None, message: str
) -> None:
    """Nothing to show, nothing to check it with, two owners."""
    known = {"a": first} | ({"b": second} if second else {})
    import re

    assert re.search(message, fault(known, tls=None, jwt=False))


def test_a_subject_that_is_no_name_is_refused() -> None:
    """So is an empty one."""
    tls = TlsSettings(cert="c", key="k", client_ca="ca")
    for text in ("orders", "CN", "", "CN=a,,O=b"):
        assert "RFC 4514" in fault({"a": Credentials(mtls_subject=text)}, tls=tls, jwt=False)
    assert fault({"a": Credentials(mtls_subject="CN=a,O=b")}, tls=tls, jwt=False) == ""


@given(
    st.integers(1, 600),
    st.integers(1, 20),
    st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=200),
)
def test_no_window_admits_more_than_burst_and_rate(
    rate: int, burst: int, gaps: list[float]
) -> None:
    """Whatever the gaps: requests within any span are at most burst + span × rate."""
    now = [0.0]
    allowance = Allowance(CallerLimits(requests_per_minute=rate, burst=burst), clock=lambda: now[0])
    admitted: list[float] = []
    for gap in gaps:
        now[0] += gap
        try:
            with allowance.request():
                admitted.append(now[0])
        except TooManyRequests as refused:
            now[0] += refused.wait
            with allowance.request():  # waiting as told is enough
                admitted.append(now[0])
    for i, first in enumerate(admitted):
        for j in range(i, len(admitted)):
            span = admitted[j] - first
            assert j - i + 1 <= burst + span * rate / 60 + 1e-6


def test_what_is_under_way_is_counted_until_it_ends() -> None:
    """Also where it ends with an error."""
    allowance = Allowance(CallerLimits(concurrent=1))
    with allowance.request(), pytest.raises(TooManyRequests), allowance.request():
        pass
    with pytest.raises(RuntimeError), allowance.request():
        raise RuntimeError
    with allowance.request():
        pass
