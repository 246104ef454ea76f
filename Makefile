# Each target sets up what it needs: `make demo` and `make test` work in a fresh checkout.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test lint bench lock clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV := $(shell command -v uv 2>/dev/null)
CODE := bot handlers storage tests bench
# One more than two cores: journeys and browsers mostly wait.
WORKERS ?= 3
PYTEST_ARGS ?=

help: ## show these lines
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /: /'

setup: $(READY) ## make .venv with everything in it; .venv/bin/dext-bot is the command

demo: $(READY) ## run the main job on this machine: no accounts, no servers
	@$(BIN)/dext-bot demo

test: $(READY) ## run the tests, with branch coverage
	@$(BIN)/python -m pytest -n $(WORKERS) --cov --cov-branch $(PYTEST_ARGS)

lint: $(READY) ## style, types, import rules, lock files
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/mypy
	@$(BIN)/mypy tests bench
	@$(BIN)/lint-imports
	@if grep -nE '://|--(extra-)?index-url|--find-links' requirements*.txt; then \
	  echo 'A lock file names a host: make it again with `make lock`.' >&2; exit 1; fi

bench: $(READY) ## measure: acknowledgements against bare slack-bolt, start, memory, a long list, suppliers
	@$(BIN)/python -m bench.run
	@$(BIN)/python -m bench.lists
	@$(BIN)/python -m bench.suppliers

lock: ## resolve the dependencies anew (needs uv)
	@command -v uv >/dev/null || { echo 'make lock needs uv: https://docs.astral.sh/uv' >&2; exit 1; }
	uv pip compile -q --upgrade --universal --generate-hashes --python-version 3.11 \
	  pyproject.toml -o requirements.txt
	uv pip compile -q --upgrade --universal --generate-hashes --python-version 3.11 \
	  --constraint requirements.txt --extra dev pyproject.toml -o requirements-dev.txt

clean: ## remove what was made here (not your data)
	rm -rf $(VENV) dist build htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache \
	  .import_linter_cache .hypothesis

# The environment is made once, and brought up to date when the lock or the project file changes.
$(READY): requirements-dev.txt pyproject.toml
ifneq ($(UV),)
	@test -x $(BIN)/python || uv venv --quiet $(if $(filter file,$(origin PYTHON)),--python '>=3.11',--python '$(PYTHON)') $(VENV)
	@uv pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.txt
	@uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
else
	@command -v $(PYTHON) >/dev/null || { \
	  echo '$(PYTHON) is not there: install Python 3.11 or newer, or say which with PYTHON=…' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is $$($(PYTHON) --version 2>&1): Python 3.11 or newer is needed; say which with PYTHON=…" >&2; \
	  exit 1; }
	@test -x $(BIN)/python -a -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV) || { \
	  echo 'No environment could be made: install the venv module (Debian: apt install python3-venv).' >&2; \
	  exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endif
	@touch $@
