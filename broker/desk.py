"""The desk's wire: what an operator asks the service, and what it answers. JSON, at most 4 KiB each.

    operator ── look, bans, reports, ban, lift, effort ──► v1/desk/{operator}/ask
             ◄─ view, ban-list, report-list, done, denied ── v1/desk/{operator}/answer

An answer carries the `id` of what was asked. Nothing here names a person: an appeal code stands for an address key, and
the only network that is ever named is one that an operator typed.
"""

from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from broker.messages import EFFORT_MAX, Count, Epoch, Message, Seconds

ROWS_MAX: Final = 24
"""The most rows in one answer, so that it stays below 4 KiB; `after` asks for the rest."""

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{11}$", description="8 random bytes: one question")]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$", description="an appeal code")]
Target = Annotated[str, Field(min_length=1, max_length=64, description="an appeal code, an address or a network")]
Word = Annotated[str, Field(pattern=r"^[a-z-]{1,32}$")]
Bits = Annotated[int, Field(ge=0, le=EFFORT_MAX)]
Share = Annotated[float, Field(ge=0)]

# ── operator → service ──────────────────────────────────────────────────────────────────────────────────────────────


class Look(Message):
    """Show how things stand."""

    kind: Literal["look"] = "look"
    id: Id


class ListBans(Message):
    """List the living bans, those that end first first; `after` is the last code of the list before."""

    kind: Literal["bans"] = "bans"
    id: Id
    after: Code | None = None


class ListReports(Message):
    """List the reports that want a person's eyes, the newest first; `after` as in `bans`."""

    kind: Literal["reports"] = "reports"
    id: Id
    after: Code | None = None


class OrderBan(Message):
    """Ban a network, or who has this appeal code, for so many seconds."""

    kind: Literal["ban"] = "ban"
    id: Id
    target: Target
    seconds: Annotated[int, Field(ge=1, le=86_400)]
    reason: Word


class OrderLift(Message):
    """Lift the ban with this appeal code, or those of a network."""

    kind: Literal["lift"] = "lift"
    id: Id
    target: Target


class SetEffort(Message):
    """Ask everybody for this much work, in bits; without `bits`: as the settings say. The radar may ask for more."""

    kind: Literal["effort"] = "effort"
    id: Id
    bits: Bits | None = None


# ── service → operator ──────────────────────────────────────────────────────────────────────────────────────────────


class Modes(Message):
    """A number for each mode."""

    text: Count
    voice: Count
    video: Count


class Waits(Message):
    """How long those who were matched lately had waited, in seconds: the median, and what 95 % stayed below."""

    p50: Share
    p95: Share


class Levels(Message):
    """How many peers who are here stand on each rung of the ladder."""

    free: Count
    slow: Count
    stamps: Count
    kick: Count
    ban: Count


class Reason(Message):
    """How often something was the reason, in the last hour."""

    reason: Word
    count: Count


class View(Message):
    """How things stand. Exact numbers, for the operator alone; no ids."""

    kind: Literal["view"] = "view"
    id: Id
    epoch: Epoch
    up_s: Count
    here: Count
    waiting: Modes
    talking: Modes
    sessions: Count
    matched_per_min: Share
    joined_per_min: Share
    ended_per_min: Share
    waits: Waits | None = Field(default=None, description="none when nobody was matched")
    levels: Levels
    effort: Bits
    bans: Count
    banned_per_hour: Count
    kicked_per_hour: Count
    slowed_per_hour: Count
    spared_per_hour: Count = Field(description="verdicts that a breaker, a dry run or the never-ban list held back")
    reports: Count = Field(description="that want a person's eyes")
    dry_run: bool
    storm: bool = Field(description="many come back at once, so connects count for nothing")
    apart: Count = Field(description="who are here and look among their like only")
    tense: bool = Field(description="so many are set apart that all who are new are looked at with care")
    reasons: Annotated[list[Reason], Field(max_length=8)]
    refusals: Annotated[list[Reason], Field(max_length=12, description="what gates refused")]


class Ban(Message):
    """A living ban."""

    code: Code
    reason: Word
    seconds: Seconds
    times: Annotated[int, Field(ge=1, description="which one it is for this address key")]
    by: Literal["radar", "desk", "gate"] = Field(description="gate: told by one, after a restart or for a network")


class BanList(Message):
    """Living bans; `more` when the list goes on."""

    kind: Literal["ban-list"] = "ban-list"
    id: Id
    bans: Annotated[list[Ban], Field(max_length=ROWS_MAX)]
    more: bool


class Reported(Message):
    """Somebody was reported for what a machine must not decide. `code` bans the address key, as in `ban`."""

    code: Code
    reason: Word
    ago: Seconds
    strangers: Annotated[int, Field(ge=1, description="how many different strangers said so")]
    here: bool


class ReportList(Message):
    """Reports; `more` when the list goes on."""

    kind: Literal["report-list"] = "report-list"
    id: Id
    reports: Annotated[list[Reported], Field(max_length=ROWS_MAX)]
    more: bool


class Done(Message):
    """It was done: one sentence on what that means."""

    kind: Literal["done"] = "done"
    id: Id
    text: Annotated[str, Field(max_length=400)]


class Denied(Message):
    """It was not done: one sentence on why, and what would help."""

    kind: Literal["denied"] = "denied"
    id: Id
    text: Annotated[str, Field(max_length=400)]


Ask = Look | ListBans | ListReports | OrderBan | OrderLift | SetEffort
Answer = View | BanList | ReportList | Done | Denied

ask: TypeAdapter[Ask] = TypeAdapter(Annotated[Ask, Field(discriminator="kind")])
answer: TypeAdapter[Answer] = TypeAdapter(Annotated[Answer, Field(discriminator="kind")])
