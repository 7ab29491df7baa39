#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs each fuzzer of build/fuzz for SECONDS_EACH (60). What it learns stays in build/fuzz/corpus; the committed corpus
# of fuzz/corpus/NAME is read, never written. A crash is kept in build/fuzz/crashes, to become a corpus file and a test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=${SECONDS_EACH:-60}

mapfile -t fuzzers < <(find build/fuzz -type f -name '*_fuzz' -executable | sort)
if [ ${#fuzzers[@]} -eq 0 ]; then
    echo 'fuzz: the build made no program called *_fuzz' >&2
    exit 1
fi
mkdir -p build/fuzz/crashes
failed=()
for fuzzer in "${fuzzers[@]}"; do
    name=$(basename "$fuzzer" _fuzz)
    learnt=build/fuzz/corpus/$name
    mkdir -p "$learnt"
    corpora=("$learnt")
    [ -d "fuzz/corpus/$name" ] && corpora+=("fuzz/corpus/$name")
    options=()
    [ -f "fuzz/$name.dict" ] && options+=("-dict=fuzz/$name.dict")
    echo "fuzz: $name for $seconds s" >&2
    "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/crashes/$name-" "${options[@]}" "${corpora[@]}" || failed+=("$name")
done
if [ ${#failed[@]} -gt 0 ]; then
    echo "fuzz: found something: ${failed[*]} (build/fuzz/crashes)" >&2
    exit 1
fi
