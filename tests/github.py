"""As much of GitHub's interface as the editor needs to read a library and propose a change; what is asked is kept."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

REPOSITORY = "cap/library"


class GitHub:
    """A repository of one branch, its pull requests, and perhaps one fork of it."""

    def __init__(self, products: Path, *, login: str, may_write: bool) -> None:
        self.login, self.may_write = login, may_write
        self.blobs: dict[str, bytes] = {}
        self.main: dict[str, str] = {}
        for file in sorted(products.rglob("*")):
            if file.is_file():
                self.main[f"products/{file.relative_to(products).as_posix()}"] = self._keep(file.read_bytes())
        self.trees: dict[str, list[dict[str, Any]]] = {}
        self.commits: dict[str, str] = {}
        self.refs: dict[str, str] = {}
        self.pulls: list[dict[str, Any]] = []
        self.forked = False
        self.unknown: list[str] = []

    def proposed(self) -> dict[str, bytes]:
        """The files of the change that was proposed last, by path."""
        tree = self.trees[self.commits[list(self.refs.values())[-1]]]
        return {entry["path"]: self.blobs[entry["sha"]] for entry in tree}

    def __call__(self, route) -> None:
        """Answers a request of the browser."""
        request = route.request
        cors = {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Headers": "*",
            "Access-Control-Allow-Methods": "*",
        }
        if request.method == "OPTIONS":
            return route.fulfill(status=204, headers=cors)
        address = urlsplit(request.url)
        body = json.loads(request.post_data) if request.post_data else {}
        status, answer = self.answer(request.method, unquote(address.path), parse_qs(address.query), body)
        route.fulfill(status=status, headers=cors, json=answer)

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: dict[str, Any]) -> tuple[int, Any]:
        if path == "/user":
            return 200, {"login": self.login, "name": "Amina", "id": 7, "email": "amina@example.org"}
        found = re.fullmatch(r"/repos/([\w-]+/[\w-]+)(/.*)?", path)
        if not found:
            return self._none(method, path)
        own = found[1] == REPOSITORY
        if not own and not self.forked and method == "GET":
            return 404, {"message": "Not Found"}
        return self._repository(method, found[2] or "", query, body, own) or self._none(method, path)

    def _repository(self, method: str, path: str, query: dict, body: dict, own: bool) -> tuple[int, Any] | None:
        name = REPOSITORY if own else f"{self.login}/library"
        match method, path.split("/")[1:]:
            case "GET", []:
                parent = {} if own else {"fork": True, "parent": {"full_name": REPOSITORY}}
                owner = {"login": name.partition("/")[0]}
                return 200, {
                    "full_name": name,
                    "owner": owner,
                    "permissions": {"push": self.may_write or not own},
                    "fork": False,
                } | parent
            case "GET", ["collaborators", _, "permission"]:
                return 200, {"permission": "write" if self.may_write else "read"}
            case "POST", ["forks"]:
                self.forked = True
                return 202, {"full_name": f"{self.login}/library"}
            case "POST", ["merge-upstream"]:
                return 200, {}
            case "GET", ["branches", *branch]:
                sha = "c0" if branch == ["main"] else self.refs.get("refs/heads/" + "/".join(branch))
                return (200, {"name": "/".join(branch), "commit": {"sha": sha}}) if sha else (404, {})
            case "GET", ["git", "trees", *where]:
                folder = "/".join(where).partition(":")[2]
                inside = {
                    p.removeprefix(f"{folder}/"): sha for p, sha in self.main.items() if p.startswith(f"{folder}/")
                }
                if "recursive" not in query:
                    inside = {p: sha for p, sha in inside.items() if "/" not in p}
                tree = [{"path": p, "sha": sha, "type": "blob", "size": 9} for p, sha in inside.items()]
                return (200, {"tree": tree}) if tree else (404, {})
            case "GET", ["git", "blobs", sha]:
                return 200, {"sha": sha, "content": base64.b64encode(self.blobs[sha]).decode()}
            case "POST", ["git", "blobs"]:
                return 201, {"sha": self._keep(base64.b64decode(body["content"]))}
            case "POST", ["git", "trees"]:
                return 201, {"sha": self._new(self.trees, "t", body["tree"])}
            case "POST", ["git", "commits"]:
                return 201, {"sha": self._new(self.commits, "k", body["tree"])}
            case "POST", ["git", "refs"]:
                self.refs[body["ref"]] = body["sha"]
                return 201, {"ref": body["ref"], "object": {"sha": body["sha"]}}
            case "POST", ["pulls"]:
                head = body["head"].rpartition(":")[2]
                pull = {"number": len(self.pulls) + 1, "title": body["title"], "base": body["base"], "state": "open"}
                pull |= {"head": {"ref": head, "sha": self.refs[f"refs/heads/{head}"], "repo": {"fork": not own}}}
                self.pulls.append(pull | {"labels": [], "from": body["head"], "user": {"login": self.login}})
                return 201, self.pulls[-1]
            case "PUT", ["issues", number, "labels"]:
                self.pulls[int(number) - 1]["labels"] = [{"name": label} for label in body["labels"]]
                return 200, []
            case "GET", ["git", "refs", "heads", *start]:
                begin = "refs/heads/" + "/".join(start)
                return 200, [
                    {"ref": ref, "object": {"sha": sha}} for ref, sha in self.refs.items() if ref.startswith(begin)
                ]
            case "GET", ["pulls"]:
                return 200, self.pulls
            case "GET", ["commits"]:
                return 200, [{"commit": {"author": {"name": "A", "date": "2026-11-20T00:00:00Z"}}}]
            case "GET", ["compare", *_]:
                files = [
                    {"filename": path, "status": "modified", "patch": "x", "sha": self._keep(content)}
                    for path, content in self.proposed().items()
                ]
                return 200, {"files": files, "commits": [], "merge_base_commit": {"sha": "c0"}}
            case "GET", ["commits", _, "status"]:
                return 200, {"statuses": []}
        return None

    def _none(self, method: str, path: str) -> tuple[int, Any]:
        self.unknown.append(f"{method} {path}")
        return 404, {"message": "Not Found"}

    def _keep(self, content: bytes) -> str:
        sha = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        self.blobs[sha] = content
        return sha

    @staticmethod
    def _new(where: dict[str, Any], letter: str, value: Any) -> str:
        key = f"{letter}{len(where) + 1}"
        where[key] = value
        return key
