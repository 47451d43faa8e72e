"""Meeting one stranger: from a match to a talk, and to its end.

    meet ── post, handshake ──► channel open ── hello ◄──► hello ──► opened, heard …
      │ 6 s: failed               │ 5 s: failed     │ does not fit: alarm
      over, or alarm, once; and never after `end`

It ties together what others know: seal and post (the sealed way through the broker), handshake (the peer connection)
and channel (what is said). It decides whether the one on the other end is the one whom signaling told of, and nothing
is delivered before that. While they talk it looks whether the way between the two still carries something.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from broker import topics
from broker.conversation import Answer, Bye, Candidates, Hello, Nonce, Offer, Said
from broker.identity import b64url, unb64url
from broker.messages import VERSION, Matched, Role
from stranger.channels import Channel
from stranger.checkwords import NONCE_BYTES, Commitment, Party, check_words, commit
from stranger.description import check_talk_description
from stranger.events import AlarmReason, What
from stranger.handshake import Failed, ForeignCertificate, Handshake, NoWay
from stranger.peer import Peer
from stranger.post import Post, SessionMessage
from stranger.seal import Seal, SealKeys

OPEN_WITHIN_S: Final = 6.0
HELLO_WITHIN_S: Final = 5.0
NONCE_WITHIN_S: Final = 5.0
LOST_AFTER_S: Final = 20.0
"""So long a way may carry nothing, and the talk is over."""

FAREWELL_S: Final = 0.2
_LOOK_S: Final = 1.0

Mood = Literal["left", "lost", "failed", "relay"]
Spoken = Offer | Answer | Candidates
"""What the two connections say to each other once the people talk."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What a meeting needs and tells."""

    publish: Callable[[str, bytes], None]
    opened: Callable[[Hello], None]
    heard: Callable[[Said], None]
    posted: Callable[[Spoken], None]
    """Like `heard`, but sealed, over the broker."""

    hear_bytes: Callable[[object], None]
    drained: Callable[[], None]
    words: Callable[[tuple[int, ...]], None]
    notice: Callable[[What], None]
    over: Callable[[Mood], None]
    alarm: Callable[[AlarmReason], None]


