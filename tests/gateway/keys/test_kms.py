"""Roots from a command and from a fake of Vault's transit engine."""

from __future__ import annotations

import base64
import hmac
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from gateway.keys.keyring import KeyUnavailable, hkdf, key_info
from gateway.keys.kms import CommandKeys, ExternalKeys, VaultKeys


class FakeVault(BaseHTTPRequestHandler):
    """The two calls of the transit API that are used, as its documentation describes them."""

    latest = 2
    broken: Any = None
    seen: list[str] = []  # noqa: RUF012 reset by the fixture

    def do_GET(self) -> None:
        self._answer({"data": {"latest_version": self.latest, "type": "hmac"}})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        version = body["key_version"]
        key = f"{self.path}/{version}".encode()
        digest = hmac.digest(key, base64.b64decode(body["input"]), "sha256")
        self._answer({"data": {"hmac": f"vault:v{version}:{base64.b64encode(digest).decode()}"}})

    def _answer(self, body: Any) -> None:
        self.seen.append(self.path)
        allowed = self.headers["X-Vault-Token"] == "s.token"
        self.send_response(200 if allowed else 403)
        self.end_headers()
        self.wfile.write(json.dumps(self.broken or body).encode())

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@contextmanager
def serving_vault() -> Iterator[int]:
    """The fake on a port of its own."""
    FakeVault.broken, FakeVault.latest, FakeVault.seen = None, 2, []
    server = HTTPServer(("127.0.0.1", 0), FakeVault)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[VaultKeys]:
    token = tmp_path / "token"
    token.write_text("s.token\n")
    with serving_vault() as port:
        yield VaultKeys(f"http://127.0.0.1:{port}", token_file=token)


@pytest.fixture
def command(tmp_path: Path) -> CommandKeys:
    script = tmp_path / "kms.py"
    script.write_text(
        "import sys, hashlib\n"
        "if sys.argv[1] == 'current': print(2)\n"
        "else: print(hashlib.sha256('/'.join(sys.argv[2:]).encode()).hexdigest())\n"
    )
    return CommandKeys([sys.executable, str(script)])


@pytest.fixture(params=["vault", "command"])
def keys(request: pytest.FixtureRequest) -> ExternalKeys:
    found: ExternalKeys = request.getfixturevalue(request.param)
    found.refresh(["hash", "encrypt"])
    return found


def test_keys_differ_by_purpose_context_and_version(keys: ExternalKeys) -> None:
    """As from the keyring: stable, and no two alike."""
    assert keys.current("hash") == 2
    derived = {
        keys.derive(purpose, context, version=version)
        for purpose in ("hash", "encrypt")
        for context in ("", "a")
        for version in (1, 2)
    }
    assert len(derived) == 8
    assert keys.derive("hash", "a") == keys.derive("hash", "a", version=2)
    assert "roots)" in repr(keys)


def test_the_root_is_vaults_hmac(vault: VaultKeys) -> None:
    """Computed here from what the fake holds."""
    key = b"/v1/transit/hmac/silkgate-hash/sha2-256/2"
    root = hmac.digest(key, b"silkgate/1/root", "sha256")
    vault.refresh(["hash"])
    assert vault.derive("hash", "x") == hkdf(root, key_info("hash", "x"))


def test_roots_are_fetched_once(vault: VaultKeys) -> None:
    """Until a refresh, after which a rotation is seen; older versions are fetched when needed."""
    vault.refresh(["hash"])
    for _ in range(3):
        vault.derive("hash", "a")
        vault.derive("hash", "b")
    assert len(FakeVault.seen) == 2
    old = vault.derive("hash", "a")
    FakeVault.latest = 3
    assert vault.current("hash") == 2
    vault.refresh(["hash"])
    assert vault.current("hash") == 3
    assert vault.derive("hash", "a") != old == vault.derive("hash", "a", version=2)


def test_keys_end_with_their_lease(vault: VaultKeys) -> None:
    """A service out of reach is borne for a lease; then there are no keys, until it is back."""
    now = [0.0]
    vault._clock = lambda: now[0]
    with pytest.raises(KeyUnavailable, match="out of reach"):
        vault.derive("hash")
    vault.refresh(["hash"])
    FakeVault.broken = {"errors": ["sealed"]}
    now[0] = 299.0
    with pytest.raises(KeyUnavailable):
        vault.refresh(["hash"])
    key = vault.derive("hash")
    now[0] = 300.0
    for ask in (vault.derive, vault.current):
        with pytest.raises(KeyUnavailable, match="longer than a lease"):
            ask("hash")
    FakeVault.broken = None
    vault.refresh(["hash"])
    assert vault.derive("hash") == key


@pytest.mark.parametrize(
    "broken",
    [
        {"errors": ["no"]},
        {"data": []},
        {"data": {"latest_version": "2", "hmac": "vault:v1:AAAA"}},
        {"data": {"latest_version": 2, "hmac": "vault:v2:!!"}},
        {"data": {"latest_version": 2, "hmac": "vault:v2:AAAA"}},
        "nonsense",
    ],
)
def test_strange_answers_are_refused(vault: VaultKeys, broken: Any) -> None:
    """No key is made of an answer that is not understood."""
    FakeVault.broken = broken
    with pytest.raises(KeyUnavailable):
        vault.refresh(["hash"])
    assert not vault.fresh


def test_a_service_out_of_reach_is_said(tmp_path: Path) -> None:
    """Wrong token, nobody there, no token file, plain http to another machine."""
    token = tmp_path / "token"
    with pytest.raises(KeyUnavailable, match="failed"):
        VaultKeys("http://127.0.0.1:1", token_file=token).refresh(["hash"])
    token.write_text("wrong")
    with pytest.raises(KeyUnavailable, match="failed"):
        VaultKeys("http://127.0.0.1:1", token_file=token).refresh(["hash"])
    with pytest.raises(KeyUnavailable, match="https"):
        VaultKeys("http://vault.example", token_file=token)


def test_a_wrong_token_is_refused(vault: VaultKeys) -> None:
    """The 403 becomes a key that cannot be had."""
    vault._token_file.write_text("wrong")
    with pytest.raises(KeyUnavailable, match="HTTPError"):
        vault.refresh(["hash"])


@pytest.mark.parametrize(
    "argv", [["/nonexistent"], ["false"], ["echo", "secretvalue"], ["sh", "-c", "echo 00; exit 3"]]
)
def test_a_failing_command_shows_nothing_of_its_output(argv: list[str]) -> None:
    """Errors name what failed; what was printed may be a key."""
    with pytest.raises(KeyUnavailable) as caught:
        CommandKeys(argv).refresh(["hash"])
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
