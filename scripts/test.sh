#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every test: unit tests, laws, contract tests on both engines, stories through the real server, browser; under
# AddressSanitizer and UBSan. The long numbers are `make soak`; here runs a sample of each.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C.UTF-8

scripts/setup.sh build web test lint
scripts/lint.sh fast
scripts/build.sh debug-asan
scripts/web.sh
# The runner's own summary is the last thing said, and its status is ours.
# Stories wait for half of their time (for the next one-time code, for a retry): half as many again keep the cores busy.
exec ctest --preset debug-asan -j "$(($(nproc) * 3 / 2))" --output-on-failure
