"""Readers with a real browser, from a server and from files: fixtures for the tests that need one."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}
OWN = ("http://127.0.0.1:", "file:///", "blob:")

DOCUMENTS = "programme contribute open-data legal privacy".split()


def _wait_for(
    page: sync_api.Page, expression: str, *, arg: object = None, timeout: float = 15_000, polling: float = 50
) -> object:
    """Waits until an expression gives something on the page. Playwright's own way evaluates a text within the page,
    which the page's policy forbids, as it should."""
    end = time.monotonic() + timeout / 1000
    while True:
        try:
            if found := page.evaluate(expression, arg):
                return found
        except sync_api.Error:  # between two pages
            if time.monotonic() > end:
                raise
        if time.monotonic() > end:
            raise sync_api.TimeoutError(f"not within {timeout} ms: {expression}")
        page.wait_for_timeout(polling)


sync_api.Page.wait_for_function = _wait_for


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM:
        pytest.fail("these tests need Chromium: install it, or say where it is in the variable CHROMIUM")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder on a server."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Handler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}/"
        httpd.shutdown()


@pytest.fixture(scope="session")
def server(fixture_site) -> Iterator[str]:
    with served(fixture_site) as address:
        yield address


@pytest.fixture(params=["http", "file"])
def url(request) -> Callable[..., str]:
    """The address of a page, on a server and then in a folder."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(scope="session")
def http_url(server):
    return lambda path="", lang="fr": (
        server + "".join(f"{part}/" for part in ("" if lang == "fr" else lang, path) if part)
    )


@pytest.fixture(scope="session")
def file_url(fixture_site_file: Path):
    def address(path: str = "", lang: str = "fr") -> str:
        folder = fixture_site_file / ("" if lang == "fr" else lang)
        return (folder / f"{path}.html" if path in DOCUMENTS else folder / path / "index.html").as_uri()

    return address


@pytest.fixture
def reader(browser):
    """Opens a browser for one reader; at the end, nothing may have gone wrong and nothing have been asked of others."""

    @contextmanager
    def opened(viewport: dict = DESK, **options):
        faults: list[str] = []
        context = browser.new_context(viewport=viewport, **options)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on(
            "requestfailed",  # a reader who goes on before all has come breaks nothing
            lambda asked: asked.failure == "net::ERR_ABORTED" or faults.append(f"{asked.failure}: {asked.url}"),
        )
        page.on("response", lambda answer: answer.status >= 400 and faults.append(f"{answer.status}: {answer.url}"))
        page.on(
            "request",
            lambda asked: asked.url.startswith(OWN) or faults.append(f"asked: {asked.url}"),
        )
        yield page
        context.close()
        assert faults == []

    return opened
