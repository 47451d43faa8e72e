"""The simulated town still plays, the same each time, and notes what a radar does to whom."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.radar import house, runs
from bench.radar.__main__ import main
from bench.radar.chance import Chance
from bench.radar.intervals import over_runs, wilson
from bench.radar.runs import Order, Run
from bench.radar.summary import summarise
from bench.radar.verdicts import judge
from broker.addresses import AddressKey
from broker.identity import PeerId
from broker.messages import Banned, Join, On, Refused
from broker.orders import Ban, Kick
from matcher import effects
from matcher.effects import Effect, Send
from matcher.events import Event, GateFacts, Heard
from matcher.lobby import Lobby
from matcher.policing import Policing
from matcher.randomness import Randomness

Sentence = Callable[[PeerId, Join, AddressKey], list[Effect]]


class Harsh(Lobby):
    """A lobby that does the same to everybody, with the third join of a life; its own radar only looks."""

    def __init__(self, randomness: Randomness, sentence: Sentence) -> None:
        super().__init__(1, house.KEYS, randomness, policing=Policing(dry_run=True))
        self._sentence = sentence
        self._keys: dict[str, AddressKey] = {}
        self._joins: dict[str, set[str]] = {}

    def step(self, event: Event, now: float) -> list[Effect]:
        if isinstance(event, GateFacts):
            self._keys |= {on.peer: AddressKey(on.day, on.address) for on in event.facts.facts if isinstance(on, On)}
        if isinstance(event, Heard) and isinstance(event.message, Join):
            join = event.message
            tickets = self._joins.setdefault(join.life, set())
            tickets.add(join.ticket)
            if len(tickets) == 3 and event.peer in self._keys:
                tickets.add("done")
                return self._sentence(event.peer, join, self._keys[event.peer])
        return super().step(event, now)


def played(monkeypatch: pytest.MonkeyPatch, sentence: Sentence, people: int = 40) -> Run:
    monkeypatch.setattr(house, "open_lobby", lambda _, randomness: Harsh(randomness, sentence))
    return runs.play(Order("bombers", 1, people, 300))


def test_the_table_is_printed_and_the_same_seed_gives_the_same_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reports: list[dict[str, Any]] = []
    for out in (tmp_path / "one.json", tmp_path / "other.json"):
        tiny = ["--seeds", "1", "--people", "60", "--minutes", "3", "--jobs", "1", "--scenario", "town", "forced"]
        assert main([*tiny, "--out", str(out)]) in (0, 1)
        reports.append(json.loads(out.read_text()))
    printed = capsys.readouterr().out
    assert "## town: 1 seeds, 60 people, 3 minutes" in printed
    assert "flood: recall within 60 s: at least 95%" in printed
    one, other = reports
    assert one["scenarios"] == other["scenarios"]
    town = one["scenarios"]["town"]
    assert {"flood", "fixed", "jittered", "slow", "rotating", "lurking", "probing", "farm", "bombing"} <= set(
        town["classes"]
    )
    assert town["crowds"]["all"]["people"] == 61  # with the victim
    assert town["crowds"]["carrier"]["people"] == 7
    counts = town["went"]["counts"]
    assert counts["lobby: matched"] > 100
    assert 0.02 < counts["handshakes failed"] / counts["handshakes"] < 0.3
    assert "people turned away for being many" not in counts
    assert "people cut by the gate" not in counts
    assert {"bar", "found", "passed"} == one["verdicts"][0].keys()


def test_who_is_told_to_slow_down_waits_and_joins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(peer: PeerId, join: Join, _: AddressKey) -> list[Effect]:
        return [Send(peer, Refused(life=join.life, ticket=join.ticket, reason="slow", retry=9))]

    run = played(monkeypatch, slow)
    crowd = run.crowds["all"]
    assert 0 < crowd.rungs["slow"] == crowd.rungs["any"]
    assert crowd.rungs["shut out"] == 0
    assert 0.8 * 9 < crowd.waited_s["slow"] / crowd.rungs["slow"] <= 1.5 * 9  # some leave meanwhile, or reload
    assert all(bot.after > 0 for bot in run.bots["bombing"] if bot.rungs)
    assert all(bot.rungs.keys() == {"slow"} for bot in run.bots["bombing"])


def test_who_is_banned_is_shut_out_for_as_long_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def ban(peer: PeerId, join: Join, key: AddressKey) -> list[Effect]:
        return [
            Send(peer, Banned(life=join.life, reason="made-up", seconds=30, code="x")),
            effects.Order(Ban(key, 30)),
        ]

    run = played(monkeypatch, ban)
    crowd = run.crowds["all"]
    assert crowd.rungs["banned"] == crowd.rungs["shut out"] > 0
    assert 0 < crowd.waited_s["banned"] <= crowd.rungs["banned"] * 300
    assert any(bot.after > 3 for bot in run.bots["bombing"])  # a bot moves, and goes on at once
    summary = summarise([run])
    verdicts = judge({"bombers": summary})
    assert [verdict.passed for verdict in verdicts] == [False]


def test_who_is_kicked_is_back_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run = played(monkeypatch, lambda peer, _, __: [effects.Order(Kick(peer))])
    assert run.crowds["all"].rungs["kick"] > 0
    assert run.crowds["all"].waited_s == {}
    assert sum(bot.after for bot in run.bots["bombing"]) > 0


def test_intervals_are_those_of_the_books() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(95, 100)
    assert (round(low, 3), round(high, 3)) == (0.888, 0.978)
    assert over_runs([0.5]) is None
    interval = over_runs([1.0, 2.0, 3.0])
    assert interval is not None
    assert [round(end, 2) for end in interval] == [-0.48, 4.48]


def test_chance_is_cut_at_both_ends_and_seeded() -> None:
    draws = [Chance("x").about(10, 3, 5, 20) for _ in range(3)]
    assert len(set(draws)) == 1
    assert 5 <= draws[0] <= 20
