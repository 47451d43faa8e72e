"""What two browsers say to each other: every message of Passerby v1 that only they can read (DESIGN.md §5).

Part of the same one source of truth as `messages`, and of the same kind; no part of the server ever sees one of these.

    browser ◄► offer, answer, candidates, …  ─ v1/session/{seat} ─ browser      sealed
            ◄► hello, text, parcel, ring …  ─── the data channel ─ browser      never over MQTT
"""

from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from broker.messages import Count, Digest, Key, Message, Role, Seat, Seconds, Session, Version

PARCEL_BYTES: Final = 8 * 1024 * 1024
"""The most that an image or a voice note may have."""

ParcelWhat = Literal["image", "voice"]
ParcelRefusal = Literal["size", "type", "unreadable", "many", "unwanted"]
ParcelType = Literal["image/jpeg", "image/webp", "image/png", "audio/webm", "audio/mp4", "audio/ogg"]

# ── session: peer ↔ peer, sealed ────────────────────────────────────────────────────────────────────────────────────

Sdp = Annotated[str, Field(min_length=1, max_length=12_000)]


Nth = Annotated[int, Field(ge=1, le=1_000_000, description="which offer of its sender in this talk")]


class Offer(Message):
    """An SDP offer (RFC 8829); in `mirror` both send one. Once they talk it has a number (`nth`), also sealed."""

    kind: Literal["offer"] = "offer"
    sdp: Sdp
    nth: Nth | None = None


class Answer(Message):
    """An SDP answer, to the `nth` offer of the other."""

    kind: Literal["answer"] = "answer"
    sdp: Sdp
    nth: Nth | None = None


class Candidate(Message):
    """An ICE candidate as RTCIceCandidateInit; an empty string ends them."""

    candidate: Annotated[str, Field(max_length=512)]
    sdp_mid: Annotated[str, Field(max_length=16)] | None = None
    sdp_m_line_index: Annotated[int, Field(ge=0, le=15)] | None = None
    username_fragment: Annotated[str, Field(max_length=256)] | None = None


class Candidates(Message):
    """ICE candidates, batched (trickle, RFC 8838)."""

    kind: Literal["candidates"] = "candidates"
    candidates: Annotated[list[Candidate], Field(max_length=20)]


class Plain(Message):
    """My browser refused the mirrored answer: both start a new peer connection, as in `offer`."""

    kind: Literal["plain"] = "plain"


class Bye(Message):
    """I end the session."""

    kind: Literal["bye"] = "bye"


# ── the data channel: peer ↔ peer ───────────────────────────────────────────────────────────────────────────────────


class Hello(Message):
    """First on the channel: what signaling told me, for the other to compare, and the commitment of the check words."""

    kind: Literal["hello"] = "hello"
    version: Version
    session: Session
    role: Role
    key: Key
    peer_key: Key
    nickname: Annotated[str, Field(min_length=1, max_length=32)]
    commitment: Digest
    relay: Annotated[bool, Field(description="I hide my address")]


class Nonce(Message):
    """What my commitment was to, told when I have the other's: the check words are made from both."""

    kind: Literal["nonce"] = "nonce"
    nonce: Digest


class Text(Message):
    """A line of conversation. Its sender numbers them from 0."""

    kind: Literal["text"] = "text"
    id: Count
    text: Annotated[str, Field(min_length=1, max_length=4000)]


class Got(Message):
    """The line of this number has arrived, and none that it does not name: a flood or a fault may have cost one."""

    kind: Literal["got"] = "got"
    id: Count


class Typing(Message):
    """The other is typing, or stopped."""

    kind: Literal["typing"] = "typing"
    on: bool


class Parcel(Message):
    """An image or a voice note begins: its bytes follow on the second channel, each message `id` (4 bytes) ‖ bytes.

    Its sender numbers them from 0. The second channel (negotiated, id 1) is ordered, and apart from the first one so
    that what is typed need not wait.
    `ms` is how long a voice note plays, `wave` its loudness in even parts of that time.
    """

    kind: Literal["parcel"] = "parcel"
    id: Count
    what: ParcelWhat
    type: ParcelType
    size: Annotated[int, Field(ge=1, le=PARCEL_BYTES)]
    ms: Annotated[int, Field(ge=0, le=600_000)] | None = None
    wave: Annotated[list[Annotated[int, Field(ge=0, le=31)]], Field(max_length=64)] | None = None


class Drop(Message):
    """I send no more of this parcel."""

    kind: Literal["drop"] = "drop"
    id: Count


class Refuse(Message):
    """I take no more of this parcel."""

    kind: Literal["refuse"] = "refuse"
    id: Count
    why: ParcelRefusal


class Taken(Message):
    """All of this parcel has arrived and can be seen or heard."""

    kind: Literal["taken"] = "taken"
    id: Count


class Ring(Message):
    """Shall we call? Calls are numbered from 1, by whoever begins one: one more than the highest number yet.

    Two that ring at once have both said yes.
    """

    kind: Literal["ring"] = "ring"
    call: Nth
    video: bool


class Accept(Message):
    """Yes, to the call of this number."""

    kind: Literal["accept"] = "accept"
    call: Nth


class Hangup(Message):
    """No, or no longer: the call of this number is over. The talk goes on."""

    kind: Literal["hangup"] = "hangup"
    call: Nth


class Sending(Message):
    """What I send in the call just now."""

    kind: Literal["sending"] = "sending"
    audio: bool
    video: bool


class SeatTold(Message):
    """Where to reach me, sealed as before, should the way between us be lost."""

    kind: Literal["seat"] = "seat"
    seat: Seat
    ttl: Seconds


class Direct(Message):
    """I would talk directly, so that you learn my address: it happens when both would."""

    kind: Literal["direct"] = "direct"
    on: bool


SessionMessage = Annotated[Offer | Answer | Candidates | Plain | Bye, Field(discriminator="kind")]
Said = (
    Hello
    | Nonce
    | Text
    | Got
    | Typing
    | Parcel
    | Drop
    | Refuse
    | Taken
    | Ring
    | Accept
    | Hangup
    | Sending
    | SeatTold
    | Direct
    | Offer
    | Answer
    | Candidates
    | Bye
)
ChannelMessage = Annotated[Said, Field(discriminator="kind")]

session: TypeAdapter[Offer | Answer | Candidates | Plain | Bye] = TypeAdapter(SessionMessage)
channel: TypeAdapter[Said] = TypeAdapter(ChannelMessage)
