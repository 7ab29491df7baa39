#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Formats the C++ sources in place, or with `check` only says what is not formatted. The web has its own formatter.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mode=(-i)
[ "${1:-}" = check ] && mode=(--dry-run -Werror)

find src tests fuzz bench -name '*.[ch]pp' -print0 |
    xargs -0 -r -n 16 -P "$(nproc)" clang-format-19 --style=file "${mode[@]}"
if [ "${1:-}" != check ] && [ -d web/node_modules ]; then
    (cd web && npm run --silent --if-present fmt)
fi
