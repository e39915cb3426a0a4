"""Which headers pass, either way."""

from gateway.http.headers import outgoing, returning


def test_only_listed_headers_leave() -> None:
    """Credentials, cookies and forwarding headers stay."""
    sent = [
        ("Accept", "application/json"),
        ("Silkgate-Key", "k"),
        ("Cookie", "a=b"),
        ("Authorization", "Bearer t"),
        ("X-Forwarded-For", "10.0.0.1"),
        ("Content-Type", "application/json"),
        ("X-Customer", "v"),
    ]
    assert outgoing(sent) == [("accept", "application/json"), ("content-type", "application/json")]


def test_headers_named_by_connection_stay() -> None:
    """They are meant for this hop alone, whatever their name (RFC 9110 §7.6.1)."""
    sent = [("Accept", "a/b"), ("Connection", "close, ACCEPT"), ("Prefer", "respond-async")]
    assert outgoing(sent) == [("prefer", "respond-async")]


def test_hop_by_hop_and_steering_headers_do_not_return() -> None:
    """Also those that `Connection` names, and nothing may pose as ours."""
    received = [
        ("Content-Type", "application/json"),
        ("Connection", "close, X-Secret"),
        ("X-Secret", "1"),
        ("Alt-Svc", 'h3=":443"'),
        ("Refresh", "0; url=https://b.example"),
        ("Set-Cookie", "a=b"),
        ("Silkgate-Decision", "allow"),
        ("ETag", '"x"'),
    ]
    assert returning(received) == [("Content-Type", "application/json"), ("ETag", '"x"')]
