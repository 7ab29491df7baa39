#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The tests that carry the label `soak`, with their long numbers (OKPAY_SOAK=1), against an optimised build: sanitizers
# would spend the hours on fewer kills and seeds. TEST_SEED=N repeats a failure, OKPAY_SEED=N one of
# the simulator.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C.UTF-8 OKPAY_SOAK=1

cmake --preset release -B build/soak -D OKPAY_TESTS=ON >/dev/null
ninja -C build/soak
scripts/web.sh
exec ctest --test-dir build/soak --label-regex '^soak$' --no-tests=error --output-on-failure --timeout 14400
