"""TLS on the listener, callers known by their certificates, and verified TLS to recipients."""

import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from gateway.credentials import TlsSettings
from gateway.errors import ConfigError
from gateway.http.tls import ListenerTls
from tests.e2e.certificates import Authority, subject_of
from tests.e2e.rig import FULFILMENT, JSON, KEY, Rig, rig

ORDER = json.dumps({"receiver_name": "王小明", "receiver_phone": "13800138000"}).encode()


def trusting(ca: Authority, cert: tuple[str, str] | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(ca.file))
    if cert:
        context.load_cert_chain(*cert)
    return context


async def ask(line: Rig, tls: ssl.SSLContext, key: str | None = None) -> int:
    """Send an order on a connection of its own; the status."""
    headers = JSON | ({"Silkgate-Key": key} if key else {})
    url = f"https://127.0.0.1:{line.gateway.data_port}/sg/orders"
    connector = aiohttp.TCPConnector(ssl=tls)
    async with (
        aiohttp.ClientSession(connector=connector) as http,
        http.post(url, data=ORDER, headers=headers) as reply,
    ):
        return reply.status


async def test_callers_are_known_by_their_certificates(tmp_path: Path) -> None:
    """A verified subject, or a key; no other CA's, no revoked one; renewed without a restart."""
    ours, evil = Authority(tmp_path, "ours"), Authority(tmp_path, "evil")
    shop, other, gone = (ours.issue(name) for name in ("shop", "other", "gone"))
    server = ours.issue("server", "127.0.0.1")
    tls = {
        "cert": server[0],
        "key": server[1],
        "client_ca": str(ours.file),
        "client_crl": ours.revoke(gone[0]),
        "client_certificates": "optional",
    }
    callers = {"bycert": {"mtls_subject": subject_of(shop[0]), "routes": ["sg"]}}
    async with rig(tmp_path, listen={"tls": tls}, callers=callers) as line:
        assert await ask(line, trusting(ours, shop)) == 200
        assert line.entries("export")[-1]["caller"] == "bycert"
        assert await ask(line, trusting(ours), KEY) == 200
        assert line.entries("export")[-1]["caller"] == "shop"
        assert await ask(line, trusting(ours)) == 401
        assert await ask(line, trusting(ours, other)) == 401
        assert await ask(line, trusting(ours, shop), "wrong") == 401
        forged = Authority(tmp_path, "forged").issue("shop")
        for refused in (forged, evil.issue("shop"), gone):
            with pytest.raises((aiohttp.ClientError, OSError)):
                await ask(line, trusting(ours, refused))
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await ask(line, trusting(evil), KEY)
        assert len(line.sink.received) == 2


async def test_renewed_certificates_are_served_and_broken_ones_are_not(tmp_path: Path) -> None:
    """Reload takes certificate and client CA; one that cannot be read changes nothing."""
    old, new = Authority(tmp_path, "old"), Authority(tmp_path, "new")
    cert, key = old.issue("server", "127.0.0.1")
    ca = tmp_path / "clients.pem"
    ca.write_bytes(old.file.read_bytes())
    listener = ListenerTls(TlsSettings(cert=cert, key=key, client_ca=str(ca)), tmp_path)

    async def whoami(request: web.Request) -> web.Response:
        return web.Response(text="known")

    app = web.Application()
    app.router.add_get("/", whoami)
    async with serving(app, listener.context) as port:

        async def get(trusted: Authority, client: tuple[str, str]) -> str:
            connector = aiohttp.TCPConnector(ssl=trusting(trusted, client))
            async with aiohttp.ClientSession(connector=connector) as http:
                return await (await http.get(f"https://127.0.0.1:{port}/")).text()

        assert await get(old, old.issue("client")) == "known"
        Path(key).write_text("not a key", "utf-8")
        with pytest.raises(ConfigError, match="cannot be used"):
            listener.use(listener.read())
        assert await get(old, old.issue("client")) == "known"
        for made, place in zip(new.issue("server", "127.0.0.1"), (cert, key), strict=True):
            Path(place).write_bytes(Path(made).read_bytes())
        ca.write_bytes(new.file.read_bytes())
        listener.use(listener.read())
        assert await get(new, new.issue("client")) == "known"
        with pytest.raises((aiohttp.ClientError, OSError)):
            await get(new, old.issue("client"))


@asynccontextmanager
async def serving(app: web.Application, tls: ssl.SSLContext) -> AsyncIterator[int]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def test_recipients_are_always_verified(tmp_path: Path) -> None:
    """The route's CA alone, the host's name, our certificate where it is asked for."""
    theirs, evil = Authority(tmp_path, "theirs"), Authority(tmp_path, "evil")
    ours = theirs.issue("gateway")
    received: list[bytes] = []

    async def take(request: web.Request) -> web.Response:
        received.append(await request.read())
        return web.json_response({})

    def recipient(ca: Authority, host: str) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(theirs.file))
        context.load_cert_chain(*ca.issue("recipient" + host, host))
        context.verify_mode = ssl.CERT_REQUIRED
        return context

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", take)
    client = {"cert": ours[0], "key": ours[1]}
    async with serving(app, recipient(theirs, "127.0.0.1")) as good:

        def route(port: int, **tls: Any) -> dict[str, Any]:
            upstream = {"upstream": f"https://127.0.0.1:{port}/"}
            return FULFILMENT | upstream | ({"tls": tls} if tls else {})

        routes = {
            "sg": route(good, ca=str(theirs.file), **client),
            "insights": route(good, **client),  # a CA the system does not know
            "denied": route(good, ca=str(evil.file), **client),
            "parted": route(good, ca=str(theirs.file)),  # without our certificate
            "nowhere": FULFILMENT
            | {"upstream": f"https://localhost:{good}/", "tls": {"ca": str(theirs.file)} | client}
            | {"allow_addresses": ["127.0.0.1/32", "::1/128"]},
        }
        async with rig(tmp_path, routes=routes) as line:
            assert (await line.send(ORDER)).status == 200
            assert len(received) == 1
            for name in ("insights", "denied", "parted", "nowhere"):
                assert (await line.send(ORDER, to=f"/{name}/x")).status == 502, name
            assert len(received) == 1
    statuses = [entry["status"] for entry in line.entries("outcome")]
    assert statuses[0] == "delivered"
    assert set(statuses[1:]) <= {"failed", "aborted"}
