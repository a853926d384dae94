"""The editor on a contributor's own computer: its page, and the files of the library behind it.

It speaks the protocol of Decap's local server (decap-server, `api/v1`), as much of it as our forms need: listing,
reading and writing texts, adding photos and handouts. It hears this computer alone, answers only its own page, and
touches nothing but products: a folder that can be one, a text in a language of the site, a photo or a handout.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from capitalise import limits, nearby, whole
from capitalise.editor import API, FOLDER
from capitalise.locales import Texts
from capitalise.model import kind_of
from capitalise.values import HANDOUT_TYPES, IMAGE_TYPES

MAX_REQUEST_BYTES = 4 * limits.MAX_ATTACHMENT_BYTES
"""A product's texts with a few photos, in base64."""

_TYPES = {".html": "text/html", ".js": "text/javascript", ".json": "application/json", ".txt": "text/plain"}
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Refused(Exception):
    """What was asked can't be done; the message is for the contributor."""

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.status = status


class Desk:
    """The files of a library, as the editor may read and write them."""

    def __init__(self, products: Path, languages: tuple[str, ...], words: Texts) -> None:
        self.products, self.languages, self.t = products.resolve(), languages, words
        self.actions: Mapping[str, Callable[[dict[str, Any]], Any]] = {
            "info": self.info,
            "entriesByFolder": self.entries_by_folder,
            "getEntry": self.get_entry,
            "persistEntry": self.persist_entry,
            "getMedia": self.get_media,
            "getMediaFile": self.get_media_file,
        }

    def answer(self, request: Any) -> Any:
        """The answer to one request. Raises `Refused`."""
        action = request.get("action") if isinstance(request, dict) else None
        params = request.get("params") if isinstance(request, dict) else None
        if action not in self.actions or not isinstance(params, dict):
            raise Refused(self.t("editor.local.unknown", action=str(action)[:40]))
        try:
            return self.actions[action](params)
        except (KeyError, TypeError, AttributeError):
            raise Refused(self.t("editor.local.unknown", action=action), 400) from None

    def info(self, params: dict[str, Any]) -> Any:
        return {"repo": self.products.name, "publish_modes": ["simple"], "type": "local_fs"}

    def entries_by_folder(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        """Every text of the library's products in a folder, whatever their depth down to `depth` folders."""
        start = self._inside(params["folder"])
        depth = min(int(params["depth"]), 3)
        found = []
        for lang in self.languages:
            for steps in range(1, depth):
                for file in sorted(start.glob("/".join(["*"] * steps) + f"/index.{lang}.md")):
                    if self._is_text(file):
                        found.append(self._entry(file))
        return found

    def get_entry(self, params: dict[str, Any]) -> dict[str, Any]:
        file = self._inside(params["path"])
        if not self._is_text(file) or not file.is_file():
            raise Refused(self.t("editor.local.none", file=str(params["path"])[:200]), 404)
        return self._entry(file)

    def persist_entry(self, params: dict[str, Any]) -> dict[str, str]:
        """Writes texts and the photos and handouts that come with them: everything is looked at before the first."""
        texts = [self._text_to_write(item) for item in params["dataFiles"]]
        assets = [self._asset_to_write(item) for item in params["assets"]]
        for file, content in assets + texts:  # a text never names a photo that is not there yet
            whole.write(file, content)
        return {"message": "ok"}

    def get_media(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        """The photos of a product's folder."""
        folder = self._inside(params["mediaFolder"])
        if folder == self.products or not folder.is_dir():
            return []
        return [self._media(file) for file in sorted(folder.iterdir()) if self._is_asset(file, IMAGE_TYPES)]

    def get_media_file(self, params: dict[str, Any]) -> dict[str, Any]:
        file = self._inside(params["path"])
        if not self._is_asset(file, HANDOUT_TYPES):
            raise Refused(self.t("editor.local.none", file=str(params["path"])[:200]), 404)
        return self._media(file)

    # ---------------------------------------------------------------- what may be read and written

    def _inside(self, path: str) -> Path:
        """A path of the request as a file of the library. Raises `Refused` for whatever leads out of it."""
        parts = str(path).strip("/").split("/")
        if parts[0] != self.products.name or any(not _PART.fullmatch(part) for part in parts[1:]):
            raise Refused(self.t("editor.local.outside", file=str(path)[:200]))
        file = self.products.joinpath(*parts[1:])
        if not file.resolve().is_relative_to(self.products):  # a link in the folder
            raise Refused(self.t("editor.local.outside", file=str(path)[:200]))
        return file

    def _in_product(self, file: Path) -> bool:
        folder = file.parent.relative_to(self.products).parts
        return all(re.fullmatch(r"[a-z0-9][a-z0-9-]*", part) for part in folder) and kind_of(folder) is not None

    def _is_text(self, file: Path) -> bool:
        named = re.fullmatch(r"index\.([a-z]{2,3})\.md", file.name)
        return bool(named) and named[1] in self.languages and self._in_product(file)

    def _is_asset(self, file: Path, types: tuple[str, ...]) -> bool:
        return file.suffix.lower() in types and self._in_product(file) and file.is_file() and not file.is_symlink()

    def _name(self, file: Path) -> str:
        return f"{self.products.name}/{file.relative_to(self.products).as_posix()}"

    def _entry(self, file: Path) -> dict[str, Any]:
        name = self._name(file)
        data = ""
        if file.stat().st_size <= limits.MAX_TEXT_BYTES:
            with contextlib.suppress(UnicodeDecodeError):  # the form can't show it: it says so, and never writes it
                data = file.read_bytes().decode("utf-8")
        return {"data": data, "file": {"path": name, "id": name}}

    def _media(self, file: Path) -> dict[str, Any]:
        if file.stat().st_size > limits.MAX_ATTACHMENT_BYTES:
            content = b""
        else:
            content = file.read_bytes()
        name = self._name(file)
        return {
            "id": name,
            "name": file.name,
            "path": name,
            "content": base64.b64encode(content).decode(),
            "encoding": "base64",
        }

    def _text_to_write(self, item: dict[str, Any]) -> tuple[Path, bytes]:
        file = self._inside(item["path"])
        if not self._is_text(file):
            raise Refused(self.t("editor.local.outside", file=self._name(file)))
        longest = max(len(part) for part in file.relative_to(self.products).parts)
        if longest > limits.MAX_SLUG_CHARS:
            raise Refused(self.t("editor.local.long", file=self._name(file), limit=limits.MAX_SLUG_CHARS))
        content = str(item["raw"]).encode()
        if len(content) > limits.MAX_TEXT_BYTES:
            raise Refused(self.t("editor.local.large", file=self._name(file), limit=limits.MAX_TEXT_BYTES // 1000))
        there = file.read_bytes() if file.is_file() else b""
        if there != str(item.get("before") or "").encode():
            raise Refused(self.t("editor.local.changed", file=self._name(file)), 409)
        return file, content

    def _asset_to_write(self, item: dict[str, Any]) -> tuple[Path, bytes]:
        file = self._inside(item["path"])
        if file.suffix.lower() not in HANDOUT_TYPES or not self._in_product(file):
            raise Refused(self.t("editor.local.type", file=file.name, types=" ".join(HANDOUT_TYPES)))
        try:
            content = base64.b64decode(item["content"], validate=True)
        except (binascii.Error, ValueError):
            raise Refused(self.t("editor.local.type", file=file.name, types=" ".join(HANDOUT_TYPES))) from None
        if len(content) > limits.MAX_ATTACHMENT_BYTES:
            limit = limits.MAX_ATTACHMENT_BYTES // 1000
            raise Refused(self.t("editor.local.large", file=self._name(file), limit=limit))
        if file.exists() and file.read_bytes() != content:
            raise Refused(self.t("editor.local.taken", file=self._name(file)), 409)
        return file, content


def server(desk: Desk, pages: Callable[[], Mapping[str, bytes]], port: int) -> nearby.Server:
    """A server for this computer alone; port 0 is any free one. Raises `OSError` where the port is taken.

    `pages` gives the files of `admin/`: they are made anew when the page is opened, for the vocabularies may have
    changed.
    """

    class Handler(nearby.Handler):
        timeout = 30
        shown: Mapping[str, bytes] = {}

        def do_GET(self) -> None:
            if not self.is_for_us():
                return self._send(403, b"", "text/plain")
            path = self.path.partition("?")[0]
            if path in ("/", f"/{FOLDER}"):
                return self.send_on(f"/{FOLDER}/")
            name = path.removeprefix(f"/{FOLDER}/") or "index.html"
            if name == "index.html" or not Handler.shown:
                Handler.shown = pages()
            if not path.startswith(f"/{FOLDER}/") or name not in Handler.shown:
                return self._send(404, b"", "text/plain")
            self._send(200, Handler.shown[name], _TYPES.get(Path(name).suffix, "application/octet-stream"))

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not self.is_for_us() or self.headers.get("Origin") != f"http://{self.headers.get('Host')}":
                return self._refuse(403, desk.t("editor.local.origin"))
            if self.path != API or not self.headers.get("Content-Type", "").startswith("application/json"):
                return self._refuse(404, desk.t("editor.local.unknown", action=self.path[:40]))
            if not re.fullmatch(r"[0-9]{1,12}", length) or int(length) > MAX_REQUEST_BYTES:
                return self._refuse(413, desk.t("editor.local.request", limit=MAX_REQUEST_BYTES // 1_000_000))
            try:
                request = json.loads(self.rfile.read(int(length)))
            except (ValueError, RecursionError):
                return self._refuse(400, desk.t("editor.local.unknown", action="?"))
            try:
                answer = desk.answer(request)
            except Refused as refusal:
                return self._refuse(refusal.status, str(refusal))
            except OSError as fault:
                return self._refuse(500, desk.t("editor.local.disk", reason=fault.strerror or str(fault)))
            self._send(200, json.dumps(answer).encode(), "application/json")

        def _refuse(self, status: int, message: str) -> None:
            self.close_connection = True  # what was not read must not be taken for the next request
            self._send(status, json.dumps({"error": message}).encode(), "application/json")

        def _send(self, status: int, content: bytes, kind: str) -> None:
            more = {"X_Content_Type_Options": "nosniff", "X_Frame_Options": "SAMEORIGIN"}
            self.send(status, content, f"{kind}; charset=utf-8", **more)

    class Server(nearby.Server):
        def handle_error(self, *_: Any) -> None:
            """A browser that went away in the middle is no fault to show a contributor."""

    return Server(port, Handler)