class Meeting:
    """One side of a session. Everything it was given is this session's only.

    Raises:
        ValueError: when the stranger's key is none.
    """

    def __init__(
        self, matched: Matched, *, seat: str, nickname: str, keys: SealKeys, relay: bool, ports: Ports
    ) -> None:
        self.matched = matched
        self._nickname, self._keys, self._relay, self._ports = nickname, keys, relay, ports
        self._phase: Literal["shaking", "greeting", "talking", "over"] = "shaking"
        self._loop = asyncio.get_running_loop()
        self._commitment = commit(matched.session, matched.role, secrets.token_bytes(NONCE_BYTES))
        self._theirs: Hello | None = None
        self._checked = False
        seal = Seal(role=matched.role, keys=keys, peer_key=matched.key, my_seat=seat, peer_seat=matched.to)
        self.rendezvous = seal.rendezvous
        self._post = Post(seal, self._publish, self._receive)
        self._channel: Channel | None = None
        self._peers: list[Peer] = []
        ice = matched.ice
        self._shake = Handshake(
            matched.role,
            matched.handshake,
            relay=relay,
            make=lambda: self._bind(Peer(ice, relay=relay)),
            send=self._post.send,
        )
        self._timer = self._loop.call_later(OPEN_WITHIN_S, self._over, "failed")
        self._work = asyncio.create_task(self._run(), name="meeting")

    @property
    def peer(self) -> Peer:
        """The connection; it changes until the talk begins, and then no more."""
        return self._shake.peer

    @property
    def fingerprint(self) -> str:
        """Of the stranger's certificate, as the handshake has taken it."""
        return self._shake.fingerprint or ""

    def receive(self, payload: bytes, seat: str) -> None:
        """Take what came to a seat of mine."""
        self._post.receive(payload, seat)

    def say(self, message: Said) -> None:
        """Say something to the stranger, once the two talk."""
        if self._phase == "talking" and self._channel is not None:
            self._channel.send(message)

    def post(self, message: Spoken, to: str) -> None:
        """Say something sealed, over the broker, to a seat that the stranger told."""
        if self._phase == "talking":
            self._post.send(message, to)

    def end(self) -> None:
        """Part, and say so."""
        if not self._stop():
            return
        if self._channel is not None and self._channel.open:
            self._channel.send(Bye())
        self._part()

    def alarm(self, reason: AlarmReason) -> None:
        """Part: somebody sits between the two."""
        if not self._stop():
            return
        self._part()  # gently, so that the stranger still gets my hello and can see for himself
        self._ports.alarm(reason)

    async def gone(self) -> None:
        """Wait until nothing of it is left: sockets, tasks, timers."""
        await asyncio.gather(*(peer.close() for peer in self._peers), return_exceptions=True)

    # ── the way there ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _run(self) -> None:
        try:
            await self._shake.start()
            await self._post.run()
        except NoWay:
            self._over("relay")
        except Failed:
            self._over("failed")
        except ForeignCertificate:
            self.alarm("fingerprint")

    def _publish(self, payload: bytes, to: str | None) -> None:
        self._ports.publish(topics.session(to or self.matched.to), payload)

    def _bind(self, peer: Peer) -> Peer:
        if self._channel is not None:
            self._channel.release()
        self._peers.append(peer)
        self._channel = Channel(
            peer.words,
            opened=self._opened,
            heard=self._hear,
            closed=self._gone,
            notice=self._ports.notice,
            now=self._loop.time,
        )
        peer.on_state = self._changed
        peer.parcels.on_message = self._ports.hear_bytes
        peer.parcels.on_drain = self._ports.drained
        return peer

    async def _receive(self, message: SessionMessage) -> None:
        if isinstance(message, Bye):
            self._over("left")
        elif self._phase == "talking" and not isinstance(message, (Offer, Answer, Candidates)):
            return
        elif isinstance(message, (Offer, Answer)) and message.nth is not None:
            # A description that has a number is of the talk, and one that has none of the handshake.
            if self._phase == "talking":
                self._ports.posted(message)
        elif isinstance(message, Candidates) and self._phase == "talking":
            self._ports.posted(message)
        else:
            await self._shake.receive(message)

    def _opened(self) -> None:
        if self._phase != "shaking" or self._channel is None:
            return
        self._phase = "greeting"
        self._timer.cancel()
        self._timer = self._loop.call_later(HELLO_WITHIN_S, self._over, "failed")
        self._post.settle()
        self._shake.opened()
        hello = Hello(
            version=VERSION,
            session=self.matched.session,
            role=self.matched.role,
            key=self._keys.public,
            peer_key=self.matched.key,
            nickname=self._nickname,
            commitment=self._commitment.commitment,
            relay=self._relay,
        )
        self._channel.send(hello)

    # ── what the stranger says ───────────────────────────────────────────────────────────────────────────────────────

    def _hear(self, message: Said | None) -> None:
        self._opened()  # in case the channel delivers before it tells of the opening
        if self._phase == "over":
            return
        if isinstance(message, Bye):
            self._over("left")
        elif self._phase == "greeting" and isinstance(message, Hello):
            self._greet(message)
        elif self._phase != "talking":
            self.alarm("early")
        elif message is None:
            self._ports.notice("malformed")
        elif isinstance(message, Nonce):
            self._check(message)
        elif not isinstance(message, Hello):
            self._ports.heard(message)

    def _greet(self, hello: Hello) -> None:
        misfit = self._misfit(hello)
        if misfit is not None:
            self.alarm(misfit)
        elif hello.version != VERSION:
            self._over("failed")
        else:
            self._phase, self._theirs = "talking", hello
            self._timer.cancel()
            self._timer = self._loop.call_later(NONCE_WITHIN_S, self._wordless)
            self.say(Nonce(nonce=b64url(self._commitment.nonce)))
            self._loop.call_later(_LOOK_S, self._look)
            self._ports.opened(hello)

    def _misfit(self, hello: Hello) -> AlarmReason | None:
        """Tell what of the stranger's hello is not as signaling told me. Equal commitments: mine, sent back to me."""
        if hello.session != self.matched.session:
            return "session"
        if hello.role == self.matched.role:
            return "role"
        if hello.key != self.matched.key:
            return "key"
        if hello.peer_key != self._keys.public:
            return "peerKey"
        return "commitment" if hello.commitment == self._commitment.commitment else None

    def _check(self, message: Nonce) -> None:
        """Make the check words: the first nonce counts."""
        if self._checked or self._theirs is None:
            return
        self._checked = True
        self._timer.cancel()
        theirs = _committed(self.matched.session, self._theirs.role, message)
        if theirs is None or theirs.commitment != self._theirs.commitment:
            self.alarm("commitment")
            return
        own = check_talk_description(self.peer.described)
        me = Party(own.fingerprint if own else None, self._keys.public)
        nonces = {self.matched.role: self._commitment.nonce, self._theirs.role: theirs.nonce}
        parties = me, Party(self.fingerprint, self._theirs.key)
        self._ports.words(check_words(self.matched.session, parties, nonces) or ())

    def _wordless(self) -> None:
        self._checked = True
        self._ports.words(())

    # ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _changed(self) -> None:
        if self.peer.state in ("failed", "closed"):
            self._gone()

    def _look(self) -> None:
        if self._phase != "talking":
            return
        if self.peer.quiet_s >= LOST_AFTER_S:
            self._gone()
        else:
            self._loop.call_later(_LOOK_S, self._look)

    def _gone(self) -> None:
        self._over("lost" if self._phase == "talking" else "failed")

    def _over(self, mood: Mood) -> None:
        if not self._stop():
            return
        self._release()
        self._ports.over(mood)

    def _stop(self) -> bool:
        """Deliver nothing from here on; tells whether it was not over already."""
        if self._phase == "over":
            return False
        self._phase = "over"
        self._timer.cancel()
        self._post.close()
        if self._work is not asyncio.current_task():
            self._work.cancel()
        return True

    def _part(self) -> None:
        self._timer = self._loop.call_later(FAREWELL_S, self._release)
        if self._channel is not None:
            self._channel.finish(self._release)

    def _release(self) -> None:
        self._timer.cancel()
        if self._channel is not None:
            self._channel.release()
        for peer in self._peers:
            peer.close()


def _committed(session: str, role: Role, message: Nonce) -> Commitment | None:
    try:
        return commit(session, role, unb64url(message.nonce))
    except ValueError:
        return None
