"""The verdicts: each bar, what was reached, and whether that is enough. Nothing is rounded in anybody's favour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bench.radar.summary import Summary

RECALL_IN_60_S: Final = {"flood": 0.95, "fixed": 0.95, "jittered": 0.95, "rotating": 0.95, "lurking": 0.95}
RECALL_EVER: Final = {"slow": 0.6}
PEOPLE_SHUT_OUT: Final = {"all": 0.001, "carrier": 0.005}
SIEGE_LEAST: Final = 0.95
SIEGE_AFTER_S: Final = 60.0
FORCED_MOST: Final = 0.02
VICTIM_RUNGS: Final = ({"slow"}, set[str]())


@dataclass(frozen=True, slots=True)
class Verdict:
    """One bar. `passed` is None when nothing could be judged."""

    bar: str
    found: str
    passed: bool | None


def judge(summaries: dict[str, Summary]) -> list[Verdict]:
    """Hold what was found against every bar of the scenarios that were played."""
    judges = {"town": _town, "siege": _siege, "creep": _creep, "bombers": _bombers, "forced": _forced}
    verdicts: list[Verdict] = []
    for name, summary in summaries.items():
        if "skipped" in summary:
            verdicts.append(Verdict(name, f"skipped: {summary['skipped']}", None))
        else:
            verdicts.extend(judges[name](summary))
    return verdicts


def _town(summary: Summary) -> Iterator[Verdict]:
    for bars, key, how in ((RECALL_IN_60_S, "in60", "within 60 s"), (RECALL_EVER, "ever", "in its stay")):
        for kind, least in bars.items():
            share = summary["classes"].get(kind, {}).get(key)
            yield _at_least(f"{kind}: recall {how}", share, least)
    for where, most in PEOPLE_SHUT_OUT.items():
        share = summary["crowds"].get(where, {}).get("shares", {}).get("shut out")
        bar = f"people at ban level, {'on the shared carrier address' if where == 'carrier' else 'anywhere'}"
        if share is None or share["share"] is None:
            yield Verdict(f"{bar}: at most {most:.2%}", "nobody", None)
        else:
            found = (
                f"{share['share']:.3%} ({share['hits']} of {share['of']}; {share['low']:.3%} to {share['high']:.3%})"
            )
            yield Verdict(f"{bar}: at most {most:.2%}", found, share["hits"] <= most * share["of"])


def _siege(summary: Summary) -> Iterator[Verdict]:
    begin = summary["seconds"] / 2
    late = [window for window in summary["windows"] if window["fromS"] >= begin + SIEGE_AFTER_S and window["of"]]
    bar = f"siege: people's matches that are with people, from {SIEGE_AFTER_S:.0f} s on: at least {SIEGE_LEAST:.0%}"
    if not late:
        yield Verdict(bar, "nobody was matched", None)
        return
    hits, of = sum(window["hits"] for window in late), sum(window["of"] for window in late)
    worst = min(late, key=lambda window: window["hits"] / window["of"])
    when = f"in the worst 10 s, from {worst['fromS'] - begin:.0f} s"
    yield Verdict(bar, f"{hits / of:.1%} ({hits} of {of}; {worst['share']:.1%} {when})", hits >= SIEGE_LEAST * of)


def _creep(summary: Summary) -> Iterator[Verdict]:
    """Tell the same without a bar: what acts once in a minute and a half cannot be told within one."""
    for verdict in _siege(summary):
        yield Verdict(f"creep: with slow-and-low bots among them, no bar; {verdict.bar}", verdict.found, None)


def _bombers(summary: Summary) -> Iterator[Verdict]:
    victims = [set(rungs) for run in summary["victims"] for rungs in run]
    worse = [rungs for rungs in victims if rungs not in VICTIM_RUNGS]
    found = f"more in {len(worse)} of {len(victims)} runs"
    if worse:
        found += f" ({', '.join(sorted(set().union(*worse)))})"
    yield Verdict("50 report bombers achieve at most a slow-down", found, not worse if victims else None)


def _forced(summary: Summary) -> Iterator[Verdict]:
    most = [share for share in summary["shutOut"]["most"] if share is not None]
    left = sum(summary["shutOut"]["left"])
    bar = f"forced verdicts: shut out at any time at most {FORCED_MOST:.0%}"
    yield Verdict(bar, f"{max(most):.2%}" if most else "nobody", max(most) <= FORCED_MOST if most else None)
    yield Verdict("forced verdicts: all free when the time is up", f"{left} addresses are not", left == 0)


def _at_least(bar: str, share: Summary | None, least: float) -> Verdict:
    if share is None or share["of"] == 0:
        return Verdict(f"{bar}: at least {least:.0%}", "none could be judged", None)
    found = f"{share['share']:.1%} ({share['hits']} of {share['of']}; {share['low']:.1%} to {share['high']:.1%})"
    return Verdict(f"{bar}: at least {least:.0%}", found, share["hits"] >= least * share["of"])
