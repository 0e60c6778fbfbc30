"""configurable-http-proxy, with servers that listen on Unix sockets.

JupyterHub gives every server's address a port. The proxy would take it for part of the socket's name.
"""

from __future__ import annotations

from typing import Any

from jupyterhub.proxy import ConfigurableHTTPProxy

SCHEME = "http+unix:"
ADDED_PORT = ":80"


class JhubProxy(ConfigurableHTTPProxy):
    """Takes that port off on the way to the proxy, and puts it back on the way from there."""

    async def add_route(self, routespec: str, target: str, data: dict[str, Any]) -> None:
        await super().add_route(routespec, target.removesuffix(ADDED_PORT) if target.startswith(SCHEME) else target, data)

    async def get_all_routes(self) -> dict[str, Any]:
        routes: dict[str, Any] = await super().get_all_routes()
        for route in routes.values():
            if route["target"].startswith(SCHEME) and "user" in route["data"]:
                route["target"] += ADDED_PORT
        return routes
