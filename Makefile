# Offramp from a clean clone: only Python 3.12 or newer, make and a network are assumed.
#   make demo                                      runs the defining case, a sweep and a comparison
#   make test PYTEST_ARGS="-k ladder"              some of the tests
#   make test VENV=.venv-3.13 PYTHON=python3.13    another Python, in an environment of its own

VENV ?= .venv
PYTHON ?=
WORKERS ?= 2
PYTEST_ARGS ?=
PARTS ?=

BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO := results/demo
DEMO_NAME := $(DEMO)/threat-credibility
# Looked for in this order; a name that exists but does not run (a pyenv shim) is passed over.
PYTHONS := $(if $(PYTHON),"$(PYTHON)",python3.13 python3.12 python3 python)

.DEFAULT_GOAL := help
.PHONY: help setup test lint format demo browser pictures bench soak gambit reference lock clean
.DELETE_ON_ERROR:

help:  ## Show these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

setup: $(READY)  ## Make .venv with the pinned packages and the offramp command
	@:

$(READY): requirements.lock pyproject.toml
	@set -e; start=$$(date +%s); \
	if ! "$(BIN)/python" -c "import pip" 2>/dev/null; then \
	  found=; \
	  for name in $(PYTHONS); do \
	    if "$$name" -c "import sys; sys.exit(sys.version_info < (3, 12))" 2>/dev/null; \
	    then found=$$name; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "No Python 3.12 or newer runs as:" $(PYTHONS) "- name one with PYTHON=..." >&2; exit 1; \
	  fi; \
	  "$$found" -m venv --clear "$(VENV)"; \
	fi; \
	echo "$(VENV): $$("$(BIN)/python" --version), installing requirements.lock"; \
	awk '/^uv==/ {on = 1} on {print} on && !/\\$$/ {exit}' requirements.lock > "$(VENV)/uv.lock"; \
	{ "$(BIN)/python" -m pip install -qq --disable-pip-version-check --no-deps --require-hashes \
	    -r "$(VENV)/uv.lock" && \
	  "$(BIN)/uv" pip sync -q --compile-bytecode --python "$(BIN)/python" --require-hashes \
	    --only-binary :all: --no-binary solara-assets requirements.lock; } || { \
	  echo "uv could not; trying pip (slower)"; \
	  "$(BIN)/python" -m pip install -qq --disable-pip-version-check --no-deps --require-hashes \
	    -r requirements.lock; }; \
	"$(BIN)/python" -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation \
	  --editable .; \
	touch "$@"; \
	echo "$(VENV): ready after $$(($$(date +%s) - start)) s"

test: setup  ## Run the tests (PYTEST_ARGS adds to pytest's arguments)
	@"$(BIN)/python" -m pytest -n $(WORKERS) $(PYTEST_ARGS)

lint: setup  ## Check style, format, types and the direction of imports
	@"$(BIN)/ruff" check
	@"$(BIN)/ruff" format --check
	@"$(BIN)/mypy"
	@"$(BIN)/lint-imports" --no-logo

format: setup  ## Bring the code into the format that lint wants
	@"$(BIN)/ruff" check --fix --quiet || true
	@"$(BIN)/ruff" format

demo: setup  ## Run January 2020, sweep the threats' credibility, compare (about a minute)
	@rm -rf "$(DEMO)" && mkdir -p "$(DEMO)"
	@echo "== offramp run: 1,000 runs of January 2020, from the first strike"
	@"$(BIN)/offramp" run january-2020 --replicates 1000
	@echo "== offramp sweep: 11 credibilities of threats, 300 runs each"
	@"$(BIN)/offramp" sweep january-2020 --vary threat_credibility=0:1:11 --replicates 300 \
	  --out "$(DEMO_NAME).csv"
	@echo "== offramp compare: outcomes by credibility"
	@"$(BIN)/offramp" compare "$(DEMO_NAME).csv" --by threat_credibility --out "$(DEMO_NAME).html"
	@echo "Rows: $(DEMO_NAME).csv"
	@echo "Page: $(DEMO_NAME).html (open it in a browser)"

browser: setup  ## Run the tests of the browser page (they need Chromium)
	@"$(BIN)/python" -m pytest -m browser $(PYTEST_ARGS) tests/browser

pictures: setup  ## Take the README's pictures of the browser page anew
	@"$(BIN)/python" -m tests.browser.pictures docs/figures

bench: setup  ## Measure speed, runners, memory, pairing, the page (PARTS=speed for one)
	@"$(BIN)/python" -m experiments.bench measure $(PARTS)

soak: setup  ## Run the long tests over random crises
	@"$(BIN)/python" -m pytest -n $(WORKERS) -m soak $(PYTEST_ARGS)

gambit: setup  ## Check choices against pygambit (needs a C++ compiler; builds for minutes)
	@"$(BIN)/python" -c "import pygambit" 2>/dev/null || { \
	  echo "Building pygambit from source: over five minutes"; \
	  "$(BIN)/python" -m pip install -qq --disable-pip-version-check --no-deps --require-hashes \
	    -r .ci/gambit.lock; }
	@"$(BIN)/python" -m pytest -m gambit $(PYTEST_ARGS)

reference: setup  ## Refresh the reference results kept in results/reference
	@"$(BIN)/python" -m experiments.reference

lock: setup  ## Remake requirements.lock (LOCK_ARGS=--upgrade takes the newest versions)
	@"$(BIN)/uv" pip compile -q --universal --python-version 3.12 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	  $(LOCK_ARGS) --extra dev pyproject.toml -o requirements.lock
	@{ echo "# This file was made by \"make lock\": pygambit alone, over requirements.lock."; \
	  "$(BIN)/uv" pip compile -q --universal --python-version 3.12 --generate-hashes --no-header \
	    --no-annotate --extra gambit --constraint requirements.lock pyproject.toml \
	    | awk '/^pygambit==/ {on = 1} on {print} on && !/\\$$/ {exit}'; } > .ci/gambit.lock
	@if grep -nE '://|--(extra-)?index|find-links' requirements.lock .ci/gambit.lock; \
	  then echo "an address in a lock" >&2; exit 1; fi

clean:  ## Remove environments, caches and the demo's results
	@rm -rf .venv .venv-* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache \
	  build dist "$(DEMO)"
	@find agents experiments sim tests -name __pycache__ -type d -prune -exec rm -rf {} +
