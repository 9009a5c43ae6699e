# Everything a newcomer needs: `make run` to look, `make test` to be sure.
.PHONY: help run test test-long check fix bench words asked lock clean
SHELL := /bin/bash
export PORT ?= 8000
MAKEFLAGS += --jobs=2

help:  ## Say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

run: .venv/.run .venv/.words  ## Show the demonstration at http://localhost:8000 (another port: PORT=8001)
	@tools/run.sh

test: .venv/.run .venv/.test .venv/.words  ## Check everything, on SQLite and on PostgreSQL
	@tools/test.sh

test-long: .venv/.run .venv/.test .venv/.words  ## The tests that take their time, on both databases
	@tools/test.sh long

check: .venv/.run .venv/.test  ## Ruff, mypy, import contracts, spelling, lints: no more than a minute
	@tools/check.sh

fix: .venv/.run .venv/.test  ## Let ruff put in order what it can
	@.venv/bin/ruff check --quiet --fix . ; .venv/bin/ruff format --quiet . ; .venv/bin/ruff check .

bench: .venv/.run .venv/.test  ## Measure; docs/ keeps the tables (one alone: ONLY=merkle)
	@for one in $(or $(ONLY),$(basename $(notdir $(wildcard benchmarks/[a-z]*.py)))); do \
		echo "== $$one"; .venv/bin/python -m benchmarks.$$one || exit 1; done

words:  ## Take new strings into the catalogues, and list what has no translation
	@.venv/bin/python -m tools.catalogues update
	@.venv/bin/python -m tools.catalogues missing || true

asked:  ## Write anew which tests PostgreSQL is spared (after make test)
	@.venv/bin/python -m tests.asked .asked.json

lock:  ## Pin what requirements/*.in ask for, with hashes (needs uv)
	@tools/lock.sh

clean:  ## Remove what was installed and made; never your own var/
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build src/*.egg-info

# A stamp for each set, and both are installed side by side: a second `make run` installs nothing.
# Where its Python is missing or too old, .venv is made anew first.
ifneq ($(shell .venv/bin/python -c 'import sys; print(sys.version_info >= (3, 11))' 2>/dev/null),True)
.PHONY: .venv/.made
endif
.venv/.made:
	@tools/venv.sh && touch $@

.venv/.run: .venv/.made requirements/run.txt pyproject.toml
	@tools/install.sh run

# Words of other languages, whenever a catalogue changed.
.venv/.words: .venv/.run $(wildcard src/kollontai/locale/*/LC_MESSAGES/*.po)
	@.venv/bin/python -m tools.catalogues build && touch $@

.venv/.test: .venv/.made requirements/test.txt tests/against/counting/requirements.txt
	@tools/install.sh test
