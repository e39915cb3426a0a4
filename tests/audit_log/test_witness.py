"""Witnesses: what they cosign, what they never do, and the policy that counts them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_log import checkpoint, note, quorum, tree
from audit_log.checkpoint import Checkpoint
from audit_log.cosigning import Cosigning
from audit_log.note import COSIGNATURE, Signer, VerifierKey
from audit_log.publisher import Place
from audit_log.quorum import BadPolicy
from audit_log.report import Code
from audit_log.witness import Reply, Witness, application, submission
from tests.audit_log.logs import ORIGIN, FakeClock, Home, export, filled

LOG = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"l" * 32))
KEY = Signer("w.example", Ed25519PrivateKey.from_private_bytes(b"w" * 32))
LEAVES = [tree.leaf_hash(bytes([number])) for number in range(20)]
OTHER = [tree.leaf_hash(bytes([number + 100])) for number in range(20)]
NOW = 1_795_000_000


def at(leaves: list[bytes]) -> tree.Subtree:
    return lambda height, index: tree.perfect_root(
        b"".join(leaves[index << height : (index + 1) << height])
    )


def head(size: int, leaves: list[bytes] = LEAVES, signer: Signer = LOG) -> bytes:
    return checkpoint.sign(Checkpoint(signer.name, size, tree.root(size, at(leaves))), [signer])


def growth(old: int, new: int, leaves: list[bytes] = LEAVES) -> bytes:
    proof = tree.consistency_proof(old, new, at(leaves)) if 0 < old < new else []
    return submission(old, proof, head(new, leaves))


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    made = Witness(tmp_path / "w.db", KEY, [LOG.verifier], clock=lambda: NOW)
    yield made
    made.close()


def test_growth_is_cosigned(witness: Witness) -> None:
    """First sight, growth, and the same again, each with a cosignature that verifies."""
    for old, new in ((0, 5), (5, 8), (8, 8), (8, 20)):
        reply = witness.add_checkpoint(growth(old, new))
        assert reply.status == 200
        signed = note.parse(head(new) + reply.body)
        key = VerifierKey.parse(witness.vkey)
        assert signed.verified([key]) == {key: NOW}


def test_a_wrong_old_size_tells_the_right_one(witness: Witness) -> None:
    """409 with the size in its own media type."""
    witness.add_checkpoint(growth(0, 5))
    assert witness.add_checkpoint(growth(0, 8)) == Reply(409, b"5\n", "text/x.tlog.size")
    assert witness.add_checkpoint(growth(3, 8)) == Reply(409, b"5\n", "text/x.tlog.size")
    assert witness.add_checkpoint(growth(5, 8)).status == 200


def test_two_histories_are_never_both_cosigned(witness: Witness, tmp_path: Path) -> None:
    """A split view is refused at the same size and at a larger one, and kept as evidence."""
    witness.add_checkpoint(growth(0, 5))
    assert witness.add_checkpoint(growth(5, 5, OTHER)).status == 409
    assert witness.add_checkpoint(growth(5, 8, OTHER)).status == 422
    assert witness.add_checkpoint(growth(5, 8, OTHER)).status == 422
    kept = sqlite3.connect(tmp_path / "w.db").execute("SELECT size FROM refused").fetchall()
    assert sorted(kept) == [(5,), (8,)]
    assert witness.add_checkpoint(growth(5, 8)).status == 200


def test_a_smaller_tree_is_refused(witness: Witness) -> None:
    """A rollback does not get a cosignature whatever old size it claims."""
    witness.add_checkpoint(growth(0, 8))
    for old in (0, 5, 8):
        assert witness.add_checkpoint(submission(old, [], head(5))).status in (400, 409)


def test_the_state_survives_a_restart(tmp_path: Path) -> None:
    """What was cosigned is remembered by the next process."""
    path = tmp_path / "w.db"
    first = Witness(path, KEY, [LOG.verifier], clock=lambda: NOW)
    assert first.add_checkpoint(growth(0, 5)).status == 200
    first.close()
    second = Witness(path, KEY, [LOG.verifier], clock=lambda: NOW)
    assert second.add_checkpoint(growth(0, 5, OTHER)).status == 409
    second.close()


def test_strangers_are_refused(witness: Witness) -> None:
    """404 for another origin, 403 without or with a wrong signature of the known key."""
    stranger = Signer("other.example", KEY.key)
    assert witness.add_checkpoint(submission(0, [], head(5, signer=stranger))).status == 404
    thief = Signer(ORIGIN, KEY.key)
    assert witness.add_checkpoint(submission(0, [], head(5, signer=thief))).status == 403
    text = Checkpoint(ORIGIN, 6, b"r" * 32).text
    forged = note.assemble(text, [LOG.sign(Checkpoint(ORIGIN, 5, b"r" * 32).text)])
    assert witness.add_checkpoint(submission(0, [], forged)).status == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n",
        head(5),
        b"old 00\n\n" + head(5),
        b"old -1\n\n" + head(5),
        b"old 6\n\n" + head(5),
        b"new 0\n\n" + head(5),
        b"old 0\n!!!!\n\n" + head(5),
        b"old 0\nAAAA\n\n" + head(5),
        b"old 0\n" + b"A" * 43 + b"=\n" * 64 + b"\n" + head(5),
        b"old " + b"9" * 5000 + b"\n\n" + head(5),
        b"old 0\n\n" + head(5).replace(b"\n5\n", b"\nfive\n"),
        b"x" * 70_000,
    ],
)
def test_malformed_requests_are_bad(witness: Witness, body: bytes) -> None:
    """400, and nothing is remembered."""
    assert witness.add_checkpoint(body).status == 400
    assert witness.add_checkpoint(growth(0, 5)).status == 200


def test_a_proof_from_nothing_must_be_empty(witness: Witness) -> None:
    """From size 0 there is nothing to prove; the empty tree has one root only."""
    assert witness.add_checkpoint(submission(0, [LEAVES[0]], head(5))).status == 422
    odd = checkpoint.sign(Checkpoint(ORIGIN, 0, b"r" * 32), [LOG])
    assert witness.add_checkpoint(submission(0, [], odd)).status == 409
    assert witness.add_checkpoint(growth(0, 0)).status == 200


def vkeys(count: int) -> list[str]:
    signers = [
        Signer(
            f"w{number}", Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32), COSIGNATURE
        )
        for number in range(1, count + 1)
    ]
    return [str(signer.verifier) for signer in signers]


POLICY = """
# two levels, as in the C2SP example
log {log}
witness X1 {0}
\twitness X2  {1}
witness X3 {2} https://x3.example/
group X-witnesses 2 X1 X2 X3
witness Y1 {3}
witness Y2 {4}
group Y-witnesses any Y1 Y2
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


