#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/lint.sh       everything: also the web's types and clang-tidy; minutes the first time, then what changed
# scripts/lint.sh fast  what takes seconds: rooms, manners, layout
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

failed=0
for check in check_levels check_tidy; do
    "scripts/$check.py" --self-test || failed=1
    "scripts/$check.py" || failed=1
done
scripts/fmt.sh check || failed=1
if [ "${1:-}" != fast ]; then
    [ -d web/node_modules ] && { (cd web && npm run --silent --if-present lint) || failed=1; }
    scripts/tidy.py || failed=1
fi
exit $failed
