"""The summary: what all runs of a scenario came to together, as plain data for tables, plots and the file."""

from __future__ import annotations

from statistics import mean
from typing import Any, Final

from bench.figures import percentile
from bench.radar.book import RUNGS, WINDOW_S
from bench.radar.intervals import over_runs, wilson
from bench.radar.runs import Crowd, Outcome, Run

WITHIN_S: Final = 60.0
SHARES: Final = (*RUNGS, "shut out", "any")

Summary = dict[str, Any]


def summarise(runs: list[Run]) -> Summary:
    """Sum up the runs of one scenario; they come in any order, and are told in that of their seeds."""
    runs = sorted(runs, key=lambda run: run.order.seed)
    skipped = next((run.skipped for run in runs if run.skipped is not None), None)
    if skipped is not None:
        return {"skipped": skipped}
    return {
        "seeds": [run.order.seed for run in runs],
        "people": runs[0].order.people,
        "seconds": runs[0].order.seconds,
        "classes": {kind: _kind(runs, kind) for kind in sorted({kind for run in runs for kind in run.bots})},
        "crowds": {where: _crowd(runs, where) for where in sorted({where for run in runs for where in run.crowds})},
        "windows": _windows(runs),
        "victims": [run.victims for run in runs],
        "shutOut": {"most": [_most_shut_out(run) for run in runs], "left": [_left_shut(run) for run in runs]},
        "went": _went(runs),
    }


def rounded(value: float | None, digits: int = 3) -> float | None:
    """Round what there is."""
    return None if value is None else round(value, digits)


def _kind(runs: list[Run], kind: str) -> Summary:
    outcomes = [outcome for run in runs for outcome in run.bots.get(kind, [])]
    times = sorted(outcome.limited_s for outcome in outcomes if outcome.limited_s is not None)
    judged = [each for each in outcomes if each.watched_s >= WITHIN_S]  # of the others it cannot be said
    return {
        "n": len(outcomes),
        "in60": _share(sum(_soon(outcome) for outcome in judged), len(judged)),
        "ever": _share(len(times), len(outcomes)),
        "limitedS": {"p50": _quantile(times, 0.5), "p95": _quantile(times, 0.95)},
        "rungs": {rung: _rung(outcomes, rung) for rung in RUNGS},
        "matchesBefore": rounded(mean(outcome.before for outcome in outcomes), 1),
        "matchesAfter": rounded(mean(outcome.after for outcome in outcomes), 1),
        "timesS": [round(seconds, 1) for seconds in times],
    }


def _soon(outcome: Outcome) -> bool:
    return outcome.limited_s is not None and outcome.limited_s <= WITHIN_S


def _rung(outcomes: list[Outcome], rung: str) -> Summary:
    times = [outcome.rungs[rung] for outcome in outcomes if rung in outcome.rungs]
    return {"n": len(times), "p50": _quantile(times, 0.5), "p95": _quantile(times, 0.95)}


def _crowd(runs: list[Run], where: str) -> Summary:
    crowds = [run.crowds.get(where, Crowd()) for run in runs]
    people, hours = sum(crowd.people for crowd in crowds), sum(crowd.hours for crowd in crowds)
    shares = {}
    for rung in SHARES:
        hits = sum(crowd.rungs[rung] for crowd in crowds)
        per_run = [crowd.rungs[rung] / crowd.people for crowd in crowds if crowd.people]
        shares[rung] = {**_share(hits, people), "overSeeds": over_runs(per_run)}
    causes = sorted({cause for crowd in crowds for cause in crowd.waited_s})
    waited = {cause: sum(crowd.waited_s.get(cause, 0.0) for crowd in crowds) for cause in causes}
    per_hour = [sum(crowd.waited_s.values()) / crowd.hours for crowd in crowds if crowd.hours]
    return {
        "people": people,
        "hours": round(hours, 2),
        "shares": shares,
        "waitedSPerHour": {cause: round(seconds / hours, 3) if hours else 0.0 for cause, seconds in waited.items()},
        "waitedSPerHourInAll": {
            "mean": round(sum(waited.values()) / hours, 3) if hours else 0.0,
            "overSeeds": over_runs(per_hour),
        },
    }


def _windows(runs: list[Run]) -> list[Summary]:
    last = max((max(run.windows, default=0) for run in runs), default=0)
    told = []
    for number in range(last + 1):
        windows = [run.windows.get(number, [0, 0]) for run in runs]
        hits, of = sum(people for people, _ in windows), sum(sum(window) for window in windows)
        worst = min((people / (people + bots) for people, bots in windows if people + bots), default=None)
        told.append({"fromS": number * WINDOW_S, **_share(hits, of), "worstRun": rounded(worst)})
    return told


def _most_shut_out(run: Run) -> float | None:
    return rounded(max((shut / of for shut, of in run.shut_out if of), default=None), 4)


def _left_shut(run: Run) -> int:
    return run.counts.get("addresses not free when the time was up", 0)


def _went(runs: list[Run]) -> Summary:
    """Tell what a reader needs to believe the rest."""
    talks = sorted(seconds for run in runs for seconds in run.talks_s)
    counts: dict[str, int] = {}
    for run in runs:
        for what, count in (*run.counts.items(), *((f"lobby: {what}", count) for what, count in run.lobby.items())):
            counts[what] = counts.get(what, 0) + count
    return {
        "mostHere": max(run.most_here for run in runs),
        "talksS": {f"p{share * 100:.0f}": _quantile(talks, share) for share in (0.05, 0.5, 0.95)},
        "counts": dict(sorted(counts.items())),
    }


def _share(hits: int, of: int) -> Summary:
    low, high = wilson(hits, of)
    share = hits / of if of else None
    return {"hits": hits, "of": of, "share": rounded(share, 5), "low": rounded(low, 5), "high": rounded(high, 5)}


def _quantile(times: list[float], share: float) -> float | None:
    return rounded(percentile(times, share), 1) if times else None
