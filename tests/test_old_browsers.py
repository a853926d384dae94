"""A copy opened as files, in the browsers that its readers have: Chromium 109, the last one for Windows 7, and Firefox.

Chromium 109 comes from npm, once, where the machine has npm. Firefox is the system's, without a change: it is told what
to do over WebDriver BiDi, which it speaks by itself. And the current Chromium finds the same from files as on the web.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from browsers import DESK
from conftest import ROOT
from PIL import ExifTags, Image

from capitalise.wayback.opened import opened as opened_file

sync_api = pytest.importorskip("playwright.sync_api")
websockets = pytest.importorskip("websockets.sync.client")

FIREFOX = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
CHROMIUM_109 = "@sparticuz/chromium@109.0.6"
CHROMIUM_109_SHA256 = "84171b067a588137a242c3dfb70d160c49d055a4227297aefc5eace94e47566c"
UNPACK = """
const { readFileSync, writeFileSync } = require("fs");
writeFileSync("chromium", require("zlib").brotliDecompressSync(readFileSync(0)));
"""

# A page opened as a file may read no other file. So it is for every reader; but a Firefox that is driven by a program
# allows it, which would hide every fault, unless its profile says the contrary.
PROFILE = 'user_pref("security.fileuri.strict_origin_policy", true);\n'
PATIENCE = 20  # seconds for anything to happen


# ------------------------------------------------------------------------------------------------ the visitors


class Refused(Exception):
    """Firefox did not do what it was told."""


class Visitor:
    """Someone before a page: does, sees, and notes what the page does wrong. A browser says how, in four ways."""

    def __init__(self, copy: Path) -> None:
        self._own = (copy.as_uri() + "/", "blob:", "data:")
        self.faults: list[str] = []

    def go(self, address: str) -> None:
        raise NotImplementedError

    def see(self, script: str) -> Any:
        """What an expression gives on the page; a promise is awaited."""
        raise NotImplementedError

    def type(self, text: str) -> None:
        raise NotImplementedError

    def press_at(self, x: float, y: float) -> None:
        raise NotImplementedError

    def wait_for(self, script: str) -> Any:
        """What an expression gives on the page as soon as it is something."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                if found := self.see(script):
                    return found
            except (sync_api.Error, Refused):  # between two pages
                if time.monotonic() > end:
                    raise
            if time.monotonic() > end:
                raise AssertionError(f"not within {PATIENCE} s: {script}; {self.faults}")
            time.sleep(0.02)

    def click(self, element: str) -> None:
        """Clicks an element, given by an expression, once nothing covers it."""
        at = self.wait_for(
            "(element => { if (!element) return null;"
            " element.scrollIntoView({block: 'center', behavior: 'instant'});"
            " const box = element.getClientRects()[0]; if (!box) return null;"
            " const at = [box.x + box.width / 2, box.y + box.height / 2];"
            f" return element.contains(document.elementFromPoint(...at)) ? at : null; }})({element})"
        )
        self.press_at(*at)

    def note_request(self, url: str) -> None:
        if not url.startswith(self._own):
            self.faults.append(f"asked: {url}")


class InChromium(Visitor):
    def __init__(self, browser: sync_api.Browser, copy: Path) -> None:
        super().__init__(copy)
        self._page = browser.new_page(viewport=DESK)
        self._page.set_default_timeout(PATIENCE * 1000)
        self._page.on("console", lambda said: said.type == "error" and self.faults.append(said.text))
        self._page.on("pageerror", lambda error: self.faults.append(str(error)))
        self._page.on("request", lambda asked: self.note_request(asked.url))
        self._page.on(
            "requestfailed",  # a reader who goes on before all has come breaks nothing
            lambda asked: asked.failure == "net::ERR_ABORTED" or self.faults.append(f"{asked.failure}: {asked.url}"),
        )

    def go(self, address: str) -> None:
        self._page.goto(address)

    def see(self, script: str) -> Any:
        return self._page.evaluate(script)

    def type(self, text: str) -> None:
        self._page.keyboard.type(text)

    def press_at(self, x: float, y: float) -> None:
        self._page.mouse.click(x, y)

    def close(self) -> None:
        self._page.close()


