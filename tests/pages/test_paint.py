"""What is kept of the pixels: secrets covered, the row and the button outlined, the strip above."""

import io

from PIL import Image, ImageDraw

from agent.pages.actions.paint import Shot, finished
from agent.pages.box import Box

ROW, BUTTON = Box(50, 500, 700, 40), Box(650, 505, 60, 30)
BLUE = (24, 144, 255)


def live(width: int = 800, height: int = 900) -> bytes:
    """A white window with a blue button."""
    drawn = Image.new("RGB", (width, height), "white")
    scale = width / 800
    corners = [side * scale for side in (BUTTON.x, BUTTON.y, BUTTON.right - 1, BUTTON.bottom - 1)]
    ImageDraw.Draw(drawn).rectangle(corners, fill=BLUE)
    packed = io.BytesIO()
    drawn.save(packed, "PNG")
    return packed.getvalue()


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def test_a_window_with_nothing_to_add_is_kept_as_it_came() -> None:
    png = live()
    assert finished(Shot(png, 800, [], [], [(0, 900)]), "") == png


def test_the_row_and_the_button_are_outlined_and_neither_is_drawn_over() -> None:
    drawn = opened(finished(Shot(live(), 800, [], [ROW, BUTTON], [(0, 900)]), ""))
    assert drawn.getpixel((48, 520)) == (0xF5, 0x9F, 0x00)
    assert drawn.getpixel((648, 520)) == (0xE0, 0x31, 0x31)
    inside = drawn.crop((650, 505, 710, 535))
    assert inside.getcolors() == [(60 * 30, BLUE)]


def test_what_is_secret_is_covered_to_the_last_pixel() -> None:
    drawn = opened(finished(Shot(live(), 800, [Box(10, 10, 1, 1)], [], [(0, 900)]), ""))
    assert drawn.crop((8, 8, 13, 13)).getcolors() == [(25, (0x33, 0x33, 0x33))]


def test_what_was_cut_out_leaves_a_line_and_the_strip_stands_above() -> None:
    bands = [(0.0, 160.0), (300.0, 740.0)]
    whole = opened(finished(Shot(live(), 800, [], [ROW], bands), ""))
    with_strip = opened(finished(Shot(live(), 800, [], [ROW], bands), "2026-11-30 09:00:00+08:00   01-confirm"))
    assert whole.size == (800, 160 + 8 + 440)
    assert with_strip.size == (800, 28 + 160 + 8 + 440)
    assert with_strip.crop((0, 28, 800, 636)).tobytes() == whole.tobytes()
    assert (255, 255, 255) in {colour for _, colour in with_strip.crop((0, 0, 800, 28)).getcolors(1 << 16) or []}


def test_on_a_screen_of_twice_as_many_pixels_the_outline_lies_around_the_same() -> None:
    drawn = opened(finished(Shot(live(1600, 1800), 800, [], [BUTTON], [(0, 900)]), ""))
    assert drawn.crop((1301, 1011, 1419, 1069)).getcolors() == [(118 * 58, BLUE)]
    assert drawn.getpixel((1295, 1040)) == (0xE0, 0x31, 0x31)


def test_a_photograph_keeps_its_colours() -> None:
    photo = Image.effect_mandelbrot((400, 400), (-2, -1.5, 1, 1.5), 100).convert("RGB")
    photo = Image.merge("RGB", (photo.getchannel(0), Image.effect_noise((400, 400), 80), photo.getchannel(2)))
    packed = io.BytesIO()
    photo.save(packed, "PNG")
    kept = opened(finished(Shot(packed.getvalue(), 400, [Box(0, 0, 1, 1)], [], [(0, 400)]), ""))
    assert kept.crop((10, 10, 400, 400)).tobytes() == photo.crop((10, 10, 400, 400)).tobytes()
