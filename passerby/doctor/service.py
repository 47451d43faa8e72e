"""Whether the service is at work: its pulse, its welcome, and seats that the gate believes in."""

from broker import messages, topics
from broker.messages import VERSION, Down, Malformed, Pulse
from passerby.doctor.finding import Verdict, failed, ok, warning
from passerby.doctor.probe import ACCEPTED
from passerby.doctor.visit import Visit
from stranger.identity import token
from stranger.wire import REFUSED

_START_IT = "start `passerby matcher`, or look at its log: does it reach the broker, with the same keys file?"


async def pulse(visit: Visit) -> Verdict:
    """Hear the pulse, which is kept for whoever comes."""
    peer = visit.one
    await peer.probe.until(lambda: any(each.topic == topics.PULSE for each in peer.probe.seen))
    payloads = [each.payload for each in peer.probe.seen if each.topic == topics.PULSE]
    if not payloads:
        return failed("no pulse", f"no matcher has been here since the broker was started: {_START_IT}")
    try:
        heard = messages.parse(messages.pulse, payloads[-1])
    except Malformed as error:
        return failed(f"a pulse that is none of version {VERSION} ({error})", "matcher and doctor differ in version")
    match heard:
        case Down(epoch=epoch):
            return failed(f"the matcher of epoch {epoch} is gone", f"the matcher is not running: {_START_IT}")
        case Pulse(epoch=epoch, here=here, waiting=waiting, talking=talking):
            return ok(f"epoch {epoch}, about {here} here, {waiting} waiting, {talking} talking")


async def welcome(visit: Visit) -> Verdict:
    """Say here, and be welcomed."""
    for peer in (visit.one, visit.other):
        if not await peer.is_welcomed(visit.wishes.timeout_s):
            return failed(
                "no answer to `here`",
                f"the matcher is not running, does not hear presence, or is of another version: {_START_IT}",
            )
    shown = visit.one.welcome
    version = shown.version if shown else 0
    if version != VERSION:
        return failed(
            f"the matcher speaks version {version}, this doctor {VERSION}",
            "one of the two is old: let page, broker and matcher come from the same release",
        )
    return ok(f"after {visit.one.welcomed_after_s * 1000:.0f} ms, version {version} like this doctor")


async def seat(visit: Visit) -> Verdict:
    """Sit down on the seats that came with the welcome, and speak to oneself there."""
    for peer in (visit.one, visit.other):
        if peer.welcome is None:
            return failed("no seat came", _START_IT)
        topic, marker = topics.session(peer.welcome.seat), token().encode()
        granted = await peer.probe.subscribe(topic)
        await peer.probe.publish(topic, marker)
        if granted != [ACCEPTED] or not await peer.probe.until(lambda: peer.got(marker)):  # noqa: B023  awaited here
            return failed(
                "a seat that the matcher has just given is not believed by the gate"
                if granted != [ACCEPTED]
                else "what is said to a seat does not arrive at it",
                "their keys differ, or their clocks: let both read the same keys file (on several machines it must be "
                "copied within the 30 s of a turn), and set both clocks by NTP",
            )
    return ok("a fresh one is believed, and what is said to it arrives: gate and matcher share keys and time")


async def other_seats(visit: Visit) -> Verdict:
    """Sit down on another's seat."""
    peer, marker = visit.other, token().encode()
    if peer.welcome is None:
        return failed("no seat came", _START_IT)
    topic = topics.session(peer.welcome.seat)
    async with visit.trespasser() as trespasser:
        granted = await trespasser.subscribe(topic)
        await peer.probe.publish(topic, marker)
        await peer.probe.until(lambda: peer.got(marker))
        await visit.quiet()
        if trespasser.seen:
            return failed(
                "who was told a seat can listen to it",
                "signaling is not private: the gate is not loaded, or another access rule allows this besides it",
            )
    if granted[0] < REFUSED:
        return warning(
            "nothing came, but the broker says it grants another's seat", "is the gate asked at subscriptions?"
        )
    return ok("only its owner hears one")
