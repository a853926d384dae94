"""The workflows are valid, and a stranger's pull request gets no right and no secret from them."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from capitalise.reviewing.report import escaped

WORKFLOWS = sorted((Path(__file__).parents[1] / ".github/workflows").glob("*.yml"))


def lint(*paths):
    # No shellcheck, no pyflakes: what is installed beside must not change the verdict.
    command = [sys.executable, "-m", "jactionlint", "--strict-exit", "--oneline", "--shellcheck=", "--pyflakes="]
    return subprocess.run([*command, *map(str, paths)], capture_output=True, text=True)


def test_the_workflows_are_valid_and_safe():
    assert WORKFLOWS
    result = lint(*WORKFLOWS)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("good", "bad", "rule"),
    [
        ("contents: read", "contents: write", "excessive-permissions"),
        ("runs-on:", "run-on:", "workflow-syntax"),
        ("github.ref }}", "github.reff }}", "undefined-property"),
        ("path: site", "paths: site", "unknown-action-input"),
        ("run: capitalise check", "run: echo ${{ github.event.pull_request.title }}", "template-injection"),
    ],
)
def test_a_broken_workflow_is_seen(tmp_path, good, bad, rule):
    (workflow,) = (path for path in WORKFLOWS if path.name == "pull-request.yml")
    text = workflow.read_text("utf-8")
    assert good in text
    broken = tmp_path / ".github/workflows/pull-request.yml"
    broken.parent.mkdir(parents=True)
    broken.write_text(text.replace(good, bad), "utf-8")

    result = lint(broken)
    assert result.returncode == 1
    assert rule in result.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_what_runs_is_fixed_to_a_commit(path):
    for action in re.findall(r"uses:\s*(\S+)", path.read_text("utf-8")):
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", action), action


COMMENT = next(path for path in WORKFLOWS if path.name == "comment.yml")


@pytest.mark.parametrize("path", [path for path in WORKFLOWS if path != COMMENT], ids=lambda path: path.stem)
def test_a_stranger_can_only_read(path):
    text = path.read_text("utf-8")
    workflow = yaml.load(text, yaml.BaseLoader)  # to the other loaders the key `on` is a boolean
    events = {workflow["on"]} if isinstance(workflow["on"], str) else set(workflow["on"])

    # Each other one may run with the rights of main on what a stranger sent; the clock runs what main holds.
    assert events <= {"push", "pull_request", "workflow_dispatch", "schedule"}
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets." not in text
    if "pull_request" in events:
        assert not [job for job in workflow["jobs"].values() if {"permissions", "environment"} & set(job)]


# ------------------------------------------------------------------------------------------------ the comment


def test_what_may_comment_runs_nothing_of_a_stranger():
    text = COMMENT.read_text("utf-8")
    workflow = yaml.load(text, yaml.BaseLoader)
    (job,) = workflow["jobs"].values()
    (step,) = job["steps"]

    assert list(workflow["on"]) == ["workflow_run"]
    assert workflow["on"]["workflow_run"]["workflows"] == ["Contribution"]  # the name of pull-request.yml
    assert (
        yaml.load(COMMENT.with_name("pull-request.yml").read_text("utf-8"), yaml.BaseLoader)["name"] == "Contribution"
    )
    assert workflow["permissions"] == {}
    assert job["permissions"] == {"actions": "read", "pull-requests": "write"}
    assert "uses" not in step  # no checkout, nor any other action
    assert "secrets." not in text
    assert "${{" not in step["run"]  # what a stranger named reaches the script as data
    assert "workflow_run.event == 'pull_request'" in job["if"]


GH = """\
#!/usr/bin/env python3
import json, pathlib, sys
here, arguments = pathlib.Path(__file__).parent, sys.argv[1:]
with open(here / "calls", "a") as calls:
    print(json.dumps(arguments), file=calls)
path = next(a for a in arguments if a.startswith("repos/"))
answer = here / path.replace("/", "+")
if "--input" in arguments:
    (here / "posted").write_bytes(pathlib.Path(arguments[arguments.index("--input") + 1]).read_bytes())
else:
    sys.stdout.buffer.write(answer.read_bytes())
"""
"""GitHub's command as far as the workflow uses it: answers from files, keeps what is posted."""


