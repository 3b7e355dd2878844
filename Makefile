# What can be done here; `make` alone lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
ANALYSIS := .venv-analyze
ANVIL := $(VENV)/node_modules/.bin/anvil
PEERS := flower hivemind nvflare torchft

HISTORIES ?= 8000
SEED ?= $(shell date +%s)
JOBS ?= 1
IPFS ?= ipfs

.PHONY: help install demo network soak test prove mutants analyze crash faults portability helia kubo reorganizations bench-env games docs clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' Makefile

install: $(INSTALLED) ## put everything into .venv (python 3.11 or newer; about 1 GB)

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "derelay needs Python 3.11 or newer, $(PYTHON) is older: make install PYTHON=python3.11" >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --progress-bar off -c constraints.txt -e '.[dev]'
	@touch $@

# Order-only: npm dates its files 1985, and what is there need not be brought again.
$(ANVIL): | $(INSTALLED)
	@command -v npm >/dev/null || \
		{ echo "the local chain is anvil, which comes by npm: install Node.js 20 or newer" >&2; exit 2; }
	npm install --prefix $(VENV) --no-save --no-audit --no-fund --silent @foundry-rs/anvil@1.7.1

demo: $(INSTALLED) ## run a whole relay on this machine, with a report in report/
	$(BIN)/derelay demo --report report

network: $(INSTALLED) $(ANVIL) ## run a local chain and eight nodes, each a process: three heads, and a table
	$(BIN)/derelay network

soak: $(INSTALLED) $(ANVIL) ## the same with 24 nodes for 50 rounds: what grows? (40 minutes)
	$(BIN)/derelay network --nodes 24 --rounds 50 --task benchmarks/tiny_task.py

test: $(INSTALLED) $(ANVIL) ## check style and types, run the tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile -m 'not alone'
	$(BIN)/pytest -m alone

prove: $(INSTALLED) ## play histories on the contracts for a quarter of an hour (SEED=1 HISTORIES=8000)
	DERELAY_PROVE_HISTORIES=$(HISTORIES) DERELAY_PROVE_SEED=$(SEED) $(BIN)/pytest tests/contracts/test_invariants.py

mutants: $(INSTALLED) ## seed faults in the contracts, one at a time: tests must catch each (JOBS=2)
	PYTHONPATH=tests:tests/contracts $(BIN)/python -m mutants -j $(JOBS)

analyze: $(ANALYSIS)/.installed ## look for known mistakes in the contracts (slither, in an environment of its own)
	$(ANALYSIS)/bin/python tools/slither/analyze.py

$(ANALYSIS)/.installed: Makefile
	test -x $(ANALYSIS)/bin/python || $(PYTHON) -m venv $(ANALYSIS)
	$(ANALYSIS)/bin/python -m pip install --quiet --disable-pip-version-check --progress-bar off \
		slither-analyzer==0.11.6 crytic-compile==0.4.2 vyper==0.4.3
	@touch $@

crash: $(INSTALLED) $(ANVIL) ## kill a node at every step of every duty: chain and blobs must be the same (JOBS=2)
	PYTHONPATH=tests $(BIN)/python -m crash -j $(JOBS)

faults: $(INSTALLED) $(ANVIL) ## kill, cut off and deceive real nodes: nothing is lost (an hour; CASE=NAME for one)
	PYTHONPATH=tests $(BIN)/python -m faults $(addprefix --case ,$(CASE))

portability: $(INSTALLED) $(ANVIL) ## the chain's tests and a whole relay on another node, Hardhat's (npm; two minutes)
	$(BIN)/python tools/hardhat/portability.py

helia: $(INSTALLED) $(ANVIL) ## let Helia, IPFS in JavaScript, read a running node's blobs (npm; two minutes)
	$(BIN)/python tools/ipfs/helia.py

kubo: $(INSTALLED) $(ANVIL) ## let Kubo, IPFS in Go, read a running node's blobs (IPFS=the program; a minute)
	$(BIN)/python tools/ipfs/kubo.py $(IPFS)

reorganizations: $(INSTALLED) $(ANVIL) ## whole relays on a chain that keeps replacing its newest blocks (three minutes)
	PYTHONPATH=tests $(BIN)/python tools/reorganizations.py

bench-env: $(PEERS:%=.venv-bench-%/.installed) ## put the tools that benchmarks compare with into environments of their own (5 GB)

.venv-bench-flower/.installed: PEER = flwr[simulation]==1.41.0
.venv-bench-hivemind/.installed: PEER = hivemind==1.1.12
.venv-bench-nvflare/.installed: PEER = nvflare==2.9.0
.venv-bench-torchft/.installed: PEER = torchft==0.2.0

# PyTorch first: with it there, nothing takes another build of it.
$(PEERS:%=.venv-bench-%/.installed): Makefile
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check torch==2.13.0 numpy
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check '$(PEER)'
	@touch $@

games: $(INSTALLED) ## play all games, with tables and figures in games/ (about half an hour on two cores)
	$(BIN)/derelay simulate game deviations --seeds 32 --out games/deviations
	$(BIN)/derelay simulate game deviations --seeds 32 --rounds 10 --out games/growth
	$(BIN)/derelay simulate game deviations --task text --out games/text
	$(BIN)/derelay simulate game coalitions --out games/coalitions
	$(BIN)/derelay simulate game dynamics --seeds 8 --agents 12 --mix taker,keeper --out games/dynamics
	$(BIN)/derelay simulate game regions --seeds 8 --agents 12 --out games/regions

docs: $(INSTALLED) ## build the documentation into site/
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --progress-bar off -c constraints.txt -e '.[docs]'
	$(BIN)/mkdocs build --strict

clean: ## remove what make made
	rm -rf $(VENV) $(ANALYSIS) .venv-bench-* report site games
