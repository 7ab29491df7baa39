#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The current one-time code of a demonstration sign-in (RFC 6238: HMAC-SHA-1, 30 s, 6 digits), so that nobody needs a
telephone to try a refund: scripts/totp.py [--data DIR] EMAIL, or scripts/totp.py --secret BASE32"""
import argparse
import base64
import hashlib
import hmac
import json
import pathlib
import sys
import time

STEP_SECONDS = 30


def code_at(secret_base32: str, at: float) -> str:
    text = secret_base32.replace(" ", "").upper()
    key = base64.b32decode(text + "=" * (-len(text) % 8))
    digest = hmac.digest(key, int(at // STEP_SECONDS).to_bytes(8, "big"), hashlib.sha1)
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start:start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("email", nargs="?")
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path("demo-data"))
    parser.add_argument("--secret")
    asked = parser.parse_args()
    secret = asked.secret
    if not secret:
        try:
            world = json.loads((asked.data / "sign-ins.json").read_text())
        except FileNotFoundError:
            print(f"totp: {asked.data}/sign-ins.json is not there; `make run` makes it", file=sys.stderr)
            return 1
        secrets = {who["email"]: who["totp_secret"] for who in world["staff"] + world["customers"] if who.get("totp_secret")}
        if asked.email not in secrets:
            print(f"totp: say whose: {', '.join(secrets)}", file=sys.stderr)
            return 2
        secret = secrets[asked.email]
    now = time.time()
    print(f"{code_at(secret, now)}  ({STEP_SECONDS - int(now % STEP_SECONDS)} s left)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