@pytest.fixture
def comment(tmp_path):
    """Runs the script of the workflow on a review, and returns the calls and the comment that was posted."""
    if missing := [name for name in ("bash", "jq", "unzip") if not shutil.which(name)]:
        pytest.skip(f"needs {', '.join(missing)}, which GitHub's machines have")
    script = yaml.load(COMMENT.read_text("utf-8"), yaml.BaseLoader)["jobs"]["comment"]["steps"][0]["run"]

    def run(review, *, sha="abc", size=1000, comments=(), name="review.md", title="main"):
        (tmp_path / "gh").write_text(GH)
        (tmp_path / "gh").chmod(0o755)
        answers = {
            "repos/o/r/pulls": [{"number": 6, "head": {"sha": "old"}}, {"number": 7, "head": {"sha": "abc"}}],
            "repos/o/r/actions/runs/3/artifacts": {"artifacts": [{"id": 5, "name": "review", "size_in_bytes": size}]},
            "repos/o/r/issues/7/comments": list(comments),
        }
        for path, answer in answers.items():
            (tmp_path / path.replace("/", "+")).write_text(json.dumps(answer))
        with zipfile.ZipFile(tmp_path / "repos+o+r+actions+artifacts+5+zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, review)
        env = os.environ | {
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "REPOSITORY": "o/r",
            "RUN_ID": "3",
            "HEAD": f"stranger:{title}",
            "HEAD_SHA": sha,
        }
        done = subprocess.run(["bash", "-c", script], env=env, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        posted = tmp_path / "posted"
        calls = [json.loads(line) for line in (tmp_path / "calls").read_text().splitlines()]
        return calls, json.loads(posted.read_text("utf-8"))["body"] if posted.exists() else None

    return run


MARK = "<!-- capitalise-review -->\n"


def test_our_own_review_is_posted_as_it_is(comment):
    words = (
        "« Haies » : 100 % <b> @nom #1 www.exemple.org https://exemple.org [a](b) `c` $d$ GH-x & é ! 1. * _ ~ | ^ = +"
    )
    review = f"## Première relecture\n\n- **{escaped(words)}**\n  → {escaped('[^1] : « sources »')}\n"
    calls, body = comment(review)
    assert body == MARK + review
    assert calls[-1][:4] == ["api", "--method", "POST", "repos/o/r/issues/7/comments"]


def test_a_hostile_review_calls_nobody_and_links_nowhere(comment):
    _, body = comment(
        "<img src=x> @team &#64;team &commat;team ![x](https://evil.example/x.png) <https://evil.example>\n"
        "[a]: https://evil.example\nhttps&#58;//evil.example WWW.evil.example #1 #35; &#35;2 GH-3 `a` $x$\0\u202e"
    )
    said = body.removeprefix(MARK)
    traps = ("<", "[", "]", "`", "$", "@t", "&#64;", "&commat;", "//e", "WWW.e", "#1", " #35;", "&#35;2", "GH-3")
    assert [trap for trap in (*traps, "\0", "\u202e") if trap in said] == []
    assert "team" in said and "evil.example" in said  # the editor sees what was tried


def test_a_comment_is_replaced_and_nobody_elses(comment):
    ours = {"id": 12, "user": {"login": "github-actions[bot]"}, "body": MARK + "old"}
    false = {"id": 11, "user": {"login": "stranger"}, "body": MARK + "not ours"}
    other = {"id": 10, "user": {"login": "github-actions[bot]"}, "body": "other"}
    calls, _ = comment("new\n", comments=[other, false, ours])
    assert calls[-1][:4] == ["api", "--method", "PATCH", "repos/o/r/issues/comments/12"]
    calls, _ = comment("new\n", comments=[other, false])
    assert calls[-1][:4] == ["api", "--method", "POST", "repos/o/r/issues/7/comments"]


@pytest.mark.parametrize(
    "case",
    [{"sha": "gone"}, {"size": 10_000_000}, {"review": ""}, {"name": "../review.md"}],
    ids=["no pull request", "too large", "nothing of the library", "a name that climbs out"],
)
def test_nothing_is_said_where_there_is_nothing_to_say(case, comment):
    assert comment(**({"review": "text"} | case))[1] is None


def test_a_bomb_is_cut(comment):
    _, body = comment("@" * 30_000_000)
    assert len(body) <= 2 * 50_000 + len(MARK)


def test_names_of_a_stranger_are_data(comment, tmp_path):
    calls, _ = comment("text\n", title='$(touch hacked)";touch hacked;#')
    assert not (tmp_path / "hacked").exists()
    assert 'head=stranger:$(touch hacked)";touch hacked;#' in calls[0]
