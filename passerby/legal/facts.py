"""The facts that the legal pages state: the one list of them, each read from the constant or setting in use.

    matcher/bans.py LADDER_S ─► Fact(900, s) ─► "15 minutes" in the policy, and a row of the page of facts

No text may say a number of its own, so the texts cannot say another one than the software. What the browser's side has
is read from facts.json, which is written from the constants of the page (`webclient/legal/facts.ts`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from broker import addresses, bars, identity, limits, networks, policy, seats
from broker.rates import Rate
from matcher import (
    address_keys,
    bans,
    bouncer,
    headcount,
    pacing,
    pairing,
    presence,
    radar,
    reports,
    scores,
    session_ids,
    stamps,
    standing,
    subjects,
    talks,
)
from matcher.scores import Level
from passerby.settings import Settings

Unit = Literal["s", "ms", "memory", "bytes", "bits", "count", "share", "answer", "choices", "name"]
Value: TypeAlias = bool | float | str | tuple[str, ...]
Browser: TypeAlias = Mapping[str, Value]

_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: what it is, in which unit, and where it comes from: a file and a name in it."""

    value: Value
    unit: Unit
    source: str


def facts(settings: Settings, browser: Browser) -> dict[str, Fact]:
    """Read all facts, by name.

    Args:
        settings: of this server.
        browser: what facts.json holds.
    """
    return {**_times(settings), **_blocks(), **_limits(), **_bounds(), **_keys(), **_page(browser), **_chosen(settings)}


def _times(settings: Settings) -> dict[str, Fact]:
    """How long something is kept."""
    connects = _limits_of(settings).connects
    return {
        "salt_turn": Fact(addresses.DAY_S, "s", "broker/addresses.py DAY_S"),
        "salt_life": Fact(2 * addresses.DAY_S, "s", "broker/addresses.py DAY_S"),  # today's and yesterday's
        "address_key": Fact(address_keys.ADDRESS_KEY_S, "s", "matcher/address_keys.py ADDRESS_KEY_S"),
        "ping": Fact(presence.PING_S, "s", "matcher/presence.py PING_S"),
        "lost": Fact(presence.LOST_S, "s", "matcher/presence.py LOST_S"),
        "departed": Fact(presence.DEPARTED_S, "s", "matcher/presence.py DEPARTED_S"),
        "talk_kept": Fact(pairing.FADE_S, "s", "matcher/pairing.py FADE_S"),
        "talk_over": Fact(pairing.OVER_S, "s", "matcher/pairing.py OVER_S"),
        "seat_life": Fact(seats.SEAT_TTL_S, "s", "broker/seats.py SEAT_TTL_S"),
        "stamp_life": Fact(stamps.TTL_S, "s", "matcher/stamps.py TTL_S"),
        "connects_memory": Fact(connects.burst / connects.per_s, "s", "broker/limits.py connects"),
        "quiet": Fact(subjects.QUIET_S, "s", "matcher/subjects.py QUIET_S"),
        "half_life": Fact(scores.HALF_LIFE_S, "s", "matcher/scores.py HALF_LIFE_S"),
        "report_wait": Fact(reports.WAITING_S, "s", "matcher/reports.py WAITING_S"),
        "ban_memory": Fact(bans.REMEMBERED_S, "s", "matcher/bans.py REMEMBERED_S"),
        "turn_life": Fact(settings.turn_ttl_s, "s", "passerby/settings.py turn_ttl_s"),
        "pulse": Fact(headcount.PULSE_S, "s", "matcher/headcount.py PULSE_S"),
    }


