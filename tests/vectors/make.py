"""Writes the vectors that need cryptography: identities, seats, sealing, check words, stamps.

Run it only when the protocol changes:

    python tests/vectors/make.py

It uses nothing of `broker`, so that an error there is not copied into what judges it.
"""

import base64
import hashlib
import hmac
import json
import struct
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from stranger.words import WORDS  # noqa: E402  the path is set just above
from tests.reference.checkwords import Party, commitment, numbers  # noqa: E402  the same
from tests.reference.sealing import Seal, b64, jwk, private_of, public  # noqa: E402  the path is set just above

NOW = 1_800_000_000


def write(name: str, content: object) -> None:
    (HERE / name).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def identities() -> object:
    cases = []
    for secret in (bytes(32), bytes(range(32)), b"\xff" * 32, hashlib.sha256(b"passerby").digest()):
        peer = b64(hashlib.sha256(b"passerby/v1/peer" + secret).digest()[:16])
        cases.append({"password": b64(secret), "peer": peer})
    good = cases[1]
    refused = [
        {"why": "another's secret", "password": cases[0]["password"], "peer": good["peer"]},
        {"why": "no secret", "password": "", "peer": good["peer"]},
        {"why": "31 bytes", "password": b64(bytes(range(31))), "peer": good["peer"]},
        {"why": "33 bytes", "password": b64(bytes(range(33))), "peer": good["peer"]},
        {"why": "padded", "password": good["password"] + "=", "peer": good["peer"]},
        {
            "why": "plain base64",
            "password": base64.b64encode(b"\xff" * 32).decode().rstrip("="),
            "peer": cases[2]["peer"],
        },
        {"why": "stray bits at the end", "password": good["password"][:-1] + "9", "peer": good["peer"]},
        {"why": "the peer id as secret", "password": good["peer"], "peer": good["peer"]},
        {"why": "not ASCII", "password": "é" * 43, "peer": good["peer"]},
    ]
    return {"accepted": cases, "refused": refused}


def seat(key_id: int, key: bytes, nonce: bytes, expiry: int, peer: str) -> bytes:
    head = struct.pack(">H12sI", key_id, nonce, expiry)
    owner = hmac.digest(key, b"passerby/v1/seat/owner\0" + head + peer.encode(), "sha256")[:12]
    return head + owner + hmac.digest(key, b"passerby/v1/seat/mint\0" + head + owner, "sha256")[:12]


def seats() -> object:
    old, new = bytes([1]) * 32, bytes([2]) * 32
    owner, other = identities()["accepted"][0]["peer"], identities()["accepted"][1]["peer"]  # type: ignore[index]
    nonce = bytes(range(12))
    good = seat(2, new, nonce, NOW + 600, owner)
    cases = [
        {"why": "minted with the current key", "seat": b64(good), "owner": True, "alive": True},
        {
            "why": "minted with the key before",
            "seat": b64(seat(1, old, nonce, NOW + 1, owner)),
            "owner": True,
            "alive": True,
        },
        {"why": "another's", "seat": b64(seat(2, new, nonce, NOW + 600, other)), "owner": False, "alive": True},
        {"why": "expired this second", "seat": b64(seat(2, new, nonce, NOW, owner)), "owner": True, "alive": False},
    ]
    flipped = [bytes(b ^ (1 if i == at else 0) for i, b in enumerate(good)) for at in range(len(good))]
    bad = [{"why": f"byte {at} changed", "seat": b64(raw)} for at, raw in enumerate(flipped)]
    bad += [
        {"why": "an unknown key", "seat": b64(seat(3, new, nonce, NOW + 600, owner))},
        {"why": "the wrong key for its id", "seat": b64(seat(1, new, nonce, NOW + 600, owner))},
        {"why": "too short", "seat": b64(good)[:-1]},
        {"why": "too long", "seat": b64(good) + "A"},
        {"why": "empty", "seat": ""},
        {"why": "not base64url", "seat": b64(good)[:-1] + "/"},
        {"why": "not ASCII", "seat": b64(good)[:-1] + "é"},
    ]
    keys = {"1": b64(old), "2": b64(new)}
    return {
        "now": NOW,
        "keys": keys,
        "current": 2,
        "peer": owner,
        "nonce": b64(nonce),
        "verified": cases,
        "refused": bad,
    }


