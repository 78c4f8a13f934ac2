# Fieldhouse: a venv of its own, nothing else on the machine is touched.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help env up down test lint bench

help:
	@echo "make up     build and start the platform (ARGS=\"--detach --scale 0.2\" passes options on)"
	@echo "make down   stop it"
	@echo "make test   lint, then every test"
	@echo "make lint   style, imports, SQL, secrets"
	@echo "make bench  measures against external instances (ARGS=\"churn --data DIR --out DIR\")"

env: .venv/.synced

.venv/.synced: pyproject.toml uv.lock
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing. Expected: python3, version 3.11 to 3.13. Remedy: install it, or name it: make up PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 14) else "Found Python %d.%d. Expected: 3.11 to 3.13 (3.11 or 3.12 for Superset). Remedy: make up PYTHON=python3.12" % v)'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python lacks its venv module. Remedy: install it (Debian: python3-venv)"; exit 1; }
	@test -x $(BIN)/python || { echo "· environment: .venv/"; $(PYTHON) -m venv .venv; }
	@test -x $(BIN)/uv || { echo "· uv"; $(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"; }
	@echo "· packages (frozen by uv.lock)"
	@VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv sync --frozen --python $(CURDIR)/$(BIN)/python
	@touch $@

up: env
	@$(BIN)/fieldhouse up $(ARGS)

down: env
	@$(BIN)/fieldhouse down

lint: env
	@$(BIN)/pre-commit run --all-files --show-diff-on-failure

test: lint
	@$(BIN)/python -m pytest $(ARGS)

bench: env
	@$(BIN)/fieldhouse bench $(ARGS)
