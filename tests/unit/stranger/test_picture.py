"""Pictures: drawn anew, so that nothing of a file and nothing of a stranger's bytes goes on."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from stranger.parcels.formats import Extent, is_picture
from stranger.parcels.goods import Made, Unfit
from stranger.parcels.picture import SCANS_LIMIT, prepare, receive
from tests.unit.stranger.test_formats import END, SCAN, chunk, frame, ihdr, jpeg, png, vp8x

RED, BLUE = (250, 5, 5), (5, 5, 250)
SECRET = b"48.2082 N 16.3738 E"


def halves(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def near(pixel: Any, wanted: Any, by: int = 30) -> bool:
    return all(abs(one - other) <= by for one, other in zip(pixel, wanted, strict=True))


def why(call: Any, *args: Any) -> str:
    with pytest.raises(Unfit) as caught:
        call(*args)
    return caught.value.why


# ── what is sent ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_file_is_drawn_anew_as_a_jpeg_of_1600_pixels_at_most(kind: str) -> None:
    goods = prepare(saved(halves(2_000, 1_000), kind))
    assert (goods.what, goods.type) == ("image", "image/jpeg")
    image = opened(goods.data)
    assert image.size == (1_600, 800)
    assert near(image.getpixel((10, 10)), RED)
    assert near(image.getpixel((1_590, 10)), BLUE)


def test_a_small_one_keeps_its_size_and_a_thin_one_has_a_pixel_left() -> None:
    assert opened(prepare(saved(halves(3, 2), "PNG")).data).size == (3, 2)
    assert opened(prepare(saved(halves(10_000, 2), "PNG")).data).size == (1_600, 1)


def exif(orientation: int) -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010E] = SECRET.decode()
    return tags.tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_a_camera_wrote_beside_it_stays_behind_but_it_stands_upright(kind: str) -> None:
    file = saved(halves(40, 20), kind, exif=exif(6), quality=90)
    assert SECRET in file
    image = opened(prepare(file).data)
    assert SECRET not in prepare(file).data
    assert (image.size, dict(image.getexif())) == ((20, 40), {})
    assert near(image.getpixel((10, 2)), RED)
    assert near(image.getpixel((10, 37)), BLUE)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_however_the_camera_was_held_it_stands_as_pillow_would_turn_it(orientation: int) -> None:
    from PIL import ImageOps  # noqa: PLC0415  as a judge, here alone

    image = Image.frombytes("L", (24, 16), bytes(x * 7 + y * 4 for y in range(16) for x in range(24)))
    file = saved(image.convert("RGB"), "PNG", exif=exif(orientation))
    drawn, judged = opened(prepare(file).data), ImageOps.exif_transpose(opened(file))
    assert drawn.size == judged.size
    corners = [(0, 0), (judged.width - 1, 0), (0, judged.height - 1)]
    assert all(near(drawn.getpixel(at), judged.getpixel(at), 12) for at in corners)


@pytest.mark.filterwarnings("ignore::UserWarning")  # ours is not in force in a test
@pytest.mark.parametrize("broken", [b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0rubbish", b"Exif\0\0"])
def test_a_tag_that_cannot_be_read_costs_nothing(broken: bytes) -> None:
    assert opened(prepare(saved(halves(4, 2), "JPEG", exif=broken)).data).size == (4, 2)


def test_comments_profiles_and_texts_stay_behind() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", SECRET.decode())
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for file in (
        saved(halves(4, 2), "JPEG", comment=SECRET, icc_profile=profile, xmp=SECRET),
        saved(halves(4, 2), "PNG", pnginfo=notes, icc_profile=profile),
        saved(halves(4, 2), "GIF", comment=SECRET),
    ):
        data = prepare(file).data
        assert SECRET in file
        assert SECRET not in data
        assert set(opened(data).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_the_colours_of_a_profile_become_those_that_are_meant_without_one() -> None:
    """Of a profile in which red and blue have changed places."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    turned = profile.replace(b"rXYZ", b"-XYZ").replace(b"bXYZ", b"rXYZ").replace(b"-XYZ", b"bXYZ")
    for kind in ("JPEG", "PNG"):
        image = opened(prepare(saved(halves(40, 20), kind, icc_profile=turned)).data)
        assert near(image.getpixel((10, 2)), BLUE, 60)
        assert opened(prepare(saved(halves(40, 20), kind, icc_profile=b"rubbish")).data).size == (40, 20)


def test_what_is_partly_clear_stays_so_and_what_only_could_be_becomes_a_jpeg() -> None:
    clear = halves(40, 20, "RGBA")
    clear.putalpha(Image.linear_gradient("L").resize((40, 20)))
    goods = prepare(saved(clear, "PNG"))
    assert goods.type == "image/webp"
    alpha: Any = opened(goods.data).getchannel("A").getextrema()
    assert alpha[0] < 40
    assert alpha[1] > 200
    assert prepare(saved(halves(40, 20, "RGBA"), "PNG")).type == "image/jpeg"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "RGBA", "I;16"])