def sealing() -> object:
    a, b, evil = private_of(0x1234567890ABCDEF), private_of(0xFEDCBA0987654321), private_of(0xDEADBEEF)
    seat_a, seat_b, seat_c = "A" * 56, "B" * 56, "C" * 56
    side_a = Seal("a", a, public(b), seat_a, seat_b)
    side_b = Seal("b", b, public(a), seat_b, seat_a)
    said = [("a", b'{"kind":"plain"}'), ("b", b'{"kind":"bye"}'), ("a", "ü €".encode()), ("b", b"")]
    messages = []
    for sender, plain in said:
        side = side_a if sender == "a" else side_b
        counter = side.counter
        messages.append({"from": sender, "counter": counter, "plain": b64(plain), "payload": b64(side.seal(plain))})
    # In a talk, to seats that were told later; the counters go on.
    for sender, side, seat in (("a", side_a, "D" * 56), ("b", side_b, "E" * 56)):
        counter, plain = side.counter, b"later"
        messages.append(
            {
                "from": sender,
                "seat": seat,
                "counter": counter,
                "plain": b64(plain),
                "payload": b64(side.seal(plain, seat)),
            }
        )
    fresh = Seal("a", a, public(b), seat_a, seat_b, counter=7).seal(b"word")
    late = Seal("a", a, public(b), seat_a, seat_b, counter=256).seal(b"word")
    drops = [
        {"to": "b", "why": "truncated", "payload": b64(fresh[:-1])},
        {"to": "b", "why": "only a counter", "payload": b64(fresh[:4])},
        {"to": "b", "why": "empty", "payload": ""},
        {"to": "b", "why": "a bit flipped in the box", "payload": b64(fresh[:-1] + bytes([fresh[-1] ^ 1]))},
        {
            "to": "b",
            "why": "published to a later seat",
            "payload": b64(Seal("a", a, public(b), seat_a, seat_b, counter=7).seal(b"word", seat_c)),
        },
        {"to": "b", "why": "another counter", "payload": b64(b"\0\0\0\x08" + fresh[4:])},
        {"to": "a", "why": "sent back to its sender", "payload": b64(fresh)},
        {"to": "b", "why": "beyond the last counter", "payload": b64(late)},
        {
            "to": "b",
            "why": "another session: other seats",
            "payload": b64(Seal("a", a, public(b), seat_c, seat_b, counter=7).seal(b"word")),
        },
        {
            "to": "b",
            "why": "another's sealing key",
            "payload": b64(Seal("a", evil, public(b), seat_a, seat_b, counter=7).seal(b"word")),
        },
        {
            "to": "b",
            "why": "the role of the receiver",
            "payload": b64(Seal("b", a, public(b), seat_a, seat_b, counter=7).seal(b"word")),
        },
    ]
    return {
        "cases": [
            {
                "name": "two strangers",
                "privateA": jwk(a),
                "privateB": jwk(b),
                "keyA": b64(public(a)),
                "keyB": b64(public(b)),
                "seatA": seat_a,
                "seatB": seat_b,
                "rendezvous": b64(side_a.rendezvous()),
                "messages": messages,
                "drops": drops,
            }
        ]
    }


def checkwords() -> object:
    session = b64(bytes(range(16)))
    low, high = hashlib.sha256(b"a certificate").digest(), b"\xff" * 32
    keys = [public(private_of(scalar)) for scalar in (0x1234567890ABCDEF, 0xFEDCBA0987654321)]
    keys.sort()
    small, great = bytes(range(32)), b"\xee" * 32
    a, b = Party(low, keys[0], small), Party(high, keys[1], great)
    pairs = [
        ("two strangers", session, a, b),
        ("the greater fingerprint at role a", session, Party(high, keys[0], small), Party(low, keys[1], great)),
        (
            "fingerprints that begin alike",
            session,
            Party(high, keys[0], small),
            Party(high[:31] + low[:1], keys[1], great),
        ),
        (
            "the same fingerprint, the greater key at role a",
            session,
            Party(low, keys[1], small),
            Party(low, keys[0], great),
        ),
        ("the nonces exchanged", session, Party(low, keys[0], great), Party(high, keys[1], small)),
        ("another session", b64(bytes(16)), a, b),
        ("somebody in the middle, towards a", session, a, Party(bytes(32), keys[1], great)),
        ("somebody in the middle, towards b", session, Party(bytes(32), keys[0], small), b),
    ]
    cases = [
        {
            "why": why,
            "session": told,
            **{
                role: {
                    "fingerprint": party.told,
                    "key": b64(party.key),
                    "nonce": b64(party.nonce),
                    "commitment": b64(commitment(told, role, party.nonce)),
                }
                for role, party in (("a", a), ("b", b))
            },
            "numbers": numbers(told, a, b),
            "words": [WORDS[number] for number in numbers(told, a, b)],
        }
        for why, told, a, b in pairs
    ]
    return {"list": list(WORDS), "cases": cases}


def work(seed: bytes, counter: int) -> bytes:
    return hashlib.sha256(b"passerby/v1/work" + seed + struct.pack(">I", counter)).digest()


