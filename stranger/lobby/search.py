"""Looking for somebody: one wish after another until one is matched.

    look ─ draw ticket and key ─ join ─ (2, 4, 8, 15, 15 … s) the same join … ─► matched, or
      again, ended{ticket}, refused{seat} ─ a new ticket with the newest seat
      refused{busy, slow}            ─ a new ticket after the time it tells, never sooner
      refused{stamp, challenge}      ─ work, then the same ticket with a stamp; when it had one, a new ticket
      refused{relay}                 ─ the wish is withdrawn: hiding the address is never faked
      welcome (a new service or life) ─ the same join if its seat lives, else a new ticket

Whatever speaks of another ticket than the current one is ignored: a late answer must not put a peer in two sessions.
"""

from broker.messages import Again, Cancel, Challenge, Join, Ping, Refused
from stranger.lobby.state import (
    CHALLENGE_LEAST_S,
    HOLD_MARGIN_S,
    JOIN_AFTER_S,
    RETRY_AFTER_S,
    Drop,
    Effect,
    Lobbying,
    NoRelay,
    Pause,
    Presence,
    Prove,
    Search,
    Sleep,
    State,
    Ticket,
    Timer,
    Wake,
    Wish,
    nth,
)

_WAITED_MOST_S = 86_400


def look(state: State, wish: Wish, now: float) -> list[Effect]:
    """Begin to look."""
    search = state.phase = Search(wish, since=now)
    if state.paused_until > now:
        return [Wake(Timer.RETRY, state.paused_until - now)]
    return _draw(state, search, now)


def _draw(state: State, search: Search, now: float) -> list[Effect]:
    search.ticket, search.joins, search.proof = Ticket(*state.draw()), 0, None
    return submit(state, now)


def submit(state: State, now: float) -> list[Effect]:
    """Send the first `join` of a ticket as soon as there are a service, a stamp if asked for, and a living seat."""
    search = state.phase
    if not isinstance(search, Search) or state.life is None or not state.welcomed:
        return []
    ticket = search.ticket
    if ticket is None or ticket.seat is not None or search.proof is not None:
        return []
    asked = _answerable(state, now)
    if ticket.stamp is None and asked is not None:
        return _prove(state, search, *asked, now)
    if state.seat is not None and state.seat.usable(now):
        ticket.seat = state.seat
        return _join(state, search, now)
    search.joins += 1
    ask = Presence(Ping(life=state.life, want_seat=True))
    return [ask, Wake(Timer.JOIN, nth(JOIN_AFTER_S, search.joins - 1))]


def _join(state: State, search: Search, now: float) -> list[Effect]:
    if search.ticket is None or search.ticket.seat is None:
        return []
    search.ticket.waited_s = min(_WAITED_MOST_S, max(0, int(now - search.since)))
    search.joins = 1
    return [*_said(state, search), Wake(Timer.JOIN, nth(JOIN_AFTER_S, 0))]


def join_again(state: State, now: float) -> list[Effect]:
    """Repeat the wish: it may have been lost."""
    search = state.phase
    if not isinstance(search, Search) or state.life is None or not state.welcomed:
        return []
    if search.proof is not None:  # too late: the service will ask anew
        unprove(state)
        return join_again(state, now)
    if search.ticket is None or search.ticket.seat is None:
        return submit(state, now)
    if not search.ticket.seat.usable(now):
        return _renew(state, search, now)
    search.joins += 1
    return [*_said(state, search), Wake(Timer.JOIN, nth(JOIN_AFTER_S, search.joins - 1))]


def resume(state: State, now: float) -> list[Effect]:
    """After a `welcome`: this service, or this life of ours, has not heard the wish yet."""
    search = state.phase
    if not isinstance(search, Search) or search.proof is not None:
        return []
    if search.ticket is None or search.ticket.seat is None:
        return submit(state, now)
    if not search.ticket.seat.usable(now):
        return _renew(state, search, now)
    search.ticket.stamp = None
    asked = _answerable(state, now)
    if asked is not None:
        return _prove(state, search, *asked, now)
    return _join(state, search, now)


def again(state: State, message: Again, now: float) -> list[Effect]:
    """The ticket is void."""
    return void(state, message.ticket, now)


def void(state: State, ticket: str | None, now: float) -> list[Effect]:
    """Nothing comes of this ticket any more. If it is the current one, another takes its place."""
    search = _search_of(state, ticket)
    return _renew(state, search, now) if search else []


