# SPDX-License-Identifier: Apache-2.0
"""Life by a test clock: a hold expires, a bank that does not tell is asked again and again, a statement says when; nobody
waits, and a restart in the middle changes nothing. Dry runs beside it leave no trace."""
import datetime
import http.client
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unittest
import uuid
from decimal import Decimal

import house


def usd(text):
    return {"amount": text, "currency": "USD"}


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class TestClock(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-clock-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"

    def serve(self, *more):
        self.serving = house.Serving(self.data, *more)
        self.addCleanup(self.serving.stop)
        for client in getattr(self, "clients", []):
            client.serving = self.serving

    def refused(self, *words):
        words = ["--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--log-level", "warn", *words]
        done = subprocess.run([house.OKPAY, "serve", "--data", str(self.data), *words], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1, done.stderr)
        return done.stderr

    def move(self, **where):
        status, value, headers = self.admin.call("POST", "/api/v1/test-clock", where)
        self.assertEqual(status, 200, value)
        self.assertLess(abs(moment(headers["Test-Clock"]) - moment(value["now"])), datetime.timedelta(seconds=5))
        return moment(value["now"])

    def test_what_time_brings_comes_by_the_clock(self):
        sign_ins = house.demo(self.data, transactions=50, tickets=0)
        self.serve("--test-clock")
        by_role = {staff["role"]: staff for staff in sign_ins["staff"]}
        self.admin = house.Staff(self.serving, by_role["admin"])
        agent = house.Staff(self.serving, by_role["agent"])
        emma = next(one for one in sign_ins["customers"] if one["name"] == "Emma Clarke")
        customer = house.Client(self.serving)
        customer.ok("POST", "/api/v1/me/sign-in", {"email": emma["email"], "password": emma["password"]})
        me = customer.ok("GET", "/api/v1/me")
        shop = next(one for one in sign_ins["merchants"] if one["name"] == "百川集市")
        merchant = house.Client(self.serving, shop["api_key"])
        self.clients = [self.admin, agent, customer, merchant]
        self.admin.ok("POST", f"/api/v1/customers/{me['id']}/top-ups", {"amount": usd("100.00")}, key="1")

        with self.subTest("who may move it, and where to"):
            self.assertEqual(agent.call("POST", "/api/v1/test-clock", {"advance_s": 1})[1]["code"], "not_permitted")
            self.assertEqual(agent.call("GET", "/api/v1/test-clock")[0], 200)
            for where in [{}, {"advance_s": -1}, {"advance_s": "1"}, {"to": "tomorrow"}, {"to": "2027-01-01T00:00:00Z",
                          "advance_s": 1}, {"advance_s": 400_000_000}]:
                status, value, _ = self.admin.call("POST", "/api/v1/test-clock", where)
                self.assertEqual((status, value["code"]), (400, "malformed"), where)
            status, value, _ = self.admin.call("POST", "/api/v1/test-clock", {"to": "2020-01-01T00:00:00Z"})
            self.assertEqual((status, value["code"]), (422, "clock_runs_forward"))

        body = {"customer": me["id"], "amount": usd("30.00"), "capture_method": "manual"}
        with self.subTest("a dry run of the hold"):
            status, tried, headers = merchant.call("POST", "/api/v1/payments?dry_run=true", body)
            self.assertEqual((status, headers["Dry-Run"], tried["dry_run"], tried["id"], tried["state"]),
                             (200, "true", True, None, "requires_capture"))
            self.assertEqual([(p["account_kind"], p["direction"], p["kind"], p["amount"]) for p in tried["postings"]],
                             [("customer_wallet", "debit", "pending", usd("30.00")),
                              ("merchant_payable", "credit", "pending", usd("30.00"))])
            self.assertIsNone(tried["postings"][0]["balance_after"], "a payer's balance is not the merchant's to know")
            self.assertEqual(customer.ok("GET", "/api/v1/me")["wallets"], self.wallets_but(customer, me, "USD", "100.00"))
            much = {**body, "amount": usd("9999.00")}
            status, value, headers = merchant.call("POST", "/api/v1/payments?dry_run=true", much)
            self.assertEqual((status, value["code"], headers["Dry-Run"]), (402, "insufficient_funds", "true"))
            self.assertEqual(merchant.call("POST", "/api/v1/payments?dry_run=yes", body)[1]["code"], "malformed")
            status, value, _ = self.admin.call("POST", "/api/v1/customers?dry_run=true", {}, key="x")
            self.assertEqual((status, value["code"]), (400, "dry_run_not_possible"))

        held = merchant.ok("POST", "/api/v1/payments", body, key="hold")
        with self.subTest("a known key answers its first answer, dry or not"):
            status, again, headers = merchant.call("POST", "/api/v1/payments?dry_run=true", body, key="hold")
            self.assertEqual((status, headers["Idempotent-Replayed"], again), (201, "true", held))
        asked = customer.ok("POST", "/api/v1/me/top-ups", {"amount": usd("20.00"), "instrument": "sandbox:never"}, key="t")
        house.eventually("the bank was called", lambda: self.call_of(asked["id"])["state"] == "unknown")

        with self.subTest("the bank is asked again after half a minute, five more, an hour, a day"):
            for number, seconds in enumerate([31, 301, 3_601, 86_401], 1):
                self.assertEqual(self.call_of(asked["id"])["inquiries"], number - 1)
                self.move(advance_s=seconds)
                self.assertEqual(self.call_of(asked["id"])["inquiries"], number, "the answer came before the bank's")
        self.assertEqual(merchant.ok("GET", f"/api/v1/payments/{held['id']}")["state"], "requires_capture")

        now = moment(self.admin.ok("GET", "/api/v1/test-clock")["now"])
        self.assertEqual(self.serving.stop(), 0)
        self.assertIn("--test-clock", self.refused(), "the clock would run back")
        self.assertIn("loopback", self.refused("--test-clock", "--http", "0.0.0.0:0"))
        self.serve("--test-clock")
        after = self.admin.ok("GET", "/api/v1/test-clock")
        self.assertGreaterEqual(moment(after["now"]), now)
        self.assertEqual(self.call_of(asked["id"])["inquiries"], 4, "the session is that of before, and so is the call")

        with self.subTest("the hold ends by the clock, and the answer waits for it"):
            self.move(to=(moment(held["created_at"]) + datetime.timedelta(days=7, seconds=1)).isoformat())
            self.assertEqual(merchant.ok("GET", f"/api/v1/payments/{held['id']}")["state"], "canceled")
            self.assertEqual(customer.ok("GET", "/api/v1/me")["wallets"], self.wallets_but(customer, me, "USD", "100.00"))
        paid = merchant.ok("POST", "/api/v1/payments", {"customer": me["id"], "amount": usd("5.00"), "memo": "week later"},
                           key=str(uuid.uuid4()))
        self.assertGreater(moment(paid["created_at"]), moment(held["created_at"]) + datetime.timedelta(days=7))

        with self.subTest("the statement tells the days of the clock"):
            day = moment(paid["created_at"]).date()
            wallet = next(one["account"] for one in me["wallets"] if one["currency"] == "USD")
            csv = self.text(customer, f"/api/v1/me/statements?account={wallet}&from={day}&until={day}&format=csv")
            self.assertIn("week later", csv)
            self.assertNotRegex(csv, re.escape(str(moment(held["created_at"]).date())) + ".*week later")
        self.assertEqual(self.serving.stop(), 0)
        house.verify(self.data)

    def test_real_data_has_no_such_clock(self):
        house.demo(self.data, transactions=20, tickets=0)
        self.serve()
        self.assertEqual(self.serving.stop(), 0)
        with sqlite3.connect(self.data / "okpay.db") as database:
            database.execute("DELETE FROM meta WHERE name = 'demonstration'")
        database.close()
        self.assertIn("neither a demonstration's nor new", self.refused("--test-clock"))

    def call_of(self, payment):
        return next(one for one in self.admin.ok("GET", "/api/v1/rail-calls")["items"] if one["payment"] == payment)

    def wallets_but(self, customer, before, currency, more):
        wallets = []
        for wallet in before["wallets"]:
            if wallet["currency"] == currency:
                text = f"{Decimal(wallet['balance']['amount']) + Decimal(more)}"
                wallet = {**wallet, "balance": usd(text), "available": usd(text)}
            wallets.append(wallet)
        return wallets

    def text(self, client, path):
        connection = http.client.HTTPConnection(client.serving.http.hostname, client.serving.http.port, timeout=60)
        connection.request("GET", path, headers={"Cookie": client.cookie})
        text = connection.getresponse().read().decode("utf-8-sig")
        connection.close()
        return text


if __name__ == "__main__":
    unittest.main()