def solved(seed: bytes, effort: int, counter: int = 0) -> int:
    while int.from_bytes(work(seed, counter), "big") >> (256 - effort):
        counter += 1
    return counter


def stamp(effort: int, seed: bytes, counter: int | None = None) -> str:
    return b64(struct.pack(">B32sI", effort, seed, solved(seed, effort) if counter is None else counter))


def stamps() -> object:
    key, nonce, effort, expiry = bytes([3]) * 32, bytes(range(12)), 10, NOW + 120
    life, other_life = b64(bytes(range(8))), b64(bytes(range(1, 9)))
    peer, other = identities()["accepted"][0]["peer"], identities()["accepted"][1]["peer"]  # type: ignore[index]

    def seed_of(effort: int, nonce: bytes, expiry: int, peer: str, life: str, key: bytes = key) -> bytes:
        bound = bytes([effort]) + nonce + struct.pack(">I", expiry) + peer.encode() + b"\0" + life.encode()
        tag = hmac.digest(key, b"passerby/v1/stamp\0" + bound, "sha256")[:16]
        return nonce + struct.pack(">I", expiry) + tag

    seed = seed_of(effort, nonce, expiry, peer, life)
    good = stamp(effort, seed)
    elsewhere = seed_of(effort, bytes(range(1, 13)), expiry, peer, life)
    idle = next(counter for counter in range(100) if work(seed, counter)[0])
    refused = [
        {"why": "another peer's", "stamp": stamp(effort, seed_of(effort, nonce, expiry, other, life))},
        {"why": "of another life", "stamp": stamp(effort, seed_of(effort, nonce, expiry, peer, other_life))},
        {
            "why": "precomputed: a seed of one's own making",
            "stamp": stamp(effort, seed_of(effort, nonce, expiry, peer, life, bytes(32))),
        },
        {"why": "a random seed", "stamp": stamp(effort, hashlib.sha256(b"seed").digest())},
        {"why": "no work", "stamp": stamp(effort, seed, idle)},
        {"why": "effort lowered, to what is not asked", "stamp": stamp(effort - 1, seed)},
        {"why": "effort raised", "stamp": stamp(effort + 1, seed)},
        {"why": "effort beyond any", "stamp": stamp(255, seed, 0)},
        {"why": "no effort", "stamp": stamp(0, seed, 0)},
        {"why": "an honest stamp of less than is asked", "stamp": stamp(8, seed_of(8, nonce, expiry, peer, life))},
        {"why": "expired", "stamp": stamp(effort, seed_of(effort, nonce, NOW, peer, life))},
        {"why": "expiry beyond any", "stamp": stamp(effort, seed_of(effort, nonce, NOW + 121, peer, life))},
        {"why": "spliced: a later expiry", "stamp": stamp(effort, seed[:12] + struct.pack(">I", NOW + 60) + seed[16:])},
        {"why": "spliced: the tag of another seed", "stamp": stamp(effort, seed[:16] + elsewhere[16:])},
        {"why": "spliced: the nonce of another seed", "stamp": stamp(effort, elsewhere[:12] + seed[12:])},
        {"why": "too short", "stamp": good[:-1]},
        {"why": "too long", "stamp": good + "A"},
        {"why": "empty", "stamp": ""},
        {"why": "stray bits at the end", "stamp": good[:-1] + chr(ord(good[-1]) + 1)},
        {"why": "not base64url", "stamp": good[:-1] + "/"},
        {"why": "not ASCII", "stamp": good[:-1] + "é"},
    ]
    seeds = (bytes(32), b"\xff" * 32, seed)
    return {
        "now": NOW,
        "key": b64(key),
        "nonce": b64(nonce),
        "peer": peer,
        "life": life,
        "challenge": {"seed": b64(seed), "effort": effort, "ttl": 120},
        "accepted": [
            {"why": "the first counter that will do", "stamp": good},
            {"why": "another counter", "stamp": stamp(effort, seed, solved(seed, effort, solved(seed, effort) + 1))},
            {"why": "more than is asked", "stamp": stamp(12, seed_of(12, nonce, expiry, peer, life))},
            {"why": "in its last second", "stamp": stamp(effort, seed_of(effort, nonce, NOW + 1, peer, life))},
        ],
        "refused": refused,
        "solved": [{"seed": b64(each), "effort": n, "stamp": stamp(n, each)} for each in seeds for n in (1, 8, 13)],
        "digests": [
            {"seed": b64(each), "counter": counter, "digest": work(each, counter).hex()}
            for each in seeds
            for counter in (0, 1, 0x80000000, 0xFFFFFFFF)
        ],
    }


if __name__ == "__main__":
    write("identities.json", identities())
    write("seats.json", seats())
    write("sealing.json", sealing())
    write("checkwords.json", checkwords())
    write("stamps.json", stamps())
