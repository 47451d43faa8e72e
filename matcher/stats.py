"""Exact numbers about the lobby, for the operator's eyes: metrics, and the view at the desk. Never published, no ids.

Every mapping has a fixed set of keys, however many people are here, so that nothing that is told grows with them.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, get_args

from broker.desk import Levels, Modes, View, Waits
from broker.desk import Reason as Often
from broker.messages import EFFORT_MAX, ReportReason
from matcher.address_keys import AddressKeys
from matcher.bouncer import Bouncer
from matcher.conduct import Reason
from matcher.headcount import Heads, PerMode
from matcher.histogram import ROADS_S, Histogram
from matcher.presence import Presence
from matcher.radar import Radar
from matcher.recent import Recent
from matcher.reports import Reports
from matcher.scores import Level
from matcher.stamps import Stamps
from matcher.talks import Talks
from matcher.wishes import Wishes

REFUSALS: Final = (
    "unknown",
    "no-address",
    "banned",
    "crowded",
    "hurried",
    "denied-publish",
    "denied-publish-retained",
    "denied-subscribe",
    "denied-will",
    "denied-will-retained",
    "over",
    "cut-messages",
    "cut-bytes",
    "malformed",
    "facts-lost",
    "other",
)
"""What gates tally, as they call it; `other` is what this version does not know."""

HELD_BACK: Final = ("breaker", "dry-run", "spared")

LEVELS_S: Final = 5.0
"""How old the count of peers per level may be: it takes a look at each of them."""


@dataclass(frozen=True, slots=True)
class LobbyStats:
    """The numbers. Counts only grow; the rest is as it is now."""

    here: int
    waiting: int
    waiting_in: PerMode
    awake: int
    talking: int
    talking_in: PerMode
    sessions: int
    remembered_peers: int
    remembered_sessions: int
    address_keys: int
    used_stamps: int
    counts: dict[str, int]
    suspects: int = 0
    levels: dict[str, int] = field(default_factory=dict)
    verdicts: dict[tuple[str, str], int] = field(default_factory=dict)
    held_back: dict[str, int] = field(default_factory=dict)
    roads: Histogram = field(default_factory=lambda: Histogram(ROADS_S))
    waited: Histogram = field(default_factory=Histogram)
    talked: Histogram = field(default_factory=Histogram)
    bans: int = 0
    reports: dict[str, int] = field(default_factory=dict)
    waiting_reports: int = 0
    gate: dict[str, int] = field(default_factory=dict)
    storm: bool = False
    apart: int = 0
    tense: bool = False
    effort: int = 0


@dataclass(frozen=True, slots=True)
class ServiceStats:
    """Exact numbers, for the operator's eyes. `counts` has a fixed, small set of names and no ids.

    `tick_s_ago` tells how long ago time last went on for the lobby; None when it never has. `connected` is as the
    service, `standby` while it watches or is about to, and `watching` while it is connected for that.
    """

    connected: bool
    tick_s_ago: float | None
    epoch: int | None
    counts: dict[str, int]
    lobby: LobbyStats | None
    standby: bool = False
    watching: bool = False


class Stats:
    """Looks at the parts of the lobby and counts."""

    def __init__(  # noqa: PLR0913  a part of the lobby, which alone makes it, and shares its parts
        self,
        presence: Presence,
        wishes: Wishes,
        talks: Talks,
        addresses: AddressKeys,
        radar: Radar,
        bouncer: Bouncer,
        *,
        stamps: Stamps,
        reports: Reports,
        counts: Counter[str],
        epoch: int,
    ) -> None:
        self.refusals: Counter[str] = Counter()
        self.reports: Counter[str] = Counter()
        self._presence = presence
        self._wishes = wishes
        self._talks = talks
        self._stamps = stamps
        self._addresses = addresses
        self._radar = radar
        self._bouncer = bouncer
        self._reports = reports
        self._counts = counts
        self._epoch = epoch
        self._began: float | None = None
        self._recent = Recent()
        self._levels: tuple[float, dict[str, int]] = (float("-inf"), {})

    def refused(self, what: str, count: int) -> None:
        """Count what a gate refused."""
        self.refusals[what if what in REFUSALS else "other"] += count

    def tick(self, now: float) -> None:
        """Note how things stand, once a minute."""
        self._began = now if self._began is None else self._began
        self._recent.note(self._totals(), self._wishes.waited, now)

    def shift(self, by_s: float) -> None:
        """Follow a clock that was moved."""
        self._recent.shift(by_s)
        self._began = None if self._began is None else self._began + by_s
        self._levels = (float("-inf"), {})

    def heads(self) -> Heads:
        """Count the peers."""
        return Heads(self._presence.here, self._wishes.waiting_in, self._talks.talking_in)

    def waited(self, now: float) -> Histogram:
        """Give how long those waited who have met lately, in seconds."""
        return self._recent.waited(self._wishes.waited, now)

    def stats(self, effort: int, now: float) -> LobbyStats:
        """Give all numbers; `effort` is what is asked of everybody."""
        heads, bouncer = self.heads(), self._bouncer
        return LobbyStats(
            here=heads.here,
            waiting=heads.waiting,
            waiting_in=heads.waiting_in,
            awake=len(self._wishes.pool),
            talking=heads.talking,
            talking_in=heads.talking_in,
            sessions=self._talks.living,
            remembered_peers=len(self._presence),
            remembered_sessions=len(self._talks),
            address_keys=len(self._addresses),
            used_stamps=len(self._stamps),
            counts=dict(self._counts),
            suspects=len(self._radar),
            levels=self._count_levels(now),
            verdicts={
                (level.word, reason.word): bouncer.verdicts[level.word, reason.word]
                for level in (Level.KICK, Level.BAN)
                for reason in Reason
            },
            held_back={
                **{what: bouncer.held_back[what] for what in HELD_BACK},
                "dry-run": bouncer.held_back["dry-run"] + self._radar.let_pass,
            },
            roads=self._wishes.roads,
            waited=self._wishes.waited,
            talked=self._talks.talked,
            bans=len(bouncer.bans),
            reports={reason: self.reports[reason] for reason in get_args(ReportReason)},
            waiting_reports=len(self._reports),
            gate={what: self.refusals[what] for what in REFUSALS},
            storm=self._radar.storm(now),
            apart=self._radar.apart,
            tense=self._radar.tense,
            effort=effort,
        )

    def view(self, id_: str, effort: int, now: float) -> View:
        """Give what an operator is shown."""
        totals, heads, levels = self._totals(), self.heads(), self._count_levels(now)
        recent = self.waited(now)
        p50, p95 = recent.quantile(0.5), recent.quantile(0.95)
        reasons = {reason.word: self._recent.per_hour(f"signal {reason.word}", totals) for reason in Reason}
        refusals = {what: self._recent.per_hour(f"refused {what}", totals) for what in REFUSALS}
        return View(
            id=id_,
            epoch=self._epoch,
            up_s=round(now - (now if self._began is None else self._began)),
            here=heads.here,
            waiting=_modes(heads.waiting_in),
            talking=_modes(heads.talking_in),
            sessions=self._talks.living,
            matched_per_min=round(self._recent.per_min("matched", totals, now), 1),
            joined_per_min=round(self._recent.per_min("joined", totals, now), 1),
            ended_per_min=round(self._recent.per_min("ended", totals, now), 1),
            waits=None if p50 is None or p95 is None else Waits(p50=round(p50, 1), p95=round(p95, 1)),
            levels=Levels(**levels),
            effort=min(EFFORT_MAX, effort),
            bans=len(self._bouncer.bans),
            banned_per_hour=self._recent.per_hour("ban", totals),
            kicked_per_hour=self._recent.per_hour("kick", totals),
            slowed_per_hour=self._recent.per_hour("slowed", totals),
            spared_per_hour=self._recent.per_hour("held back", totals),
            reports=len(self._reports),
            dry_run=self._radar.dry_run,
            storm=self._radar.storm(now),
            apart=self._radar.apart,
            tense=self._radar.tense,
            reasons=_often(reasons, 6),
            refusals=_often(refusals, 12),
        )

    def _totals(self) -> dict[str, int]:
        signals = self._radar.signals
        return {
            **self._counts,
            "ended": sum(self._talks.talked.counts),
            "held back": sum(self._bouncer.held_back.values()) + self._radar.let_pass,
            **self._bouncer.done,
            **{f"signal {reason.word}": signals[reason] for reason in Reason},
            **{f"refused {what}": self.refusals[what] for what in REFUSALS},
        }

    def _count_levels(self, now: float) -> dict[str, int]:
        counted, levels = self._levels
        if not counted <= now < counted + LEVELS_S:
            found = Counter(self._radar.level(peer, now) for peer in self._presence.all_here())
            levels = {level.word: found[level] for level in Level}
            self._levels = (now, levels)
        return levels


def _modes(per_mode: PerMode) -> Modes:
    return Modes(text=per_mode.text, voice=per_mode.voice, video=per_mode.video)


def _often(counts: Mapping[str, int], most: int) -> list[Often]:
    """Give those that happened at all, the most frequent first."""
    found = sorted(((count, what) for what, count in counts.items() if count > 0), reverse=True)
    return [Often(reason=what, count=count) for count, what in found[:most]]
