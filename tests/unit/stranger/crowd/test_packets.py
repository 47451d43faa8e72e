"""The crowd's packets are those that a probe of brokers makes, and come out of a stream as they went in."""

from hypothesis import given
from hypothesis import strategies as st

from stranger.client import Login
from stranger.crowd import packets
from tests.engines import mqtt_probe as probe

sizes = st.sampled_from([0, 1, 125, 126, 127, 128, 300, 16_383, 16_384, 65_535, 65_536, 70_000])


def test_what_is_said_is_what_a_probe_says() -> None:
    login = Login("peer", "peer", "secret", ("v1/presence/peer", b"gone"))
    assert packets.connect(login, 60) == probe.connect("peer", "secret", will=("v1/presence/peer", b"gone"))
    assert packets.subscribe(("a", "b/c"), 7) == probe.subscribe("a", "b/c", packet_id=7)
    assert packets.unsubscribe(("a",), 7) == probe.unsubscribe("a", packet_id=7)
    assert packets.publish("t", b"x", 9) == probe.publish("t", b"x", packet_id=9)
    assert packets.publish("t", b"x") == probe.publish("t", b"x")
    assert packets.connect(Login("nobody"), 5) == b"\x10\x12\0\x04MQTT\x04\x02\0\x05\0\x06nobody"


@given(st.lists(sizes, max_size=5), st.data())
def test_packets_are_taken_out_of_a_stream_however_it_is_cut(lengths: list[int], data: st.DataObject) -> None:
    stream = b"".join(packets.publish(f"topic/{place}", b"x" * size, place) for place, size in enumerate(lengths))
    cut = data.draw(st.integers(0, len(stream)))
    kept, found = bytearray(), []
    for part in (stream[:cut], stream[cut:]):
        kept += part
        while (taken := packets.take_packet(kept)) is not None:
            found.append(packets.take_message(*taken))
    assert found == [(f"topic/{place}", b"x" * size, place) for place, size in enumerate(lengths)]
    assert not kept


@given(sizes)
def test_a_frame_is_masked_by_zeros_and_so_holds_what_was_put_in(size: int) -> None:
    data = b"y" * size
    framed = bytearray(packets.frame(data))
    assert framed[0] == 0x82
    assert framed[1] & 0x80, "a client masks (RFC 6455 §5.1)"
    length = framed[1] & 0x7F
    start = 2 + {126: 2, 127: 8}.get(length, 0)
    assert framed[start : start + 4] == b"\0\0\0\0"
    assert framed[start + 4 :] == data
    # As a server sends it: without the mask.
    framed[1] &= 0x7F
    del framed[start : start + 4]
    assert packets.take_frame(framed) == (2, data)
    assert not framed
