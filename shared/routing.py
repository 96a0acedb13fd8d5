"""Which route a request is for, found by its method, its number of parts and its first part.

Trying all routes in turn costs a service of a hundred of them more than many an answer does, and the layers that
FastAPI lays around them as much again; a route that is called plainly (`shared.endpoint`) needs neither.
"""

from collections.abc import Iterable

from starlette._utils import get_route_path
from starlette.convertors import StringConvertor
from starlette.routing import Route
from starlette.types import Scope

Place = tuple[str, int, str]


class RouteTable:
    """The routes of a service, with those that may be handed a request without the layers around them."""

    def __init__(self, routes: Iterable[tuple[Route, bool]]) -> None:
        """Each with whether it may be. Raises TypeError for a path that is not found by its place."""
        self._routes: dict[Place, list[tuple[Route, bool]]] = {}
        for route, plain in routes:
            first = _first_of(route.path)
            if first.startswith("{") or any(
                type(each) is not StringConvertor for each in route.param_convertors.values()
            ):
                raise TypeError(f"{route.path}: a path begins with a word, and takes text between two slashes")
            for method in route.methods or ():
                self._routes.setdefault((method, route.path.count("/"), first), []).append((route, plain))

    def find(self, scope: Scope) -> Route | None:
        """The route that is handed this request as it is; what it takes from the path is then in the scope. None for
        every other request: it goes through all layers, and is answered or refused there."""
        path = get_route_path(scope)
        for route, plain in self._routes.get((scope["method"], path.count("/"), _first_of(path)), ()):
            fits = route.path_regex.match(path)
            if fits is not None:
                if not plain:
                    return None
                scope["path_params"] = fits.groupdict()
                scope["endpoint"] = route.endpoint
                scope["route"] = route
                return route
        return None


def _first_of(path: str) -> str:
    return path[1:].partition("/")[0]