def test_pictures_of_all_kinds_of_pixels_are_drawn(mode: str) -> None:
    image = Image.new("I;16", (4, 2), 0x8000) if mode == "I;16" else halves(4, 2, mode)
    file = saved(image, "JPEG" if mode == "CMYK" else "PNG")
    drawn = opened(prepare(file).data)
    assert drawn.size == (4, 2)
    assert mode != "I;16" or near(drawn.getpixel((0, 0)), (128, 128, 128))


def test_what_is_no_picture_or_too_much_is_not_sent() -> None:
    assert why(prepare, b"<svg/>") == why(prepare, b"OggS" + bytes(20)) == why(prepare, b"") == "type"
    assert why(prepare, b"\xff\xd8\xff" + bytes(50)) == why(prepare, saved(halves(9, 9), "PNG")[:60]) == "unreadable"
    assert why(prepare, bytes(100 * 1024 * 1024 + 1)) == "size"
    assert why(prepare, saved(Image.new("1", (10_000, 8_100)), "PNG")) == "size"


# ── what comes ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("kind", "name"), [("image/jpeg", "JPEG"), ("image/png", "PNG"), ("image/webp", "WEBP")])
def test_what_comes_is_drawn_anew_too(kind: str, name: str) -> None:
    made = receive(kind, bytearray(saved(halves(2_000, 1_000), name, exif=exif(6))))
    assert made.type == "image/jpeg"
    assert opened(made.data).size == (800, 1_600)
    assert SECRET not in made.data


def test_what_is_partly_clear_comes_so() -> None:
    assert receive("image/png", saved(Image.new("RGBA", (4, 2), (1, 2, 3, 90)), "PNG")).type == "image/webp"


def test_a_strangers_colour_profile_is_not_run() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    turned = profile.replace(b"rXYZ", b"-XYZ").replace(b"bXYZ", b"rXYZ").replace(b"-XYZ", b"bXYZ")
    image = opened(receive("image/jpeg", saved(halves(40, 20), "JPEG", icc_profile=turned)).data)
    assert near(image.getpixel((10, 2)), RED)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("image/png", saved(halves(4, 2), "JPEG")),
        ("image/jpeg", b"<html>"),
        ("audio/ogg", b"OggS" + bytes(40)),
        ("image/gif", saved(halves(4, 2), "GIF")),
        ("image/avif", saved(halves(4, 2), "AVIF")),
    ],
)
def test_it_must_be_of_the_type_that_it_was_announced_as(kind: str, data: bytes) -> None:
    assert why(receive, kind, data) == "type"


def test_it_must_not_move() -> None:
    frames = [halves(8, 8), halves(8, 8).rotate(90)]
    for kind in ("PNG", "WEBP"):
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
        assert why(receive, f"image/{kind.lower()}", data) == "type"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("image/png", png(ihdr(50_000, 50_000), chunk(b"IDAT", b"x"), END)),
        ("image/png", png(ihdr(12_001, 1), chunk(b"IDAT", b"x"), END)),
        ("image/jpeg", jpeg(frame(60_000, 60_000), SCAN)),
        ("image/webp", vp8x(16_000, 16_000)),
    ],
)
def test_what_would_unfold_into_too_much_is_refused_before_it_is_decoded(
    kind: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("decoded"))
    assert why(receive, kind, data) == "size"


def test_one_of_which_a_decoder_sees_more_than_its_head_told_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should there be a file that we and the decoder read differently."""
    monkeypatch.setattr("stranger.parcels.picture.measure", lambda *_: Extent(8, 8))
    assert why(receive, "image/png", saved(halves(16, 16), "PNG")) == "size"


def test_the_largest_that_may_come_is_drawn() -> None:
    assert opened(receive("image/png", saved(halves(5_000, 5_000), "PNG")).data).size == (1_600, 1_600)


def test_a_jpeg_that_is_gone_over_again_and_again_is_refused() -> None:
    progressive = saved(halves(640, 480), "JPEG", progressive=True)
    assert progressive.count(b"\xff\xda") > 1
    assert receive("image/jpeg", progressive).type == "image/jpeg"
    start = progressive.rindex(b"\xff\xda")
    scan = progressive[start:-2]
    again = progressive[:start] + scan * (SCANS_LIMIT + 1) + b"\xff\xd9"
    assert why(receive, "image/jpeg", again) == "unreadable"


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_what_is_cut_short_is_refused(name: str) -> None:
    data = saved(Image.effect_noise((64, 64), 50).convert("RGB"), name)
    for length in (60, len(data) // 2, len(data) - 3):
        assert why(receive, f"image/{name.lower()}", data[:length]) == "unreadable"


SEEDS = {name: saved(Image.effect_noise((16, 16), 50), name) for name in ("JPEG", "PNG", "WEBP")}


@given(st.sampled_from(list(SEEDS)), st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), max_size=5))
def test_whatever_was_spoiled_comes_out_as_a_picture_or_as_unfit(name: str, spoils: list[tuple[int, int]]) -> None:
    data = bytearray(SEEDS[name])
    for at, byte in spoils:
        data[at % len(data)] = byte
    try:
        made = receive(f"image/{name.lower()}", data)
    except Unfit:
        return
    assert isinstance(made, Made)
    assert is_picture(made.type)
    assert max(opened(made.data).size) <= 1_600
