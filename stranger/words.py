"""The words of the check words, 256 of them: each stands for a byte (docs/reference/protocol.md, "Check words").

The same as the page's (webclient/src/extras/words.ts), word by word, or nobody could compare them with a browser.
"""

from typing import Final

WORDS: Final = tuple(
    (  # noqa: SIM905  words are read as words
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
)
