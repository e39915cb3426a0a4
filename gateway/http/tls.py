"""TLS: of the listeners, whose certificates can be renewed while they serve, and to recipients."""

from __future__ import annotations

import ssl
from pathlib import Path

from cryptography import x509

from gateway.credentials import TlsSettings, UpstreamTlsSettings
from gateway.errors import ConfigError


class ListenerTls:
    """A listener's TLS. `context` is what connections are accepted with, all its life."""

    def __init__(self, settings: TlsSettings, root: Path) -> None:
        """Read certificate, key and client CA. Raises `ConfigError`."""
        self._settings, self._root = settings, root
        self.context = _listener_context(settings, root)
        self._current = self.context
        self.context.sni_callback = self._renew

    def end(self) -> float:
        """When the certificate in the file ends, in Unix seconds."""
        pem = (self._root / self._settings.cert).read_bytes()
        return x509.load_pem_x509_certificate(pem).not_valid_after_utc.timestamp()

    def read(self) -> ssl.SSLContext:
        """What the files hold now. Raises `ConfigError`."""
        return _listener_context(self._settings, self._root)

    def use(self, context: ssl.SSLContext) -> None:
        """Take `context` for connections from now on."""
        self._current = context

    def _renew(self, peer: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        """Called in each handshake, also without a server name."""
        peer.context = self._current


def _listener_context(settings: TlsSettings, root: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    _load(context, root, cert=settings.cert, key=settings.key, ca=settings.client_ca)
    if settings.client_ca:
        required = settings.client_certificates == "required"
        context.verify_mode = ssl.CERT_REQUIRED if required else ssl.CERT_OPTIONAL
    if settings.client_crl:
        _load(context, root, ca=settings.client_crl)
        context.verify_flags |= ssl.VerifyFlags.VERIFY_CRL_CHECK_LEAF
    return context


def upstream_context(settings: UpstreamTlsSettings | None, root: Path) -> ssl.SSLContext:
    """Always verified: by the system's CAs, or by the route's own alone. Raises `ConfigError`."""
    ca = settings.ca if settings is not None else ""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca:
        _load(context, root, ca=ca)
    else:
        context.load_default_certs()
    if settings is not None and settings.cert:
        _load(context, root, cert=settings.cert, key=settings.key)
    return context


def _load(
    context: ssl.SSLContext, root: Path, *, cert: str = "", key: str = "", ca: str = ""
) -> None:
    try:
        if cert:
            context.load_cert_chain(root / cert, root / key, password=_no_password)
        if ca:
            context.load_verify_locations(root / ca)
    except (OSError, ssl.SSLError, ValueError) as error:
        names = ", ".join(str(root / name) for name in (cert, key, ca) if name)
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or "not PEM"
        raise ConfigError(f"tls: {names}: cannot be used ({reason})") from error


def _no_password() -> str:
    raise ValueError("keys with a passphrase are not supported")