@pytest.mark.parametrize(
    ("names", "enough"),
    [
        ({"X1", "X2", "Y1"}, True),
        ({"X1", "X3", "Y2"}, True),
        ({"X1", "X2"}, False),
        ({"X1", "Y1", "Y2"}, False),
        (set(), False),
    ],
)
def test_quorums_of_groups(names: set[str], enough: bool) -> None:
    """Two of three, any of two, and both groups."""
    policy = quorum.parse(POLICY.format(*vkeys(5), log=LOG.verifier))
    assert policy.satisfied(names) is enough
    assert policy.witnesses["X3"].url == "https://x3.example/"


def test_no_quorum_asks_for_nobody() -> None:
    """`quorum none` is said aloud."""
    assert quorum.parse("quorum none\n").satisfied(set())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum W",
        "quorum none\nquorum none",
        "witness none {0}\nquorum none",
        "witness W {0}\nwitness W {1}\nquorum W",
        "witness W {0}\nwitness V {0}\nquorum W",
        "witness W nonsense\nquorum W",
        "witness W {log}\nquorum W",
        "log {0}\nquorum none",
        "log {log}\nlog {log}\nquorum none",
        "witness W {0}\ngroup G 2 W\nquorum G",
        "witness W {0}\ngroup G 0 W\nquorum G",
        "witness W {0}\ngroup G any\nquorum G",
        "group G any W\nwitness W {0}\nquorum G",
        "witness W {0}\ngroup G any W\ngroup H any W\nquorum G",
        "witness W {0}\ngroup G any W W\nquorum G",
        "group G any none\nquorum G",
        "witness W {0} url url\nquorum W",
        "wituess W {0}\nquorum none",
        "quorum none\r\n",
    ],
)
def test_malformed_policies_are_refused(text: str) -> None:
    """A policy that cannot be understood must not weaken the quorum."""
    with pytest.raises(BadPolicy):
        quorum.parse(text.format(*vkeys(2), log=LOG.verifier))


