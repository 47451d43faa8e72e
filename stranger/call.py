"""A call within a talk: who rang, who said yes, what each of the two sends (docs/reference/protocol.md, "Calls"). Pure.

    idle ── dial: ring ──► ringing ── their accept, or their ring ──► calling
     └─ their ring ──► asked ── pick up (or dial): accept ──────────────►┘

    hang up, or their hangup, leads from everywhere back to idle, and the talk goes on; 45 s without an answer do, too.
    Nothing is sent, and nothing of theirs is heard or seen, before `calling`.

A call has a number, one more than the highest yet. Both count what both have heard, so two rings that cross have the
same one and are two yeses; what is about another number is late, and nothing.

The page's `call.ts` with what a program has no use for left out: the look at oneself, and the notes. In their place it
is told that every ring, whoever rang, ended in a call or came to nothing, and that every call ended.
"""

from dataclasses import dataclass, replace
from typing import Final, assert_never

from broker.conversation import Accept, Hangup, Ring, Sending
from stranger import events

RING_S: Final = 45.0
"""A ring that nobody answers is withdrawn."""
ASKED_S: Final = 60.0
"""For a page that does not withdraw its own."""
REFUSALS: Final = 2
"""Who was told no so often within this time does not get to ask again before it has passed."""
REFUSALS_S: Final = 60.0

CallMessage = Ring | Accept | Hangup | Sending


@dataclass(frozen=True, slots=True)
class Sends:
    """Of voice and picture, what is sent."""

    audio: bool = False
    video: bool = False


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is asked or going on."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The stranger rings."""

    nth: int
    video: bool


@dataclass(frozen=True, slots=True)
class Ringing:
    """I ring."""

    nth: int
    video: bool


@dataclass(frozen=True, slots=True)
class Calling:
    """Both have said yes. `theirs` is what they send, once they have said so."""

    nth: int
    video: bool
    theirs: Sends | None = None


@dataclass(frozen=True, slots=True)
class Over:
    """The talk has ended."""


Phase = Idle | Asked | Ringing | Calling | Over


@dataclass(frozen=True, slots=True)
class Call:
    """Where the two are.

    Args:
        phase: what is asked or going on.
        top: the highest number of a call yet, whoever began it.
        mine: what I have to send.
        refused: when the stranger rang for nothing, in seconds of the clock that `step` is told.
    """

    phase: Phase = Idle()
    top: int = 0
    mine: Sends = Sends()
    refused: tuple[float, ...] = ()


# ── what happens ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Dial:
    """I would like a call."""

    video: bool


@dataclass(frozen=True, slots=True)
class PickUp:
    """I say yes to theirs."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """I say no, no longer, or not any more."""


@dataclass(frozen=True, slots=True)
class Have:
    """What I have to send is this from now on."""

    mine: Sends


@dataclass(frozen=True, slots=True)
class Heard:
    """The stranger said this."""

    message: CallMessage


@dataclass(frozen=True, slots=True)
class Woken:
    """The time that `Wake` asked for has come."""


@dataclass(frozen=True, slots=True)
class TalkOver:
    """The talk has ended, and all that is in it."""


CallEvent = Dial | PickUp | HangUp | Have | Heard | Woken | TalkOver


# ── what is to be done ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Say:
    """Say this to the stranger."""

    message: CallMessage


@dataclass(frozen=True, slots=True)
class Begin:
    """From now on each is heard by the other, and seen if `video`."""

    video: bool


@dataclass(frozen=True, slots=True)
class End:
    """From now on nothing is sent or received."""


@dataclass(frozen=True, slots=True)
class Wake:
    """Come back in so many seconds, and not at the time that was asked for before."""

    in_s: float


@dataclass(frozen=True, slots=True)
class Sleep:
    """Do not come back."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell this to whoever has the talk."""

    event: events.Rang | events.Called | events.Sending | events.HungUp


CallEffect = Say | Begin | End | Wake | Sleep | Tell
CallStep = tuple[Call, tuple[CallEffect, ...]]


def sends(call: Call) -> Sends:
    """Tell what really leaves: nothing outside a call, and no picture in a call by voice."""
    if not isinstance(call.phase, Calling):
        return Sends()
    # A call by voice stays one: nobody is shown a picture that they did not agree to.
    return Sends(call.mine.audio, call.mine.video and call.phase.video)


def step(call: Call, event: CallEvent, now: float) -> CallStep:
    """Take one event, at `now` in seconds; give where the two are then, and what is to be done, in this order."""
    if isinstance(call.phase, Over):
        return call, ()
    match event:
        case Dial(video):
            taken = _dial(call, video=video)
        case PickUp():
            taken = _pick_up(call)
        case HangUp():
            taken = _hang_up(call, now)
        case Have(mine):
            taken = _told(call, replace(call, mine=mine))
        case Heard(message):
            taken = _heard(call, message, now)
        case Woken():
            taken = _woken(call, now)
        case TalkOver():
            effects = (End(), Sleep()) if isinstance(call.phase, Calling) else (Sleep(),)
            taken = replace(call, phase=Over(), mine=Sends()), effects
        case _:
            assert_never(event)
    return taken


