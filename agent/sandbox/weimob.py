"""weimob: not drawn yet."""

from starlette.routing import BaseRoute

routes: list[BaseRoute] = []
