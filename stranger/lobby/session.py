"""From a match to its end, as the service sees it; and what is said of a talk afterwards.

    matched ─ meet ─► opened ─ talking … over, leave ─ leave{mood}
                 └──► failed ─ leave{failed} ─► a new wish by itself

While the channel is open nothing the service says ends a talk: it is handed on as advice. A report or a block goes at
QoS 0 and could be lost with its connection, so each is said a second time: a few seconds later, or to the next life or
service, whichever comes first.
"""

from broker.messages import Ended, Leave, LeaveMood, Matched, Ping, Report, ReportReason
from broker.messages import Talking as SaysTalking
from stranger.lobby import presence, search
from stranger.lobby.state import (
    KNOWN_S,
    REACH_LEAST_S,
    REACH_RENEW_S,
    REPEAT_S,
    REPORT_WITHIN_S,
    Advise,
    Effect,
    Held,
    Known,
    Lobbying,
    Match,
    Meet,
    Part,
    Presence,
    Reach,
    Search,
    Sleep,
    State,
    Talking,
    Timer,
    Wake,
    Word,
)

_BLOCK = "block"


def matched(state: State, message: Matched, now: float) -> list[Effect]:
    """Somebody was found, for the current ticket or for none."""
    looking = state.phase
    if message.epoch < state.epoch or not isinstance(looking, Search) or state.life is None:
        return []
    ticket = looking.ticket
    if ticket is None or ticket.ticket != message.ticket or ticket.seat is None:
        return []
    state.epoch = message.epoch
    state.seat = Held(message.seat, now + message.ttl)
    state.ice = presence.ice(message.ice, message.ice_ttl, now)
    state.phase = Match(looking, message.session, ticket.seat, state.life, message.epoch)
    return [Sleep(Timer.JOIN), Meet(message, ticket.seat.seat)]


def opened(state: State, session: str, now: float) -> list[Effect]:
    """The channel is open, and the stranger is who signaling said."""
    match = state.phase
    if not isinstance(match, Match) or match.session != session:
        return []
    state.phase = Talking(match)
    effects = reach(state, now)
    if state.life is None:
        return effects
    if match.life != state.life or match.epoch != state.epoch:
        # A service or life that is younger than the match may not know of it: claim it, as a running talk would.
        effects.append(Presence(presence.here(state, state.life)))
    effects.append(Lobbying(SaysTalking(life=state.life, session=session)))
    if state.welcomed:  # the next wish needs a seat of its own
        effects.append(Presence(Ping(life=state.life, want_seat=True)))
    return effects


def failed(state: State, session: str, now: float) -> list[Effect]:
    """No connection came about."""
    match = state.phase
    if not isinstance(match, Match) or match.session != session:
        return []
    return [*_leave(state, session, "failed"), *search.fail(state, match.search, now)]


def over(state: State, session: str, mood: LeaveMood | None, now: float) -> list[Effect]:
    """A talk or a meeting is over, whoever ended it; without a mood the service knows already.

    Who was left says nothing: the stranger's own word tells how it ended, and must not come second to mine.
    """
    match = state.phase.match if isinstance(state.phase, Talking) else state.phase
    if not isinstance(match, Match) or match.session != session:
        return []
    if isinstance(state.phase, Talking):
        state.known = {key: known for key, known in state.known.items() if now - known.ended < KNOWN_S}
        state.known[session] = state.phase.end or Known(session, now, state.epoch)
    state.phase = None
    return _leave(state, session, mood) if mood is not None else []


def ended(state: State, message: Ended, now: float) -> list[Effect]:
    """The service says that the stranger is gone."""
    phase = state.phase
    if isinstance(phase, Match) and phase.session == message.session:
        return [Part(), *search.fail(state, phase.search, now)]
    if isinstance(phase, Talking) and phase.match.session == message.session:
        if phase.end is None:  # from here on the service forgets it, though the channel may live on
            phase.end = Known(message.session, now, state.epoch)
        return [Advise(message.mood)]
    return search.void(state, message.ticket, now)  # its match never came


def report(state: State, session: str, reason: ReportReason, now: float) -> list[Effect] | None:
    """Report the stranger of a talk; None when it is too late, or the talk never came about."""
    return _say(state, session, reason, now) if reportable(state, session, now) else None


def block(state: State, session: str, now: float) -> list[Effect] | None:
    """Never meet the stranger of a talk again; None when it is too late. A talk that goes on ends by it."""
    if not reportable(state, session, now):
        return None
    over(state, session, None, now)
    return _say(state, session, _BLOCK, now)


def reportable(state: State, session: str, now: float) -> bool:
    """Tell whether the service knows of this talk, and so would hear of it."""
    talking, known = _known(state, session)
    if talking and known is None:
        return True
    return known is not None and known.epoch == state.epoch and now - known.ended < REPORT_WITHIN_S


def _known(state: State, session: str) -> tuple[bool, Known | None]:
    """Tell whether this talk goes on, and its end, as far as the service has told it."""
    if isinstance(state.phase, Talking) and state.phase.match.session == session:
        return True, state.phase.end
    return False, state.known.get(session)


def _say(state: State, session: str, about: str, now: float) -> list[Effect]:
    _, known = _known(state, session)
    word = Word(session, about, (known.ended if known else now) + KNOWN_S)
    state.words.append(word)
    return [*_spoken(state, word), Wake(Timer.WORDS, REPEAT_S)]


def say_again(state: State, now: float) -> list[Effect]:
    """Say reports and blocks the second time; without a service to hear it, the next `welcome` brings one."""
    if not state.welcomed:
        return []
    words, state.words = state.words, []
    return [effect for word in words if now < word.until for effect in _spoken(state, word)]


def _spoken(state: State, word: Word) -> list[Effect]:
    if state.life is None:
        return []
    if word.about == _BLOCK:
        return _leave(state, word.session, "blocked")
    return [Lobbying(Report.model_validate({"life": state.life, "session": word.session, "reason": word.about}))]


def reach(state: State, now: float) -> list[Effect]:
    """Take the newest seat to be reached at without the channel, if one is needed and that one will do.

    Another one than that of the next wish: whoever was told a seat can fill it.
    """
    talk, seat = state.phase, state.seat
    if not isinstance(talk, Talking) or not reach_is_old(state, now) or seat is None or not seat.usable(now):
        return []
    left_s = seat.until - now
    if talk.reach is not None and left_s < REACH_LEAST_S:
        return []  # not much younger than the one before, and so not worth telling
    # The first one came with the match, and a service may have come since.
    talk.reach_epoch = state.epoch if talk.reach is not None else talk.match.epoch
    talk.before, talk.reach, state.seat = talk.reach, seat, None
    return [Reach(seat.seat, int(left_s))]


def reach_is_old(state: State, now: float) -> bool:
    """Tell whether the stranger should be told another seat."""
    talk = state.phase
    if not isinstance(talk, Talking):
        return False
    return talk.reach is None or talk.reach_epoch != state.epoch or talk.reach.until - now < REACH_RENEW_S


def _leave(state: State, session: str, mood: LeaveMood) -> list[Effect]:
    return [Lobbying(Leave(life=state.life, session=session, mood=mood))] if state.life is not None else []