def _blocks() -> dict[str, Fact]:
    """Bans, and what comes before them."""
    free = pacing.PACES[Level.FREE]
    return {
        "kick": Fact(bouncer.KICK_S, "s", "matcher/bouncer.py KICK_S"),
        "ban_first": Fact(bans.LADDER_S[0], "s", "matcher/bans.py LADDER_S"),
        "ban_second": Fact(bans.LADDER_S[1], "s", "matcher/bans.py LADDER_S"),
        "ban_third": Fact(bans.LADDER_S[2], "s", "matcher/bans.py LADDER_S"),
        "ban_longest": Fact(bars.BAN_LIMIT_S, "s", "broker/bars.py BAN_LIMIT_S"),
        "apart_first": Fact(standing.APART_S, "s", "matcher/standing.py APART_S"),
        "apart_longest": Fact(standing.APART_MOST_S, "s", "matcher/standing.py APART_MOST_S"),
        "proof": Fact(standing.PROOF_S, "s", "matcher/standing.py PROOF_S"),
        "wishes_burst": Fact(free.burst, "count", "matcher/pacing.py PACES"),
        "wishes_per_minute": Fact(_per_minute(free), "count", "matcher/pacing.py PACES"),
        "reporters": Fact(radar.REPORTERS_MAX, "count", "matcher/radar.py REPORTERS_MAX"),
        "report_strangers": Fact(reports.STRANGERS_MAX, "count", "matcher/reports.py STRANGERS_MAX"),
        "reports_waiting": Fact(reports.WAITING_MAX, "count", "matcher/reports.py WAITING_MAX"),
        "report_after": Fact(radar.REPORT_S, "s", "matcher/radar.py REPORT_S"),
        "effort_least": Fact(standing.EFFORT_LEAST, "bits", "matcher/standing.py EFFORT_LEAST"),
        "effort_most": Fact(standing.EFFORT_MOST, "bits", "matcher/standing.py EFFORT_MOST"),
    }


def _limits() -> dict[str, Fact]:
    """What the gate lets through, whoever runs it."""
    most = limits.Limits()
    return {
        "messages_burst": Fact(most.messages.burst, "count", "broker/limits.py messages"),
        "messages_per_second": Fact(most.messages.per_s, "count", "broker/limits.py messages"),
        "bytes_burst": Fact(most.volume.burst, "memory", "broker/limits.py volume"),
        "bytes_per_second": Fact(most.volume.per_s, "memory", "broker/limits.py volume"),
        "message_bytes": Fact(policy.PAYLOAD_BYTES, "memory", "broker/policy.py PAYLOAD_BYTES"),
        "sealed_bytes": Fact(policy.SESSION_PAYLOAD_BYTES, "memory", "broker/policy.py SESSION_PAYLOAD_BYTES"),
        "seat_messages": Fact(most.seat_messages, "count", "broker/limits.py seat_messages"),
        "seat_bytes": Fact(most.seat_bytes, "memory", "broker/limits.py seat_bytes"),
    }


def _bounds() -> dict[str, Fact]:
    """The most that is in memory, and the least that is told."""
    most = limits.Limits()
    return {
        "peers_most": Fact(presence.PEERS_MAX, "count", "matcher/presence.py PEERS_MAX"),
        "address_keys_most": Fact(address_keys.ADDRESS_KEYS_MAX, "count", "matcher/address_keys.py ADDRESS_KEYS_MAX"),
        "subjects_most": Fact(subjects.SUBJECTS_MAX, "count", "matcher/subjects.py SUBJECTS_MAX"),
        "talks_most": Fact(talks.ENDED_MAX, "count", "matcher/talks.py ENDED_MAX"),
        "bans_most": Fact(bans.BARS_MAX, "count", "matcher/bans.py BARS_MAX"),
        "addresses_most": Fact(most.addresses, "count", "broker/limits.py addresses"),
        "blocks_most": Fact(presence.BLOCKS_MAX, "count", "matcher/presence.py BLOCKS_MAX"),
        "stamps_most": Fact(stamps.USED_MAX, "count", "matcher/stamps.py USED_MAX"),
        "crowd": Fact(headcount.CROWD, "count", "matcher/headcount.py CROWD"),
    }


