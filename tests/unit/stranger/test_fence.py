"""Which candidates of a stranger's are sent to, and how many."""

import pytest

from stranger.fence import ADDRESSES_MOST, Addresses, reachable

HOST = "candidate:1 1 udp 2113937151 192.0.2.1 54321 typ host"


@pytest.mark.parametrize(
    "candidate",
    [
        HOST,
        HOST.removeprefix("candidate:"),
        HOST.replace("candidate:", "candidate: "),
        HOST.replace("udp", "UDP"),
        HOST.replace("192.0.2.1", "2001:db8::1"),
        HOST.replace("192.0.2.1", "127.0.0.1"),
        HOST + " generation 0 ufrag abcd network-cost 999",
        HOST.replace("host", "srflx") + " raddr 0.0.0.0 rport 0",
        HOST.replace("host", "relay") + " raddr 198.51.100.1 rport 5",
    ],
)
def test_an_address_is_sent_to(candidate: str) -> None:
    assert reachable(candidate)


@pytest.mark.parametrize(
    "candidate",
    [
        "",
        "candidate:",
        "candidate:1 1",
        HOST.replace("192.0.2.1", "0f1e.local"),
        HOST.replace("192.0.2.1", "0F1E.LOCAL."),
        HOST.replace("192.0.2.1", "example.org"),
        HOST.replace("192.0.2.1", "192.0.2"),
        HOST.replace("192.0.2.1", "fe80::1%eth0"),
        HOST.replace("192.0.2.1", "fe80::1%example.org"),
        HOST.replace("192.0.2.1", "0.0.0.0"),  # noqa: S104  nobody is bound to it
        HOST.replace("192.0.2.1", "::"),
        HOST.replace("192.0.2.1", "224.0.0.251"),
        HOST.replace("192.0.2.1", "ff02::fb"),
        HOST.replace("54321", "0"),
        HOST.replace("54321", "65536"),
        HOST.replace("54321", "-1"),
        HOST.replace("54321", "9" * 5_000),
        HOST.replace("udp", "tcp") + " tcptype active",
        HOST.replace(" 1 udp", " 2 udp"),
        HOST.replace("host", "prflx"),
        HOST + " rport x",
    ],
)
def test_what_is_none_is_not(candidate: str) -> None:
    assert not reachable(candidate)


def test_a_description_keeps_what_can_be_sent_to_and_all_else_as_it_was() -> None:
    named = HOST.replace("192.0.2.1", "0f1e.local")
    rest = "v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n"
    said = f"{rest}a={named}\r\na={HOST}\r\na={named}\r\na=setup:active\r\n"
    assert Addresses().in_description(said) == f"{rest}a={HOST}\r\na=setup:active\r\n"
    assert Addresses().in_description(rest) == rest


def test_of_more_addresses_than_anybody_has_the_first_are_kept_and_may_be_told_again() -> None:
    addresses = Addresses()
    many = [HOST.replace("54321", str(port)) for port in range(1, 201)]
    lines = [f"a={candidate}\r\n" for candidate in many]
    assert addresses.in_description("".join(lines)) == "".join(lines[:ADDRESSES_MOST])
    assert [candidate for candidate in many if addresses.admit(candidate + " generation 1")] == many[:ADDRESSES_MOST]


def test_nobody_is_told_that_there_are_no_more() -> None:
    """Firefox says so of names alone, and aioice would give up on none at all."""
    rest = "v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n"
    assert Addresses().in_description(f"{rest}a=end-of-candidates\r\n") == rest
