"""Makes the README's pictures from one real run of `fankuan demo`: what it prints, two of its pictures, the console."""

import asyncio
import base64
import html
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from rich import _export_format
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT))  # so that it runs as a script, too

TIMEOUT = 300
SVG_LIMIT, PNG_LIMIT = 60_000, 150_000
# Two blanks part the columns; each cell is drawn by itself, so that a font's own widths do not shift the next.
CELL = re.compile(r"\S+(?: \S+)*")
COLOURS = {"✓": "green", "…": "yellow", "=": "bright_black", "!": "red", "─": "bright_black"}
DRAWN = re.compile(r'textLength="([\d.]+)"([^>]*)>([^<]*)</text>')
FONT = re.compile(r"@font-face \{\{.*?\}\}", re.DOTALL)  # a picture of ours asks nothing of other hosts


class Crop(NamedTuple):
    """The part of an evidence picture, in its pixels, and how wide it becomes."""

    found: str
    name: str
    x: int
    y: int
    width: int
    height: int
    shown_width: int


class Pictured(NamedTuple):
    """A page of the console, the link on it that is followed, and the window's size."""

    name: str
    address: str
    follows: str | None
    width: int
    height: int


PAGES = (
    Pictured("console-today.png", "/", None, 1180, 520),
    Pictured("console-money.png", "/money", None, 1180, 960),
    Pictured(
        "console-order.png", "/money?merchant=m1", "tr:has-text('refund requested') a[href^='/orders/']", 1180, 760
    ),
)
LOGIN = re.compile(r"Console: (?P<url>http://\S+)/\s+(?:fankuan: )?Log in as (?P<name>\S+) with (?P<password>\S+) \(")
CROPS = (
    Crop("*-confirm-*-dialog.png", "confirm-dialog.png", 355, 60, 1290, 940, 860),
    Crop("*-request-refund-*-form.png", "refund-form.png", 0, 0, 1500, 590, 900),
)


def main() -> None:
    """Runs the demo once and writes the pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    printed = run_demo()
    for page in PAGES:
        small_enough(IMAGES / page.name, PNG_LIMIT)
    small_enough(write_svg(first_merchant(printed)), SVG_LIMIT)
    folder = evidence_folder(printed).with_name("m1-taobao")
    for path in asyncio.run(crop_all([min(folder.glob(crop.found)) for crop in CROPS])):
        small_enough(path, PNG_LIMIT)


def run_demo() -> str:
    """What the demo prints in English, with paths as a reader's own checkout has them; the console is pictured."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
    with TemporaryDirectory() as folder:
        printed, told = Path(folder, "printed"), Path(folder, "told")
        with printed.open("w") as out, told.open("w") as errors:
            demo = subprocess.Popen(
                [sys.executable, "-m", "agent", "demo", "--console", "--port", "0"],
                cwd=ROOT,
                env=own | {"LANG": "C.UTF-8"},
                stdout=out,
                stderr=errors,
            )
            try:
                asyncio.run(picture_console(wait_for_console(demo, told)))
            finally:
                demo.send_signal(signal.SIGINT)
                demo.wait(60)
        return printed.read_text(encoding="utf-8").replace(f"{ROOT}{os.sep}", "")


def wait_for_console(demo: "subprocess.Popen[bytes]", told: Path) -> re.Match[str]:
    """Where the console is, and who may log in."""
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline and demo.poll() is None:
        if found := LOGIN.search(told.read_text(encoding="utf-8")):
            return found
        time.sleep(1)
    raise SystemExit(f"The demo opened no console:\n{told.read_text(encoding='utf-8')}")


async def picture_console(login: re.Match[str]) -> None:
    """Picture some pages of the console, as a person sees them."""
    from agent.browser import open_chrome

    async with open_chrome(None, headless=True) as chrome, chrome.page() as page:
        await page.goto(f"{login['url']}/language/en?following=/login")
        await page.locator("input[name=name]").fill(login["name"])
        await page.locator("input[name=password]").fill(login["password"])
        await page.locator("button.main").click()
        await page.locator("h1").wait_for()
        for each in PAGES:
            await page.set_viewport_size({"width": each.width, "height": each.height})
            await page.goto(login["url"] + each.address)
            if each.follows:
                await page.locator(each.follows).first.click()
                await page.locator(".journey").first.wait_for()
                await page.evaluate("Promise.all([...document.images].map(image => image.decode()))")
            await page.screenshot(path=IMAGES / each.name)


def first_merchant(printed: str) -> list[str]:
    """The first merchant's table, its sums and its due dates."""
    block, _, _ = printed.partition("\n\n")
    return ["$ fankuan demo", *(line.rstrip() for line in block.splitlines())]


def evidence_folder(printed: str) -> Path:
    """The folder of the first merchant's pictures."""
    found = re.search(r"Pictures: (\S+)", printed)
    if found is None:
        raise SystemExit("The demo named no pictures.")
    return ROOT / found[1]


def write_svg(lines: list[str]) -> Path:
    """Draws the lines as a terminal shows them."""
    width = max(map(cell_len, lines)) + 1
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=width, file=nowhere, force_terminal=True, color_system="truecolor")
        for number, line in enumerate(lines):
            console.print(coloured(line, bold=number < 2), soft_wrap=True, highlight=False)
    drawn = console.export_svg(title="fankuan", code_format=FONT.sub("", _export_format.CONSOLE_SVG_FORMAT))
    path = IMAGES / "demo.svg"
    path.write_text(DRAWN.sub(_true_width, drawn), encoding="utf-8")
    return path


def coloured(line: str, *, bold: bool) -> Text:
    """One line, each of its cells with the colour of its sign."""
    text = Text(line)
    for cell in CELL.finditer(line):
        text.stylize(COLOURS.get(cell[0][0], "white") + (" bold" if bold else ""), *cell.span())
    return text


def _true_width(found: re.Match[str]) -> str:
    """Rich gives a text the width of its count of characters; Chinese ones take two places each."""
    text = html.unescape(found[3])
    width = float(found[1]) * cell_len(text) / len(text)
    return f'textLength="{width:g}"{found[2]}>{found[3]}</text>'


async def crop_all(pictures: list[Path]) -> list[Path]:
    """Cuts and scales the pictures by drawing them in the browser."""
    from agent.browser import open_chrome

    async with open_chrome(None, headless=True) as chrome, chrome.page() as page:
        made = []
        for crop, picture in zip(CROPS, pictures, strict=True):
            scale = crop.shown_width / crop.width
            height = round(crop.height * scale)
            await page.set_viewport_size({"width": crop.shown_width, "height": height})
            await page.set_content(_drawing(crop, picture, scale))
            await page.locator("img").evaluate("img => img.decode()")
            path = IMAGES / crop.name
            await page.screenshot(path=path)
            made.append(path)
        return made


def _drawing(crop: Crop, picture: Path, scale: float) -> str:
    data = base64.b64encode(picture.read_bytes()).decode()
    place = f"position:absolute;transform-origin:0 0;transform:scale({scale}) translate(-{crop.x}px,-{crop.y}px)"
    return f'<body style="margin:0;overflow:hidden"><img style="{place}" src="data:image/png;base64,{data}">'


def small_enough(path: Path, limit: int) -> None:
    """Says what was written; a picture that grew too large for a page is an error."""
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size} bytes")
    if size > limit:
        raise SystemExit(f"{path.name} is larger than {limit} bytes.")


if __name__ == "__main__":
    main()
