#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds web/ into web/dist, when a source is newer than the last build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../web"
built=dist/.built

sources=()
for source in src public index.html account.html console.html package.json package-lock.json vite.config.ts tsconfig.json \
    ../src/api/openapi.json; do
    [ -e "$source" ] && sources+=("$source")
done
for page in *.html *.ts *.json; do
    [ -e "$page" ] && sources+=("$page")
done
# A folder's own time changes when a file in it goes away.
if [ -f "$built" ] && [ -z "$(find "${sources[@]}" -newer "$built" -print -quit)" ]; then
    exit 0
fi
npm run --silent build
touch "$built"
