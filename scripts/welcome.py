#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints where the running demonstration is and how to sign in: scripts/welcome.py READY_LINE SIGN_INS DATA_DIR"""
import json
import pathlib
import sys
import time

from totp import code_at

ready = json.loads(sys.argv[1])
world = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))
data = sys.argv[3]


def table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("    " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


print(f"""
OKPay is running.

    Website    {ready["http"]}/
    Account    {ready["http"]}/account
    Workspace  {ready["http"]}/console
    API        {ready["http"]}/api/docs
    Mail in    {ready["smtp"]} (SMTP)
    Mail out   {data}/outbox-eml/*.eml
    Log        {data}/serve.log
""")
now = time.time()
print("Staff of the demonstration (the code changes every 30 seconds):\n")
table([("sign-in", "password", "role", "code")] +
      [(who["email"], who["password"], who["role"], code_at(who["totp_secret"], now) if who.get("totp_secret") else "-")
       for who in world["staff"]])
if world["customers"]:
    print(f"\nCustomers ({len(world['customers'])}), the first of them:\n")
    table([(who["email"], who["password"]) for who in world["customers"][:3]])
print(f"""
A current code:  scripts/totp.py --data {data} EMAIL
Everything else: {data}/sign-ins.json

Ctrl-C stops it; `make run` starts it again with what was done kept.
""", flush=True)
