"""What a crowd came to: figures, what they mean, and whether it is well. Knows no terminal."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from passerby.crowd.live import failures
from passerby.crowd.show import Course
from stranger.crowd.figures import Figures, Stretch, figures, percentiles
from stranger.crowd.judge import DOUBLE, Fault

LAG_S: Final = 0.5
"""From here on it is said that this machine was late itself."""

CROWDED: Final = frozenset({"code 5", "HTTP 429", "HTTP 503", "limited by the gate"})
"""How doors say that there are too many, or too fast, from one address."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """All of it."""

    course: Course
    figures: Figures
    faults: Counter[Fault]

    @classmethod
    def of(cls, course: Course) -> "Outcome":
        """Judge a course that is over."""
        found = course.judge.faults(patience_s=course.asked.lost_after_s, margin_s=course.margin_s)
        return cls(course, figures(course.judge, course.full or Stretch(0, 0)), found)

    @property
    def here(self) -> int:
        """How many came in."""
        return sum(person.came for person in self.course.judge.people.values())

    @property
    def doubles(self) -> int:
        """How often somebody was matched twice, or not with one other."""
        return sum(count for fault, count in self.faults.items() if fault in DOUBLE)

    @property
    def well(self) -> bool:
        """Whether people were matched, and nothing was found that must not be."""
        return bool(self.course.judge.sessions) and not self.faults

    def advice(self) -> list[str]:
        """Say what an operator is to do about what it shows."""
        judge, asked, lines = self.course.judge, self.course.asked, []
        if (crowded := sum(count for why, count in judge.turned.items() if why in CROWDED)) and not asked.ground.spread:
            lines.append(
                f"The door turned peers away {crowded} times. All of this crowd comes from one address, and the gate "
                "lets `connections_per_address` connect from one (64 unless you set it), and that often a minute. Set "
                f"it above {asked.peers} on the broker for the time of the measurement."
            )
        elif crowded:
            lines.append(
                f"The door turned peers away {crowded} times: see the setting `connections`, and the broker's."
            )
        if judge.refused or judge.shut:
            lines.append(
                "The service refused wishes, or shut peers out: to the radar a crowd looks like what it is, machines. "
                "Run the service with `dry_run = true` meanwhile, or read it as a test of the radar."
            )
        if self.here < asked.peers and not self.course.broken_off:
            lines.append(f"Only {self.here} of {asked.peers} came in while they were waited for.")
        if self.course.lag_s > LAG_S:
            lines.append(
                f"This machine was busy: peers read up to {self.course.lag_s:.1f} s late, and the waits contain that. "
                "Let fewer come, use more --processes, or another machine than the broker's."
            )
        if not judge.sessions:
            lines.append(f"Nobody was matched at all: `passerby doctor` says why ({_turned(judge.turned)}).")
        return lines

    def report(self) -> dict[str, Any]:
        """Give all of it for machines. Times are in milliseconds where the name says so, else in seconds."""
        judge, asked, found = self.course.judge, self.course.asked, self.figures
        return {
            "settings": {
                "peers": asked.peers,
                "arrivePerSecond": asked.arrive_per_s,
                "talkS": asked.habits.talk_s,
                "law": asked.habits.law,
                "skip": asked.habits.skip,
                "tags": asked.habits.tags,
                "real": asked.habits.real,
                "forS": asked.for_s,
                "lostAfterS": asked.lost_after_s,
                "processes": asked.processes,
                "seed": asked.seed,
            },
            "well": self.well,
            "brokenOff": self.course.broken_off,
            "doubleMatches": self.doubles,
            "lostWaiters": self.faults[Fault.LOST],
            "faults": {fault.value: count for fault, count in self.faults.items()},
            "peersHere": self.here,
            "sessions": len(judge.sessions),
            "seconds": len(found.per_second),
            "matches": found.matches,
            "matchesPerSecond": round(found.per_s, 2),
            "waitMs": percentiles(found.waits),
            "answerMs": percentiles(found.answers),
            "signaledMs": percentiles(found.signaled),
            "connectedMs": percentiles(found.connected),
            "moods": dict(found.moods),
            "failures": failures(judge),
            "turned": dict(judge.turned),
            "refused": dict(judge.refused),
            "shut": dict(judge.shut),
            "lagS": round(self.course.lag_s, 3),
            "perSecond": found.per_second,
        }


def _turned(turned: Counter[str]) -> str:
    return ", ".join(f"{why}: {count}" for why, count in turned.most_common(3)) or "nobody was turned away"