class Firefox:
    """A stock Firefox, told what to do over WebDriver BiDi (https://w3c.github.io/webdriver-bidi/)."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket = socket
        self._number = 0
        self.listener: Callable[[str, dict], None] = lambda event, said: None
        self.tell("session.new", capabilities={})
        self.tell("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent", "network.fetchError"])

    def tell(self, command: str, **values: Any) -> dict:
        """Gives a command and its answer; what Firefox says meanwhile goes to the listener."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": command, "params": values}))
        while True:
            said = json.loads(self._socket.recv(timeout=PATIENCE * 2))
            if said["type"] == "event":
                self.listener(said["method"], said["params"])
            elif said.get("id") == self._number:
                if said["type"] == "error":
                    raise Refused(f"{command}: {said['message']}")
                return said["result"]


class InFirefox(Visitor):
    def __init__(self, browser: Firefox, copy: Path) -> None:
        super().__init__(copy)
        self._browser = browser
        self._tab = browser.tell("browsingContext.create", type="tab")["context"]
        browser.listener = self._note
        browser.tell("browsingContext.setViewport", context=self._tab, viewport=DESK)

    def _note(self, event: str, said: dict) -> None:
        if event == "log.entryAdded":
            if said["level"] == "error":
                self.faults.append(said["text"])
        elif said["context"] == self._tab:  # Firefox asks things of its own too
            if event == "network.beforeRequestSent":
                self.note_request(said["request"]["url"])
            elif said["errorText"] != "NS_BINDING_ABORTED":
                self.faults.append(f"{said['errorText']}: {said['request']['url']}")

    def go(self, address: str) -> None:
        self._browser.tell("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def see(self, script: str) -> Any:
        answer = self._browser.tell(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({script}) ?? null))()",
            target={"context": self._tab},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise Refused(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def type(self, text: str) -> None:
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self._do({"type": "key", "id": "keyboard", "actions": keys})

    def press_at(self, x: float, y: float) -> None:
        move = {"type": "pointerMove", "x": round(x), "y": round(y)}
        press = [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        self._do({"type": "pointer", "id": "mouse", "actions": [move, *press]})

    def _do(self, actions: dict) -> None:
        self._browser.tell("input.performActions", context=self._tab, actions=[actions])

    def close(self) -> None:
        self._browser.listener = lambda event, said: None
        self._browser.tell("browsingContext.close", context=self._tab)


# ------------------------------------------------------------------------------------------------ the browsers


def chromium_109() -> Path:
    """Where Chromium 109 is: kept in `.cache/` once it has been fetched."""
    program = ROOT / ".cache/chromium-109.0.6/chromium"
    if program.exists():
        return program
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        pytest.skip("Chromium 109 exists here for Linux on x86_64 only")
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        pytest.skip("Chromium 109 comes from npm, which is not on this machine")
    (ROOT / ".cache").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as made_in:
        made = Path(made_in)
        done = subprocess.run([npm, "pack", "--silent", CHROMIUM_109], cwd=made, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"npm can't fetch Chromium 109: {(done.stderr or done.stdout).strip()[-300:]}")
        (package,) = made.glob("*.tgz")
        assert hashlib.sha256(package.read_bytes()).hexdigest() == CHROMIUM_109_SHA256, "not the known Chromium 109"
        with tarfile.open(package) as tar:
            packed = tar.extractfile("package/bin/chromium.br").read()
        subprocess.run([node, "-e", UNPACK], cwd=made, input=packed, check=True)
        (made / "chromium").chmod(0o755)
        program.parent.mkdir(exist_ok=True)
        (made / "chromium").replace(program)
    return program


@contextmanager
def running_firefox(profile: Path) -> Iterator[Firefox]:
    if not FIREFOX:
        pytest.fail("these tests need Firefox: install it, or say where it is in the variable FIREFOX")
    (profile / "user.js").write_text(PROFILE, "utf-8")
    told, door = profile / "told.txt", profile / "WebDriverBiDiServer.json"
    command = [FIREFOX, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port=0"]
    with told.open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        with websockets.connect(_address(process, door, told), proxy=None, max_size=None) as socket:
            yield Firefox(socket)
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(process: subprocess.Popen, door: Path, told: Path) -> str:
    """Where Firefox listens, as it writes into its profile once it does."""
    end = time.monotonic() + 3 * PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            server = json.loads(door.read_text("utf-8"))
            return f"ws://{server['ws_host']}:{server['ws_port']}/session"
        except (FileNotFoundError, ValueError):  # not yet, or not all of it
            time.sleep(0.05)
    pytest.fail(f"Firefox does not start: {told.read_text('utf-8', 'replace')[-500:]}")


@pytest.fixture(scope="module", params=["chromium-109", "firefox"])
def opened(request, fixture_site_file: Path, tmp_path_factory) -> Iterator[Callable[[], Visitor]]:
    """Opens a visitor in a browser, one at a time."""
    if request.param == "firefox":
        with running_firefox(tmp_path_factory.mktemp("firefox")) as firefox:
            yield lambda: InFirefox(firefox, fixture_site_file)
        return
    program = chromium_109()
    current = request.getfixturevalue("browser")
    with current.browser_type.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"]) as chromium:
        assert chromium.version.startswith("109.")
        yield lambda: InChromium(chromium, fixture_site_file)


@pytest.fixture
def visitor(opened) -> Iterator[Visitor]:
    """A visitor; at the end, nothing may have gone wrong and nothing have been asked but of the copy."""
    visitor = opened()
    yield visitor
    visitor.see("true")  # what was still to be told has come
    visitor.close()
    assert visitor.faults == []


# ------------------------------------------------------------------------------------------------ what is on a page

RESULTS = ".c-search__main > .c-results > li > .c-result__title"
# The address tells what was asked last; while it is sought, the page says “…”.
ANSWERED = """(query => {
  const told = document.querySelector('.c-search__told');
  if (!told || document.querySelector('.c-search__main[aria-busy]')) return false;
  if (new URLSearchParams(location.search).get('q') !== query) return false;
  return told.textContent !== '' && !told.textContent.endsWith('…');
})"""
CARDS = "#c-catalogue .c-find .c-card__title a"
ROWS = "#c-catalogue .c-find .c-table tbody a"


def count(selector: str) -> str:
    return f"document.querySelectorAll({json.dumps(selector)}).length"


def texts(selector: str) -> str:
    return f"[...document.querySelectorAll({json.dumps(selector)})].map(element => element.textContent)"


def links(selector: str) -> str:
    return f"[...document.querySelectorAll({json.dumps(selector)})].map(element => element.href)"


def home(copy: Path, lang: str) -> str:
    return (copy / ("" if lang == "fr" else lang) / "index.html").as_uri()


def search(visitor: Visitor, query: str) -> list[str]:
    """Opens search as a reader does, asks, and gives the titles of the products that are found."""
    visitor.type("/")
    visitor.wait_for("document.activeElement.id === 'c-query'")
    visitor.type(query)
    visitor.wait_for(f"{ANSWERED}({json.dumps(query)})")
    return visitor.see(texts(RESULTS))


def narrow(visitor: Visitor, number: int) -> int:
    """Ticks the first filter in sight that would leave some of the results but not all; says how many."""
    box = f"""[...document.querySelectorAll('.c-facet[open] label')].find(label => {{
      const number = Number(label.querySelector('small').textContent);
      return number > 0 && number < {number};
    }})"""
    left = int(visitor.wait_for(f"({box}).querySelector('small').textContent"))
    visitor.click(box)
    visitor.wait_for("!!document.querySelector('.c-facet input:checked')")
    return left


def is_there(copy: Path, link: str) -> bool:
    """Whether a link leads to a file of the copy, and there to a place that exists."""
    parts = urlsplit(link)
    path = Path(unquote(parts.path))
    if parts.scheme != "file" or not path.is_relative_to(copy) or not path.is_file():
        return False
    return not parts.fragment or f'id="{unquote(parts.fragment)}"' in path.read_text("utf-8")


# ------------------------------------------------------------------------------------------------ from files

FOUND = [
    ("fr", "demi-lunes", "Des demi-lunes à Tanlili"),
    ("fr", "l’eau", "L’étang à poissons"),
    ("fr", "compost", "Une fosse à compost"),
    ("en", "half-moons", "Half-moons in Tanlili"),
    ("en", "water", "The old well"),
    ("en", "compost", "A pit for compost"),
]


def test_the_browser_is_as_strict_as_a_reader_s_and_faults_are_noticed(opened, fixture_site_file):
    """Otherwise the tests below would prove nothing."""
    visitor = opened()
    visitor.go(home(fixture_site_file, "fr"))
    for way in ("fetch('assets/capitalise.js')", "import('./assets/capitalise.js')"):
        assert visitor.see(f"{way}.then(() => 'read', () => 'refused')") == "refused", way
    visitor.faults.clear()
    visitor.see("console.error('a fault of the page'), new Image().src = 'https://elsewhere.invalid/'")
    # Of the picture, that it was asked for, or that the page's policy forbids it.
    expected = ("a fault of the page", "https://elsewhere.invalid/")
    end = time.monotonic() + PATIENCE
    while not all(one in "\n".join(visitor.faults) for one in expected) and time.monotonic() < end:
        visitor.see("true")
    assert all(one in "\n".join(visitor.faults) for one in expected)
    visitor.close()


def test_the_policy_of_a_page_holds_in_this_browser_too(opened, fixture_site_file):
    """`'self'` means little on files, and each browser reads it in its own way."""
    page = fixture_site_file / "hole.html"
    hole = "<script>ran = 'a script'</script><img src='x' onerror='ran = 1'><p id='styled' style='--ran: 1'>x</p>"
    html = (fixture_site_file / "index.html").read_text("utf-8")
    page.write_text(html.replace("</body>", hole + "</body>"), "utf-8")
    visitor = opened()
    try:
        visitor.go(page.as_uri())
        visitor.wait_for("document.readyState === 'complete' && typeof capitalise.load === 'function'")
        assert visitor.see("typeof ran") == "undefined"
        assert visitor.see("getComputedStyle(document.getElementById('styled')).getPropertyValue('--ran')") == ""
        assert (
            visitor.see("getComputedStyle(document.querySelector('.c-skip')).position") == "absolute"
        )  # ours is there
        assert len(visitor.faults) >= 3  # each is told
    finally:
        page.unlink()
        visitor.close()


@pytest.mark.parametrize(("lang", "query", "title"), FOUND)
def test_search_finds_and_leads_there(visitor, fixture_site_file, lang, query, title):
    visitor.go(home(fixture_site_file, lang))
    assert title in search(visitor, query)
    for link in visitor.see(links(".c-result a")):
        assert is_there(fixture_site_file, link), link
    visitor.click(f"[...document.querySelectorAll('{RESULTS}')].find(link => link.textContent === {json.dumps(title)})")
    visitor.wait_for(f"document.querySelector('h1').textContent.trim() === {json.dumps(title)}")
    assert is_there(fixture_site_file, visitor.see("location.href"))


@pytest.mark.parametrize(("lang", "query"), [("fr", "l’eau"), ("en", "water")])
def test_a_filter_narrows_what_is_found(visitor, fixture_site_file, lang, query):
    visitor.go(home(fixture_site_file, lang))
    found = search(visitor, query)
    left = narrow(visitor, len(found))
    visitor.wait_for(f"{count(RESULTS)} === {left}")
    assert set(visitor.see(texts(RESULTS))) < set(found)


def test_both_languages_are_searched_from_one_page(visitor, fixture_site_file):
    """The indexes of two languages are read in one page, each from its own files."""
    visitor.go(home(fixture_site_file, "fr"))
    assert "Une fosse à compost" in search(visitor, "compost")
    visitor.click("document.querySelector('.c-search__others button')")
    visitor.wait_for(count(".c-search__others .c-result__title"))
    assert visitor.see(texts(".c-search__others .c-result__title")) == ["A pit for compost"]
    (link,) = visitor.see(links(".c-search__others .c-result__title"))
    assert is_there(fixture_site_file, link)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_catalogue_is_filtered_and_turned_into_a_table(visitor, fixture_site_file, lang):
    visitor.go(home(fixture_site_file, lang).replace("index.html", "catalogue/index.html"))
    visitor.wait_for(count(CARDS))
    every = visitor.see(texts(CARDS))
    left = narrow(visitor, len(every))
    visitor.wait_for(f"{count(CARDS)} === {left}")
    titles = visitor.see(texts(CARDS))
    assert set(titles) < set(every)
    visitor.click("document.querySelector('.c-views [data-view=table]')")
    visitor.wait_for(count(ROWS))
    assert visitor.see(texts(ROWS)) == titles
    assert visitor.see(count(CARDS)) == 0
    for link in visitor.see(links(ROWS)):
        assert is_there(fixture_site_file, link), link


# A photo that says where it was taken, upright only once it is turned; what is saved is caught on its way to the disk.
WRITE = """(photo => new Promise((done, failed) => {
  const all = selector => [...document.querySelectorAll(selector)];
  const field = label => all('.c-field').find(one => one.firstChild.firstChild.textContent === label);
  const write = (label, text) => {
    const input = field(label).querySelector('input, textarea');
    input.value = text;
    input.dispatchEvent(new Event('input', {bubbles: true}));
    input.dispatchEvent(new Event('change', {bubbles: true}));
  };
  HTMLAnchorElement.prototype.click = () => {};
  URL.createObjectURL = blob => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsText(blob);
    return '#';
  };
  document.querySelector('.c-write__kinds button').click();
  write('Titre', 'Une fiche « écrite » ici');
  write('Contexte', 'Une vallée.');
  field('Couverture').querySelector('button').click();
  const bytes = Uint8Array.from(atob(photo), one => one.charCodeAt(0)), held = new DataTransfer();
  held.items.add(new File([bytes], 'photo.jpg', {type: 'image/jpeg'}));
  const file = field('Fichier').querySelector('input');
  file.files = held.files;
  file.dispatchEvent(new Event('change', {bubbles: true}));
  const end = Date.now() + 10000, wait = () => {
    if (document.querySelector('.c-field--photo img:not([hidden])')) return document.getElementById('c-draft').click();
    if (Date.now() > end) return failed(new Error('the photo did not come'));
    setTimeout(wait, 50);
  };
  wait();
}))"""


def test_the_form_saves_a_file_with_a_photo_that_tells_nothing(visitor, fixture_site_file, tmp_path):
    image = Image.new("RGB", (2000, 1000), "navy")
    exif = image.getexif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Artist] = "Awa Secrète"
    image.save(tmp_path / "photo.jpg", exif=exif)
    visitor.go(home(fixture_site_file, "fr").replace("index.html", "contribute-offline/index.html"))
    visitor.wait_for(count(".c-write__kinds button"))
    data = base64.b64encode((tmp_path / "photo.jpg").read_bytes()).decode()
    (tmp_path / "fiche.capitalise.json").write_text(visitor.see(f"{WRITE}({json.dumps(data)})"), "utf-8")
    returned = opened_file(tmp_path / "fiche.capitalise.json")
    assert returned.values["title"] == "Une fiche « écrite » ici"
    assert returned.sections == {"context": "Une vallée."}
    with Image.open(io.BytesIO(returned.photos[returned.values["cover"]["file"]])) as saved:
        assert (saved.format, saved.size) == ("JPEG", (800, 1600)) and not saved.getexif()


# ------------------------------------------------------------------------------------- from files and on the web

QUERIES = {
    "fr": ["demi-lunes", "l’eau", "agroécologie", "écouter une réunion"],
    "en": ["half-moons", "water", "rain harvest", "learning"],
}
# A page is `name/` on the web, `name/index.html` or `name.html` as a file.
FACE = r"""() => ({
  results: [...document.querySelectorAll('.c-results:not(.c-search__others *) > .c-result')].map(result => ({
    title: result.querySelector('.c-result__title').textContent,
    links: [...result.querySelectorAll('a')].map(link =>
      link.href.slice(capitalise.root.length).replace(/\bindex\.html/, '').replace('.html', '/')),
    texts: [...result.querySelectorAll('p')].map(text => text.textContent),
  })),
  filters: [...document.querySelectorAll('.c-facet label')].map(label => {
    const { dataset, value } = label.querySelector('input');
    return [dataset.facet, value, label.querySelector('small').textContent];
  }),
})"""


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_files_and_web_give_the_same_answers(reader, http_url, file_url, lang):
    """In the current Chromium: titles in their order, links to sections, texts, and the number beside each filter."""

    def answers(address: str) -> dict[str, dict]:
        found = {}
        with reader() as page:
            page.goto(address)
            for query in QUERIES[lang]:
                page.fill("#c-query", query)
                page.press("#c-query", "Enter")
                page.wait_for_function(f"{ANSWERED}({json.dumps(query)})")
                found[query] = page.evaluate(FACE)
        return found

    from_files, on_the_web = answers(file_url("search", lang)), answers(http_url("search", lang))
    assert from_files == on_the_web
    for query, face in on_the_web.items():
        assert face["results"] and face["filters"], query
