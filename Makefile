# Silkgate: `make demo` shows it at work, `make test` proves it. Both make their own virtual
# environment; they need Python 3.11-3.13 and make, nothing else.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13)))' 2>/dev/null \
	&& echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes --only-binary :all:

.PHONY: help demo test lint format types bench eval fuzz attack soak faults lock wheels clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(VENV)/.run: deploy/requirements/run.txt deploy/requirements/build.txt pyproject.toml $(wildcard native/*.[ch]) native/build.py
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(PIP) -r deploy/requirements/run.txt -r deploy/requirements/build.txt
	$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run deploy/requirements/dev.txt
	$(PIP) -r deploy/requirements/dev.txt
	@touch $@

demo: $(VENV)/.run ## send sample exports through a gateway to a sink, and verify the log
	$(BIN)/silkgate demo

test: $(VENV)/.dev ## run all tests
	$(BIN)/python -m pytest

lint: $(VENV)/.dev ## lint and format check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.dev ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.dev ## strict type check
	$(BIN)/mypy

bench: $(VENV)/.dev ## measure, as ratios within one run
	$(BIN)/python -m benchmarks

eval: $(VENV)/.dev ## precision and recall on our own development sets
	$(BIN)/python -m benchmarks.eval.records
	$(BIN)/python -m benchmarks.eval.breadth
	$(BIN)/python -m benchmarks.eval.spans
	$(BIN)/python -m benchmarks.eval.text

fuzz: $(VENV)/.dev ## fuzz codecs, canonicaliser, configuration and targets, a minute each
	$(BIN)/python -m tests.fuzz --seconds 60

attack: $(VENV)/.dev ## fire the attacks at a gateway and print what got through
	$(BIN)/python -m benchmarks.bypass

soak: $(VENV)/.dev ## an hour at half load: flat memory, a log that verifies
	$(BIN)/python -m benchmarks.soak --minutes 60

faults: $(VENV)/.dev ## long fault runs on the audit log; says what it needs
	$(BIN)/python -m tests.faults.rounds

lock: ## lock dependencies anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --custom-compile-command "make lock" $(UPGRADE) pyproject.toml -o deploy/requirements/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --custom-compile-command "make lock" $(UPGRADE) -c deploy/requirements/run.txt \
		pyproject.toml --extra postgres --extra otel -o deploy/requirements/container.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --custom-compile-command "make lock" $(UPGRADE) -c deploy/requirements/run.txt \
		pyproject.toml --group dev --extra postgres --extra otel -o deploy/requirements/dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --custom-compile-command "make lock" $(UPGRADE) deploy/requirements/build.in -o deploy/requirements/build.txt

wheels: ## check that every dependency has a wheel for each platform we support (needs uv)
	@for python in 3.11 3.12 3.13; do for machine in x86_64 aarch64; do \
		uv pip install --quiet --dry-run --only-binary :all: --require-hashes --target build/wheels \
			--python-version $$python --python-platform $$machine-manylinux_2_34 \
			-r deploy/requirements/dev.txt && echo "ok: CPython $$python, Linux $$machine" || exit 1; \
	done; done

clean: ## remove the virtual environment and what was built
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
