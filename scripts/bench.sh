#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Durable postings and mails per second of the release program: JSON lines with rate, p50, p99 and settings.
# Run it on a quiet machine: equal runs differ by a third, because the disk's flush does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build/release/okpay bench ledger
build/release/okpay bench http --in-flight 1 64 256
build/release/okpay bench mail
