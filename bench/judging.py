"""What a judgement costs: time for each fact that the radar is told, and memory for all whom it keeps in mind.

The radar alone, in this process, with as many peers as it may know, each at an address key of its own, which is the
most that it ever keeps. Beside it, in the same run, what any message costs before the radar hears of it: one `join` of
some 420 bytes, read and checked. A figure is the median of its rounds.
"""

import argparse
import gc
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from bench.figures import keep, machine, progress, say
from broker import messages
from broker.identity import PeerId
from broker.messages import Join, On, parse
from matcher.address_keys import AddressKeys
from matcher.radar import Parting, Radar
from matcher.subjects import SUBJECTS_MAX

ROUNDS: Final = 7
FACTS: Final = 20_000
NOW: Final = 1_700_000_000.0

Fact = Callable[[Radar, AddressKeys, PeerId, PeerId, float], object]


def _come(radar: Radar, addresses: AddressKeys, peer: PeerId, _: PeerId, now: float) -> None:
    fact = On.model_construct(peer=peer, address=f"{peer[1:]}k", day=19_000)  # it was read and checked before
    addresses.record(fact, now)
    radar.came(peer, now, known=False)


def _strangers(turn: int) -> list[tuple[PeerId, PeerId]]:
    """Make up peers who have never been here, for those who come."""
    return [(PeerId(f"n{turn * FACTS + number:021d}"), PeerId("")) for number in range(FACTS)]


FACTS_TOLD: Final[dict[str, Fact]] = {
    "a peer comes": _come,
    "a wish": lambda radar, _, peer, __, now: radar.wish(peer, now),
    "a parting": lambda radar, _, peer, other, now: radar.parted(Parting(peer, other, now % 97, own=True), now),
    "a failure": lambda radar, _, peer, other, now: radar.parted(Parting(peer, other, None, own=False), now),
    "a refusal": lambda radar, _, peer, __, now: radar.denied(peer, "denied-publish", 1, now),
    "a report": lambda radar, _, peer, other, now: radar.reported(peer, other, 20.0, now),
    "the circle": lambda radar, _, peer, __, now: radar.circle(peer, now),
}


def crowd(size: int) -> tuple[Radar, AddressKeys, list[PeerId]]:
    """Make a radar that has so many peers in mind, and has something against each of them."""
    addresses = AddressKeys()
    radar, peers = Radar(addresses), [PeerId(f"p{number:021d}") for number in range(size)]
    for number, peer in enumerate(peers):
        now = NOW + number / size
        _come(radar, addresses, peer, peer, now)
        radar.wish(peer, now)
        radar.parted(Parting(peer, None, 10.0, own=True), now)
        radar.denied(peer, "denied-publish", 1, now)
    return radar, addresses, peers


def price(size: int, rounds: int) -> dict[str, float]:
    """Measure each fact, in microseconds; the kinds take turns."""
    radar, addresses, peers = crowd(size)
    chance, now = random.Random(1), NOW + 1
    samples: dict[str, list[float]] = {name: [] for name in (*FACTS_TOLD, "a join is read")}
    join = _join()
    for turn in range(rounds):
        for name, tell in FACTS_TOLD.items():
            known = [(chance.choice(peers), chance.choice(peers)) for _ in range(FACTS)]
            pairs = _strangers(turn) if tell is _come else known
            begun = time.perf_counter()
            for peer, other in pairs:
                now += 0.0001
                tell(radar, addresses, peer, other, now)
            samples[name].append((time.perf_counter() - begun) / FACTS * 1e6)
            radar.take()
        begun = time.perf_counter()
        for _ in range(FACTS):
            parse(messages.lobby, join)
        samples["a join is read"].append((time.perf_counter() - begun) / FACTS * 1e6)
        progress(f"{size} peers: round {turn + 1} of {rounds}")
    return {name: statistics.median(each) for name, each in samples.items()}


def weigh(size: int) -> dict[str, float]:
    """Measure what the radar holds when it is told of more than it may keep: subjects, and bytes for each."""
    gc.collect()
    tracemalloc.start()
    radar, addresses, _ = crowd(size)
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {"told": size, "subjects": len(radar), "addressKeys": len(addresses), "megabytes": held / 1e6}


def _join() -> bytes:
    wish = {"ticket": "t" * 22, "seat": "s" * 56, "key": "B" + "k" * 86, "mode": "text", "tags": ["music", "films"]}
    return Join.model_validate({**wish, "life": "l" * 11, "languages": ["en"], "relay": False, "rtt": 40}).wire()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.judging", description=__doc__)
    parser.add_argument("--peers", type=int, default=SUBJECTS_MAX, help="peers that the radar has in mind")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--out", type=Path, help="keep the figures in this file, .json")
    options = parser.parse_args(arguments)
    few = price(min(1_000, options.peers), options.rounds)
    many = price(options.peers, options.rounds)
    memory = [weigh(options.peers), weigh(options.peers * 5 // 4)]
    say(f"| fact | 1,000 peers, µs | {options.peers:,} peers, µs | of reading a join |")
    say("|---|---|---|---|")
    for name, microseconds in many.items():
        share = microseconds / many["a join is read"]
        say(f"| {name} | {few[name]:.1f} | {microseconds:.1f} | {share:.2f} |")
    for row in memory:
        say(f"Told of {row['told']:,}: {row['subjects']:,.0f} subjects, {row['megabytes']:.0f} MB.")
    if options.out:
        report = {**machine(), "peers": options.peers, "us": {"1000": few, "all": many}, "memory": memory}
        keep(report, options.out.with_suffix(".json"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
