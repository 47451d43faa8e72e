"""Whether the gate is loaded: what no peer may hear or say is tried, and judged by what is delivered.

A SUBACK is not believed: a broker may grant what it never delivers, and refuse what it delivers anyway. The doctor says
things to itself only, and of what it may hear from others it keeps nothing but on what kind of topic it was.

    trespasser ── SUBSCRIBE # v1/# … ──► broker ◄── presence, lobby ── other      nothing may come
    trespasser ── PUBLISH, Will ───────► v1/inbox/{other}                         nothing may come
    one ── PUBLISH retained ───────────► v1/session/{seat} ◄── SUBSCRIBE ── one   nothing may come
"""

from typing import Final

from broker import topics
from broker.messages import Ping
from passerby.doctor.finding import Verdict, failed, ok, warning
from passerby.doctor.probe import ACCEPTED, Probe
from passerby.doctor.visit import Visit
from stranger.client import Unreachable
from stranger.identity import token
from stranger.wire import REFUSED

FILTERS: Final = (
    "#",
    "+/#",
    "v1/#",
    "v1/+/+",
    "v1/presence/+",
    "v1/lobby/+",
    "v1/inbox/+",
    "v1/inbox/#",
    "v1/session/+",
    "v1/session/#",
    "v1/gate/+",
    "v1/desk/+/ask",
    "$SYS/#",
    "$CONTROL/#",
    "$share/g/#",
    "$share/g/v1/pulse",
)
"""What nobody but the service may subscribe to, and most of it not even the service."""

_WILL_S: Final = 1.5
"""Time for a broken connection to be noticed, also through a proxy."""

_LOAD_THE_GATE: Final = (
    "the gate is not loaded, or another access rule allows this besides it: load it, and nothing else"
)


async def wildcards(visit: Visit) -> Verdict:
    """Listen to everything."""
    async with visit.trespasser() as trespasser:
        granted = await trespasser.subscribe(*FILTERS)
        await visit.other.sign()
        await visit.quiet()
        return _overheard(trespasser, granted, FILTERS)


async def inboxes(visit: Visit) -> Verdict:
    """Listen to another's inbox, presence and lobby by name."""
    other = visit.other.identity.id
    filters = (topics.inbox(other), topics.presence(other), topics.lobby(other))
    async with visit.trespasser() as trespasser:
        granted = await trespasser.subscribe(*filters)
        await visit.other.sign(want_seat=True)  # the service, if there is one, answers into the inbox
        await visit.quiet()
        return _overheard(trespasser, granted, filters)


async def forgeries(visit: Visit) -> Verdict:
    """Write into another's inbox, which only the service may."""
    marker = token()
    async with visit.trespasser() as trespasser:
        await trespasser.publish(visit.other.inbox, _note(marker))
        await visit.quiet()
    if visit.other.got(marker.encode()):
        return failed("a peer can write into another's inbox", f"matches could be forged: {_LOAD_THE_GATE}")
    return ok("nobody but the service writes into an inbox")


async def wills(visit: Visit) -> Verdict:
    """Vanish with a Will on another's inbox."""
    marker = token()
    try:
        async with visit.trespasser((visit.other.inbox, _note(marker))) as trespasser:
            let_in = trespasser.code == ACCEPTED
            if let_in:
                await trespasser.cut()
                await visit.other.probe.until(lambda: visit.other.got(marker.encode()), _WILL_S)
    except Unreachable:
        let_in = False
    if visit.other.got(marker.encode()):
        return failed("a Will is delivered to another's inbox", f"a Will goes around the rules: {_LOAD_THE_GATE}")
    return ok("one on another's inbox is " + ("not delivered" if let_in else "refused at the door"))


async def retained(visit: Visit) -> Verdict:
    """Have a message kept for whoever comes later."""
    peer, marker = visit.one, token()
    topic = topics.session(peer.welcome.seat) if peer.welcome else topics.presence(peer.identity.id)
    ping = Ping(life=peer.identity.life).wire() if peer.welcome is None else _note(marker)
    async with visit.trespasser() as trespasser:
        await peer.probe.publish(topic, ping, retain=True)
        listener = peer.probe if peer.welcome else trespasser
        await listener.subscribe(topic)
        await visit.quiet()
        kept = any(each.retained and each.topic == topic for each in listener.seen)
    if kept:
        await peer.probe.publish(topic, b"", retain=True)  # take it away again
        return failed("what a peer publishes as retained is kept", f"words would outlive the talk: {_LOAD_THE_GATE}")
    return ok("nothing that a peer says is there for whoever comes later")


def _overheard(probe: Probe, granted: list[int], filters: tuple[str, ...]) -> Verdict:
    if probe.seen:
        kinds = sorted({"/".join(each.topic.split("/")[:2]) for each in probe.seen})
        return failed(
            f"a peer hears what is not for it: {', '.join(kinds)}", f"nothing is private here: {_LOAD_THE_GATE}"
        )
    allowed = [each for each, code in zip(filters, granted, strict=True) if code < REFUSED]
    if allowed:
        return warning(
            f"nothing came, but the broker says it grants {', '.join(allowed)}",
            "is the gate asked at each subscription? A broker of ours refuses these",
        )
    return ok(f"{len(filters)} filters refused, nothing overheard")


def _note(marker: str) -> bytes:
    """Say something that no page would obey, should it be heard."""
    return b'{"kind":"doctor","marker":"' + marker.encode() + b'"}'
