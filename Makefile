# `make` alone lists the targets. Everything happens in a virtual environment of this checkout.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV     := uv==0.13.9
MIN    := import sys; sys.exit(sys.version_info < (3, 10))

# Hundreds of processes would each compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo demo-server install test browser fuzz lint format benchmark benchmark-follow \
	benchmark-history faults kills docs pictures lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/demo.done  ## run the whole flow on the embedded AWX
	@$(BIN)/python main.py run --demo --template 9

demo-server: $(VENV)/demo.done  ## keep the embedded AWX up on port 8080
	@$(BIN)/python main.py demo-server

install: $(VENV)/run.done  ## install what a run against your own AWX needs

test: $(VENV)/dev.done  ## run the tests
	@$(BIN)/python -m pytest --numprocesses 4 --dist worksteal

browser: tests/browser/node_modules/.package-lock.json  ## what the dashboard's test in Chromium needs

fuzz: $(VENV)/dev.done  ## thousands of nonsensical answers at every step of a run (2 min)
	@$(BIN)/python -m pytest --numprocesses 2 --hypothesis-profile fuzz tests/fuzz

lint: $(VENV)/dev.done  ## ruff and strict types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(VENV)/dev.done  ## let ruff lay out the code
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

benchmark: $(VENV)/demo.done $(VENV)/awx.done  ## measure speed and memory (docs/performance.md)
	@$(BIN)/python benchmarks/save_log.py
	@$(BIN)/python benchmarks/start_up.py

benchmark-follow: $(VENV)/demo.done $(VENV)/awx.done  ## follow jobs beside awx --monitor (10 min)
	@$(BIN)/python benchmarks/follow.py $(ELSEWHERE)

benchmark-history: $(VENV)/demo.done $(VENV)/awx.done  ## list past jobs beside awx (15 min)
	@$(BIN)/python benchmarks/history.py $(ARGS)

# Only an AWX that is named here is tried: not one that happens to be in the environment.
ELSEWHERE = --template $(TEMPLATE) $(if $(filter command,$(origin AWX_HOST)),--host "$(AWX_HOST)") $(ARGS)
TEMPLATE := 9

faults: $(VENV)/demo.done  ## each fault at each step of a run (docs/reliability.md)
	@$(BIN)/python -m tests.faults $(ELSEWHERE)

kills: $(VENV)/demo.done  ## kill runs at each of their moments and go on with them (10 min)
	@$(BIN)/python -m tests.kills $(ARGS)

docs: $(VENV)/dev.done  ## write from the code what the documents show of it
	@$(BIN)/python docs/refresh.py
	@$(BIN)/python docs/make_notifications.py

pictures: $(VENV)/dev.done browser  ## draw docs/pictures anew, from runs on the embedded AWX (port 8080)
	@$(BIN)/python docs/make_pictures.py
	@$(BIN)/python docs/make_dashboard_pictures.py

lock: $(VENV)/venv.done  ## pin the requirements anew (all Pythons from 3.10, all platforms)
	@$(PIP) install $(UV)
	@for name in requirements requirements-demo requirements-dev requirements-benchmark; do \
		$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.10 --no-annotate \
			--custom-compile-command "make lock" $$name.in --output-file $$name.txt || exit 1; \
	done

clean:  ## remove the virtual environment and caches
	@rm -rf $(VENV) tests/browser/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/venv.done:
	@command -v $(PYTHON) >/dev/null || { echo "make: no $(PYTHON); install Python 3.10 or later" \
		"or name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c '$(MIN)' || { echo "make: $$($(PYTHON) --version) is too old; name a Python" \
		"3.10 or later: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "make: $(PYTHON) cannot make a virtual" \
		"environment; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/run.done: requirements.txt $(VENV)/venv.done
	@echo "Installing requirements.txt into $(VENV) ..." >&2
	@$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/demo.done: requirements-demo.txt $(VENV)/run.done
	@echo "Installing requirements-demo.txt into $(VENV) ..." >&2
	@$(PIP) install -r requirements-demo.txt
	@touch $@

$(VENV)/dev.done: requirements-dev.txt requirements.txt requirements-demo.txt $(VENV)/venv.done
	@echo "Installing requirements-dev.txt into $(VENV) ..." >&2
	@$(PIP) install -r requirements-dev.txt
	@touch $@

# npm writes this file last.
tests/browser/node_modules/.package-lock.json: tests/browser/package-lock.json
	@command -v npm >/dev/null || { echo "make: no npm; install Node.js 20 or later" >&2; exit 1; }
	@cd tests/browser && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# The peer that benchmarks compare with has an environment of its own: nothing else sees it.
$(VENV)/awx.done: requirements-benchmark.txt $(VENV)/venv.done
	@echo "Installing requirements-benchmark.txt into $(VENV)/awx ..." >&2
	@$(PYTHON) -m venv $(VENV)/awx
	@$(VENV)/awx/bin/python -m pip --disable-pip-version-check --quiet install \
		-r requirements-benchmark.txt
	@touch $@
