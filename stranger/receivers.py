"""What aiortc makes of a voice or a picture that comes, held to what calls need of it.

For aiortc a track begins once and ends once; in a talk there are many calls on the same lines. All of it is private in
aiortc, hence the pin of its version.
"""

import re
from typing import Final
from weakref import WeakSet

from aiortc import RTCRtpReceiver, RTCRtpTransceiver
from aiortc.rtp import AnyRtcpPacket, RtcpByePacket, RtpPacket

REPEATS_MOST: Final = 64
"""So many sources of repeated packets are known: a page draws one for each call."""

UNDECODED_MOST: Final = 50
"""Of a voice or a picture, how many frames wait to be decoded; what comes then is dropped."""

_guarded: Final["WeakSet[RTCRtpReceiver]"] = WeakSet()


def guard(receiver: RTCRtpReceiver) -> None:
    """Let nobody end it, since it would not begin again, nor send more than can be decoded."""
    if receiver in _guarded:
        return
    _guarded.add(receiver)
    control, media = receiver._handle_rtcp_packet, receiver._handle_rtp_packet
    undecoded = receiver._RTCRtpReceiver__decoder_queue  # type: ignore[attr-defined]

    async def controlled(packet: AnyRtcpPacket) -> None:
        if not isinstance(packet, RtcpByePacket):  # for aiortc the end of a source is that of the track
            await control(packet)

    async def received(packet: RtpPacket, arrival_time_ms: int) -> None:
        if undecoded.qsize() < UNDECODED_MOST:
            await media(packet, arrival_time_ms)

    receiver._handle_rtcp_packet, receiver._handle_rtp_packet = controlled, received  # type: ignore[method-assign]


def begin_anew(receiver: RTCRtpReceiver) -> None:
    """Forget what the last packets were: a picture of the last call that waits for its end, and its sender's time."""
    packets = receiver._RTCRtpReceiver__jitter_buffer  # type: ignore[attr-defined]
    if packets._origin is not None:
        packets.remove(packets.capacity)
        packets._origin = None
    times = receiver._RTCRtpReceiver__timestamp_mapper  # type: ignore[attr-defined]
    times._last = times._origin = None
    missing = receiver._RTCRtpReceiver__nack_generator  # type: ignore[attr-defined]
    if missing is not None:
        missing.max_seq = None
        missing.missing.clear()


def know_repeats(media: list[RTCRtpTransceiver], sdp: str) -> None:
    """Know by which source lost packets come again (RFC 4588): browsers draw one for each call, aiortc reads one."""
    repeats = re.findall(r"^a=ssrc-group:FID (\d{1,10}) (\d{1,10})$", sdp, re.MULTILINE)
    for each in media:
        if each.kind == "video":
            known = each.receiver._RTCRtpReceiver__rtx_ssrc  # type: ignore[attr-defined]
            if len(known) > REPEATS_MOST:
                known.clear()
            known.update({int(again): int(first) for first, again in repeats[:REPEATS_MOST]})
