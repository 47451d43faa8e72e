"""The wire: every message of Passerby v1 that the server reads or says, a tagged union per direction (DESIGN.md §5).

This is the one source of truth: JSON Schema, TypeScript types and validators are generated from it (`broker.wire`).
Unknown fields, wrong types and loose numbers are refused; sizes are bounded before parsing. Names are camelCase on the
wire. On presence and lobby the topic proves who speaks, so no message carries its sender.

    browser ── here, ping, gone ────────────────► v1/presence/{peer}
            ── join, cancel, talking, leave, … ──► v1/lobby/{peer}
            ◄─ welcome, matched, ended, … ──────── v1/inbox/{peer}
     gate ──► limited ──────────────────────────── v1/inbox/{peer}   to whom it disconnects
            ◄─ pulse, down ─────────────────────── v1/pulse

What only the two browsers of a session can read is in `conversation`.
"""

import json
import re
from typing import Annotated, Final, Literal, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from broker.policy import PAYLOAD_BYTES

VERSION: Final = 1
EFFORT_MAX: Final = 24
"""The most work that a challenge may ask for, in bits: few phones can do as much in the time they have."""

T = TypeVar("T")
_LIFE = re.compile(r"[A-Za-z0-9_-]{11}")

Life = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{11}$", description="8 random bytes: one connection of a peer")]
Ticket = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$", description="16 random bytes: one wish to be matched")]
Session = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$", description="16 bytes, 126 bits random: two seats")]
Seat = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{56}$", description="a capability, see broker/seats.py")]
Key = Annotated[str, Field(pattern=r"^B[A-Za-z0-9_-]{86}$", description="P-256 public key, 65 bytes uncompressed")]
Digest = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$", description="32 bytes of SHA-256")]
Tag = Annotated[str, Field(min_length=1, max_length=24)]
Tags = Annotated[list[Tag], Field(max_length=5)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$", description="ISO 639 code")]
Rendezvous = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9_-]{22}$", description="16 bytes that only the two of an earlier session know")
]
Version = Annotated[int, Field(ge=1, le=65_535)]
Epoch = Annotated[int, Field(ge=1, le=2**53 - 1)]
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
Seconds = Annotated[int, Field(ge=0, le=86_400)]
Rtt = Annotated[int, Field(ge=0, le=60_000, description="round trip to the broker, milliseconds")]
Mode = Literal["text", "voice", "video"]
Role = Literal["a", "b"]
Handshake = Literal["mirror", "offer"]
Mood = Literal["left", "skipped", "blocked", "banned", "lost", "failed", "expired"]
LeaveMood = Literal["left", "skipped", "blocked", "lost", "failed"]
ToldMood = Literal["left", "lost", "failed", "expired"]
GoneMood = Literal["left", "lost"]
ReportReason = Literal["minor", "sexual", "harassment", "hate", "spam", "scam", "threat", "other"]
RefusedReason = Literal["seat", "relay", "stamp", "busy", "slow"]
LimitedReason = Literal["messages", "bytes"]
Relay = Literal["none", "offered", "preset"]


class Malformed(ValueError):
    """A payload that is not a message of this direction. The text says what was wrong, never what was in it."""


