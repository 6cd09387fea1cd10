"""The one page without https: how a phone comes to trust this installation, and the way on.

`python -m yiwang.project.lan.page` serves it next to the live port. It knows nothing of anybody and gives nothing but
the authority's certificate, whose fingerprint stands on the terminal as well: what a phone shows can be compared.
"""

from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template

import segno

from yiwang.project.environment import ENV
from yiwang.project.lan import authority

CERTIFICATE = "/yiwang-ca.crt"
PAGE = Template((Path(__file__).parent / "page.html").read_text())


def addresses() -> list[str]:
    """Where this page is reached from other machines, the usual way first."""
    return [f"http://{one}:{ENV.trust_port}/" for one in authority.addresses() if not one.is_loopback]


def page(host: str) -> bytes:
    """The page for a phone that came by `host`."""
    on = f"https://{host}:{ENV.port}/m/"
    picture = segno.make(on, error="m").svg_inline(scale=4, border=2, dark="#1d2530")
    mark = authority.fingerprint(ENV.tls_dir)
    return PAGE.substitute(certificate=CERTIFICATE, on=escape(on), picture=picture, mark=mark).encode()


class Trust(BaseHTTPRequestHandler):
    """The page at `/`, the certificate beside it, nothing else."""

    server_version, sys_version = "Yiwang", ""

    def do_GET(self) -> None:
        """Answer."""
        if self.path == "/":
            self._say("text/html; charset=utf-8", page(host_of(self.headers.get("Host", ""))))
        elif self.path == CERTIFICATE:
            self._say("application/x-x509-ca-cert", (ENV.tls_dir / "ca.crt").read_bytes())
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _say(self, media_type: str, body: bytes) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Who looks at it is nobody's business."""


def host_of(header: str) -> str:
    """The host that the phone used, if it is one that the certificate holds; else the usual address."""
    host = header.rsplit(":", 1)[0].lower()
    known = [*map(str, authority.addresses()), *authority.names()]
    return host if host in known else known[0]


def main() -> None:
    """Serve until told to stop."""
    with ThreadingHTTPServer((ENV.host, ENV.trust_port), Trust) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
