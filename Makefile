# The two commands: `make paper` and `make test`. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --disable-pip-version-check
SOURCES := setup.py src tests tools benchmarks notebooks workflow/scripts
TOUR := notebooks/tour.ipynb
# The core without Python, with the flags of setup.py that matter for its bits.
DRIVER := tests/native/native_driver.cpp -Isrc/spikeloc/native -std=c++17 -ffp-contract=off -fno-strict-aliasing -Wno-psabi
SANITIZERS := -O1 -g1 -fsanitize=address,undefined -fno-sanitize-recover=all
ARM := aarch64-linux-gnu
ARM_RUN := qemu-aarch64-static
SNAKEFILES := Snakefile workflow/Snakefile workflow/rules
TYPESCRIPT := 5.9.3
SHOWN := inhibition_placement dale_ratio_test envelope_accuracy phase_effect
# The configs of all documents, and those whose tables are kept and read by the paper.
PAPERS := paper signs extended
KEPT := controls converged
# What release, redraw and report are of, and what redraw draws.
CONFIG := config/paper.yaml
TARGET := drawings
# What a user wrote in one of these variables, as one word: neither make nor the shell looks into it.
quoted = '$(subst ','\'',$(value $1))'
unexport PYTHON CONFIG TARGET ARCHIVE
.DEFAULT_GOAL := help

