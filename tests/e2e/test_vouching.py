"""Witnesses and a time-stamping authority beside a serving gateway: asked, and never waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_log import checkpoint, note
from audit_log.note import Signer, VerifierKey
from audit_log.report import Code, Report
from audit_log.verify import verify
from audit_log.witness import Witness
from gateway.errors import ConfigError
from gateway.node import last_signed
from gateway.settings import Settings
from gateway.vouchers import tsa_roots, witness_policy
from gateway.vouching import Vouching, posting
from tests.audit_log.test_anchor import authority, stamp
from tests.e2e.rig import configured, rig, until

__all__ = ["authority"]
ORDER = b'{"sku":"a"}'


class Witnesses:
    """Two witnesses on loopback, each answering once it knows the log."""

    def __init__(self, root: Path) -> None:
        self.root, self.urls, self.down = root, list[str](), False
        self.known: list[Witness | None] = [None, None]
        self.keys = [Ed25519PrivateKey.from_private_bytes(bytes([40 + n]) * 32) for n in (0, 1)]

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for number in (0, 1):
                app = web.Application()
                app.router.add_post("/{tail:.*}", self._answer(number))
                server = await stack.enter_async_context(TestServer(app))
                self.urls.append(str(server.make_url("")).rstrip("/"))
            yield

    def _answer(self, number: int) -> Any:
        async def answer(request: web.Request) -> web.Response:
            witness = self.known[number]
            if self.down or witness is None:
                return web.Response(status=503)
            reply = witness.add_checkpoint(await request.read())
            return web.Response(status=reply.status, body=reply.body)

        return answer

    def policy(self) -> str:
        signers = [
            Signer(f"w{n}.example", key, note.COSIGNATURE) for n, key in enumerate(self.keys)
        ]
        lines = [f"witness W{n} {s.verifier} {self.urls[n]}" for n, s in enumerate(signers)]
        return "\n".join([*lines, "group both all W0 W1", "quorum both", ""])

    def know(self, vkey: str) -> None:
        for number, key in enumerate(self.keys):
            signer = Signer(f"w{number}.example", key, note.COSIGNATURE)
            place = self.root / f"witness{number}.db"
            log = VerifierKey.parse(vkey)
            self.known[number] = Witness(place, signer, [log], clock=lambda: 1_900_000_000)


@asynccontextmanager
async def time_stamps(authority: Path) -> AsyncIterator[str]:
    """A time-stamping authority's URL."""

    async def answer(request: web.Request) -> web.Response:
        assert request.content_type == "application/timestamp-query"
        reply = await asyncio.to_thread(stamp, authority, await request.read())
        return web.Response(body=reply, content_type="application/timestamp-reply")

    app = web.Application()
    app.router.add_post("/tsa", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/tsa"))


def check(settings: Settings) -> Report:
    directory = settings.path(settings.audit.dir)
    vkey = next((directory / "keys").glob("*.vkey")).read_text("utf-8").strip()
    return verify(
        directory,
        vkey=vkey,
        state=last_signed(settings),
        policy=witness_policy(settings),
        roots=tsa_roots(settings),
    )


async def test_a_serving_log_is_cosigned_and_stamped(tmp_path: Path, authority: Path) -> None:
    """While witnesses are down exports go on and the gateway warns; later they have cosigned."""
    witnesses = Witnesses(tmp_path)
    async with witnesses.listening(), time_stamps(authority) as tsa:
        policy = tmp_path / "w.policy"
        policy.write_text(witnesses.policy())
        audit = {
            "witnesses": {"policy": str(policy), "seconds": 1},
            "tsa": {"url": tsa, "roots": str(authority / "ca.pem")},
        }
        async with rig(tmp_path / "gateway", audit=audit) as line:
            warned = None
            assert (await line.send(ORDER)).status == 200
            for _ in range(1200):
                ready = await line.admin("/readyz")
                warned = ready.status, b"witnesses" in ready.body
                if warned == (200, True):
                    break
                await asyncio.sleep(0.05)
            assert warned == (200, True)
            assert not (line.directory / "cosigned").exists()
            witnesses.know(next((line.directory / "keys").glob("*.vkey")).read_text("utf-8"))
            await until((line.directory / "cosigned").exists)
            await until(lambda: list((line.directory / "stamps").glob("*.tsr")))
            assert (await line.send(ORDER)).status == 200
            settings = line.settings
        report = check(settings)
        assert report.ok, report.problems
        assert report.checked["stamps"] == 1
        assert report.checked["witnessed"] > 0


async def test_what_fails_is_told_and_keeps_what_there_is(tmp_path: Path, authority: Path) -> None:
    """Answers of errors, of nonsense, none at all: a problem, no file, and the log verifies."""
    answers = [(500, b""), (200, b"nonsense"), None, (200, b"x" * 2_000_000)]
    audit = {"tsa": {"url": "http://127.0.0.1:1/", "roots": str(authority / "ca.pem")}}
    async with rig(tmp_path, audit=audit) as line:
        for answer in answers:

            async def post(url: str, body: bytes, headers: Any, told: Any = answer) -> Any:
                if told is None:
                    raise ConnectionError("nobody there")
                return told

            vouching = Vouching(line.settings, post)
            await vouching.stamp()
            assert "tsa" in vouching.problems
            assert not list(line.directory.glob("stamps/*"))
        async with posting() as real:
            vouching = Vouching(line.settings, real)
            await vouching.stamp()
            assert "no answer" in vouching.problems["tsa"]
        assert (await line.send(ORDER)).status == 200
        settings = line.settings
    assert check(settings).ok


async def test_a_damaged_file_does_not_end_the_asking(tmp_path: Path, authority: Path) -> None:
    """Whatever lies where the last cosignature should: a problem, told, and asked again."""
    (tmp_path / "w.policy").write_text("quorum none\n")
    audit = {"witnesses": {"policy": str(tmp_path / "w.policy")}}
    async with rig(tmp_path / "gateway") as line:  # which asks nobody itself

        async def post(url: str, body: bytes, headers: Any) -> Any:
            raise AssertionError("nobody is to be asked")

        (line.directory / "cosigned").write_bytes(b"nonsense")
        vouching = Vouching(configured(tmp_path / "gateway", 1, audit=audit), post)
        await vouching.cosign()
        assert "BadNote" in vouching.problems["witnesses"]


async def test_a_quorum_that_is_configured_is_demanded(tmp_path: Path) -> None:
    """Off by default; with a policy and no cosignature the log is unwitnessed."""
    (tmp_path / "w.policy").write_text(
        f"witness W {Signer('w', Ed25519PrivateKey.generate(), note.COSIGNATURE).verifier}\n"
        "quorum W\n"
    )
    async with rig(tmp_path / "a") as line:
        settings = line.settings
    assert check(settings).ok
    audit = {"witnesses": {"policy": str(tmp_path / "w.policy")}}
    async with rig(tmp_path / "b", audit=audit) as line:
        settings = line.settings
    assert [one.code for one in check(settings).problems] == [Code.UNWITNESSED]


@pytest.mark.parametrize("text", ["quorum W\n", None])
def test_an_unusable_policy_is_named(tmp_path: Path, text: str | None) -> None:
    """A file that is not there, or not a policy."""
    path = tmp_path / "w.policy"
    if text is not None:
        path.write_text(text)
    settings = configured(tmp_path, 1, audit={"witnesses": {"policy": str(path)}})
    with pytest.raises(ConfigError, match="audit.witnesses.policy"):
        witness_policy(settings)


async def test_a_damaged_stamp_is_tampering(tmp_path: Path, authority: Path) -> None:
    """A stamp over another checkpoint, or a flipped byte in what it is over."""
    async with time_stamps(authority) as tsa:
        audit = {"tsa": {"url": tsa, "roots": str(authority / "ca.pem")}}
        settings = configured(tmp_path, 1, audit=audit)
        async with rig(tmp_path) as line, posting() as post:  # it asks for no other stamp itself
            await Vouching(settings, post).stamp()
        (kept,) = line.directory.glob("stamps/*.checkpoint")
        assert check(settings).ok
        other = (line.directory / "checkpoint").read_bytes()
        assert checkpoint.parse(note.parse(other).text).size > int(kept.stem)
        kept.write_bytes(other)
        assert [one.code for one in check(settings).problems] == [Code.TAMPERED]
