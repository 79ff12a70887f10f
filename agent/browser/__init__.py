"""The one owner of Playwright: finds a browser, starts it, gives out fresh contexts, and leaves no process behind."""

from agent.browser.arguments import ARGUMENTS
from agent.browser.chrome import Chrome, open_chrome
from agent.browser.installed import browser_version, find_browser
from agent.browser.watch import ended, is_over

__all__ = ["ARGUMENTS", "Chrome", "browser_version", "ended", "find_browser", "is_over", "open_chrome"]
