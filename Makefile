# make site | packs | serve | editor | check | import FILE=… | test | profile | clean: needs only make and Python 3.11 or later.
# Without make (Windows): pip install -c requirements.txt -e . && mkdocs build
.PHONY: site packs serve editor check import test profile clean
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
	$(BIN)/mkdocs serve

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
	$(BIN)/pytest -q -rs

# Where a build's time goes: make profile [SHEETS=250]
profile: .venv/test.stamp
	@$(BIN)/python bench/costliest.py $(SHEETS)

# What Visual Studio Code completes from: fields, sections, and the terms that there are today.
.vscode/capitalise.code-snippets: $(wildcard $(or $(CAPITALISE_PRODUCTS),products)/vocabularies/*.yml \
	hooks/capitalise/*.py hooks/capitalise/data/*.py hooks/capitalise/locale/*.yml) | .venv/site.stamp
	@$(BIN)/capitalise schema --out .vscode >/dev/null

# The environment stays: delete .venv to have it made anew.
clean:
	rm -rf site .site.new-* build .cache .pytest_cache .ruff_cache hooks/*.egg-info
	find hooks tests bench -name __pycache__ -prune -exec rm -rf {} +

# A contributor's machine gets what the site needs, and not the browser's driver and the rest that the tests need.
.venv/site.stamp: pyproject.toml requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install -q -c requirements.txt -e .
	@touch $@

.venv/word.stamp: .venv/site.stamp
	$(BIN)/python -m pip install -q -c requirements.txt -e '.[word]'
	@touch $@

.venv/test.stamp: pyproject.toml requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install -q -c requirements.txt -e '.[test,tools]'
	@touch $@ .venv/site.stamp

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 ou plus récent est nécessaire, ici %s (make PYTHON=...).\nPython 3.11 or later is needed, here %s (make PYTHON=...)." % (2 * (sys.version.split()[0],)))'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || .ci/debian python3-venv
	$(PYTHON) -m venv .venv
