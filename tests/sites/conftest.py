from tests.flows.conftest import shared_chrome
from tests.pages.conftest import browser
from tests.sandbox.conftest import page

__all__ = ["browser", "page", "shared_chrome"]
