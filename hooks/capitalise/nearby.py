"""A web server for this computer alone: what the editor and the preview have in common."""

from __future__ import annotations

import http.server

HERE = "127.0.0.1"


class Server(http.server.ThreadingHTTPServer):
    """Hears this computer alone; port 0 is any free one. Raises `OSError` where the port is taken."""

    daemon_threads = True

    def __init__(self, port: int, handler: type[Handler]) -> None:
        super().__init__((HERE, port), handler)


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers one browser."""

    protocol_version = "HTTP/1.1"

    def is_for_us(self) -> bool:
        """Whether it was meant for this computer: a name that leads here from a web page is not."""
        return (self.headers.get("Host") or "").rpartition(":")[0] in (HERE, "localhost")

    def send(self, status: int, content: bytes, kind: str, **headers: str) -> None:
        """An answer of that media type, which no browser keeps; of a header's name, `_` stands for `-`."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def send_on(self, location: str) -> None:
        """Sends the browser to another address."""
        self.send_response(302)
        self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """The contributor reads the terminal for problems, not for requests."""
