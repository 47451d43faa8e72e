"""The packets of strangers, without any network: whatever comes is a packet, not yet one, or `Malformed`."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.engines.mqtt import packets
from broker.engines.mqtt.framing import Framer, Malformed, Packet, Type
from tests.engines import mqtt_probe as probe

LIMIT = 1024
READERS = {
    Type.CONNECT: packets.read_connect,
    Type.PUBLISH: packets.read_publish,
    Type.SUBSCRIBE: packets.read_subscribe,
    Type.UNSUBSCRIBE: packets.read_unsubscribe,
    Type.PUBACK: packets.read_puback,
    Type.PINGREQ: packets.read_empty,
    Type.DISCONNECT: packets.read_empty,
}
NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30)
TOPICS = NAMES.filter(lambda name: not {"+", "#"} & set(name))


def one(data: bytes) -> Packet:
    framer = Framer(LIMIT)
    framer.feed(data)
    packet = framer.next()
    assert packet is not None
    assert framer.next() is None
    return packet


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_any_bytes_are_packets_or_malformed(pieces: list[bytes]) -> None:
    framer = Framer(LIMIT)
    with contextlib.suppress(Malformed):
        for piece in pieces:
            framer.feed(piece)
            while (packet := framer.next()) is not None:
                READERS[packet.type](packet)


@given(st.sampled_from(sorted(READERS)), st.binary(max_size=60))
def test_any_body_is_read_or_malformed(kind: Type, body: bytes) -> None:
    flags = 2 if kind in (Type.SUBSCRIBE, Type.UNSUBSCRIBE) else 0
    with contextlib.suppress(Malformed):
        READERS[kind](one(probe.packet(kind << 4 | flags, body)))


@given(TOPICS, st.binary(max_size=300), st.integers(0, 0xFFFF), st.booleans())
def test_a_publish_is_read_as_it_was_meant(
    topic: str,
    payload: bytes,
    packet_id: int,
    retain: bool,  # noqa: FBT001  drawn
) -> None:
    message = packets.read_publish(one(probe.publish(topic, payload, packet_id=packet_id, retain=retain)))
    assert message == packets.Publish(topic, payload, retain, packet_id or None)


@given(NAMES, NAMES, TOPICS, st.binary(max_size=100), st.booleans(), st.integers(0, 0xFFFF))
def test_a_connect_is_read_as_it_was_meant(
    name: str,
    password: str,
    topic: str,
    will: bytes,
    retain: bool,  # noqa: FBT001  drawn
    keep_alive_s: int,
) -> None:
    data = probe.connect(name, password, will=(topic, will), will_retain=retain, keep_alive_s=keep_alive_s)
    expected = packets.Connect(4, name, name, password, True, keep_alive_s, packets.Will(topic, will, retain, 1))  # noqa: FBT003
    assert packets.read_connect(one(data)) == expected


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=5))
def test_where_the_stream_is_cut_makes_no_difference(payload: bytes, cuts: list[int]) -> None:
    stream = probe.publish("a", payload) + probe.PINGREQ + probe.subscribe("b", "c/#") + probe.DISCONNECT
    framer, seen, at = Framer(LIMIT), [], 0
    for cut in [*sorted(cuts), len(stream)]:
        framer.feed(stream[at:cut])
        at = max(at, cut)
        while (packet := framer.next()) is not None:
            seen.append(packet.raw)
    assert b"".join(seen) == stream
    assert len(seen) == 4


def test_a_packet_of_the_limit_passes_and_one_byte_more_does_not() -> None:
    assert len(one(probe.packet(0x30, bytes(LIMIT))).body) == LIMIT
    framer = Framer(LIMIT)
    framer.feed(probe.packet(0x30, bytes(LIMIT + 1))[:3])
    with pytest.raises(Malformed, match="too long"):
        framer.next()


def test_a_length_written_longer_than_needed_is_a_length_still() -> None:
    """MQTT 3.1.1 does not forbid it, and nothing follows from it."""
    assert one(b"\xc0\x80\x80\x00") == Packet(Type.PINGREQ, 0, b"", b"\xc0\x80\x80\x00")


@given(NAMES)
def test_what_is_made_here_can_be_read(name: str) -> None:
    assert packets.read_connect(one(packets.plain_connect(name))) == packets.Connect(4, name, clean=True)
    assert packets.answer(packets.connack(packets.ConnectCode.REFUSED)) is Type.CONNACK


@given(TOPICS, st.binary(max_size=300), st.integers(1, 0xFFFF) | st.none(), st.booleans())
def test_a_delivery_can_be_read(
    topic: str,
    payload: bytes,
    packet_id: int | None,
    retain: bool,  # noqa: FBT001  drawn
) -> None:
    delivery = packets.publish(topic, payload, packet_id=packet_id, retain=retain)
    assert packets.read_publish(one(delivery)) == packets.Publish(topic, payload, retain, packet_id)


@given(st.binary(max_size=30))
def test_what_is_not_one_answer_never_goes_out(data: bytes) -> None:
    with contextlib.suppress(Malformed):
        packets.answer(data)
    for no_answer in (probe.publish("a", data), probe.PINGREQ, packets.connack(packets.ConnectCode.ACCEPTED) + b"\0"):
        with pytest.raises(Malformed):
            packets.answer(no_answer)
