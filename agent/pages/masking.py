"""Pictures of a page with the secrets in it covered."""

from collections.abc import Collection
from pathlib import Path

from playwright.async_api import Locator

from agent.domain.text import fold
from agent.pages.snapshot import Node
from agent.pages.window import Part, Window

_PATH_OF = """(registry, id) => {
  const steps = [];
  let el = registry.elements.get(id)?.deref();
  for (; el && el !== document.documentElement; el = el.parentElement)
    steps.unshift(`:nth-child(${[...el.parentNode.children].indexOf(el) + 1})`);
  return el ? ":root>" + steps.join(">") : null;
}"""


async def picture(window: Window, path: Path, secrets: Collection[str]) -> None:
    """Writes a PNG of the window, mode 0600, with every element covered that shows or holds one of `secrets`."""
    covered = await _holders(window, secrets)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shot = await window.page.screenshot(mask=covered, mask_color="#333333", timeout=15000)
    path.write_bytes(shot)
    path.chmod(0o600)


async def _holders(window: Window, secrets: Collection[str]) -> list[Locator]:
    wanted = [fold(s) for s in secrets if len(fold(s)) >= 4]  # noqa: PLR2004
    view = await window.look()
    found = [window.page.locator("input[type=password]")]
    for part in view.parts:
        for node in part.shot.nodes:
            if node.shown and any(s in _said(node) for s in wanted):
                found += await _locator(part, node)
    return found


def _said(node: Node) -> str:
    # 6222 0000 1111 2222 and 6222-0000-… are the same number to a reader.
    return fold(f"{node.text}\n{node.value or ''}").replace("-", "")


async def _locator(part: Part, node: Node) -> list[Locator]:
    path = await part.registry.evaluate(_PATH_OF, node.id)
    return [part.frame.locator(path)] if path else []
