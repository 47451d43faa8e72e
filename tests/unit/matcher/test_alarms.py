"""Alarms ring when due, earliest first, and leave nothing behind."""

from hypothesis import given
from hypothesis import strategies as st

from matcher.alarms import Alarms


def test_rings_what_is_due_earliest_first() -> None:
    """Only what is due rings, in the order of the times and not of the settings."""
    alarms: Alarms[str] = Alarms()
    alarms.set("late", 3.0)
    alarms.set("early", 1.0)
    alarms.set("never", 9.0)
    assert list(alarms.ring(3.0)) == ["early", "late"]
    assert len(alarms) == 1


def test_a_moved_alarm_rings_once_at_its_new_time() -> None:
    """Setting a key again moves its alarm."""
    alarms: Alarms[str] = Alarms()
    alarms.set("a", 1.0)
    alarms.set("a", 2.0)
    assert list(alarms.ring(1.5)) == []
    assert list(alarms.ring(2.0)) == ["a"]
    assert list(alarms.ring(9.0)) == []


def test_an_alarm_dropped_while_others_ring_does_not_ring() -> None:
    """Who handles one alarm may drop the next."""
    alarms: Alarms[str] = Alarms()
    alarms.set("a", 1.0)
    alarms.set("b", 1.0)
    rung = []
    for key in alarms.ring(1.0):
        rung.append(key)
        alarms.drop("b")
    assert rung == ["a"]


def test_moving_an_alarm_often_takes_no_memory() -> None:
    """The heap is bounded by what is set, not by how often it was set."""
    alarms: Alarms[str] = Alarms()
    for second in range(10_000):
        alarms.set("a", float(second))
    assert len(alarms._heap) < 100  # noqa: SLF001


@given(
    st.lists(st.tuples(st.sampled_from("abcde"), st.one_of(st.none(), st.integers(0, 20)))),
    st.integers(-5, 5),
    st.integers(0, 25),
)
def test_behaves_like_a_plain_table(settings: list[tuple[str, int | None]], shift: int, now: int) -> None:
    """Whatever was set, dropped and shifted: what rings is what a table would say."""
    alarms: Alarms[str] = Alarms()
    table: dict[str, float] = {}
    for key, due in settings:
        if due is None:
            alarms.drop(key)
            table.pop(key, None)
        else:
            alarms.set(key, due)
            table[key] = due
    alarms.shift(shift)
    rung = list(alarms.ring(now))
    assert sorted(rung) == sorted(key for key, due in table.items() if due + shift <= now)
    assert [table[key] for key in rung] == sorted(table[key] for key in rung)
