"""Signed tokens: only what the issuer signed, for us, now, in a way that is allowed."""

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.credentials import JwtSettings
from gateway.errors import ConfigError, Unauthorized
from gateway.http.tokens import Tokens

EC_KEY = ec.generate_private_key(ec.SECP256R1())
RSA_KEY = rsa.generate_private_key(65537, 2048)
ED_KEY = ed25519.Ed25519PrivateKey.generate()
STRANGER = ec.generate_private_key(ec.SECP256R1())
END = int(time.time()) + 3600
CLAIMS = {"iss": "https://issuer.example", "aud": "silkgate", "sub": "orders", "exp": END}


def jwk(key: Any, kid: str, **more: str) -> dict[str, Any]:
    kind = {ec.EllipticCurvePrivateKey: jwt.algorithms.ECAlgorithm,
            rsa.RSAPrivateKey: jwt.algorithms.RSAAlgorithm,
            ed25519.Ed25519PrivateKey: jwt.algorithms.OKPAlgorithm}  # fmt: skip
    algorithm = next(made for base, made in kind.items() if isinstance(key, base))
    return json.loads(algorithm.to_jwk(key.public_key())) | {"kid": kid} | more


def settings(root: Path, keys: list[dict[str, Any]], **changes: Any) -> Tokens:
    (root / "jwks.json").write_text(json.dumps({"keys": keys}), "utf-8")
    facts = {"jwks": "jwks.json", "issuer": CLAIMS["iss"], "audience": "silkgate"} | changes
    return Tokens(JwtSettings(**facts), root)


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return settings(tmp_path, [jwk(EC_KEY, "e"), jwk(RSA_KEY, "r"), jwk(ED_KEY, "o")])


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"),
    [(EC_KEY, "ES256", "e"), (RSA_KEY, "RS256", "r"), (ED_KEY, "EdDSA", "o")],
)
def test_what_the_issuer_signed_names_its_subject(
    tokens: Tokens, key: Any, algorithm: str, kid: str
) -> None:
    """Each kind of key; a second look at the same token is remembered."""
    token = jwt.encode(CLAIMS, key, algorithm, {"kid": kid})
    assert tokens.subject(token) == "orders"
    assert tokens.subject(token) == "orders"


def forged() -> dict[str, str]:
    """Tokens that must not pass, by what is wrong with them."""
    good = jwt.encode(CLAIMS, EC_KEY, "ES256", {"kid": "e"})
    none = jwt.encode(CLAIMS, None, "none", {"kid": "e"})
    head, body, signature = good.split(".")
    other = base64.urlsafe_b64encode(json.dumps(CLAIMS | {"sub": "boss"}).encode()).decode()
    pem = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    found = {
        "none": none,
        "none, signature kept": f"{none.split('.')[0]}.{body}.{signature}",
        "public key as HMAC secret": _hmac(pem, {"alg": "HS256", "kid": "r"}),
        "other claims under the signature": f"{head}.{other.rstrip('=')}.{signature}",
        "no signature": f"{head}.{body}.",
        "stranger": jwt.encode(CLAIMS, STRANGER, "ES256", {"kid": "e"}),
        "stranger with own key in the head": jwt.encode(
            CLAIMS, STRANGER, "ES256", {"kid": "e", "jwk": jwk(STRANGER, "e")}
        ),
        "unknown kid": jwt.encode(CLAIMS, EC_KEY, "ES256", {"kid": "x"}),
        "kid of another kind": jwt.encode(CLAIMS, EC_KEY, "ES256", {"kid": "r"}),
        "algorithm not allowed": jwt.encode(CLAIMS, RSA_KEY, "PS256", {"kid": "r"}),
        "unknown critical header": jwt.encode(
            CLAIMS, EC_KEY, "ES256", {"kid": "e", "crit": ["x"], "x": 1}
        ),
        "not a token": "a.b.c",
        "surrogates": "\udcff.b.c",
    }
    for name, claims in {
        "expired": {"exp": 1}, "not yet": {"nbf": CLAIMS["exp"] + 600},
        "another issuer": {"iss": "https://issuer.example.evil"}, "issuer's part": {"iss": "https"},
        "another audience": {"aud": "other"}, "issuer as a list": {"iss": [CLAIMS["iss"]]},
        "subject no text": {"sub": 7}, "end no number": {"exp": "never"},
    }.items():  # fmt: skip
        found[name] = _signed(CLAIMS | claims)
    for name in ("exp", "iss", "aud", "sub"):
        found[f"without {name}"] = _signed({k: v for k, v in CLAIMS.items() if k != name})
    return found


