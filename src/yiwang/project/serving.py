"""The two servers: `python -m yiwang.project.serving web` (WSGI, the API and the pages) and `gateway` (ASGI, live).

Django runs under WSGI because it is several times slower under ASGI; what streams has a small process of its own.
"""

import os
import re
import sys
from typing import TYPE_CHECKING, Any

from yiwang.project.environment import ENV

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

CORES = os.cpu_count() or 1
WEB_PROCESSES = min(CORES, 4)
WEB_THREADS = min(
    2 * CORES + 1, 8
)  # in each; a thread holds a database connection, and more only wait in line
HASHED_NAME = re.compile(r"^/(m/)?assets/.*-[\w-]{8,}\.\w+$")
PAGES = frozenset({"/index.html", "/m/index.html"})
STATIC_MAX_AGE_S = 3600


def with_pages(application: "WSGIApplication") -> "WSGIApplication":
    """The application behind the built files of the desk and of the phone; as it is when there are none.

    Files whose name holds a hash of their content are cached for good, compressed ones are served as they lie.
    """
    if not ENV.console_dir.is_dir():
        return application
    from whitenoise import WhiteNoise

    class Files(WhiteNoise):  # type: ignore[misc]
        """All but the pages themselves: Django serves those, with their policy and never cached."""

        def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
            """Take a file up."""
            if url not in PAGES:
                super().add_file_to_dictionary(url, path, stat_cache)

    files = Files(
        application,
        root=str(ENV.console_dir),
        prefix="/",
        max_age=STATIC_MAX_AGE_S,
        allow_all_origins=False,
        mimetypes={".webmanifest": "application/manifest+json"},
        autorefresh=ENV.mode == "development",
        immutable_file_test=lambda path, url: HASHED_NAME.match(url) is not None,
        add_headers_function=lambda headers, path, url: headers.add_header(
            "X-Content-Type-Options", "nosniff"
        ),
    )
    if ENV.mobile_dir.is_dir():
        files.add_files(str(ENV.mobile_dir), prefix="m/")
    served: WSGIApplication = files
    return served


def web_application() -> "WSGIApplication":
    """Django with the built files in front of it; what granian calls in each of its processes."""
    from yiwang.project.wsgi import application

    return with_pages(application)


def serve_web() -> None:
    """Serves the API and the pages on the platform's port until it is told to stop."""
    serve(
        "yiwang.project.serving:web_application",
        port=ENV.port,
        interface="wsgi",
        factory=True,
        workers=WEB_PROCESSES,
        blocking_threads=WEB_THREADS,
    )


def serve_gateway() -> None:
    """Serves live events on the live port until it is told to stop. Open streams do not hold it up."""
    target = "yiwang.project.gateway:application"
    serve(target, port=ENV.live_port, interface="asgi", workers=1, workers_kill_timeout=1)


def serve(target: str, *, port: int, interface: str, **options: Any) -> None:
    """Runs granian; a worker process that dies is replaced at once, one that cannot start ends the server."""
    from granian import Granian
    from granian.constants import Interfaces

    tls = {"ssl_cert": ENV.tls_dir / "server.crt", "ssl_key": ENV.tls_dir / "server.key"} if ENV.tls else {}
    Granian(
        target,
        address=ENV.host,
        port=port,
        interface=Interfaces(interface),
        websockets=False,
        respawn_failed_workers=True,
        **{"workers_kill_timeout": 5, **tls, **options},
    ).serve()


if __name__ == "__main__":
    {"web": serve_web, "gateway": serve_gateway}[sys.argv[1]]()
