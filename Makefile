# make demo | make test | make test-slow | make lint | make bench | make lock. Needs Python >= 3.11, make and git.

# The first interpreter that is new enough and can create environments; override with PYTHON=...
CANDIDATES := python3 python3.13 python3.12 python3.11 python3.14 /usr/bin/python3 python
CAN_USE := import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(firstword $(foreach p,$(CANDIDATES),$(shell $(p) -c '$(CAN_USE)' 2>/dev/null && echo $(p))))

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORKERS ?= auto
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 8

export MPLBACKEND := Agg

.PHONY: demo test test-slow lint ruff format types layers bench lock clean

demo: $(VENV)/.run
	@mkdir -p demo
	$(BIN)/vectorportal point dark-photon m_v=300MeV m_dm=100MeV epsilon=5.2e-4 alpha_d=0.5 dm=complex-scalar
	$(BIN)/vectorportal figure light-dark-matter/thermal-target -o demo/thermal-target.png
	@ls demo

test: $(VENV)/.dev
	$(PYTEST) -m "not slow"

test-slow: $(VENV)/.dev
	$(PYTEST) -m slow

lint: ruff format types layers

ruff: $(VENV)/.dev
	$(BIN)/ruff check .

format: $(VENV)/.dev
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/pyright

layers: $(VENV)/.dev
	$(BIN)/lint-imports

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

# Rewrites the lock files from pyproject.toml; needs uv. Plain installs never run it.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	    --quiet --group pyproject.toml:build pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	    --quiet --extra jax --group pyproject.toml:build --group pyproject.toml:dev \
	    -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) demo build dist

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "error: no Python >= 3.11 with venv found; set PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# A stamp keeps the lock file it was made from, so that an unchanged lock installs nothing.
$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@cat requirements.lock pyproject.toml | cmp -s - $@ && touch $@ || { \
	    echo "installing the pinned dependencies" && \
	    $(PIP) install --only-binary :all: --require-hashes -r requirements.lock && \
	    $(PIP) install --no-deps --no-build-isolation --editable . && \
	    cat requirements.lock pyproject.toml > $@; }

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@cmp -s requirements-dev.lock $@ && touch $@ || { \
	    echo "installing the pinned tools for tests" && \
	    $(PIP) install --only-binary :all: --require-hashes -r requirements-dev.lock && \
	    cp requirements-dev.lock $@; }
