# Everything a newcomer needs: `make quote` and `make test`. Nothing but Python 3.11+ and make is assumed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: quote test check format bench docs clean

quote: $(VENV)/.installed
	$(BIN)/xb quote --from CN --to US --weight 0.46kg --size 25x20x8cm --value 25USD --goods t-shirt-cotton

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy xborder_cli
	$(BIN)/xb rates check
	$(BIN)/python -m pytest

format: $(VENV)/.installed-dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks

docs: $(VENV)/.installed-dev
	$(BIN)/python -m tests.docs_pages

clean:
	rm -rf $(VENV) build dist

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	touch $@