def _signed(claims: dict[str, Any]) -> str:
    return jwt.PyJWS().encode(json.dumps(claims).encode(), EC_KEY, "ES256", {"kid": "e"})


def _hmac(secret: bytes, header: dict[str, str]) -> str:
    parts = [
        base64.urlsafe_b64encode(json.dumps(x).encode()).rstrip(b"=") for x in (header, CLAIMS)
    ]
    signed = b".".join(parts)
    digest = hmac.new(secret, signed, hashlib.sha256).digest()
    return (signed + b"." + base64.urlsafe_b64encode(digest).rstrip(b"=")).decode()


@pytest.mark.parametrize("what", list(forged()))
def test_everything_else_is_refused(tokens: Tokens, what: str) -> None:
    """RFC 8725 §2: none, key confusion, substituted keys, claims missing or of others."""
    token = forged()[what]
    with pytest.raises(Unauthorized) as refused:
        tokens.subject(token)
    assert token not in str(refused.value)


def test_a_remembered_token_ends_when_it_says(tmp_path: Path) -> None:
    """Also where the clock jumps ahead; a clock that was set back cannot make it older."""
    moment = [float(END)]
    tokens = settings(tmp_path, [jwk(EC_KEY, "e")])
    tokens._now = lambda: moment[0]
    token = jwt.encode(CLAIMS, EC_KEY, "ES256", {"kid": "e"})
    assert tokens.subject(token) == "orders"
    tokens._keys = []  # so that only what is remembered can pass
    moment[0] = END + 29
    assert tokens.subject(token) == "orders"
    moment[0] = END + 30
    with pytest.raises(Unauthorized):
        tokens.subject(token)


def test_one_key_needs_no_name_and_two_of_a_kind_do(tmp_path: Path) -> None:
    """Without a kid, a token must fit a single key."""
    token = jwt.encode(CLAIMS, EC_KEY, "ES256")
    assert settings(tmp_path, [jwk(EC_KEY, "e"), jwk(RSA_KEY, "r")]).subject(token) == "orders"
    with pytest.raises(Unauthorized):
        settings(tmp_path, [jwk(EC_KEY, "e"), jwk(STRANGER, "s")]).subject(token)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ([], "no public key"),
        ([{"kty": "oct", "k": "c2VjcmV0", "kid": "h"}], "private or secret"),
        ([jwk(EC_KEY, "e") | {"d": "AA"}], "private or secret"),
        ([jwk(EC_KEY, "e", use="enc")], "no public key"),
        ([jwk(EC_KEY, "e") | {"x": "AA"}], "not valid"),
        ([jwk(rsa.generate_private_key(65537, 1024), "weak")], "under 2048 bits"),
        (7, "not a JWK set"),
    ],
)
def test_key_files_that_cannot_be_trusted_are_refused(
    tmp_path: Path, keys: Any, message: str
) -> None:
    """Secret keys, keys for other uses, weak and broken ones."""
    with pytest.raises(ConfigError, match=message):
        settings(tmp_path, keys)


def test_hmac_and_none_cannot_be_configured() -> None:
    """The configuration names public-key signatures only."""
    import msgspec

    for algorithm in ("HS256", "none"):
        facts = {"jwks": "j", "issuer": "i", "audience": "a", "algorithms": [algorithm]}
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(facts, JwtSettings)
