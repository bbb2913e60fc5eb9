# `make serve` needs Python 3.11 or newer, its venv module, and make; it makes the rest in .venv/ from the lock file.
# Where npm is, the query form gets its editor (package.json); without npm or network everything else works as well.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
PACKAGES := data loaders ontology queries server
VENDOR := server/static/vendor/LICENSES.txt

.PHONY: serve build validate test lint bench growth fuzz soak lock clean
.DEFAULT_GOAL := serve

serve: .venv/.installed $(VENDOR)
	$(BIN)/msevidence serve --build --host $(HOST) --port $(PORT)

build: .venv/.installed $(VENDOR)
	$(BIN)/msevidence build

validate: .venv/.installed
	$(BIN)/msevidence validate

test: .venv/.developed $(VENDOR)
	$(BIN)/python -m pytest

lint: .venv/.developed .typing/msevidence
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/.developed
	$(BIN)/python -m tests.bench

growth: .venv/.developed
	$(BIN)/python -m tests.bench.growth --studies 1000 --studies 10000

# These take an hour or so each; `.ci/run` does a small part of the same.
fuzz: .venv/.developed
	$(BIN)/python -m tests.fuzz queries --count 1000000 --json build/fuzz-queries.json
	$(BIN)/python -m tests.fuzz files --per-loader 5000 --commands 500 --json build/fuzz-files.json

soak: .venv/.developed
	$(BIN)/python -m tests.soak --seconds 3600 --seed 1 --json build/soak.json
	$(BIN)/python -m tests.attacks --members 20

# The locks are made by pip-tools from pyproject.toml alone; hashes cover every file of a version, so any machine will do.
lock: .venv/.developed
	$(BIN)/pip-compile --quiet $(COMPILE) --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet $(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

COMPILE := --generate-hashes --all-build-deps --allow-unsafe --strip-extras --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

clean:
	rm -rf .venv .typing .mypy_cache .pytest_cache .ruff_cache build dist msevidence.egg-info node_modules server/static/vendor

# The environment is made anew when the lock changes: what is no longer locked must not stay.
.venv/.installed: requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with make PYTHON=…")'
	"$(PYTHON)" -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv/.developed: .venv/.installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# What of the pages others wrote. It never stops a target: what could not be fetched is left out, and tried again next time.
$(VENDOR): package.json package-lock.json server/vendor.mjs
	@if ! command -v npm >/dev/null; then \
		echo "npm is not here: the query form comes without its editor"; \
	elif npm ci --ignore-scripts --loglevel=error --fetch-retries=1 >/dev/null && node server/vendor.mjs; then :; else \
		echo "its packages could not be fetched: the query form comes without its editor"; \
	fi

# mypy finds msevidence.<folder> through this tree of links, since the folders lie at the top (pyproject.toml).
.typing/msevidence:
	mkdir -p $@
	for package in $(PACKAGES); do ln -sfn ../../$$package $@/$$package; done
