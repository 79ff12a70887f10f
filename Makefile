# `make demo` runs the whole job on the bundled simulated sites; `make test` checks everything. Each sets up what it needs.
.PHONY: help demo sandbox test check lint fmt clean browser
.DEFAULT_GOAL := help
SHELL := /bin/bash

# The first Python that is new enough. `make PYTHON=/path/to/python3 …` names another.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c '$(NEW_ENOUGH)' 2>/dev/null && { echo $$p; break; }; done)

PY := .venv/bin/python
# The stamp's name holds a sum of all that was installed, and from where: a changed lock, a `.venv` made by something else
# and a checkout that was moved are all told apart from one that is ready.
STAMP := .venv/ready-$(shell { cat requirements-dev.lock pyproject.toml; pwd; } | cksum | cut -d' ' -f1)
# Where Python may keep nothing that it compiled, each process of the tests, and each command that they start, compiles the
# whole program anew: a fifth of all their time.
unexport PYTHONDONTWRITEBYTECODE
WORKERS := $(shell [ "$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)" -ge 2 ] && echo '-n 4 --dist worksteal')

help:
	@echo 'make demo   run the whole job on the bundled simulated sites, in a real browser'
	@echo 'make sandbox  serve the simulated sites to rehearse on, with settings that lead there in rehearsal/'
	@echo 'make test   lint, types, import contracts and all tests (PYTEST_ARGS="-k word" narrows the last)'
	@echo 'make check  the same with those tests alone that need no browser: for a person, before each commit'
	@echo 'make lint   the same without the tests'
	@echo 'make fmt    format, and mend what ruff can mend'
	@echo 'make clean  remove the virtual environment, caches and evidence of runs'

demo: $(STAMP) browser
	.venv/bin/fankuan demo

sandbox: $(STAMP) browser
	.venv/bin/fankuan sandbox --config rehearsal

test: lint browser
	$(PY) -m pytest $(WORKERS) $(PYTEST_ARGS)

check: lint
	$(PY) -m pytest $(WORKERS) -m 'quick and not postgres'

lint: $(STAMP)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -c 'from importlinter.cli import lint_imports_command as run; run()'

fmt: $(STAMP)
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

browser: $(STAMP)
	@$(PY) scripts/setup_browser.py

$(STAMP):
	@[ -n '$(PYTHON)' ] && '$(PYTHON)' -c '$(NEW_ENOUGH)' || { \
		echo 'fankuan needs Python 3.11 or newer: install it, or name one by `make PYTHON=/path/to/python3`.' >&2; exit 1; }
	@$(PY) -c '$(NEW_ENOUGH)' 2>/dev/null || rm -rf .venv  # what cannot run, or is too old, is of no use
	@echo 'Setting up .venv'
	@'$(PYTHON)' -m venv .venv || { \
		echo 'Python cannot make a virtual environment here. On Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	@$(PY) -m pip install -qq --no-input --disable-pip-version-check \
		--require-hashes --only-binary=:all: -r requirements-dev.lock
	@$(PY) -m pip install -qq --no-input --disable-pip-version-check --no-deps --no-build-isolation -e .
	@rm -f .venv/ready-* && touch $@

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist var
	find screenshots -mindepth 1 ! -name .gitkeep -delete
	find agent tests scripts -name __pycache__ -prune -exec rm -rf {} +
