#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs, builds, loads the demonstration world into DATA (demo-data) where it is new, and serves it until Ctrl-C.
# DATA, HTTP and SMTP come from the environment; `make run DATA=dir HTTP=host:port SMTP=host:port` sets them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C.UTF-8
umask 077 # the data are a payment platform's, even when they are make-believe

data=${DATA:-demo-data}
okpay=build/release/okpay
listen=()
[ -n "${HTTP:-}" ] && listen+=(--http "$HTTP")
[ -n "${SMTP:-}" ] && listen+=(--smtp "$SMTP")

make --no-print-directory build

# The sign-ins are put in place last: where they are, the world is whole. Loading it twice makes the same one.
if [ ! -f "$data/sign-ins.json" ]; then
    echo "run: loading the demonstration world into $data" >&2
    loaded=$(mktemp -d)
    trap 'rm -rf "$loaded"' EXIT
    "$okpay" demo --data "$data" --json --truth "$loaded/truth.jsonl" >"$loaded/sign-ins.json"
    mv "$loaded/truth.jsonl" "$data/truth.jsonl"
    mv "$loaded/sign-ins.json" "$data/sign-ins.json"
    rm -rf "$loaded"
    trap - EXIT
fi

# The server's standard output is one line, "ready"; the descriptor stays open for as long as it runs.
exec {said}< <(exec "$okpay" serve --data "$data" --outbox "$data/outbox-eml" "${listen[@]}" 2>>"$data/serve.log")
server=$!
trap 'kill -TERM "$server" 2>/dev/null || true' INT TERM HUP

if ! read -r -t 60 -u "$said" ready; then
    kill -TERM "$server" 2>/dev/null || true
    status=0
    wait "$server" || status=$?
    echo 'run: the server did not start. The end of its log:' >&2
    tail -n 12 "$data/serve.log" >&2
    exit $((status == 0 ? 1 : status))
fi

field() { python3 -c 'import json, sys; print(json.loads(sys.argv[1])[sys.argv[2]])' "$ready" "$1"; }
if [ ! -f "$data/sample-mails-sent" ]; then
    domain=$(python3 -c 'import json, sys, urllib.request
print(json.load(urllib.request.urlopen(sys.argv[1] + "/api/v1/site", timeout=10))["domain"])' "$(field http)")
    if scripts/demo_mails.py --smtp "$(field smtp)" --to "support@$domain" --sign-ins "$data/sign-ins.json" \
        --truth "$data/truth.jsonl" >&2; then
        touch "$data/sample-mails-sent"
    else
        echo 'run: the sample mails could not be sent; the next `make run` tries again' >&2
    fi
fi
scripts/welcome.py "$ready" "$data/sign-ins.json" "$data"

# `wait` returns early when a signal is trapped: the server is then finishing what is in flight.
status=0
wait "$server" || status=$?
while kill -0 "$server" 2>/dev/null; do
    status=0
    wait "$server" || status=$?
done
exit "$status"
