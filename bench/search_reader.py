"""A reader who opens a home page in Chromium and searches at once: bytes, seconds, memory."""

from __future__ import annotations

import functools
import gzip
import http.server
import json
import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from playwright.sync_api import CDPSession, Page, Route, TimeoutError, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
SLOWDOWN = 4
COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt"}


class Face(NamedTuple):
    """How a site is searched."""

    opener: str
    """What is clicked; this and the next two are CSS selectors."""
    field: str
    result: str
    files: re.Pattern[str]
    """Paths that nobody would fetch without a search."""


FACES = {
    "ours": Face(".c-find-link", "#c-query", ".c-result__title", re.compile(r"/assets/(?:find|search)")),
    "Material": Face(
        ".md-search__input",
        ".md-search__input",
        ".md-search-result__item",
        re.compile(r"/search/search_index|/javascripts/(?:workers|lunr)/|/shim$"),
    ),
}

# The clock runs in the page, so that nothing of the driver is measured. The field is filled as soon as it is shown.
CLOCK = """([opener, field, result, query]) => {
  const bench = window.bench = {};
  new MutationObserver(() => { if (!bench.end && document.querySelector(result)) bench.end = performance.now(); })
    .observe(document, { childList: true, subtree: true });
  function type() {
    const input = document.querySelector(field);
    if (!input || !input.offsetParent) return requestAnimationFrame(type);
    input.focus();
    input.value = query;
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    input.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
  }
  const clicked = (event) => {
    if (!event.target.closest(opener)) return;
    removeEventListener("click", clicked, true);
    bench.start = performance.now();
    requestAnimationFrame(type);
  };
  addEventListener("click", clicked, true);
}"""


class Visit(NamedTuple):
    """One reader's first search."""

    seconds: float | None
    """From the click to the first result in the page; none where there was no result."""
    heap: float
    """Megabytes of the page's JavaScript and of its workers'."""
    fetched: dict[str, int]
    """Path of each file that the search took, and its bytes: with their headers, as they came over http; as they lie
    in the folder."""
    counted: int
    """The same, added up by Chromium."""
    why: str = ""
    """What is known of why there is no result."""


class Server(http.server.ThreadingHTTPServer):
    """Gives a folder's files as a web server does, texts compressed, and counts."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))
        self.sent: dict[str, int] = {}
        self.address = f"http://127.0.0.1:{self.server_port}/"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            return self.send_error(404)
        body = _body(path)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {self.guess_type(path)}\r\nContent-Length: {len(body)}\r\n"
        if path.suffix in COMPRESSED:
            head += "Content-Encoding: gzip\r\n"
        head += "Cache-Control: max-age=600\r\n\r\n"
        address = urlsplit(self.path).path
        self.server.sent[address] = self.server.sent.get(address, 0) + len(head) + len(body)
        self.wfile.write(head.encode() + body)

    def log_message(self, *_: Any) -> None:
        pass


@functools.cache
def _body(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6) if path.suffix in COMPRESSED else path.read_bytes()


class Watch:
    """What Chromium's developer tools tell of a page and of its workers."""

    def __init__(self, session: CDPSession) -> None:
        self.session = session
        self.urls: dict[str, str] = {}
        self.bytes: dict[str, int] = {}
        self.heaps: dict[str, float] = {}
        self.workers: list[str] = []
        self.calls = 0
        session.on("Target.attachedToTarget", self._attach)
        session.on("Target.receivedMessageFromTarget", self._hear)
        session.on("Network.requestWillBeSent", lambda said: self._note("Network.requestWillBeSent", said))
        session.on("Network.loadingFinished", lambda said: self._note("Network.loadingFinished", said))
        session.send("Network.enable")
        session.send("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": False})
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})  # of the page; workers can't be slowed

    def _tell(self, worker: str, method: str) -> None:
        self.calls += 1
        message = json.dumps({"id": self.calls, "method": method})
        self.session.send("Target.sendMessageToTarget", {"sessionId": worker, "message": message})

    def _attach(self, said: dict[str, Any]) -> None:
        worker = said["sessionId"]
        self.workers.append(worker)
        self._tell(worker, "Network.enable")
        self._tell(worker, "Runtime.runIfWaitingForDebugger")

    def _hear(self, said: dict[str, Any]) -> None:
        message = json.loads(said["message"])
        if "method" in message:
            self._note(message["method"], message["params"])
        elif "usedSize" in message.get("result", {}):
            self.heaps[said["sessionId"]] = _megabytes(message["result"])

    def _note(self, method: str, said: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.urls[said["requestId"]] = said["request"]["url"]
        elif method == "Network.loadingFinished":
            self.bytes[said["requestId"]] = said["encodedDataLength"]

    def heap(self, page: Page) -> float:
        """Of the page and its workers, in megabytes."""
        for worker in self.workers:
            self._tell(worker, "Runtime.getHeapUsage")
        own = _megabytes(self.session.send("Runtime.getHeapUsage"))
        while len(self.heaps) < len(self.workers):
            page.wait_for_timeout(20)
        return own + sum(self.heaps.values())


def _megabytes(usage: dict[str, float]) -> float:
    return (usage["usedSize"] + usage.get("backingStorageSize", 0)) / 1e6


def search(name: str, home: str, query: str, limit: float, shim: Path | None, server: Server | None) -> Visit:
    """Opens a home page in a new browser, clicks on its search and asks; waits as many seconds for a result."""
    face = FACES[name]
    with _browser() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.add_init_script(f"({CLOCK})({json.dumps([face.opener, face.field, face.result, query])})")

        def other_host(route: Route) -> None:  # nothing leaves this machine
            if shim and route.request.url.endswith("/shim"):
                route.fulfill(path=shim, content_type="text/javascript")
            else:
                route.abort()

        page.route(re.compile(r"^https?://(?!127\.0\.0\.1:)"), other_host)
        watch = Watch(context.new_cdp_session(page))
        if server:
            server.sent.clear()
        page.goto(home, wait_until="load")
        try:
            page.click(face.opener, timeout=10_000)
        except TimeoutError:
            return Visit(None, 0, {}, 0, "no field to search in")
        end = monotonic() + limit
        while not page.evaluate("window.bench.end"):  # `wait_for_function` evaluates a text, which our pages forbid
            if monotonic() > end:
                return Visit(None, 0, {}, 0)
            page.wait_for_timeout(50)
        seconds = page.evaluate("(bench.end - bench.start) / 1000")
        heap = watch.heap(page)
        page.wait_for_timeout(300)  # what is under way arrives
        paths = {request: urlsplit(url).path for request, url in watch.urls.items()}
        asked = {request: path for request, path in paths.items() if face.files.search(path)}
        counted = sum(watch.bytes.get(request, 0) for request in asked)
        if server:
            fetched = {path: size for path, size in server.sent.items() if face.files.search(path)}
        else:
            found = {path: Path(unquote(path)) for path in asked.values()}
            fetched = {path: file.stat().st_size for path, file in found.items() if file.is_file()}
        return Visit(seconds, heap, fetched, counted)


@contextmanager
def _browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()