def refused(state: State, message: Refused, now: float) -> list[Effect]:
    """The wish is refused; why tells what to do."""
    search = _search_of(state, message.ticket)
    if search is None or search.ticket is None:
        return []
    if message.reason == "relay":
        return [*cancel(state), NoRelay()]
    if message.reason == "stamp" and message.challenge is not None:
        if search.proof is not None:
            return []  # of a repetition
        if search.ticket.stamp is None:
            return _prove(state, search, message.challenge, now + message.challenge.ttl, now)
        state.challenge = (message.challenge, now + message.challenge.ttl)
        return _renew(state, search, now)
    if message.reason != "seat":
        for_s = max(1, message.retry) + HOLD_MARGIN_S * (1 + state.dice())
        state.paused_until = now + for_s
        return [*_hold(search, for_s), Pause(message.reason, for_s)]
    if state.seat is not None and state.seat == search.ticket.seat:
        state.seat = None  # it is no good for the next ticket either
    return _renew(state, search, now)


def retry(state: State, now: float) -> list[Effect]:
    """A pause is over."""
    search = state.phase
    if not isinstance(search, Search) or search.ticket is not None:
        return []
    return _draw(state, search, now)


def fail(state: State, search: Search, now: float) -> list[Effect]:
    """No connection came about: look for somebody else, keeping one's place."""
    state.phase = search
    search.voided = 0
    return _draw(state, search, now)


def cancel(state: State) -> list[Effect]:
    """Withdraw the wish."""
    search = state.phase
    if not isinstance(search, Search):
        return []
    state.phase = None
    effects: list[Effect] = [Sleep(Timer.JOIN), Sleep(Timer.RETRY)]
    if search.ticket is not None:
        effects.append(Drop(search.ticket.ticket))
        if search.ticket.seat is not None and state.life is not None:
            effects.append(Lobbying(Cancel(life=state.life, ticket=search.ticket.ticket)))
    return effects


def proved(state: State, seed: str, stamp: str, now: float) -> list[Effect]:
    """The work is done."""
    search = state.phase
    if not isinstance(search, Search) or search.proof != seed or search.ticket is None:
        return []
    search.proof, search.ticket.stamp = None, stamp
    if search.ticket.seat is None:
        return submit(state, now)
    if not search.ticket.seat.usable(now):
        return _renew(state, search, now)
    return _join(state, search, now)


def unprove(state: State) -> None:
    """Forget what was asked for, and done, for a life or a service that is no more."""
    state.challenge = None
    if isinstance(state.phase, Search):
        state.phase.proof = None
        if state.phase.ticket is not None:
            state.phase.ticket.stamp = None


def _prove(state: State, search: Search, challenge: Challenge, until: float, now: float) -> list[Effect]:
    state.challenge, search.proof = None, challenge.seed
    return [Prove(challenge), Wake(Timer.JOIN, until - now)]


def _answerable(state: State, now: float) -> tuple[Challenge, float] | None:
    return state.challenge if state.challenge and state.challenge[1] - now >= CHALLENGE_LEAST_S else None


def _renew(state: State, search: Search, now: float) -> list[Effect]:
    # A ticket that was asked for again and again lived its life: its end is not part of a storm.
    voided = 0 if search.joins > len(JOIN_AFTER_S) - 1 else search.voided
    search.voided = voided + 1
    after_s = nth(RETRY_AFTER_S, voided)
    if after_s > 0:
        return _hold(search, after_s)
    dropped = [Drop(search.ticket.ticket)] if search.ticket else []
    return [*dropped, Sleep(Timer.JOIN), *_draw(state, search, now)]


def _hold(search: Search, for_s: float) -> list[Effect]:
    dropped = [Drop(search.ticket.ticket)] if search.ticket else []
    search.ticket = search.proof = None
    return [*dropped, Sleep(Timer.JOIN), Wake(Timer.RETRY, for_s)]


def _search_of(state: State, ticket: str | None) -> Search | None:
    search = state.phase
    if isinstance(search, Search) and search.ticket is not None and search.ticket.ticket == ticket:
        return search
    return None


def _said(state: State, search: Search) -> list[Effect]:
    """The wish in the words of the wire: the same each time within one service and life, since `join` is idempotent."""
    ticket, wish = search.ticket, search.wish
    if ticket is None or ticket.seat is None or state.life is None:
        return []
    join = Join(
        life=state.life,
        ticket=ticket.ticket,
        seat=ticket.seat.seat,
        key=ticket.key,
        mode=wish.mode,
        tags=list(wish.tags),
        languages=list(wish.languages),
        relay=wish.relay,
        rtt=state.rtt_ms,
        waited=ticket.waited_s or None,
        again=wish.again,
        stamp=ticket.stamp,
    )
    return [Lobbying(join)]
