# Every target works from a clean clone with Python 3.11 or newer and nothing else installed.
PYTHON ?= python3
BIN := .venv/bin

# The commit's time, so that the same commit gives the same bytes.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || date +%s)

.PHONY: publish assets serve test lint types unit accept bench schema lock bench-lock accept-lock clean help

help:            ## list the targets
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 14

# The days after which there was a release, as if coding had kept pace with the news: each holds what
# sources published by then tell. A day that a release in dist/ reaches already is passed over.
DAYS ?= 2025-12-29 2025-12-30 2025-12-31 2026-01-02 2026-01-06

publish: .venv/installed assets ## publish data/ into dist/: Parquet, metadata, checksums and the site
	@for day in $(DAYS); do $(BIN)/allegata publish data --out dist --until $$day --no-site --quiet || exit; done
	$(BIN)/allegata publish data --out dist

SCRIPTS := src/allegata/site/scripts
assets: ## make what the site runs in a browser (SQL, previews, viewer); needs npm
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(SCRIPTS)/built/query.js; \
	else echo "npm is not there: the site shows the first rows of tables, but no SQL, no paging and no viewer" >&2; fi

$(SCRIPTS)/built/query.js: $(SCRIPTS)/package-lock.json $(wildcard $(SCRIPTS)/*.js $(SCRIPTS)/*.mjs)
	@npm ci --prefix $(SCRIPTS) --ignore-scripts --no-audit --no-fund --silent && node $(SCRIPTS)/build.mjs \
	    || echo "npm cannot have its packages: the site shows the first rows of tables, but no SQL, no paging and no viewer" >&2

serve: publish   ## look at the published site on http://127.0.0.1:8000
	$(PYTHON) -m http.server --bind 127.0.0.1 --directory dist/site 8000

test: lint types unit ## everything: lint, import directions, types, tests

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/installed-dev
	$(BIN)/mypy

unit: .venv/installed-dev .venv/installed-npm assets
	$(BIN)/pytest --numprocesses auto --dist loadfile

# Peers that cannot share an environment have one each; one that cannot be made is told of and
# passed over.
PEERS := frames frictionless linkml datacontract
SUITE ?= all
ROWS ?= 1000000
RUNS ?= 5

bench: .venv/installed $(PEERS:%=.venv-bench/%/installed) ## measure (SUITE=bulk ROWS=20000 RUNS=1 for a trial), and make docs/benchmarks.md
	PYTHONPATH=src:tests $(BIN)/python -m benchmarks --suite $(SUITE) --rows $(ROWS) --runs $(RUNS)

.venv-bench/%/installed: tests/benchmarks/requirements/%.lock
	@rm -rf $(@D)
	@{ $(PYTHON) -m venv $(@D) && $(@D)/bin/pip install --quiet --disable-pip-version-check \
	    --require-hashes -r $< && touch $@; } \
	    || { rm -rf $(@D); echo "$*: cannot be installed, and is not measured" >&2; }

# Each validator and reader has the environment it asks for; one that cannot be made is told of, and
# what needs it is not run. They are made two at a time.
ACCEPT := frames spark metadata croissant rdf citation contract datapackage http exports
ONLY ?=

accept: .venv/installed ## put releases to other people's readers and validators (ONLY=polars for a part), and make docs/acceptance.md
	@$(MAKE) --no-print-directory --jobs 2 $(ACCEPT:%=.venv-accept/%/installed) \
	    tests/acceptance/node/node_modules/installed
	PYTHONPATH=$(CURDIR)/src:$(CURDIR)/tests $(BIN)/python -m acceptance --only "$(ONLY)"

.venv-accept/%/installed: tests/acceptance/requirements/%.lock
	@rm -rf $(@D)
	@{ $(PYTHON) -m venv $(@D) && $(@D)/bin/pip install --quiet --disable-pip-version-check \
	    --no-compile --require-hashes -r $< && touch $@; } \
	    || { rm -rf $(@D); echo "$*: cannot be installed, and what needs it is not run" >&2; }

# check-datapackage needs Python 3.12, which may be there beside the Python of the project.
PYTHONS = $(PYTHON) python3.14 python3.13 python3.12 $(wildcard $(HOME)/.pyenv/versions/3.1[2-9]*/bin/python3)
.venv-accept/datapackage/installed: PYTHON := $(firstword $(foreach python,$(PYTHONS),$(shell \
    $(python) -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && echo $(python))) $(PYTHON))

tests/acceptance/node/node_modules/installed: tests/acceptance/node/package-lock.json
	@if command -v npm >/dev/null; then \
	    npm ci --prefix tests/acceptance/node --ignore-scripts --no-audit --no-fund --silent && touch $@; \
	else echo "npm is not there: readers in JavaScript are not run"; fi

schema: .venv/installed ## write the schema as it stands to schema/<version>/
	$(BIN)/allegata schema freeze --refresh

lock: ## renew requirements*.lock from pyproject.toml (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	    --no-emit-index-url --group build --group site pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	    --no-emit-index-url --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock

bench-lock: ## renew the peers' lock files (needs uv)
	for peer in $(PEERS); do \
	    uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	        --no-emit-index-url $$([ $$peer = datacontract ] || echo -c requirements-dev.lock) \
	        tests/benchmarks/requirements/$$peer.in -o tests/benchmarks/requirements/$$peer.lock || exit 1; \
	done

accept-lock: ## renew the lock files of readers and validators (needs uv and npm)
	for name in $(ACCEPT); do \
	    uv pip compile -q --universal --python-version $$([ $$name = datapackage ] && echo 3.12 || echo 3.11) \
	        --generate-hashes --no-annotate --no-header --no-emit-index-url \
	        tests/acceptance/requirements/$$name.in -o tests/acceptance/requirements/$$name.lock || exit 1; \
	done
	npm install --prefix tests/acceptance/node --package-lock-only --omit-lockfile-registry-resolved \
	    --ignore-scripts --no-audit --no-fund

clean: ## remove what the other targets made
	rm -rf .venv .venv-bench .venv-accept .accept dist tests/node/node_modules tests/acceptance/node/node_modules $(SCRIPTS)/node_modules $(SCRIPTS)/built .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "Allegata needs Python 3.11 or newer: make PYTHON=python3.12 …" >&2; exit 3; }
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python requirements.lock pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# What npm offers is optional: the tests that need it say so and are skipped without it.
.venv/installed-npm: .venv/bin/python tests/node/package-lock.json
	@if command -v npm >/dev/null; then \
	    npm ci --prefix tests/node --ignore-scripts --no-audit --no-fund --silent && touch $@; \
	else echo "npm is not there: tests that need its packages are skipped"; fi

.venv/installed-dev: .venv/installed requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
