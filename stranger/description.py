"""Session descriptions as text (SDP, RFC 8866), before they are handed to WebRTC and before they leave.

What a stranger sends is checked line by line, as it will be read; nothing here knows a connection.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from broker.messages import Role

DESCRIPTION_LETTERS: Final = 12_000
"""ASCII in practice; the bound is that of the wire."""
CANDIDATE_LETTERS: Final = 512
_CALLS_MAX: Final = 2
"""Sections of a call: voice, and a picture."""

_LINE_END: Final = re.compile(r"\r?\n")
_LINE: Final = re.compile(r"[a-z]=[^\r\0]*")
_SECTION: Final = re.compile(r"m=(\S+) ")
# ASCII, or Python would take a long s (U+017F) for an s.
_FINGERPRINT: Final = re.compile(
    r"a=fingerprint:sha-256 ([0-9a-f]{2}(?::[0-9a-f]{2}){31})\s*", re.ASCII | re.IGNORECASE
)
_ANY_FINGERPRINT: Final = re.compile(r"a=\s*fingerprint", re.IGNORECASE)
_RELAYED: Final = re.compile(r"candidate:(?:\S+ ){6}typ relay(?: |\Z)")
_MAPPED_FROM: Final = re.compile(r" raddr \S+ rport \S+")
_UNDECIDED: Final = re.compile(r"^a=setup:actpass(?=\r?$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Checked:
    """A stranger's description that may be used, and the one SHA-256 fingerprint of their certificate, in capitals."""

    sdp: str
    fingerprint: str


def check_description(sdp: str) -> Checked | None:
    """Before the talk there is the channel, and nothing else."""
    return _check(sdp, lambda sections: sections == ["application"])


def check_talk_description(sdp: str) -> Checked | None:
    """In a talk a call may have come to it: voice, and a picture."""
    return _check(sdp, _fits_a_talk)


def mirrored(sdp: str, role: Role) -> str:
    """Turn the stranger's offer into an answer to mine.

    Only who is DTLS client must be said, and it is said by role, so that both sides say the same.
    """
    return _UNDECIDED.sub(f"a=setup:{'active' if role == 'a' else 'passive'}", sdp)


def outgoing_description(sdp: str, relay: bool) -> str:  # noqa: FBT001  asked as the page asks
    """Give what of my own description may leave. With `relay` nothing that tells an address of mine."""
    if not relay:
        return sdp
    return "\r\n".join(line for line in map(_outgoing_line, sdp.split("\r\n")) if line is not None)


def outgoing_candidate(candidate: str, relay: bool) -> str | None:  # noqa: FBT001  asked as the page asks
    """Give a candidate as it may leave. A relayed one names the address it was mapped from as `raddr`: not to tell."""
    if candidate == "" or len(candidate) > CANDIDATE_LETTERS:
        return None
    if not relay:
        return candidate
    return _MAPPED_FROM.sub(" raddr 0.0.0.0 rport 0", candidate) if _RELAYED.match(candidate) else None


def names_of_sections(sdp: str) -> list[str]:
    """Name its sections, in their order (RFC 9143, `a=mid`); empty for one that has no name."""
    parts = re.split(r"^m=", sdp, flags=re.MULTILINE)[1:]
    return [found[1] if (found := re.search(r"^a=mid:(\S*)", part, re.MULTILINE)) else "" for part in parts]


def _check(sdp: str, fits: Callable[[list[str]], bool]) -> Checked | None:
    """Let a description through that has the sections it may have and exactly one distinct SHA-256 fingerprint.

    Fingerprints by other hash functions are taken out: check words are made from the SHA-256 one, and whoever trusted
    another instead could be led to a certificate that the words do not cover.
    """
    if len(sdp) > DESCRIPTION_LETTERS:
        return None
    lines = [line for line in _LINE_END.split(sdp) if line and not _too_long_candidate(line)]
    # A lone carriage return or a line that is no `letter=` would be read differently by different readers. So would
    # what only Python takes for the end of a line: aiortc reads by str.splitlines.
    if not all(_LINE.fullmatch(line) and line.splitlines() == [line] for line in lines):
        return None
    if not fits([_section(line) for line in lines if line.startswith("m=")]):
        return None
    fingerprints = {told for line in lines if (told := _fingerprint(line))}
    if len(fingerprints) != 1:
        return None
    kept = [line for line in lines if not _ANY_FINGERPRINT.match(line) or _fingerprint(line)]
    return Checked("".join(f"{line}\r\n" for line in kept), fingerprints.pop())


def _fits_a_talk(sections: list[str]) -> bool:
    calls = sections[1:]
    return sections[:1] == ["application"] and len(calls) <= _CALLS_MAX and set(calls) <= {"audio", "video"}


def _section(line: str) -> str:
    found = _SECTION.match(line)
    return found[1] if found else ""


def _fingerprint(line: str) -> str | None:
    found = _FINGERPRINT.fullmatch(line)
    return found[1].upper() if found else None


def _too_long_candidate(line: str) -> bool:
    return line.startswith("a=candidate:") and len(line) - 2 > CANDIDATE_LETTERS


def _outgoing_line(line: str) -> str | None:
    if line.startswith("c=IN "):
        return "c=IN IP4 0.0.0.0"
    if line.startswith("a=rtcp:"):
        return "a=rtcp:9 IN IP4 0.0.0.0"  # of a call: the same once more (RFC 3605)
    if not line.startswith("a=candidate:"):
        return line
    candidate = outgoing_candidate(line[2:], relay=True)
    return None if candidate is None else f"a={candidate}"
