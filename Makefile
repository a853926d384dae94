# make site | packs | serve | editor | check | import FILE=… | test | fuzz | profile | lock | audit | clean:
# needs only make and Python 3.11 or later. Without make (Windows): pip install -r requirements.txt && mkdocs build
.PHONY: site packs serve editor check import test fuzz profile lock audit clean
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

site: .venv/site.stamp
	$(BIN)/mkdocs build --site-dir site

# The offline copies that the site offers: CAPITALISE_DOWNLOADS=build/packs make site
packs: .venv/site.stamp
	$(BIN)/capitalise packs build/packs

serve: .venv/site.stamp .vscode/capitalise.code-snippets
	$(BIN)/capitalise serve

# A form in the browser, without internet; what is saved goes into products/.
editor: .venv/site.stamp
	$(BIN)/capitalise editor

check: .venv/site.stamp
	$(BIN)/capitalise check

# A Word or LibreOffice document becomes a product: make import FILE="ma fiche.docx" [ARGS="--kind session"]
import: .venv/word.stamp
	@$(BIN)/capitalise import $(ARGS) "$(FILE)" || test $$? = 1  # 1: there is still something to mend, and it was said

test: .venv/test.stamp
	@command -v "$${CHROMIUM:-chromium}" >/dev/null || .ci/debian chromium fonts-dejavu-core
	@command -v "$${FIREFOX:-firefox-esr}" >/dev/null || command -v firefox >/dev/null || .ci/debian firefox-esr
	@{ command -v mcopy && PATH="$$PATH:/usr/sbin:/sbin" command -v mkfs.vfat && PATH="$$PATH:/usr/sbin:/sbin" command -v mkfs.exfat; } >/dev/null || .ci/debian dosfstools mtools exfatprogs
	$(BIN)/ruff check -q .
	$(BIN)/pytest -q -rs -n auto --dist loadfile

# Where a build's time goes: make profile [SHEETS=250]
profile: .venv/test.stamp
	@$(BIN)/python bench/costliest.py $(SHEETS)

# Broken and hostile contributions by the ten thousand: make fuzz [SECONDS=900]. What it finds is kept in build/fuzz/.
fuzz: .venv/test.stamp
	$(BIN)/python -m fuzz --seconds $(or $(SECONDS),900)

# After a change of a package in pyproject.toml: versions and hashes, and the licences of what came with them.
lock:
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install -q $$(sed -n 's/^ *"\(uv==[0-9.]*\)".*/\1/p' pyproject.toml)
	build/lock/bin/python tools/lock.py
	$(MAKE) .venv/test.stamp
	$(BIN)/python tools/third_party.py

# Known faults of what we install; says so where the database can't be asked.
audit:
	$(PYTHON) -m venv build/audit
	build/audit/bin/pip install -q --require-hashes --only-binary :all: -r requirements-audit.txt
	build/audit/bin/python tools/audit.py

# What Visual Studio Code completes from: fields, sections, and the terms that there are today.
.vscode/capitalise.code-snippets: $(wildcard $(or $(CAPITALISE_PRODUCTS),products)/vocabularies/*.yml \
	hooks/capitalise/*.py hooks/capitalise/data/*.py hooks/capitalise/locale/*.yml) | .venv/site.stamp
	@$(BIN)/capitalise schema --out .vscode >/dev/null

# The environment stays: delete .venv to have it made anew.
clean:
	rm -rf site .site.new-* build .cache .pytest_cache .ruff_cache hooks/*.egg-info
	find hooks tests bench fuzz tools -name __pycache__ -prune -exec rm -rf {} +

# A contributor's machine gets what the site needs, and not the browser's driver and the rest that the tests need.
# Only files whose hashes are locked are installed, and none that would run a program of its own to be built.
INSTALL := $(BIN)/python -m pip install -q --require-hashes --only-binary :all: -r
OURS := $(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .

.venv/site.stamp: pyproject.toml requirements.txt | .venv/bin/python
	$(INSTALL) requirements.txt
	$(OURS)
	@touch $@

.venv/word.stamp: pyproject.toml requirements-word.txt | .venv/bin/python
	$(INSTALL) requirements-word.txt
	$(OURS)
	@touch $@ .venv/site.stamp

.venv/test.stamp: pyproject.toml requirements-test.txt | .venv/bin/python
	$(INSTALL) requirements-test.txt
	$(OURS)
	@touch $@ .venv/word.stamp .venv/site.stamp

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 ou plus récent est nécessaire, ici %s (make PYTHON=...).\nPython 3.11 or later is needed, here %s (make PYTHON=...)." % (2 * (sys.version.split()[0],)))'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || .ci/debian python3-venv
	$(PYTHON) -m venv .venv
