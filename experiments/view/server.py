"""The server of the page: Solara's, with Plotly from this machine, on loopback unless asked."""

from __future__ import annotations

import os
import socket
import threading
import warnings
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from experiments.view.served import Served
from sim.errors import InputError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SCRIPT = b"""<script>addEventListener('DOMContentLoaded', () => requestAnimationFrame(() => {
  const script = document.createElement('script');
  script.src = '/plotly/plotly.min.js';
  document.head.appendChild(script);
}));</script>"""
"""Fetches Plotly once the page's frame has been painted, while Solara still starts."""
SETTINGS = {
    "SOLARA_APP": "experiments.view.page",
    # Nothing of this leaves the machine: what is not installed is not fetched from elsewhere.
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "Offramp",
    # The page works on what is installed; nothing is reloaded while it is shown.
    "SOLARA_MODE": "production",
    # A page that was closed keeps its run for so long, in case it was only reloaded.
    "SOLARA_KERNEL_CULL_TIMEOUT": "2m",
    "SOLARA_SESSION_SAME_SITE": "lax",
}
"""Solara is told in the environment, and reads it when it is first imported."""


def make_app(asked: Served, host: str) -> Any:
    """Return the web application: Solara's routes, and Plotly's script beside them.

    On loopback it answers only to the names of this machine, so that no other site can stand in
    for it.

    Raises:
        InputError: if what the page needs is not installed.
    """
    os.environ.update(SETTINGS | asked.environment())
    # Solara would like to stand in other sites' pages; this page stands for itself.
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    try:
        import plotly  # noqa: PLC0415 (only a server needs these)
        from solara.server import starlette as solara_server  # noqa: PLC0415
        from starlette.applications import Starlette  # noqa: PLC0415
        from starlette.middleware import Middleware  # noqa: PLC0415
        from starlette.middleware.trustedhost import TrustedHostMiddleware  # noqa: PLC0415
        from starlette.routing import Mount, Route  # noqa: PLC0415
        from starlette.staticfiles import StaticFiles  # noqa: PLC0415
    except ImportError as error:
        raise InputError(
            f"the browser page needs more than is installed ({error.name} is missing); "
            "install it with: pip install 'offramp[view]'"
        ) from None
    script = StaticFiles(directory=Path(plotly.__file__).parent / "package_data")
    first = Route("/", _scripted(solara_server.root))
    names = ["127.0.0.1", "localhost"] if host in LOOPBACK[:2] else ["*"]
    return Starlette(
        routes=[first, Mount("/plotly", script), *solara_server.routes],
        lifespan=_alive(solara_server.lifespan),
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=names),
            *solara_server.middleware,
        ],
    )


def _scripted(root: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return Solara's first page with the script of the drawings fetched from its head."""
    from starlette.responses import Response  # noqa: PLC0415

    async def first_page(request: Any) -> Any:
        page = await root(request)
        whole = Response(page.body.replace(b"</head>", SCRIPT + b"</head>", 1))
        whole.raw_headers += [pair for pair in page.raw_headers if pair[0] != b"content-length"]
        return whole

    return first_page


def _alive(lifespan: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return Solara's lifespan with that of the processes for many runs around it."""
    # Imported now, so that the first visitor need not wait for it.
    from experiments.view import ensemble  # noqa: PLC0415
    from experiments.view import page as _  # noqa: F401, PLC0415

    @asynccontextmanager
    async def alive(app: Any) -> AsyncIterator[None]:
        ensemble.warm_up()
        async with lifespan(app):
            yield
        ensemble.processes().shutdown(cancel_futures=True)

    return alive


def check_port(host: str, port: int) -> None:
    """Raise InputError unless a server could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise InputError(
                f"nothing can be served at {host}:{port}: {error.strerror}; name another --port"
            ) from None


def serve(asked: Served, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve the page until stopped; ``ready`` is called once it can be opened."""
    import uvicorn  # noqa: PLC0415

    config = uvicorn.Config(
        make_app(asked, host),
        host=host,
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)

    def tell() -> None:
        while not server.started and not server.should_exit:
            threading.Event().wait(0.05)
        if server.started:
            ready()

    threading.Thread(target=tell, daemon=True).start()
    with suppress(KeyboardInterrupt):  # it has ended in order by then
        server.run()


def open_browser(host: str, port: int) -> None:
    """Open the page in the person's own browser, if there is one."""
    webbrowser.open(address(host, port))


def address(host: str, port: int) -> str:
    """Return where the page is, for whoever sits at this machine."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
