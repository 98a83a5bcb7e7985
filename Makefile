# `make` alone lists what there is. Every target installs what it needs, and only when that has changed.

PYTHON ?= python3
CHROMIUM ?= /usr/bin/chromium
BIN := .venv/bin
TEMPLATES := $(wildcard templates earlyhelp families assessments consent plans stepdown)
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes
NPM := node_modules/.package-lock.json
export CHROMIUM

.PHONY: help demo demo-reset shell test check again hunt faults coverage bench bench-check with-servers quick-with-servers lint format assets requirements python npm pango chromium

help:
	@echo "make demo           the whole system with fictional data, at http://127.0.0.1:8000 (PORT=8001 make demo moves it;"
	@echo "                    PROCEDURE=medway make demo puts another local procedure in force)"
	@echo "make demo-reset     throw the demo's data away"
	@echo "make shell          Django's shell on the running demo"
	@echo "make test           everything that has to pass before a change lands"
	@echo "make check          the same without what takes long; ABOVE=plans leaves out the layers below plans"
	@echo "make again          some tests again: TESTS=\"tests/plans tests/core\", SEED=the seed of a run that failed"
	@echo "make hunt           random tests with thousands of new cases"
	@echo "make faults         deliberate faults that no test notices (takes long; ONLY=action,notice,refusal,sql,escape)"
	@echo "make bench          how fast pages are, as multiples of a bare view (SIZE=10000 families, ROUNDS=60)"
	@echo "make bench-check    whether pages ask more, or take longer beside the bare view, than they did (WRITE=1 keeps the figures)"
	@echo "make coverage       which branches no test takes"
	@echo "make lint           style, templates, import direction"
	@echo "make format         put Python and templates into shape"
	@echo "make assets         copy npm packages to where Django finds them"
	@echo "make requirements   pin the newest versions that pyproject.toml allows (needs uv)"

demo: pango .venv/.demo assets
	@exec $(BIN)/python -m earlyhelp.demo.run

shell: .venv/.demo
	@exec $(BIN)/python -m earlyhelp.demo.run --shell

demo-reset: .venv/.demo
	@exec $(BIN)/python -m earlyhelp.demo.run --reset

SERVERS = $(BIN)/python -m earlyhelp.demo.servers --tests --
PYTEST := $(BIN)/pytest -n 2
step = @echo "$(1) …"; $(2) || { echo "Failed: $(1)." >&2; exit 1; }

test: pango chromium .venv/.dev assets lint
	@exec $(SERVERS) $(MAKE) --no-print-directory with-servers

with-servers: quick-with-servers
	$(call step,Collecting static files,$(BIN)/python manage.py collectstatic --noinput --verbosity 0)
	$(call step,Tests,$(PYTEST))

quick-with-servers:
	$(call step,Types,$(BIN)/mypy .)
	$(call step,Migrations,$(BIN)/python manage.py makemigrations --check --dry-run)

check: .venv/.dev assets lint
	@exec $(SERVERS) sh -c '$(MAKE) --no-print-directory quick-with-servers && \
		exec $(PYTEST) -m "not slow" $(if $(ABOVE),--above $(ABOVE)) $(TESTS)'

again: .venv/.dev assets
	@exec $(SERVERS) $(PYTEST) $(if $(SEED),--randomly-seed=$(SEED)) $(TESTS)

hunt: .venv/.dev assets
	@HUNT=1 exec $(SERVERS) $(PYTEST) -m property $(TESTS)

coverage: pango .venv/.dev assets
	@exec $(SERVERS) $(PYTEST) --ignore tests/browser --cov --cov-report=term-missing

SIZE ?= 10000
bench: pango .venv/.dev assets
	@$(BIN)/python -m earlyhelp.demo.servers -- $(BIN)/python -m tests.bench.form
	@exec env SIZE=$(SIZE) $(BIN)/python -m earlyhelp.demo.servers --data .build/bench-$(SIZE) -- $(BIN)/python -m tests.bench

bench-check: .venv/.dev assets
	@exec env SIZE=2000 ROUNDS=15 $(BIN)/python -m earlyhelp.demo.servers -- $(BIN)/python -m tests.bench.check

faults: .venv/.dev assets
	@exec $(SERVERS) $(BIN)/python -m tests.faults

lint: .venv/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --check $(TEMPLATES)
	$(BIN)/djlint --quiet --lint $(TEMPLATES)

format: .venv/.dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/djlint --quiet --reformat $(TEMPLATES)

UV := uv pip compile pyproject.toml --quiet --upgrade --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --no-strip-extras
requirements:
	@command -v uv >/dev/null || { echo "'make requirements' needs uv: pip install uv" >&2; exit 1; }
	$(UV) --output-file requirements.txt
	$(UV) --extra demo --output-file requirements-demo.txt
	$(UV) --extra demo --extra dev --output-file requirements-dev.txt

# The virtual environment. A stamp says which requirements are in it.

$(BIN)/python: | python
	@echo "Making a virtual environment in .venv …"
	@$(PYTHON) -m venv .venv

.venv/.demo: requirements-demo.txt | $(BIN)/python
	@echo "Installing Python packages …"
	@umask 022 && $(PIP) -r $< && touch $@