async def test_verify_demands_the_quorum(home: Home, tmp_path: Path) -> None:
    """Unwitnessed until the witness cosigns over HTTP; then proven, and stale after a day."""
    await filled(home, 10)
    log_key = Signer(ORIGIN, home.key).verifier
    witness = Witness(tmp_path / "w.db", KEY, [log_key], clock=lambda: NOW)
    async with TestServer(application(witness)) as server, ClientSession() as session:
        policy = quorum.parse(
            f"witness W {witness.vkey} {str(server.make_url('')).rstrip('/')}\nquorum W\n"
        )
        assert [one.code for one in home.verify(policy=policy).problems] == [Code.UNWITNESSED]

        async def post(url: str, body: bytes) -> tuple[int, bytes]:
            async with session.post(url, data=body) as response:
                return response.status, await response.read()

        cosigning = Cosigning(Place(home.log, home.state), policy, post)
        assert await cosigning.cosign()
        log = home.open()
        await log.append([export(10)])
        await log.close()
        assert await cosigning.cosign()
        assert await Cosigning(Place(home.log, home.state), policy, post).cosign()
    report = home.verify(policy=policy)
    assert report.ok
    assert report.checked["witnessed"] == 11
    log = home.open(clock=FakeClock((NOW + 90_000) * 1_000_000))
    await log.append([export(11)])
    await log.close()
    stale = home.verify(policy=policy)
    assert [(one.code, one.index) for one in stale.problems] == [(Code.UNWITNESSED, 11)]
    witness.close()


async def test_a_witness_out_of_reach_leaves_the_old_cosignature(home: Home) -> None:
    """No answer, a wrong answer, a wrong key: the quorum is not met and nothing is written."""
    await filled(home, 10)
    policy = quorum.parse(f"witness W {vkeys(1)[0]} http://w.example\nquorum W\n")

    async def silent(url: str, body: bytes) -> tuple[int, bytes]:
        raise ConnectionError

    async def refusing(url: str, body: bytes) -> tuple[int, bytes]:
        return 409, b"99\n"

    async def lying(url: str, body: bytes) -> tuple[int, bytes]:
        return 200, KEY.cosign(b"other\n", time=NOW).encode()

    for post in (silent, refusing, lying):
        assert not await Cosigning(Place(home.log, home.state), policy, post).cosign()
        assert not (home.log / "cosigned").exists()


async def test_a_rewritten_log_contradicts_its_witness(home: Home, tmp_path: Path) -> None:
    """The key holder rewrites everything, state included; the cosigned head still disagrees."""
    await filled(home, 10)
    log_key = Signer(ORIGIN, home.key).verifier
    witness = Witness(tmp_path / "w.db", KEY, [log_key], clock=lambda: NOW)

    async def post(url: str, body: bytes) -> tuple[int, bytes]:
        reply = witness.add_checkpoint(body)
        return reply.status, reply.body

    policy = quorum.parse(f"witness W {witness.vkey} http://w.example\nquorum W\n")
    assert await Cosigning(Place(home.log, home.state), policy, post).cosign()
    other = Home.make(tmp_path / "other")
    other.create()
    log = other.open()
    await log.append([export(number + 1000) for number in range(12)])
    await log.close()
    (other.log / "cosigned").write_bytes((home.log / "cosigned").read_bytes())
    assert other.verify().ok
    assert [one.code for one in other.verify(policy=policy).problems] == [Code.TAMPERED]
    assert not await Cosigning(Place(other.log, other.state), policy, post).cosign()
    witness.close()
