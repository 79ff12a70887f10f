from tests.sandbox.conftest import page

__all__ = ["page"]
