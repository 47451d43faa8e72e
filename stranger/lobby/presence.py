"""Being here: the connection's life, the service's epochs, signs of life and the seats that come with them.

connected ─ here ─ (1, 2, 4, 8 s) here … ─► welcome ─ ping ─ ping{wantSeat} ─► seat
a new epoch in the pulse ─ a random wait within its spread ─ here … ─► welcome
any pulse, when `here` was said again in vain ─ the same
"""

from broker.messages import VERSION, Counts, Down, Here, IceServer, NewSeat, Ping, Pulse, Welcome
from stranger.lobby import search, session
from stranger.lobby.state import (
    HERE_AFTER_S,
    SEAT_RENEW_S,
    Effect,
    Held,
    Ice,
    Match,
    Outdated,
    Presence,
    Search,
    Sleep,
    State,
    Talking,
    Timer,
    Wake,
    nth,
)


def here(state: State, life: str) -> Here:
    """Say the first words of a life, and those to every new service. A talk that goes on is claimed back."""
    talk = state.phase.match.session if isinstance(state.phase, Talking) else None
    return Here(life=life, version=VERSION, rtt=state.rtt_ms, session=talk)


def connected(state: State, life: str) -> list[Effect]:
    """Begin a life; the first `here` has left with it."""
    search.unprove(state)
    state.life, state.welcomed, state.heres = life, False, 0
    return [Wake(Timer.HERE, nth(HERE_AFTER_S, 0))]


def lost(state: State) -> list[Effect]:
    """End a life."""
    search.unprove(state)
    state.life, state.welcomed = None, False
    return [Sleep(Timer.HERE), Sleep(Timer.PING)]


def say_here(state: State) -> list[Effect]:
    """Say it once more, unless it was heard."""
    if state.life is None or state.welcomed:
        return []
    state.heres += 1
    return [Presence(here(state, state.life)), Wake(Timer.HERE, nth(HERE_AFTER_S, state.heres))]


def welcome(state: State, message: Welcome, now: float) -> list[Effect]:
    """The service knows this life."""
    if message.epoch < state.epoch:
        return []
    if message.version != VERSION:
        return [Sleep(Timer.HERE), Outdated(message.version)]
    if message.epoch != state.epoch:
        search.unprove(state)
    state.epoch, state.welcomed, state.down = message.epoch, True, False
    state.ping_s, state.relay, state.counts = float(message.ping), message.relay, message.pulse
    take_seat(state, message, now)
    state.challenge = (message.challenge, now + message.challenge.ttl) if message.challenge else None
    timers: list[Effect] = [Sleep(Timer.HERE), Wake(Timer.PING, state.ping_s)]
    return timers + session.say_again(state, now) + search.resume(state, now) + session.reach(state, now)


def take_seat(state: State, message: Welcome | NewSeat, now: float) -> None:
    """Keep a fresh seat, and the servers that came with it."""
    state.seat = Held(message.seat, now + message.ttl)
    state.ice = ice(message.ice, message.ice_ttl, now)


def ice(servers: list[IceServer], ttl_s: int | None, now: float) -> Ice:
    """Keep servers; those without credentials are good for ever."""
    return Ice(tuple(servers), now + ttl_s if ttl_s is not None else float("inf"))


def new_seat(state: State, message: NewSeat, now: float) -> list[Effect]:
    """A seat that was asked for."""
    take_seat(state, message, now)
    if state.seat is None or not state.seat.usable(now):
        return []  # a service that gives seats too old to use is asked again by the timer, not at the speed of the wire
    return session.reach(state, now) if isinstance(state.phase, Talking) else search.submit(state, now)


def ping(state: State, now: float) -> list[Effect]:
    """Give a sign of life, and ask for a seat where one is needed soon."""
    if state.life is None or not state.welcomed:
        return []
    told = session.reach(state, now)
    old = state.seat is None or state.seat.until - now < SEAT_RENEW_S or session.reach_is_old(state, now)
    old = old or (bool(state.ice.servers) and state.ice.until - now < SEAT_RENEW_S)
    sign = Presence(Ping(life=state.life, want_seat=True if old else None))
    return [*told, sign, Wake(Timer.PING, state.ping_s)]


def pulse(state: State, message: Pulse | Down) -> list[Effect]:
    """The service lives, or another one does, or none."""
    if message.epoch < state.epoch:
        return []
    if isinstance(message, Down):  # whose Will this is was perhaps never at work, so its epoch is not one to obey
        state.down = True
        return []
    news, state.epoch, state.down = message.epoch > state.epoch, message.epoch, False
    state.counts = Counts(here=message.here, waiting=message.waiting, talking=message.talking, wait=message.wait)
    # All peers learn of the service at this same moment: each comes at its own.
    own_s = state.dice() * message.spread
    if not state.welcomed:  # at work again, it knows nothing of us
        return [Wake(Timer.HERE, min(own_s, nth(HERE_AFTER_S, state.heres)))] if state.life and state.heres else []
    if not news:
        return []
    search.unprove(state)
    state.welcomed, state.heres = False, 0
    return [Sleep(Timer.PING), Wake(Timer.HERE, own_s)]


def used_seats(state: State, now: float) -> list[str]:
    """Name the living seats at which somebody may still speak to us."""
    phase = state.phase
    held: list[Held | None] = [state.seat]
    if isinstance(phase, Search):
        held.append(phase.ticket.seat if phase.ticket else None)
    if isinstance(phase, Match):
        held.append(phase.seat)
    if isinstance(phase, Talking):
        held += [phase.match.seat, phase.reach, phase.before]
    return list(dict.fromkeys(each.seat for each in held if each is not None and each.until > now))