# Snakemake calls .venv/bin/python by its whole path, unquoted.
ifneq ($(words $(CURDIR))$(strip $(foreach each,; & | < > ( ) * ? ' " ` \ $$,$(findstring $(each),$(CURDIR)))),1)
$(error Snakemake cannot run in "$(CURDIR)": move this folder to a path without spaces, quotes and other characters of the shell)
endif

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

env: $(VENV)/.done ## Make .venv: pinned requirements and the package

$(VENV)/.done: requirements.txt pyproject.toml setup.py $(wildcard src/spikeloc/native/*.[ch]pp)
	@$(call quoted,PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("spikeloc needs Python 3.11 or newer, not " + sys.version.split()[0])'
	$(call quoted,PYTHON) -m venv $(VENV)
	@echo "Installing requirements.txt, with torch, Snakemake and matplotlib, in .venv: 1.5 GB, or 5.2 GB if torch comes with CUDA (README.md)"
	$(PIP) -r requirements.txt
	@echo "Compiling the C++ core: up to a minute"
	$(PIP) --quiet --no-deps --editable .
	touch $@

$(VENV)/.dev-done: $(VENV)/.done requirements-dev.txt requirements-notebook.txt
	@echo "Installing requirements-dev.txt and requirements-notebook.txt, for tests and checks: 0.4 GB"
	$(PIP) --quiet -r requirements-dev.txt -r requirements-notebook.txt
	touch $@

$(VENV)/.notebook-done: $(VENV)/.done requirements-notebook.txt
	$(PIP) --quiet -r requirements-notebook.txt
	touch $@

notebook: $(VENV)/.notebook-done ## Open notebooks/tour.ipynb, a tour for students, in a browser
	$(BIN)/jupyter-lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/$(TOUR)

cluster: $(VENV)/.cluster-done ## Add to .venv what jobs of a cluster need

$(VENV)/.cluster-done: $(VENV)/.done requirements-cluster.txt
	$(PIP) --quiet -r requirements-cluster.txt
	touch $@

paper: env ## Make the paper: stimuli, networks, tables, figures, paper/paper.pdf, supplement.pdf
	$(BIN)/snakemake --cores all

papers: env ## Make the paper, signs.pdf, extended.pdf and, in hours, the kept tables again, and compare these
	set -e; for name in $(PAPERS) $(KEPT); do $(BIN)/snakemake --cores all --configfile config/$$name.yaml; done
	set -e; for name in $(KEPT); do $(BIN)/python -m spikeloc.release.precomputed config/$$name.yaml resources/$$name --compare; done

kept: env ## Keep the tables of finished runs in resources, where the paper reads them: make kept KEPT=controls
	set -e; for name in $(KEPT); do $(BIN)/python -m spikeloc.release.precomputed config/$$name.yaml resources/$$name; done

quick: env ## Run all rules at a small size, with config/quick.yaml: paper/quick.pdf and others
	$(BIN)/snakemake --cores all --configfile config/quick.yaml

test: $(VENV)/.dev-done ## Run the tests
	$(BIN)/pytest --numprocesses 2 --no-loadscope-reorder

test-unit: $(VENV)/.dev-done ## Run the tests that need neither Snakemake nor much time
	$(BIN)/pytest -m "not (slow or workflow or long)" --numprocesses 2

test-browser: $(VENV)/.dev-done ## Run the tests that need Chromium or Firefox; without these they fail
	SPIKELOC_BROWSERS=needed $(BIN)/pytest $$(grep -l '^from browser import' -r tests --include 'test_*.py')

test-kills: $(VENV)/.dev-done ## Kill the quick workflow 32 times (or KILLS=200), damage every kind of file in it, fill its disk
	$(BIN)/pytest -m slow tests/slow/test_kills.py tests/slow/test_file_damage.py tests/slow/test_full_disk.py

test-configs: $(VENV)/.dev-done ## Try thousands of hostile configs
	$(BIN)/pytest --hypothesis-profile=thorough tests/config/test_hostile_configs.py

release: has-config env ## Pack what panels and paper are drawn from: results/spikeloc-paper.zip
	$(BIN)/snakemake release --configfile $(call quoted,CONFIG)

redraw: $(if $(value ARCHIVE),,no-archive) has-config env ## Draw TARGET (or all) from such an archive, without training: make redraw ARCHIVE=...
	$(BIN)/python -m spikeloc.release.archive $(call quoted,ARCHIVE) --config $(call quoted,CONFIG)
	$(BIN)/snakemake $(call quoted,TARGET) --configfile $(call quoted,CONFIG) --profile profiles/redraw

has-config:
	@test -f $(call quoted,CONFIG) || { printf 'error: CONFIG=%s is not a file: CONFIG names the config to use, such as CONFIG=config/quick.yaml\n' $(call quoted,CONFIG) >&2; exit 1; }

no-archive:
	$(error redraw draws from an archive: call make redraw ARCHIVE=results/spikeloc-paper.zip)

report: has-config env ## Write what was done and found as one HTML page: results/report.html
	$(BIN)/snakemake --configfile $(call quoted,CONFIG) --report results/report.html

verify: env ## Train one condition again: does this machine reproduce the paper?
	$(BIN)/python -m spikeloc.release.verify resources/verify.json

test-bytes: $(VENV)/.dev-done ## Run the quick workflow in other folders, orders and on other instruction sets
	$(BIN)/pytest -m slow tests/slow/test_bytes.py

test-install: $(VENV)/.dev-done ## Install the package alone, and call each target with its own requirements only
	$(BIN)/pytest -m slow tests/slow/test_install.py

test-slurm: $(VENV)/.dev-done $(VENV)/.cluster-done ## Run the workflow through a real Slurm, as root
	$(BIN)/pytest -m slow -rs tests/slow/test_slurm.py tests/slow/test_cluster_generic.py

test-nir: $(VENV)/nir/.done ## Compare exported networks with what snnTorch and Norse make of them
	PYTHONPATH=src $(VENV)/nir/bin/pytest -m slow tests/slow/test_nir.py

$(VENV)/nir/.done: $(VENV)/.done requirements-dev.txt requirements-nir.txt
	$(call quoted,PYTHON) -m venv $(VENV)/nir
	$(VENV)/nir/bin/pip install --quiet --disable-pip-version-check -r requirements.txt -r requirements-dev.txt -r requirements-nir.txt
	touch $@

lint: $(VENV)/.dev-done ## Check style, types, imports between packages, and the workflow
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/snakefmt --check $(SNAKEFILES)
	$(BIN)/snakemake --lint

lint-page: $(VENV)/page/.done ## Check the types of the JavaScript of figures/explorer.html; needs node and npm
	$(VENV)/page/node_modules/.bin/tsc --project tsconfig.json

$(VENV)/page/.done:
	@command -v npm > /dev/null || { echo "lint-page needs node and npm (Debian: apt-get install npm)"; exit 1; }
	npm install --silent --no-fund --ignore-scripts --prefix $(VENV)/page typescript@$(TYPESCRIPT)
	touch $@

bench: env ## Measure training and evaluation side by side: results/benchmarks/training.json
	$(BIN)/python benchmarks/bench.py

bench-others: $(VENV)/bench/.done ## Measure it beside other simulators and beside the bare kernel: results/benchmarks/others.json
	PYTHONPATH=src $(VENV)/bench/bin/python benchmarks/others.py
	PYTHONPATH=src $(VENV)/bench/bin/python tools/speed_table.py --print

bench-scale: env ## Measure planning, tables and panels of 100 to 10,000 networks: results/benchmarks/scale.json
	$(BIN)/python benchmarks/scale.py

$(VENV)/bench/.done: $(VENV)/.done requirements-bench.txt
	$(call quoted,PYTHON) -m venv $(VENV)/bench
	$(VENV)/bench/bin/pip install --quiet --disable-pip-version-check -r requirements.txt -r requirements-bench.txt
	touch $@

sanitize: env ## Run the native core under AddressSanitizer and UndefinedBehaviorSanitizer
	mkdir -p build
	$(CXX) $(DRIVER) $(SANITIZERS) -o build/sanitized
	build/sanitized

test-arm: ## Run the native core on 64-bit Arm, emulated, and compare its bits with those of this processor
	@command -v $(ARM)-g++ > /dev/null && command -v $(ARM_RUN) > /dev/null || { echo "test-arm cross-compiles and emulates: apt-get install g++-aarch64-linux-gnu qemu-user-static"; exit 1; }
	mkdir -p build
	$(CXX) $(DRIVER) -O3 -o build/here
	$(ARM)-g++ $(DRIVER) -O3 -static -o build/arm
	$(ARM)-g++ $(DRIVER) $(SANITIZERS) -o build/arm-sanitized
	build/here > build/here.txt
	$(ARM_RUN) build/arm > build/arm.txt
	ASAN_OPTIONS=detect_leaks=0 $(ARM_RUN) -L /usr/$(ARM) build/arm-sanitized > build/arm-sanitized.txt
	diff build/here.txt build/arm.txt
	diff build/here.txt build/arm-sanitized.txt
	@cat build/here.txt
	@echo "64-bit Arm gives the same bits"

tour: $(VENV)/.notebook-done ## Run the tour, and write it with its pictures: docs/tour.md
	rm -rf docs/tour
	$(BIN)/jupyter-nbconvert --execute --to markdown --output-dir docs \
	  --NbConvertApp.output_files_dir=tour --TemplateExporter.template_file=docs/tour.md.j2 $(TOUR)

docs: env tour ## Make the gallery and the pictures that the documentation shows, from figures/ of a full run
	@command -v dot > /dev/null || { echo "docs/rulegraph.svg is drawn by graphviz: install it, for its command dot"; exit 1; }
	cp $(SHOWN:%=figures/%.png) docs/
	$(BIN)/python tools/gallery.py
	$(BIN)/python tools/readme_numbers.py
	$(BIN)/python tools/speed_table.py
	$(BIN)/python tools/notebooks_page.py
	$(BIN)/python tools/explorer_picture.py
	$(BIN)/snakemake --rulegraph dot --quiet all --configfile config/quick.yaml > $(VENV)/rulegraph.dot
	dot -Tsvg $(VENV)/rulegraph.dot > docs/rulegraph.svg

audit: ## Ask PyPI for known vulnerabilities of every pinned version; one that it does not know is an error
	$(call quoted,PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/pip install --quiet --disable-pip-version-check pip-audit
	$(VENV)/audit/bin/pip-audit --strict --no-deps --disable-pip $(patsubst %,-r %,$(wildcard requirements*.txt))

pins: ## Pin the newest versions that fit pyproject.toml: requirements*.txt
	$(call quoted,PYTHON) -m venv $(VENV)/pins
	$(VENV)/pins/bin/python tools/pins.py

schema: env ## Write the config's JSON Schema and the guide to the tables again
	$(BIN)/python -m spikeloc.config.json_schema > workflow/schemas/config.schema.json
	$(BIN)/python tools/table_guide.py > docs/tables.md

format: $(VENV)/.dev-done ## Format the code
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/snakefmt $(SNAKEFILES)
	$(BIN)/jupyter-nbconvert --clear-output --ClearMetadataPreprocessor.enabled=True --inplace $(TOUR)

.PHONY: help env paper papers converged quick test test-unit test-browser lint-page test-install release redraw no-archive has-config report verify lint bench sanitize test-arm notebook tour docs schema format cluster test-bytes test-slurm test-kills test-configs test-nir audit pins bench-others bench-scale
