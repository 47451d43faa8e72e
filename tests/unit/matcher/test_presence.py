"""Who is remembered, and for how long."""

from broker.identity import PeerId
from matcher.presence import BLOCKS_MAX, DEAD_TICKETS_MAX, PAST_LIVES_MAX, Peer, Presence


def arrive(presence: Presence, name: str, life: str = "life") -> Peer:
    peer = presence.arrive(PeerId(name), life, 0.0)
    assert peer is not None
    return peer


def test_with_too_many_blocks_the_oldest_is_forgotten_on_both_sides() -> None:
    """A list that only grows would be a way to fill memory."""
    presence = Presence()
    me = arrive(presence, "me")
    strangers = [arrive(presence, str(n)) for n in range(BLOCKS_MAX + 1)]
    for stranger in strangers:
        presence.block(me, stranger)
    assert [stranger.avoids(me.id) for stranger in strangers] == [False] + [True] * BLOCKS_MAX
    assert [me.avoids(stranger.id) for stranger in strangers] == [False] + [True] * BLOCKS_MAX


def test_only_the_latest_lives_and_dead_tickets_are_kept() -> None:
    """Nothing older can still be under way."""
    presence = Presence()
    me = arrive(presence, "me", "life 0")
    for n in range(1, 20):
        assert arrive(presence, "me", f"life {n}") is me
    assert me.past_lives == tuple(f"life {n}" for n in range(19 - PAST_LIVES_MAX, 19))
    for n in range(40):
        me.bury(f"ticket {n}", None)
    assert list(me.dead_tickets) == [f"ticket {n}" for n in range(40 - DEAD_TICKETS_MAX, 40)]


def test_silence_is_first_sleep_and_then_loss() -> None:
    """30 s and 45 s after the last sign."""
    presence = Presence()
    me = arrive(presence, "me")
    assert list(presence.silent(29.9)) == []
    assert list(presence.silent(30.0)) == [(me, False)]
    assert list(presence.silent(44.9)) == []
    assert list(presence.silent(45.0)) == [(me, True)]
