#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Configures a preset of CMakePresets.json and builds it: scripts/build.sh PRESET [TARGET...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
preset=$1
shift

# Ninja configures again by itself when a CMake file changed; of the presets it does not know.
if [ ! "build/$preset/build.ninja" -nt CMakePresets.json ]; then
    mkdir -p "build/$preset"
    if ! cmake --preset "$preset" >"build/$preset/configure.log" 2>&1; then
        cat "build/$preset/configure.log" >&2
        exit 1
    fi
fi
exec ninja -C "build/$preset" "$@"