def _keys() -> dict[str, Fact]:
    """How long keys, secrets and names are."""
    return {
        "secret_bytes": Fact(identity.SECRET_BYTES, "bytes", "broker/identity.py SECRET_BYTES"),
        "salt_bytes": Fact(addresses.SALT_BYTES, "bytes", "broker/addresses.py SALT_BYTES"),
        "address_key_bytes": Fact(addresses.KEY_BYTES, "bytes", "broker/addresses.py KEY_BYTES"),
        "ipv6_bits": Fact(networks.KEY_BITS[6], "bits", "broker/networks.py KEY_BITS"),
        "session_bytes": Fact(session_ids.SESSION_BYTES, "bytes", "matcher/session_ids.py SESSION_BYTES"),
    }


def _page(browser: Browser) -> dict[str, Fact]:
    """What the page keeps, and how much of it."""
    parcels = "webclient/src/extras/parcels"
    return {
        "check_words": Fact(browser["check_words"], "count", "webclient/src/checkwords.ts WORDS"),
        "kept": Fact(browser["kept"], "memory", f"{parcels}/keep.ts KEPT_BYTES"),
        "kept_pieces": Fact(browser["kept_pieces"], "count", f"{parcels}/keep.ts KEPT_LIMIT"),
        "languages_most": Fact(browser["languages_most"], "count", "webclient/src/profile.ts LANGUAGES_LIMIT"),
        "lines": Fact(browser["lines"], "count", "webclient/src/talk.ts LINES_LIMIT"),
        "nickname": Fact(browser["nickname"], "count", "webclient/src/profile.ts NICKNAME_LIMIT"),
        "parcel": Fact(browser["parcel"], "memory", f"{parcels}/goods.ts PARCEL_BYTES"),
        "report_within": Fact(browser["report_within"], "ms", "webclient/src/state.ts REPORT_WITHIN_MS"),
        "reunion": Fact(browser["reunion"], "ms", "webclient/src/state.ts REUNION_MS"),
        "storage_key": Fact(browser["storage_key"], "name", "webclient/src/choices.ts KEY"),
        "stored": Fact(browser["stored"], "choices", "webclient/src/choices.ts Choices"),
        "tag": Fact(browser["tag"], "count", "webclient/src/profile.ts TAG_LIMIT"),
        "talk_lost": Fact(browser["talk_lost"], "ms", "webclient/src/rescue.ts lostAfterMs"),
        "text": Fact(browser["text"], "count", "webclient/src/talk.ts TEXT_LIMIT"),
        "topics_most": Fact(browser["topics_most"], "count", "webclient/src/profile.ts TAGS_LIMIT"),
        "voice": Fact(browser["voice"], "ms", f"{parcels}/voice.ts VOICE_LIMIT_MS"),
    }


def _chosen(settings: Settings) -> dict[str, Fact]:
    """What whoever runs this server has chosen."""
    connects = _limits_of(settings).connects
    return {
        "relay": Fact(settings.turn is not None, "answer", "passerby/settings.py turn_urls"),
        "relay_preset": Fact(settings.turn_preset, "answer", "passerby/settings.py turn_preset"),
        "ads": Fact(settings.ads_url is not None, "answer", "passerby/settings.py ads_url"),
        "connections_per_address": Fact(
            settings.connections_per_address, "count", "passerby/settings.py connections_per_address"
        ),
        "connects_burst": Fact(connects.burst, "count", "broker/limits.py connects"),
        "connects_per_minute": Fact(_per_minute(connects), "count", "broker/limits.py connects"),
        "effort": Fact(settings.effort, "bits", "passerby/settings.py effort"),
        "dry_run": Fact(settings.dry_run, "answer", "passerby/settings.py dry_run"),
        "bans_per_minute": Fact(settings.bans_per_minute, "count", "passerby/settings.py bans_per_minute"),
        "ban_share": Fact(settings.ban_share, "share", "passerby/settings.py ban_share"),
        "networks_shut_out": Fact(len(settings.banned_networks), "count", "passerby/settings.py banned_networks"),
    }


def _limits_of(settings: Settings) -> limits.Limits:
    return limits.Limits(connections_per_address=settings.connections_per_address)


def _per_minute(rate: Rate) -> int:
    return round(rate.per_s * _MINUTE_S)
