# Two commands need nothing but Python (>= 3.11, with venv), git and make:
#   make rehearse   the bot without Telegram, on a local web page
#   make test       all tests
# The first run installs into .venv; later ones work offline.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Kept in .venv and renewed when what is to be installed changes.
RUNS := .venv/.runs
DEVELOPS := .venv/.develops

.PHONY: rehearse run test lint bench crash soak clean

rehearse: $(RUNS)
	@$(BIN)/shiftbot rehearse $(ARGS)

run: $(RUNS)
	@$(BIN)/shiftbot run

test: $(DEVELOPS)
	@$(BIN)/python -m pytest -n 3 --dist worksteal $(ARGS)

lint: $(DEVELOPS)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# `crash` has a target of its own: it takes about ten minutes.
bench: $(DEVELOPS)
	@for one in $(filter-out crash,$(basename $(notdir $(wildcard benchmarks/[a-z]*.py)))); do \
	  $(BIN)/python -m benchmarks.$$one || exit 1; done

crash: $(DEVELOPS)
	@$(BIN)/python -m benchmarks.crash $(ARGS)

# What the suite plays a few times, as often as is claimed: two people in a sheet, a sheet of ten thousand rows, streams
# that are chased, weeks, a restore killed at each of its steps.
soak: $(DEVELOPS)
	@SHEET_SEEDS=40 SHEET_ROWS=10000 CHASE_SEEDS=20 WEEK_SEEDS=1,2,3 RESTORE_STEP=1 $(BIN)/python -m pytest -n 2 -rP \
	  tests/bot/test_sheet_two_people.py tests/bot/test_sheet_pending.py tests/bot/test_chase_stream.py \
	  tests/playbooks/test_chase_stream.py tests/bot/test_week.py tests/storage/test_backup.py $(ARGS)

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "shiftbot needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.12 rehearse"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "$(PYTHON) has no venv. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Setting up .venv (once; needs the network) …"
	@$(PYTHON) -m venv .venv

$(RUNS): pyproject.toml constraints.txt | $(BIN)/python
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(DEVELOPS): pyproject.toml constraints.txt | $(BIN)/python
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@ $(RUNS)
