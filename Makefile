# Sori. The two commands to know: `make demo` and `make test`. `make help` lists them all.
# Needs only Python 3.11 or newer; everything is installed into .venv beside this file.
# Choose a Python with `make PYTHON=python3.12 ...`.

VENV := .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip --disable-pip-version-check -qq
# -qq: errors only. The constraints pin every version, so that two installs are the same install.
# Whether there is a Node that can check and build the page; without it the page is as it was built.
HAVE_NODE := command -v npm >/dev/null && node -e 'process.exit(Number(parseInt(process.versions.node) < 20))'
NODE_MODULES := frontend/node_modules/.package-lock.json
PIP_INSTALL := $(PIP) install -c constraints.txt
RECENT := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
            $$p -c '$(RECENT)' 2>/dev/null && { echo $$p; break; }; done)

# A folder or file of your own: make demo MUSIC="My Music"
MUSIC ?=
export MUSIC

.DEFAULT_GOAL := help
.PHONY: help install demo test check format web page-tools screenshots bench accuracy robust clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(VENV)/.developer  ## Sori and the developers' tools, into .venv

demo: $(VENV)/.user  ## hear a small collection, then find songs that sound alike and why; MUSIC=FOLDER for your own
	@case "$$MUSIC" in "~/"*) MUSIC="$$HOME/$${MUSIC#??}" ;; esac; \
	$(BIN)/sori demo $${MUSIC:+"$$MUSIC"}

test: $(VENV)/.developer page-tools  ## every test
	@$(BIN)/pytest -n 2

check: $(VENV)/.developer page-tools  ## style, types, the house rules, the examples in docstrings
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "make format will lay these out:"; $(BIN)/ruff format --check; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/pytest --doctest-modules src tests/test_house.py
	@if $(HAVE_NODE); then cd frontend && npm run --silent check && npm run --silent test; fi

format: $(VENV)/.developer  ## lay the source out as `make check` wants it
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format --quiet

web: $(NODE_MODULES)  ## build the page from frontend/ into the package; needs Node 20 or newer
	@cd frontend && npm run --silent build -- --logLevel error

page-tools:
	@if $(HAVE_NODE); then $(MAKE) --no-print-directory $(NODE_MODULES); \
	else echo "No Node 20 or newer here: the page is as it was built, what checks its source is skipped."; fi

screenshots: $(VENV)/.developer  ## the pictures of the page: docs/page/*.png; needs Chromium
	@$(BIN)/python -m bench.screenshots

bench: $(VENV)/.bench  ## speed, memory and start-up beside other programs: bench/*.md, about 15 minutes
	@$(BIN)/python -m bench

accuracy: $(VENV)/.bench  ## how often the answers are right, beside other programs: docs/accuracy.md
	@$(BIN)/python -m bench.accuracy
	@$(BIN)/python -m bench.accuracy.pitch
	@$(BIN)/python -m bench.accuracy.pitch_learned
	@$(BIN)/python -m bench.accuracy.scales
	@$(BIN)/python -m bench.accuracy.expression
	@$(BIN)/python -m bench.accuracy.ebu
	@$(BIN)/python -m bench.accuracy.agreement
	@$(BIN)/python -m bench.accuracy.classify

robust: $(VENV)/.bench  ## damage thousands of files, kill fifty runs: docs/robustness.md
	@$(BIN)/python -m bench.robustness

clean:  ## remove .venv and everything that was made
	@rm -rf $(VENV) frontend/node_modules demo build dist bench/.cache bench/.venvs .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: each install runs again only when what it reads has changed.

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Sori needs Python 3.11 or newer and found none. Install one, or name it: make PYTHON=/path/to/python3.12 ..."; exit 1; }
	@$(PYTHON) -c '$(RECENT)' 2>/dev/null || { echo "Sori needs Python 3.11 or newer, and $(PYTHON) is not. Name another: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python cannot make environments. On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.user: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing Sori into $(VENV): once, about a minute."
	@$(PIP) install --upgrade 'pip>=25.1'
	@$(PIP_INSTALL) -e .
	@touch $@

$(VENV)/.developer: $(VENV)/.user
	@echo "Installing the developers' tools and the array libraries into $(VENV): once, a few minutes."
	@$(PIP_INSTALL) -e '.[torch,jax,keras,onnx,display,rooms,train]' --group dev
	@touch $@

$(NODE_MODULES): frontend/package-lock.json
	@cd frontend && npm ci --silent
	@touch $@

$(VENV)/.bench: $(VENV)/.developer bench/requirements.txt
	@$(PIP_INSTALL) -r bench/requirements.txt
	@touch $@