.venv/.dev: requirements-dev.txt | $(BIN)/python
	@echo "Installing Python packages, with those for tests …"
	@umask 022 && $(PIP) -r $< && touch $@ .venv/.demo

# npm packages, copied to .build/vendor, and fonts for prints beside them. Left out: the crown and crest, and the Transport font, which are for gov.uk
# only; and source maps.

GOVUK := node_modules/govuk-frontend/dist/govuk
MOJ := node_modules/@ministryofjustice/frontend/moj
FONT := node_modules/@fontsource/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next
SCRIPTS := armenian bengali ethiopic georgian gujarati gurmukhi hebrew kannada khmer malayalam \
	myanmar sinhala tamil telugu thai
NOTO := node_modules/@fontsource/noto-sans
PRINT_FONTS := \
	$(foreach weight,400Regular 700Bold,\
		node_modules/@expo-google-fonts/atkinson-hyperlegible-next/$(weight)/AtkinsonHyperlegibleNext_$(weight).ttf \
		node_modules/@expo-google-fonts/noto-sans/$(weight)/NotoSans_$(weight).ttf) \
	$(foreach weight,400 700,\
		$(foreach script,$(SCRIPTS),$(NOTO)-$(script)/files/noto-sans-$(script)-$(script)-$(weight)-normal.woff) \
		node_modules/@fontsource/ibm-plex-sans-arabic/files/ibm-plex-sans-arabic-arabic-$(weight)-normal.woff \
		node_modules/@fontsource/nanum-gothic/files/nanum-gothic-korean-$(weight)-normal.woff) \
	node_modules/@embedpdf/fonts-sc/fonts/NotoSansHans-Regular.otf \
	node_modules/@fontsource/noto-emoji/files/noto-emoji-emoji-400-normal.woff \
	node_modules/@fontsource/kosugi/files/kosugi-67-400-normal.woff \
	$(NOTO)-symbols-2/files/noto-sans-symbols-2-symbols-400-normal.woff
IMAGES := $(foreach name,close-cross-black document progress-tick tag-remove-cross-white tag-remove-cross \
	toggle-plus-minus wysiwyg-bold wysiwyg-italic wysiwyg-ordered-list wysiwyg-underline wysiwyg-unordered-list,icon-$(name).svg)
FOR_US := sed \
	-e 's/@font-face{font-family:GDS Transport[^}]*}//g' \
	-e 's/GDS Transport/Atkinson Hyperlegible Next/g' \
	-e 's|url(/assets/images/govuk-crest.svg)|none|g' \
	-e 's|url(/assets/|url(assets/|g' \
	-e 's|/\*\# sourceMappingURL=.*\*/||' -e 's|//\# sourceMappingURL=.*||'

assets: .build/.vendor

.build/.vendor: $(NPM) Makefile
	@rm -rf .build/vendor .build/print-fonts && mkdir -p .build/static .build/print-fonts .build/vendor/govuk .build/vendor/moj/assets/images .build/vendor/fonts .build/vendor/signature
	@for kind in css js; do \
		$(FOR_US) $(GOVUK)/govuk-frontend.min.$$kind > .build/vendor/govuk/govuk-frontend.min.$$kind && \
		$(FOR_US) $(MOJ)/moj-frontend.min.$$kind > .build/vendor/moj/moj-frontend.min.$$kind || exit 1; \
	done
	@cp $(addprefix $(MOJ)/assets/images/,$(IMAGES)) .build/vendor/moj/assets/images/
	@cp $(foreach set,latin latin-ext,$(foreach weight,400 700,$(FONT)-$(set)-$(weight)-normal.woff2)) .build/vendor/fonts/
	@cp $(PRINT_FONTS) .build/print-fonts/
	@$(FOR_US) node_modules/signature_pad/dist/signature_pad.min.js > .build/vendor/signature/signature_pad.min.js
	@touch $@

$(NPM): package.json package-lock.json | npm
	@echo "Installing npm packages …"
	@umask 022 && npm ci --silent --no-audit --no-fund --ignore-scripts && touch $@

# What the machine itself must have. On Debian as root it is installed, otherwise a line says what to install.

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "This needs Python 3.11 or newer. Install it, or name it: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python lacks its venv module. Install it, on Debian: apt-get install python3-venv" >&2; exit 1; }

npm:
	@command -v npm >/dev/null || { echo "This needs Node.js with npm. Install them, on Debian: apt-get install npm" >&2; exit 1; }

PANGO := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
pango:
	@$(PYTHON) -c 'import sys; from ctypes.util import find_library as find; \
		sys.exit(not all(map(find, ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset"))))' || \
		{ $(call install,Pango (prints),$(PANGO)); }

chromium:
	@test -x "$(CHROMIUM)" || { $(call install,Chromium (browser tests; CHROMIUM= names another one),chromium); }

define install
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing $(2) …"; \
		{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $(2); } \
			</dev/null >/dev/null || { echo "apt-get could not install $(2). Install it by hand." >&2; exit 1; }; \
	else echo "Missing: $(1). Install it, on Debian: apt-get install $(2)" >&2; exit 1; fi
endef
