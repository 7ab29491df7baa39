#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds with optimisation and tests, then soak.py runs the long numbers: PART="simulator disk" only these, FRESH=1 also
# what passed before. TEST_SEED=N repeats a failure of the faults, OKPAY_SEED=N one of the simulator.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C.UTF-8

cmake --preset release -B build/soak -D OKPAY_TESTS=ON >/dev/null
ninja -C build/soak okpay simulator_tests faults_tests faults_postgres_tests
scripts/web.sh
read -ra parts <<<"${PART:-}"
exec scripts/soak.py ${FRESH:+--fresh} "${parts[@]}"