class Message(BaseModel):
    """What all messages share: strict types, no unknown fields, camelCase on the wire."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    def wire(self) -> bytes:
        """Write the message as compact JSON, leaving out what was not set."""
        written: bytes = self.__pydantic_serializer__.to_json(self, by_alias=True, exclude_none=True)
        return written


# ── presence: peer → service ────────────────────────────────────────────────────────────────────────────────────────


class Here(Message):
    """A peer is here. Repeated with back-off until `welcome`; `session` claims a living talk back."""

    kind: Literal["here"] = "here"
    life: Life
    version: Version
    rtt: Rtt | None = None
    session: Session | None = None


class Ping(Message):
    """A sign of life, QoS 1; `wantSeat` asks for a fresh seat."""

    kind: Literal["ping"] = "ping"
    life: Life
    want_seat: bool | None = None


class Gone(Message):
    """A peer leaves the page (`left`), or its connection broke (`lost`, the Will)."""

    kind: Literal["gone"] = "gone"
    life: Life
    mood: GoneMood


# ── lobby: peer → service ───────────────────────────────────────────────────────────────────────────────────────────


class Join(Message):
    """A wish to be matched. Idempotent by ticket. `waited` keeps the place of one whom a restart sent back.

    With `again` it is matched with who says the same rendezvous, and with nobody else.
    """

    kind: Literal["join"] = "join"
    life: Life
    ticket: Ticket
    seat: Seat
    key: Key
    mode: Mode
    tags: Tags
    languages: Annotated[list[Language], Field(max_length=4)]
    relay: bool
    rtt: Rtt | None = None
    waited: Seconds | None = None
    again: Rendezvous | None = None
    stamp: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{50}$", description="see matcher/stamps.py")] | None = None


class Cancel(Message):
    """The wish is withdrawn."""

    kind: Literal["cancel"] = "cancel"
    life: Life
    ticket: Ticket


class Talking(Message):
    """The data channel is open."""

    kind: Literal["talking"] = "talking"
    life: Life
    session: Session


class Leave(Message):
    """The session is over for this peer."""

    kind: Literal["leave"] = "leave"
    life: Life
    session: Session
    mood: LeaveMood


class Report(Message):
    """The stranger did something bad: a reason, and nothing else."""

    kind: Literal["report"] = "report"
    life: Life
    session: Session
    reason: ReportReason


# ── inbox: service → peer ───────────────────────────────────────────────────────────────────────────────────────────


UsualWait = Annotated[Seconds, Field(description="within which three of four found somebody lately, in coarse steps")]


class Counts(Message):
    """How many are here, rounded, and how long one waits, unless few have met lately."""

    here: Count
    waiting: Count
    talking: Count
    wait: UsualWait | None = None


class Challenge(Message):
    """Work whose proof, a stamp, the next `join` must carry: good once, for `ttl` seconds, for this life."""

    seed: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$", description="32 bytes, see matcher/stamps.py")]
    effort: Annotated[int, Field(ge=1, le=EFFORT_MAX, description="leading zero bits")]
    ttl: Seconds


class IceServer(Message):
    """An RTCIceServer (W3C WebRTC §4.2.4)."""

    urls: Annotated[list[Annotated[str, Field(max_length=256)]], Field(max_length=4)]
    username: Annotated[str, Field(max_length=128)] | None = None
    credential: Annotated[str, Field(max_length=128)] | None = None


IceServers = Annotated[list[IceServer], Field(max_length=4)]


class Welcome(Message):
    """The service knows this life; `ping` is the interval in seconds, `ttl` the life of the seat.

    `relay` tells whether there is a relay to hide behind, and whether that is what the operator suggests. Whenever a
    seat is told, so are ICE servers, whose credentials are good for `iceTtl` seconds.
    """

    kind: Literal["welcome"] = "welcome"
    life: Life
    epoch: Epoch
    version: Version
    seat: Seat
    ttl: Seconds
    ping: Annotated[int, Field(ge=1, le=600)]
    pulse: Counts
    relay: Relay
    ice: IceServers
    ice_ttl: Seconds | None = None
    challenge: Challenge | None = None


class Matched(Message):
    """A stranger was found: publish to `to`; `seat` and `ttl` are a fresh seat for the next join."""

    kind: Literal["matched"] = "matched"
    life: Life
    epoch: Epoch
    ticket: Ticket
    session: Session
    to: Seat
    key: Key
    role: Role
    handshake: Handshake
    tags: Tags
    ice: IceServers
    ice_ttl: Seconds | None = None
    seat: Seat
    ttl: Seconds


class NewSeat(Message):
    """The fresh seat that was asked for, and with it fresh ICE credentials."""

    kind: Literal["seat"] = "seat"
    life: Life
    seat: Seat
    ttl: Seconds
    ice: IceServers
    ice_ttl: Seconds | None = None


class Ended(Message):
    """The stranger is gone. Advice while the channel is open."""

    kind: Literal["ended"] = "ended"
    life: Life
    session: Session
    mood: ToldMood
    ticket: Ticket | None = None


class Again(Message):
    """This ticket is void: join again with a new one."""

    kind: Literal["again"] = "again"
    life: Life
    ticket: Ticket


class Refused(Message):
    """This join is refused; try again after `retry` seconds. With a `challenge`: with a stamp, and the same ticket."""

    kind: Literal["refused"] = "refused"
    life: Life
    ticket: Ticket
    reason: RefusedReason
    retry: Seconds
    challenge: Challenge | None = None


class Banned(Message):
    """Said before the kick, because MQTT 3.1.1 cannot say why."""

    kind: Literal["banned"] = "banned"
    life: Life
    reason: Annotated[str, Field(pattern=r"^[a-z-]{1,32}$")]
    seconds: Seconds
    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$", description="names this ban to the operator")]
    contact: Annotated[str, Field(min_length=1, max_length=200, description="where to ask the operator")] | None = None


# ── inbox: gate → peer ──────────────────────────────────────────────────────────────────────────────────────────────


class Limited(Message):
    """You sent more than the gate lets through; your connection ends now; come back after `retry` seconds.

    The one inbox message without `life`: the gate reads no payloads, so it knows of none. It is always about the
    connection on which it arrives.
    """

    kind: Literal["limited"] = "limited"
    reason: LimitedReason
    retry: Seconds


# ── pulse: service → everyone, retained ─────────────────────────────────────────────────────────────────────────────


class Pulse(Message):
    """The service lives. On a new epoch every peer says `here` again, spread over `spread` seconds."""

    kind: Literal["pulse"] = "pulse"
    epoch: Epoch
    here: Count
    waiting: Count
    talking: Count
    wait: UsualWait | None = None
    spread: Seconds


class Down(Message):
    """The service is gone: its Will."""

    kind: Literal["down"] = "down"
    epoch: Epoch


# ── gate facts: gate → service ──────────────────────────────────────────────────────────────────────────────────────


class On(Message):
    """A gate admitted a peer. `address` is the address key under the salt of `day`; who is `spared` is never banned."""

    kind: Literal["on"] = "on"
    peer: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$")]
    address: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$")]
    day: Count
    spared: Literal[True] | None = None


class Off(Message):
    """The connection of a peer has closed."""

    kind: Literal["off"] = "off"
    peer: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$")]


class Bars(Message):
    """A gate lets nobody in from this address key for so many seconds more; for none: it does again."""

    kind: Literal["bars"] = "bars"
    address: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$")]
    day: Count
    seconds: Seconds
    reason: Annotated[str, Field(pattern=r"^[a-z-]{1,32}$")]


class Tally(Message):
    """Refusals, counted and not listed; `peer` only where it proved who it is."""

    kind: Literal["tally"] = "tally"
    what: Annotated[str, Field(pattern=r"^[a-z-]{1,32}$")]
    count: Count
    peer: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$")] | None = None


Fact = On | Off | Bars | Tally


class Facts(Message):
    """A batch from one gate, in the order in which it happened."""

    kind: Literal["facts"] = "facts"
    gate: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
    facts: Annotated[list[Annotated[Fact, Field(discriminator="kind")]], Field(max_length=32)]


PresenceMessage = Annotated[Here | Ping | Gone, Field(discriminator="kind")]
LobbyMessage = Annotated[Join | Cancel | Talking | Leave | Report, Field(discriminator="kind")]
InboxMessage = Annotated[
    Welcome | Matched | NewSeat | Ended | Again | Refused | Banned | Limited, Field(discriminator="kind")
]
PulseMessage = Annotated[Pulse | Down, Field(discriminator="kind")]

presence: TypeAdapter[Here | Ping | Gone] = TypeAdapter(PresenceMessage)
lobby: TypeAdapter[Join | Cancel | Talking | Leave | Report] = TypeAdapter(LobbyMessage)
inbox: TypeAdapter[Welcome | Matched | NewSeat | Ended | Again | Refused | Banned | Limited] = TypeAdapter(InboxMessage)
pulse: TypeAdapter[Pulse | Down] = TypeAdapter(PulseMessage)
gate: TypeAdapter[Facts] = TypeAdapter(Facts)


def parse(direction: TypeAdapter[T], payload: bytes, limit: int = PAYLOAD_BYTES) -> T:
    """Read one message.

    Raises:
        Malformed: for anything that is not exactly a message of this direction, or has more than `limit` bytes.
    """
    if len(payload) > limit:
        message = f"more than {limit} bytes"
        raise Malformed(message)
    try:
        return cast("T", direction.validator.validate_json(payload, by_alias=True, by_name=False))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        raise Malformed(f"{first['type']} at {'.'.join(map(str, first['loc'])) or 'the top'}") from None


def stranger_version(payload: bytes) -> tuple[str, int] | None:
    """Read life and version out of a `here` of another version, so that an old tab can be told to reload."""
    if len(payload) > PAYLOAD_BYTES:
        return None
    try:
        raw = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict) or raw.get("kind") != "here":
        return None
    life, version = raw.get("life"), raw.get("version")
    if not isinstance(life, str) or type(version) is not int or version == VERSION:
        return None
    return (life, version) if _LIFE.fullmatch(life) else None
