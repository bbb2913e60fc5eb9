# `make serve` needs Python 3.11 or newer, its venv module, and make; it makes the rest in .venv/ from the lock file.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
PACKAGES := data loaders ontology queries server

.PHONY: serve build validate test lint bench lock clean
.DEFAULT_GOAL := serve

serve: .venv/.installed
	$(BIN)/msevidence serve --build --host $(HOST) --port $(PORT)

build: .venv/.installed
	$(BIN)/msevidence build

validate: .venv/.installed
	$(BIN)/msevidence validate

test: .venv/.developed
	$(BIN)/python -m pytest

lint: .venv/.developed .typing/msevidence
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/.developed
	$(BIN)/python -m tests.bench

# The locks are made by pip-tools from pyproject.toml alone; hashes cover every file of a version, so any machine will do.
lock: .venv/.developed
	$(BIN)/pip-compile --quiet $(COMPILE) --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet $(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

COMPILE := --generate-hashes --all-build-deps --allow-unsafe --strip-extras --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

clean:
	rm -rf .venv .typing .mypy_cache .pytest_cache .ruff_cache build dist msevidence.egg-info

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

# mypy finds msevidence.<folder> through this tree of links, since the folders lie at the top (pyproject.toml).
.typing/msevidence:
	mkdir -p $@
	for package in $(PACKAGES); do ln -sfn ../../$$package $@/$$package; done
