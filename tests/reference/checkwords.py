"""Check words a second time, with another library: the vectors are made with it.

Follows docs/reference/protocol.md, "Check words".
"""

import hashlib
from dataclasses import dataclass
from typing import Final

WORDS: Final = (  # noqa: SIM905  words are read as words
    "acorn airport almond amber anchor apple aspen atlas autumn bacon badger bakery balcony bamboo banana barrel "
    "basket beaver beetle bicycle birthday biscuit blanket blossom bonfire bottle branch breakfast bridge bronze "
    "bubble bucket buffalo butterfly cabin cactus camel candle carpet castle cherry chimney circle clarinet "
    "clover cobalt coconut comet cookie copper coral cotton cricket crystal cucumber curtain daisy diamond "
    "dolphin domino donkey dragon eagle easel eclipse elbow elephant emerald engine envelope fabric factory "
    "falcon feather fiddle firefly flamingo forest fossil freckle fridge frost galaxy garden gecko ginger giraffe "
    "glacier glove gondola guitar hammock harbor hazel hedgehog helmet holiday honey horizon island ivory jacket "
    "jaguar jasmine jigsaw journey jungle kayak kettle keyboard kitchen kiwi koala lagoon lantern laptop lavender "
    "lemon leopard library lilac linen lizard lobster lollipop lotus magnet mailbox mango maple marble meadow "
    "melon mermaid mirror mitten mosaic mountain muffin museum napkin nectar needle noodle notebook nutmeg oasis "
    "oatmeal ocean octopus olive onion opera orange orbit orchard origami ostrich otter oven oyster paddle palace "
    "pancake papaya parrot pasta peanut pebble pelican pencil pepper piano pickle pigeon pilot pizza planet "
    "popcorn potato pudding pumpkin puppet puzzle pyramid rabbit radio raisin raven reindeer ribbon river robin "
    "rocket rooster saddle saffron sailor salad saturn scooter season shadow shovel signal silver sketch sleeve "
    "slipper snail sofa spider spoon squirrel stencil submarine sugar summer sunset sweater table teapot temple "
    "tennis thimble thunder tiger tornado towel tractor trumpet tulip tunnel turtle twilight umbrella valley "
    "vanilla velvet village vinegar violin volcano voyage waffle wagon walnut water whistle willow window yellow "
    "yogurt zebra zigzag zipper"
).split()
"""What the page shows of a byte."""


@dataclass(frozen=True)
class Party:
    """One of the two: the SHA-256 of its certificate (32 bytes), its sealing key (65), and its nonce (32)."""

    fingerprint: bytes
    key: bytes
    nonce: bytes

    @property
    def told(self) -> str:
        """The fingerprint as a description has it."""
        return self.fingerprint.hex(":").upper()


def commitment(session: str, role: str, nonce: bytes) -> bytes:
    return hashlib.sha256(b"passerby/v1/check/commit\0" + session.encode() + role.encode() + nonce).digest()


def numbers(session: str, a: Party, b: Party) -> list[int]:
    """Give the places of the four words in the list."""
    pairs = sorted((a.fingerprint + a.key, b.fingerprint + b.key))
    text = b"passerby/v1/check/words\0" + session.encode() + b"".join(pairs) + a.nonce + b.nonce
    return list(hashlib.sha256(text).digest()[:4])
