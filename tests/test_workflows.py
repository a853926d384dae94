"""The workflows are valid, and a stranger's pull request gets no right and no secret from them."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

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
def test_a_stranger_can_only_read(path):
    text = path.read_text("utf-8")
    workflow = yaml.load(text, yaml.BaseLoader)  # to the other loaders the key `on` is a boolean
    events = {workflow["on"]} if isinstance(workflow["on"], str) else set(workflow["on"])

    assert events <= {"push", "pull_request", "workflow_dispatch"}  # each other one may run with the rights of main
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets." not in text
    if "pull_request" in events:
        assert not [job for job in workflow["jobs"].values() if {"permissions", "environment"} & set(job)]
