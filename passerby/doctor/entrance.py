"""Who is let in: a peer that proves who it is, and nobody else.

Never as ClientID `service`: a broker without a gate would disconnect the running one for it. The name alone is shown.
"""

import secrets

from passerby.doctor.finding import Outcome, Verdict, failed, ok, skipped, warning
from passerby.doctor.peer import Identity, Peer
from passerby.doctor.probe import ACCEPTED, Probe, knock
from passerby.doctor.visit import Visit
from stranger.client import Login, Unreachable
from stranger.identity import token
from stranger.wire import NOT_AUTHORIZED

BAD_LOGIN = 4
"""A name that is not proven (MQTT 3.1.1 §3.2.2.3). RabbitMQ says so; for a ban, which is told to people, it says 5."""

_LOAD_THE_GATE = "the gate is not loaded, or somebody may come in without it: load it, and allow nobody besides it"


async def peer(visit: Visit) -> Verdict:
    """Come in twice, as peers do; the two stay to the end."""
    for _ in range(2):
        identity = Identity()
        try:
            probe = await visit.stack.enter_async_context(visit.knock(identity.login()))
        except Unreachable as error:
            return failed(f"no connection: {error}", "is this the right port, and does it speak MQTT?")
        if probe.code != ACCEPTED:
            return failed(
                f"a peer with the right secret is not let in: {_answer(probe)}",
                "is this the listener for peers, and is the gate of this version? Else this address is banned, or too "
                "many connections come from it: wait, and try again",
            )
        visiting = Peer(identity, probe)
        if not await visiting.listen():
            return failed(
                "a peer may not listen to its own inbox or the pulse",
                "another access rule stands before the gate, or the gate is of another version: it must decide alone",
            )
        visit.keep(visiting)
        visit.stack.push_async_callback(visiting.leave)
    return ok(f"who knows its secret is let in, round trip {visit.one.rtt_s * 1000:.0f} ms")


async def wrong_secret(visit: Visit) -> Verdict:
    """Come with another's secret."""
    name = Identity().id
    return await _refused(visit, {"who shows a wrong secret": Login(name, name, Identity().password)})


async def anonymous(visit: Visit) -> Verdict:
    """Come without a name."""
    return await _refused(visit, {"somebody without a name": Login(token())})


async def internal_names(visit: Visit) -> Verdict:
    """Come as the service, and as a desk, to the door for peers."""
    desk = f"desk-{secrets.token_hex(8)}"
    return await _refused(visit, {"service": Login(token(), "service", token()), "a desk": Login(desk, desk, token())})


async def internal_listener(visit: Visit) -> Verdict:
    """Come as a peer to the door for the service."""
    place, wishes = visit.wishes.internal, visit.wishes
    if place is None:
        raise ValueError("no internal listener was named")
    try:
        async with knock(place, Identity().login(), visit.tls, wishes.timeout_s) as probe:
            if probe.code == ACCEPTED:
                return failed(
                    "a peer is let in at the internal listener",
                    "the gate must know which listener is the internal one; bind that to loopback or a private network",
                )
            return _as_refused(probe, "a peer is refused there")
    except Unreachable as error:
        return skipped(f"it cannot be reached from here ({error}): from outside, that is as it should be")


async def _refused(visit: Visit, logins: dict[str, Login]) -> Verdict:
    verdict = ok("refused")
    for who, login in logins.items():
        async with visit.knock(login) as probe:
            if probe.code == ACCEPTED:
                return failed(f"{who} is let in", _LOAD_THE_GATE)
            verdict = _as_refused(probe, "refused")
            if verdict.outcome is not Outcome.OK:
                return verdict
    return verdict


def _as_refused(probe: Probe, seen: str) -> Verdict:
    if probe.code == NOT_AUTHORIZED:
        return ok(seen)
    if probe.code == BAD_LOGIN:
        return ok(f"{seen}, by code {BAD_LOGIN}, as RabbitMQ does")
    return warning(
        f"{seen}, but otherwise than by code {NOT_AUTHORIZED}: {_answer(probe)}",
        "pages take code 5 for a refusal, and all else for a broker in trouble: let the gate answer, and no other rule",
    )


def _answer(probe: Probe) -> str:
    if probe.code is None:
        return "the connection was closed" if probe.closed else "no answer"
    return f"code {probe.code}"
