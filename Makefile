# SPDX-License-Identifier: Apache-2.0
# The commands of this repository, one word each. The work is done by scripts/; here stands only which word does what.
# `make run` and `make test` need nothing but git, make and root (or sudo) on Debian bookworm.
#
#   make run DATA=dir HTTP=127.0.0.1:8080 SMTP=127.0.0.1:2525

export LC_ALL := C.UTF-8
.DEFAULT_GOAL := help
.PHONY: help run test setup build build-asan web fmt lint bench fuzz soak deb

DATA ?= demo-data
HTTP ?=
SMTP ?=
SECONDS ?= 60
PART ?=
FRESH ?=

help:  ## shows this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run:  ## installs, builds, starts OKPay with the demonstration world [DATA=dir] [HTTP=host:port] [SMTP=host:port]
	@DATA='$(DATA)' HTTP='$(HTTP)' SMTP='$(SMTP)' scripts/run.sh

test:  ## installs, builds, runs every test; what continuous integration runs
	@scripts/test.sh

setup:  ## installs what is missing: Debian and npm packages
	@scripts/setup.sh

build:  ## the release program, build/release/okpay, and the web pages, web/dist
	@scripts/setup.sh build web
	@scripts/build.sh release okpay
	@scripts/web.sh

build-asan:  ## everything with tests under AddressSanitizer and UBSan: build/debug-asan
	@scripts/setup.sh build web test
	@scripts/build.sh debug-asan

web:  ## the web pages alone
	@scripts/setup.sh web
	@scripts/web.sh

fmt:  ## formats the C++ (and, where it has a formatter, the web) sources
	@scripts/setup.sh lint
	@scripts/fmt.sh

lint:  ## rooms, manners, layout, clang-tidy
	@scripts/setup.sh build test lint
	@scripts/lint.sh

bench:  ## postings and mails per second, as JSON lines
	@scripts/setup.sh build
	@scripts/build.sh release okpay
	@scripts/bench.sh

fuzz:  ## every fuzzer for SECONDS=60
	@scripts/setup.sh build
	@scripts/build.sh fuzz
	@SECONDS_EACH='$(SECONDS)' scripts/fuzz.sh

soak:  ## the long numbers of kills, seeds, faults and fuzzers; hours, in pieces: [PART="simulator disk"] [FRESH=1]
	@scripts/setup.sh build web test
	@PART='$(PART)' FRESH='$(FRESH)' scripts/soak.sh

deb: build  ## a Debian package in build/
	@scripts/setup.sh deb
	@scripts/deb.sh
