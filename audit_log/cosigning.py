"""Getting a checkpoint cosigned: the log's side of the witness protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from audit_log import checkpoint, durable, note
from audit_log.note import BadNote, VerifierKey
from audit_log.proof import prove_growth
from audit_log.publisher import Place
from audit_log.quorum import Party, WitnessPolicy
from audit_log.witness import submission

Post = Callable[[str, bytes], Awaitable[tuple[int, bytes]]]
"""POST a body to a URL; return status and body. Raises OSError where there is no answer."""


@dataclass(slots=True)
class Cosigning:
    """Asks the witnesses of a policy; remembers what each has seen."""

    place: Place
    policy: WitnessPolicy
    post: Post
    seen: dict[str, int] = field(default_factory=dict)

    async def cosign(self) -> bool:
        """Have the published checkpoint cosigned; whether the quorum was met.

        A checkpoint with its quorum becomes the file `cosigned`; without one the old stays.
        """
        signed = await asyncio.to_thread(self.place.checkpoint.read_bytes)
        lines = await asyncio.gather(
            *(
                self._ask(name, party, signed)
                for name, party in self.policy.witnesses.items()
                if party.url
            )
        )
        cosigned = signed + "".join(line for line in lines if line).encode()
        met = self.policy.satisfied(self.policy.witnessed(note.parse(cosigned)))
        if met:
            await asyncio.to_thread(durable.replace_file, self.place.cosigned, cosigned)
        return met

    async def _ask(self, name: str, party: Party, signed: bytes) -> str | None:
        """One witness's line, None where it gives none that holds."""
        size = checkpoint.parse(note.parse(signed).text).size
        url = (party.url or "").rstrip("/")
        for _ in range(2):  # the second time with the size that the witness told
            old = self.seen.get(name, 0)
            grown = 0 < old < size
            proof = (
                await asyncio.to_thread(prove_growth, self.place.directory, old, size)
                if grown
                else []
            )
            try:
                status, body = await self.post(
                    f"{url}/add-checkpoint", submission(old, proof, signed)
                )
            except OSError:
                return None
            if status == 200:
                self.seen[name] = size
                return _line_of(party.key, signed, body)
            told = body.strip()
            if status != 409 or not told.isdigit() or int(told) > size:
                return None
            self.seen[name] = int(told)
        return None


def _line_of(key: VerifierKey, signed: bytes, body: bytes) -> str | None:
    """The line of `key` among those that a witness answered, if it is right."""
    try:
        for line in body.decode().splitlines(keepends=True):
            opened = note.parse(note.assemble(note.parse(signed).text, [line]))
            if opened.verified([key]):
                return line
    except (BadNote, UnicodeDecodeError):
        return None
    return None
