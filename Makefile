# Every verb sets itself up. Needs Python 3.11 or newer with venv, make and a package index.
PYTHON ?= python3
VENV   ?= .venv
UV      = uv==0.13.8
BIN     = $(VENV)/bin
READY   = $(VENV)/.ready
export UV_PYTHON_DOWNLOADS = never
export UV_SYSTEM_CERTS = 1

.DEFAULT_GOAL := help
.PHONY: help setup run worker migrate test check fix lock bench proof browser try

help:
	@echo 'make run      the demo on 127.0.0.1:8000        make test     the whole suite'
	@echo 'make worker   workers and scheduler (Redis)     make check    lint, types, order of the house'
	@echo 'make migrate  newest schema                     make fix      format and simple repairs'
	@echo 'make bench    figures                           make proof    long proofs of the book'
	@echo 'make browser  a Chromium for the browser test'
	@echo 'make lock     renew requirements.lock           make try S="table for 4 tomorrow at 8"'

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Tabletalk needs Python 3.11 or newer: make PYTHON=python3.12 ...'; exit 1; }
	@{ $(BIN)/python -m pip install --quiet --disable-pip-version-check $(UV) && \
	   $(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock && \
	   $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e . ; } || \
	 { echo 'uv could not do it, trying pip'; \
	   $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	   $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; }
	@touch $@

# The demo is the demo: whatever an .env here says is for a house of one's own.
run: export TABLETALK_ENV_FILE =
run: $(READY)
	@$(BIN)/tabletalk migrate
	@$(BIN)/tabletalk load demo/aurora.toml
	@TABLETALK_SIMULATOR=true $(BIN)/tabletalk serve

worker: $(READY)
	@$(BIN)/tabletalk worker

migrate: $(READY)
	@$(BIN)/tabletalk migrate

test: $(READY)
	@$(BIN)/pytest -n 2 $(T)

check: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@! git grep -nIE '$(FORBIDDEN)' -- . ':!requirements.lock' || \
		{ echo 'Above: a package registry, a path of one machine, or a secret in a committed file.'; exit 1; }
	@! git grep -nIE '^--(extra-)?index-url|^--find-links' -- requirements.lock

# Written so that the pattern does not find itself.
FORBIDDEN = py[p]i\.org|pythonhoste[d]\.org|registry\.npm[j]s|np[m]js\.com|deb\.debia[n]|(^|[^A-Za-z0-9_.])/(wor[k]|roo[t]|hom[e])/|[0-9]{8,10}:[A-Za-z0-9_-]{35}|\b(AC|SK)[0-9a-f]{32}\b|BEGIN [A-Z ]*PRIVAT[E] KEY

fix: $(READY)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: $(READY)
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
		--no-emit-index-url --generate-hashes --no-header --quiet -o requirements.lock

bench: $(READY)
	@$(BIN)/python -m bench

# Longer than the tests: P=crash runs one of them.
proof: $(READY)
	@$(BIN)/python -m proof $(P)

browser:
	@if command -v chromium >/dev/null 2>&1 || test -n "$$CHROMIUM_PATH"; then echo 'A Chromium is here.'; \
	elif command -v apt-get >/dev/null 2>&1 && test "$$(id -u)" = 0; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else echo 'No apt-get here (or not root): set CHROMIUM_PATH to a Chromium; without it the browser test is skipped.'; fi

try: $(READY)
	@$(BIN)/tabletalk understand "$(S)"
