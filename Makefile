# Everything sets itself up in .venv/: a fresh clone needs python3 (3.11 to 3.13) with its venv module, and make.
#
#   make run        the server on ports 10025, 10143, 10080, ... (PORT_OFFSET, BIND, DATA_DIR, DATABASE_URL in .env)
#   make test       the tests          make test-slow   those with their own target
#   make install    only the packages (docs/admin-guide.md)
#   make check      linters, types, layers
#   make bench      the benchmarks     make lock        requirements/*.txt anew from *.in

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
# The first that really runs and is new enough: a shim on the PATH may name a version that is not there.
NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do $$name $(NEW_ENOUGH) && { echo $$name; break; }; done)
PACKAGES := adminconsole config delivery directory mailformat mailstore protocols security webmail
PYTEST_ARGS ?=
# A file's tests stay together in one process; more than four would start a server, a browser and a database each.
WORKERS ?= auto
PARALLEL := -n $(WORKERS) --maxprocesses 4 --dist loadfile

.PHONY: help install run test test-slow check bench lock clean

help:
	@sed -n 's/^#   //p' Makefile

# --- the environment

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is missing. Debian, Ubuntu: apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) $(NEW_ENOUGH) || { echo "$(PYTHON) is not Python 3.11 or newer. Name one: make PYTHON=python3.12 ..."; exit 1; }
	@if $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then $(PYTHON) -m venv $(VENV); \
	elif command -v virtualenv >/dev/null; then virtualenv -q -p $(PYTHON) $(VENV); \
	else echo "$(PYTHON) cannot make virtual environments. Debian, Ubuntu: apt install python3-venv; elsewhere: pip install --user virtualenv"; exit 1; fi

# Only what the locks name, with their hashes, and only when a lock changed.
$(VENV)/.base: requirements/base.txt | $(BIN)/python
	@echo "Installing the packages of requirements/base.txt"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	@echo "Installing the packages of requirements/dev.txt"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# --- the server

install: $(VENV)/.base

run: $(VENV)/.base
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py createlab
	@exec $(BIN)/python manage.py runmailservices

# --- the developer's

test: $(VENV)/.dev
	@$(BIN)/python -m pytest -m "not slow" $(PARALLEL) $(PYTEST_ARGS)

test-slow: $(VENV)/.dev
	@$(BIN)/python -m pytest -m slow $(PARALLEL) $(PYTEST_ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(PACKAGES)
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/python -m pytest tests/architecture

bench: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.run $(BENCH_ARGS)

# pip-compile lives in an environment of its own, so that it is not among what it locks.
$(VENV)/lock/bin/pip-compile: | $(BIN)/python
	@$(PYTHON) -m venv $(VENV)/lock
	@$(VENV)/lock/bin/pip install -q --disable-pip-version-check pip-tools

# No address of a registry in the locks: they serve whatever index pip is set up with.
LOCK_OPTIONS := -q --generate-hashes --strip-extras --allow-unsafe --no-header \
  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

lock: $(VENV)/lock/bin/pip-compile
	cd requirements && ../$(VENV)/lock/bin/pip-compile $(LOCK_OPTIONS) -o base.txt base.in
	cd requirements && ../$(VENV)/lock/bin/pip-compile $(LOCK_OPTIONS) -o dev.txt dev.in

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
