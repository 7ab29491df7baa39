#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Formats the C++ sources in place, or with `check` names those that are not formatted. The web has its own formatter.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

sources() { find src tests fuzz -name '*.[ch]pp' -print0; }
if [ "${1:-}" = check ]; then
    # One line a file: clang-format's own report is several for each place.
    sources | xargs -0 -r -n 8 -P "$(nproc)" bash -c '
        status=0
        for file in "$@"; do
            clang-format-19 --style=file "$file" | cmp -s - "$file" && continue
            echo "$file: not formatted; make fmt"
            status=1
        done
        exit $status' format
    echo 'format: as it should be'
    exit 0
fi
sources | xargs -0 -r -n 16 -P "$(nproc)" clang-format-19 --style=file -i
if [ -d web/node_modules ]; then
    (cd web && npm run --silent --if-present fmt)
fi
