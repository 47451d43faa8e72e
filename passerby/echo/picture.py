"""Pictures that the bot makes up: hills under a sun."""

import io
import math
import random
from typing import Final

from PIL import Image, ImageDraw

SIZE: Final = (960, 600)
_SKIES: Final = (("#f6d8ae", "#e88f6f"), ("#cfe6f5", "#7fb2d6"), ("#f3e9f7", "#a98bc0"))
_HILLS: Final = ("#8fae7f", "#5f8a68", "#3c6450", "#254539")


def made_up(dice: random.Random) -> bytes:
    """Draw one, as a JPEG."""
    width, height = SIZE
    high, low = dice.choice(_SKIES)
    picture = Image.composite(
        Image.new("RGB", SIZE, low), Image.new("RGB", SIZE, high), Image.linear_gradient("L").resize(SIZE)
    )
    draw = ImageDraw.Draw(picture)
    x, y, r = dice.randint(150, width - 150), dice.randint(110, 240), dice.randint(45, 80)
    draw.ellipse((x - r, y - r, x + r, y + r), fill="#fff3d6")
    for nth, colour in enumerate(_HILLS):
        base, swing = height * (0.52 + 0.13 * nth), dice.uniform(20, 55)
        long, shift = dice.uniform(120, 260), dice.uniform(0, 6)
        ridge = [(at, base - swing * math.sin(at / long + shift)) for at in range(0, width + 8, 8)]
        draw.polygon([(0, height), *ridge, (width, height)], fill=colour)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()
