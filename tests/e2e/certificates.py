"""Authorities and certificates made up for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key


class Authority:
    """A CA whose files lie in `root` under `name`."""

    def __init__(self, root: Path, name: str) -> None:
        self._root, self._name = root, name
        self._ca = trustme.CA()
        self.file = root / f"{name}.pem"
        self._ca.cert_pem.write_to_path(self.file)

    def issue(self, name: str, *hosts: str) -> tuple[str, str]:
        """Paths of a certificate, its subject's common name `name`, and of its key."""
        made = self._ca.issue_cert(*(hosts or (f"{name}.example",)), common_name=name)
        cert, key = (self._root / f"{self._name}-{name}.{kind}" for kind in ("crt", "key"))
        made.cert_chain_pems[0].write_to_path(cert)
        made.private_key_pem.write_to_path(key)
        return str(cert), str(key)

    def revoke(self, cert: str) -> str:
        """Path of a revocation list that names the certificate in the file `cert`."""
        issuer = x509.load_pem_x509_certificate(self._ca.cert_pem.bytes())
        revoked = x509.load_pem_x509_certificate(Path(cert).read_bytes())
        now = datetime.now(UTC) - timedelta(hours=1)
        entry = x509.RevokedCertificateBuilder().serial_number(revoked.serial_number)
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.subject)
            .last_update(now)
            .next_update(now + timedelta(days=1))
            .add_revoked_certificate(entry.revocation_date(now).build())
            .sign(load_pem_private_key(self._ca.private_key_pem.bytes(), None), hashes.SHA256())
        )
        path = self._root / f"{self._name}.crl"
        path.write_bytes(made.public_bytes(Encoding.PEM))
        return str(path)


def subject_of(cert: str) -> str:
    """The subject of the certificate in the file `cert`, as the configuration spells it."""
    return x509.load_pem_x509_certificate(Path(cert).read_bytes()).subject.rfc4514_string()
