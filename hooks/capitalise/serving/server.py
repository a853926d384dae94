"""The preview's own web server: it hears this computer alone, and tells the browser when to show a page anew."""

from __future__ import annotations

import contextlib
import html
import sys
import threading
import traceback
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from capitalise import nearby
from capitalise.serving.shown import HTML, Answer

CHANGES = "_preview/changes"
SCRIPT = "_preview/reload.js"
_RELOAD = """\
(function () {
  var changes = new EventSource("/%s");
  changes.onmessage = function (event) {
    if (event.data === "%d") return;
    changes.close();
    location.reload();
  };
})();
"""
_BROKEN = b"<!doctype html><html><head><meta charset=utf-8><title>!</title></head><body><pre>%s</pre></body></html>"
"""What went wrong, for who writes templates."""
_WAIT = 20
"""Seconds after which a browser that hears nothing is told so, that neither side takes the other for gone."""


class Server(nearby.Server):
    """Answers with what `answer` gives for a path; `changed` has every open page shown anew."""

    def __init__(self, port: int, answer: Callable[[str], Answer]) -> None:
        super().__init__(port, _Handler)
        self.answer = answer
        self.state = 1
        """Goes up with each change."""
        self.told = threading.Condition()

    @property
    def address(self) -> str:
        """Where the site is, with a slash at the end."""
        return f"http://{nearby.HERE}:{self.server_port}/"

    def changed(self) -> None:
        """Says that the pages are no longer what they were."""
        with self.told:
            self.state += 1
            self.told.notify_all()

    def after(self, known: int) -> int:
        """The number of the state, once it is another than the one known, or some time has passed."""
        with self.told:
            self.told.wait_for(lambda: self.state != known, _WAIT)
            return self.state

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that went away is no error; anything else is printed as the library does."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(nearby.Handler):
    server: Server

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path, errors="replace").lstrip("/")
        if not self.is_for_us():
            self._send(Answer(b"", HTML, found=False))
        elif path == CHANGES:
            self._tell_changes()
        elif path == SCRIPT:
            script = _RELOAD % (CHANGES, self.server.state)
            self._send(Answer(script.encode(), "text/javascript; charset=utf-8"))
        else:
            self._page(path)

    def _page(self, path: str) -> None:
        try:
            answer = self.server.answer(path)
        except Exception:  # a file that goes while it is read, a template half written: the next change shows the page
            answer = Answer(_BROKEN % html.escape(traceback.format_exc()).encode(), HTML, found=False)
        if not answer.found and "." not in path.rpartition("/")[2] and not path.endswith("/"):
            if self.server.answer(f"{path}/").found:
                return self.send_on(f"/{path}/")
        if answer.kind == HTML:
            script = f'<script src="/{SCRIPT}?{self.server.state}"></script>'.encode()
            answer = answer._replace(content=answer.content.replace(b"</head>", script + b"</head>", 1))
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        with contextlib.suppress(ConnectionError):
            self.send(200 if answer.found else 404, answer.content, answer.kind)

    def _tell_changes(self) -> None:
        """Server-sent events (HTML Standard, 9.2): the number of the state, now and at each change."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        said = 0
        with contextlib.suppress(OSError):
            while True:
                state = self.server.after(said)
                self.wfile.write(b": still here\n\n" if state == said else b"data: %d\n\n" % state)
                self.wfile.flush()
                said = state
