"""Descriptions: which of a stranger's are used, what of mine leaves, and that aiortc reads what was checked."""

import pytest
from aiortc.sdp import SessionDescription
from hypothesis import given
from hypothesis import strategies as st

from stranger.description import (
    Checked,
    check_description,
    check_talk_description,
    mirrored,
    outgoing_candidate,
    outgoing_description,
)

MINE = ":".join(["AB"] * 32)
OTHER = ":".join(["CD"] * 32)
FINGERPRINT = f"a=fingerprint:sha-256 {MINE}"
HOST = "candidate:1 1 udp 2113937151 0f1e.local 54321 typ host generation 0 ufrag aaaa network-cost 999"
RELAY = "candidate:3 1 udp 33562367 198.51.100.9 6000 typ relay raddr 203.0.113.5 rport 4000 generation 0"
TOLD = RELAY.replace("203.0.113.5 rport 4000", "0.0.0.0 rport 0")
VOICE = "m=audio 9 UDP/TLS/RTP/SAVPF 111"
PICTURE = "m=video 9 UDP/TLS/RTP/SAVPF 96"


def sdp(*more: str) -> str:
    head = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel"]
    return "".join(f"{line}\r\n" for line in [*head, "c=IN IP4 0.0.0.0", "a=setup:actpass", *more])


def test_a_strangers_description_is_let_through_unchanged() -> None:
    whole = sdp(FINGERPRINT, "a=candidate:1 1 udp 1 192.0.2.1 5 typ host")
    assert check_description(whole) == Checked(whole, MINE)
    assert check_description(whole.replace("\r\n", "\n")) == Checked(whole, MINE)


def test_it_may_repeat_its_fingerprint_in_any_case_of_letters() -> None:
    checked = check_description(sdp(FINGERPRINT, f"a=fingerprint:SHA-256 {MINE.lower()}"))
    assert checked is not None
    assert checked.fingerprint == MINE


def test_it_loses_fingerprints_that_the_check_words_would_not_cover() -> None:
    lines = [f"a=fingerprint:sha-512 {OTHER}:{OTHER}", FINGERPRINT, f"a=FINGERPRINT:md5 {OTHER}"]
    assert check_description(sdp(*lines)) == Checked(sdp(FINGERPRINT), MINE)


def test_it_loses_a_candidate_of_more_than_512_characters() -> None:
    long, kept = f"a=candidate:{'x' * 503}", f"a=candidate:{'x' * 502}"
    assert check_description(sdp(FINGERPRINT, kept, long)) == Checked(sdp(FINGERPRINT, kept), MINE)


REFUSED = {
    "without a fingerprint": sdp(),
    "with a fingerprint by another hash only": sdp(f"a=fingerprint:sha-1 {MINE}"),
    "with two fingerprints": sdp(FINGERPRINT, f"a=fingerprint:sha-256 {OTHER}"),
    "with a fingerprint cut short": sdp(f"a=fingerprint:sha-256 {MINE[3:]}"),
    "with a fingerprint by a hash that only looks like it": sdp(f"a=fingerprint:\u017fha-256 {MINE}"),
    "with a second section": sdp(FINGERPRINT, VOICE),
    "with another section": sdp(FINGERPRINT).replace("m=application", "m=video"),
    "with a section that is none": sdp(FINGERPRINT).replace("m=application 9", "m=application"[:3]),
    "with lines that only some see": sdp(f"{FINGERPRINT}\ra=fingerprint:sha-256 {OTHER}"),
    "with a line that is none": sdp(FINGERPRINT, " a=setup:active"),
    "with a zero": sdp(FINGERPRINT, "a=x\0"),
    "longer than 12,000": sdp(FINGERPRINT, f"a=x:{'y' * 12_000}"),
    "without anything": "",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_a_description_is_refused(text: str) -> None:
    assert check_description(text) is None
    assert text == REFUSED["with a second section"] or check_talk_description(text) is None


@pytest.mark.parametrize("end", ["\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_what_only_aiortc_takes_for_the_end_of_a_line_is_refused(end: str) -> None:
    """Else a second certificate could stand behind it, which the check words do not cover."""
    text = sdp(f"{FINGERPRINT}", f"a=x:y{end}a=fingerprint:sha-256 {OTHER}")
    read = SessionDescription.parse(text).media[0].dtls
    assert read is not None
    assert len(read.fingerprints) == 2
    assert check_description(text) is None


def test_in_a_talk_there_may_be_a_voice_and_a_picture_and_no_more() -> None:
    for more in [(), (VOICE,), (PICTURE,), (VOICE, PICTURE)]:
        assert check_talk_description(sdp(FINGERPRINT, *more)) == Checked(sdp(FINGERPRINT, *more), MINE)
    assert check_talk_description(sdp(FINGERPRINT, VOICE, PICTURE, VOICE)) is None
    assert check_talk_description(sdp(FINGERPRINT, "m=text 9 UDP x")) is None
    assert check_talk_description(sdp(FINGERPRINT).replace("m=application", "m=audio")) is None


@given(st.text(st.sampled_from("abm=:\r\n\v\u2028 x0") | st.characters(), max_size=200))
def test_no_text_makes_it_raise_and_what_is_let_through_has_one_certificate_for_aiortc(text: str) -> None:
    for check in (check_description, check_talk_description):
        assert check(text) is None
        checked = check(sdp(FINGERPRINT, f"a={text}"))
        if checked is not None:
            told = [line for line in checked.sdp.splitlines() if line.startswith("a=fingerprint")]
            assert set(told) == {FINGERPRINT}


def test_it_becomes_an_answer_in_which_b_is_the_dtls_client() -> None:
    assert mirrored(sdp(), "a") == sdp().replace("actpass", "active")
    assert mirrored(sdp(), "b") == sdp().replace("actpass", "passive")
    assert mirrored(sdp("a=x:a=setup:actpass"), "a").count("actpass") == 1


# ── what leaves ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_everything_that_was_gathered_leaves_unless_only_a_relay_may_be_used() -> None:
    text = sdp(f"a={HOST}", f"a={RELAY}").replace("c=IN IP4 0.0.0.0", "c=IN IP4 203.0.113.5")
    assert outgoing_description(text, relay=False) == text
    assert outgoing_description(text, relay=True) == sdp(f"a={TOLD}")


def test_in_relay_mode_the_lines_of_a_call_say_nothing_of_an_address_either() -> None:
    call = sdp(VOICE, "c=IN IP4 192.0.2.1", "a=rtcp:54321 IN IP4 192.0.2.1")
    assert outgoing_description(call, relay=False) == call
    assert "192.0.2.1" not in outgoing_description(call, relay=True)


@pytest.mark.parametrize(
    ("candidate", "relay", "expected"),
    [
        (HOST, False, HOST),
        (HOST, True, None),
        (RELAY, True, TOLD),
        (RELAY[: RELAY.index(" raddr")], True, RELAY[: RELAY.index(" raddr")]),
        (HOST.replace("typ host", "typ srflx raddr 0.0.0.0 rport 0 typ relay"), True, None),
        (HOST.replace("typ host", "typ relayed"), True, None),
        ("", False, None),
        (f"candidate:{'x' * 600}", False, None),
    ],
)
def test_a_candidate_leaves(candidate: str, relay: bool, expected: str | None) -> None:  # noqa: FBT001  of a table
    assert outgoing_candidate(candidate, relay) == expected