def _dial(call: Call, *, video: bool) -> CallStep:
    if isinstance(call.phase, Asked):
        return _pick_up(call)  # had the two rings crossed, they would have been two yeses
    if not isinstance(call.phase, Idle):
        return call, ()
    nth = call.top + 1
    ringing = replace(call, phase=Ringing(nth, video), top=nth, refused=())
    return ringing, (Say(Ring(call=nth, video=video)), Wake(RING_S))


def _pick_up(call: Call) -> CallStep:
    if not isinstance(call.phase, Asked):
        return call, ()
    nth = call.phase.nth
    calling, effects = _begin(call, nth, video=call.phase.video)
    return calling, (Say(Accept(call=nth)), *effects)


def _begin(call: Call, nth: int, *, video: bool) -> CallStep:
    calling = replace(call, phase=Calling(nth, video), refused=())
    mine = sends(calling)
    return calling, (
        Sleep(),
        Begin(video),
        Say(Sending(audio=mine.audio, video=mine.video)),
        Tell(events.Called(video)),
    )


def _told(before: Call, after: Call) -> CallStep:
    """Tell the stranger what I send, when that has changed."""
    mine = sends(after)
    if sends(before) == mine:
        return after, ()
    return after, (Say(Sending(audio=mine.audio, video=mine.video)),)


def _heard(call: Call, message: CallMessage, now: float) -> CallStep:
    phase = call.phase
    match message:
        case Ring():
            return _rung(call, message, now)
        case Accept():
            if isinstance(phase, Ringing) and phase.nth == message.call:
                return _begin(call, phase.nth, video=phase.video)
            return call, ()
        case Hangup():
            return _hung_up(call, message.call, now)
        case Sending():
            if not isinstance(phase, Calling):
                return call, ()
            theirs = Sends(message.audio, message.video and phase.video)
            told = () if theirs == phase.theirs else (Tell(events.Sending(theirs.audio, theirs.video)),)
            return replace(call, phase=replace(phase, theirs=theirs)), told
        case _:
            assert_never(message)


def _rung(call: Call, ring: Ring, now: float) -> CallStep:
    phase = call.phase
    if isinstance(phase, Ringing) and phase.nth == ring.call:
        return _begin(call, ring.call, video=phase.video and ring.video)  # one of the two may have meant only a voice
    if ring.call <= call.top:
        return call, ()
    rung = replace(call, top=ring.call)
    if not isinstance(phase, Idle) or len(_refusals(call, now)) >= REFUSALS:
        return rung, (Say(Hangup(call=ring.call)),)
    asked = replace(rung, phase=Asked(ring.call, ring.video))
    return asked, (Wake(ASKED_S), Tell(events.Rang(ring.video)))


def _refusals(call: Call, now: float) -> tuple[float, ...]:
    return tuple(at for at in call.refused if now - at < REFUSALS_S)


def _in_vain(call: Call, now: float) -> Call:
    """They rang, and nothing came of it."""
    return replace(call, refused=(*_refusals(call, now), now))


def _hung_up(call: Call, nth: int, now: float) -> CallStep:
    match call.phase:
        case Calling(nth=current) if current == nth:
            return _quit(call, "ended")
        case Ringing(nth=current) if current == nth:
            return _quit(call, "declined")
        case Asked(nth=current) if current == nth:
            return _quit(_in_vain(call, now), "withdrawn")
    return call, ()


def _hang_up(call: Call, now: float) -> CallStep:
    match call.phase:
        case Calling(nth=nth):
            return _part(call, nth, "ended")
        case Ringing(nth=nth):
            return _part(call, nth, "withdrawn")
        case Asked(nth=nth):
            return _part(_in_vain(call, now), nth, "declined")
    return call, ()


def _woken(call: Call, now: float) -> CallStep:
    match call.phase:
        case Ringing(nth=nth):
            return _part(call, nth, "unanswered")
        case Asked(nth=nth):
            return _part(_in_vain(call, now), nth, "missed")
    return call, ()


def _part(call: Call, nth: int, why: events.Ending) -> CallStep:
    idle, effects = _quit(call, why)
    return idle, (Say(Hangup(call=nth)), *effects)


def _quit(call: Call, why: events.Ending) -> CallStep:
    """Back to where nothing is sent."""
    ends = (End(),) if isinstance(call.phase, Calling) else ()
    return replace(call, phase=Idle(), mine=Sends()), (*ends, Sleep(), Tell(events.HungUp(why)))
