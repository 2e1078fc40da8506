# Needs make and a Python >= 3.11, nothing else; everything is installed into .venv.
# Options for the command behind a target go in ARGS: make serve ARGS="--port 9000"

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ALL_CORES := -n logical --dist worksteal
VENV_313 := .venv-3.13
IMAGE := --extra server --extra postgres --extra oidc --extra redis --extra webhooks --extra mcp --extra metrics --extra zstd --extra otel

# The oldest supported Python first: what works there works on the later ones. PYTHON=... overrides the search.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3 python3.14 python; do \
	$$python -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& echo $$python && break; done)

# A command may be a shim without an interpreter behind it, so each candidate is run.
PYTHON_313 ?= $(shell for python in python3.13 \
	"$$($(BIN)/uv python find --system --no-python-downloads 3.13 2>/dev/null)" \
	"$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.13*/bin/python; do \
	"$$python" -c 'import ensurepip, sys; sys.exit(sys.version_info[:2] != (3, 13))' >/dev/null 2>&1 \
	&& echo "$$python" && break; done)

# uv does not read pip's settings: where only those lead to the packages, fall back on pip, which is slower.
define install
$(BIN)/uv pip install --quiet --compile-bytecode --python $(1)/bin/python -r requirements.lock \
	|| $(1)/bin/python -m pip install --quiet -r requirements.lock
$(BIN)/uv pip install --quiet --python $(1)/bin/python --no-deps -e . \
	|| $(1)/bin/python -m pip install --quiet --no-deps -e .
endef

.DEFAULT_GOAL := help
.NOTPARALLEL:
# Where it is set, each server that a test starts would compile all of our modules: 0.3 s for the use cases alone.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help setup serve test test-long test-3.13 bench docs pages screens session format format-check lint types layers wheel check lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9.-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## create the environment (.venv)
	@echo "$(VENV) is ready."

serve: $(READY) ## serve the API; ARGS="--port 9000 --database-url postgresql://..."
	@exec $(BIN)/taskharbor serve $(ARGS)

test: $(READY) ## run the tests, on all stores; ARGS="-k title" picks some
	$(BIN)/pytest $(ALL_CORES) -m "not long" $(ARGS)

test-long: $(READY) ## run all tests, including long ones, with sixty times the random examples
	$(BIN)/pytest $(ALL_CORES) -o timeout=3600 --hypothesis-profile=long $(ARGS)

test-3.13: $(READY) ## run the tests on Python 3.13, if available
	@if [ -n "$(PYTHON_313)" ]; then \
		$(MAKE) --no-print-directory $(VENV_313)/.ready && $(VENV_313)/bin/pytest $(ALL_CORES) -m "not long" $(ARGS); \
	else \
		echo "Python 3.13 not found: the tests were not run on it."; \
	fi

bench: $(READY) ## run the benchmarks
	$(BIN)/python -m benchmarks $(ARGS)

docs: $(READY) ## build the site of the documentation into site/
	$(BIN)/zensical build --strict $(ARGS)

pages: $(READY) ## update the outputs shown in the pages; review and commit them
	REFRESH_PAGES=1 $(BIN)/pytest tests/docs/test_pages.py::test_what_a_page_says_gives_what_it_shows -q $(ARGS)

screens: $(READY) ## take the pictures of the command line in docs/cli.md again
	$(BIN)/python tests/docs/screens.py

session: $(READY) ## update the recorded session of the API; review and commit it
	REFRESH_SESSION=1 $(BIN)/pytest tests/integration/recorded/test_session.py -q -k memory $(ARGS)

format: $(READY) ## format the code and sort the imports
	$(BIN)/ruff check --select I --fix
	$(BIN)/ruff format

format-check: $(READY) ## fail if `make format` would change a file
	$(BIN)/ruff format --check

lint: $(READY) ## lint
	$(BIN)/ruff check

types: $(READY) ## check the types with mypy and pyright
	$(BIN)/mypy
	$(BIN)/pyright

layers: $(READY) ## check that imports point inwards only
	$(BIN)/lint-imports

wheel: $(READY) ## build the wheel and use it from outside the repository
	$(BIN)/python tests/packaging/check_wheel.py

check: format-check lint types layers wheel test test-3.13 ## everything that CI runs

lock: $(BIN)/uv ## update requirements.lock from pyproject.toml; ARGS=--upgrade for newer releases
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 \
		--generate-hashes --no-annotate --custom-compile-command "make lock" --quiet -o requirements.lock $(ARGS)
	$(BIN)/uv pip compile pyproject.toml $(IMAGE) --universal --python-version 3.11 --constraint requirements.lock \
		--generate-hashes --no-annotate --custom-compile-command "make lock" --quiet -o deploy/requirements.lock

clean: ## remove the environments, caches and build products (never a database)
	rm -rf $(VENV) $(VENV_313) dist build site htmlcov .coverage
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/uv:
	@[ -x $(BIN)/python ] || [ -n "$(PYTHON)" ] || \
		{ echo "No Python >= 3.11 with venv found; name one with make PYTHON=/path/to/python" >&2; exit 1; }
	@[ -x $(BIN)/python ] || { echo "Making $(VENV) with $(PYTHON)"; $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	$(BIN)/python -m pip install --quiet "uv>=0.8,<1"

$(READY): pyproject.toml requirements.lock | $(BIN)/uv
	$(call install,$(VENV))
	@touch $@

$(VENV_313)/.ready: pyproject.toml requirements.lock | $(READY)
	$(PYTHON_313) -m venv --clear $(VENV_313)
	$(call install,$(VENV_313))
	@touch $@
