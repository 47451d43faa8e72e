"""Two peers of the doctor's own are matched with each other, say one thing each, and part.

A tag that nobody else has leads them to each other. After some seconds the matcher would widen their wishes to anybody,
so they withdraw them before: no stranger is ever given the doctor to talk to.
"""

import asyncio
import secrets
from typing import Final

from broker import topics
from broker.identity import b64url
from broker.messages import Cancel, Join, Leave, Matched, Refused
from broker.stamps import solve
from passerby.doctor.finding import Verdict, failed, ok
from passerby.doctor.peer import Peer
from passerby.doctor.visit import Visit
from stranger.identity import token

WITHIN_S: Final = 3.5
"""Less than the 5 s that a wish waits before it is open to anybody, by a way there and back."""

_POINT_BYTES: Final = 64
_WORDS_BYTES: Final = 192


async def matching(visit: Visit) -> Verdict:
    """Be matched."""
    tag, pair = token(), (visit.one, visit.other)
    joins = [await _wish(peer, tag) for peer in pair]
    for peer, join in zip(pair, joins, strict=True):
        peer.probe.say(topics.lobby(peer.identity.id), join.wire())
    one, other = [await _answer(peer) for peer in pair]
    if isinstance(one, Matched) and isinstance(other, Matched) and one.session == other.session:
        visit.matched = one, other
        return ok(f"the two were matched with each other, handshake `{one.handshake}`")
    for peer, join, answer in zip(pair, joins, (one, other), strict=True):
        await _withdraw(peer, join, answer)
    if isinstance(one, Matched) or isinstance(other, Matched):
        return failed(
            "the two were matched with others, though they alone share a tag",
            "the matcher does not look at tags as this version does: does it come from the same release?",
        )
    refusal = one or other
    return failed(
        f"a wish was refused: {refusal.reason}" if refusal else f"not matched within {WITHIN_S} s",
        "does the matcher hear the lobby, and has the machine time for it? `--log-level debug` tells more",
    )


async def crossing(visit: Visit) -> Verdict:
    """Say something on the session topics, both ways, and part."""
    if visit.matched is None:
        return failed("no session", "see above")
    arrived = []
    for speaker, listener, told in zip((visit.one, visit.other), (visit.other, visit.one), visit.matched, strict=True):
        words = b64url(secrets.token_bytes(_WORDS_BYTES)).encode()  # as opaque as what is sealed
        speaker.probe.say(topics.session(told.to), words)
        arrived.append(await listener.probe.until(lambda: listener.got(words)))  # noqa: B023  awaited right here
    for peer, told in zip((visit.one, visit.other), visit.matched, strict=True):
        leave = Leave(life=peer.identity.life, session=told.session, mood="left")
        await peer.probe.publish(topics.lobby(peer.identity.id), leave.wire())
    if all(arrived):
        return ok("what each said to the other's seat arrived")
    return failed(
        f"{'nothing' if not any(arrived) else 'only one of two messages'} arrived",
        "the gate drops what is said to a seat: do matcher and gate, and all gates, share keys and time?",
    )


async def _wish(peer: Peer, tag: str) -> Join:
    challenge = peer.welcome.challenge if peer.welcome else None
    return Join(
        life=peer.identity.life,
        ticket=token(),
        seat=peer.welcome.seat if peer.welcome else "",
        key=b64url(b"\x04" + secrets.token_bytes(_POINT_BYTES)),  # looks like a key; nobody will seal with it
        mode="text",
        tags=[tag],
        languages=[],
        relay=False,
        rtt=min(60_000, round(peer.rtt_s * 1000)),
        stamp=await asyncio.to_thread(solve, challenge) if challenge else None,
    )


async def _answer(peer: Peer) -> Matched | Refused | None:
    await peer.probe.until(lambda: peer.told(Matched) or peer.told(Refused), WITHIN_S)
    return peer.told(Matched) or peer.told(Refused)


async def _withdraw(peer: Peer, join: Join, answer: Matched | Refused | None) -> None:
    topic, life = topics.lobby(peer.identity.id), peer.identity.life
    if isinstance(answer, Matched):
        await peer.probe.publish(topic, Leave(life=life, session=answer.session, mood="left").wire())
    else:
        await peer.probe.publish(topic, Cancel(life=life, ticket=join.ticket).wire())
