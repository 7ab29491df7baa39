# SPDX-License-Identifier: Apache-2.0
"""Requests for money and scheduled transfers over HTTP, on both engines: a request is paid once however many race for it,
declined, taken back and expired; nobody learns whose an address is; a scheduled transfer is made once across kill -9 and a
restart; the limits say what is left. `okpay verify` finds no fault afterwards."""
import collections
import contextlib
import datetime
import pathlib
import shutil
import sqlite3
import tempfile
import threading
import unittest
import uuid

import house

# 08:00 is over on the clock there, whenever the story runs, and midnight is hours away.
HOUR = datetime.datetime.now(datetime.timezone.utc).hour
ZONE, OFFSET = ("UTC", 0) if 9 <= HOUR < 22 else ("Etc/GMT-12", 12)


def today():
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=OFFSET)).date().isoformat()


class OnSqlite(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-requests-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.sign_ins = house.demo(self.directory / "data", self.database, transactions=120, tickets=0, customers=12)
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)
        self.serve()

    def serve(self):
        self.serving = house.Serving(self.directory / "data", database=self.database, relay=self.sink.relay)
        self.addCleanup(self.serving.stop)
        self.people = []
        for sign_in in self.sign_ins["customers"]:
            person = house.Client(self.serving)
            person.ok("POST", "/api/v1/me/sign-in", {"email": sign_in["email"], "password": sign_in["password"]})
            person.email = sign_in["email"]
            self.people.append(person)
        self.choose()

    def wallets(self, person):
        return {w["currency"]: float(w["available"]["amount"]) for w in person.ok("GET", "/api/v1/me")["wallets"]}

    def choose(self):
        """The richest payer and another one with the same currency."""
        held = [(self.wallets(person), person) for person in self.people]
        self.currency, _, self.payer = max(
            ((currency, amount, person) for wallets, person in held for currency, amount in wallets.items()
             if any(currency in other and one is not person for other, one in held)), key=lambda found: found[1])
        self.payee = next(one for wallets, one in held if self.currency in wallets and one is not self.payer)

    def amount(self, whole):
        return {"amount": str(whole) if self.currency in ("JPY", "KRW") else f"{whole}.00", "currency": self.currency}

    def ask(self, payer=None, whole=1):
        body = {"amount": self.amount(whole), "memo": "tea"}
        if payer:
            body["payer"] = payer
        return self.payee.ok("POST", "/api/v1/me/money-requests", body, key=str(uuid.uuid4()))

    def pay(self, person, request, key=None):
        return person.call("POST", f"/api/v1/me/money-requests/{request['id']}/pay", {}, key=key or str(uuid.uuid4()))

    def state(self, request):
        return self.payee.ok("GET", f"/api/v1/me/money-requests/{request['id']}")["state"]

    def paid_to_payee(self):
        return len([p for p in self.payee.ok("GET", "/api/v1/me/payments?kind=person_to_person&limit=100")["items"]
                    if p["state"] == "succeeded" and p["direction"] == "in"])

    def letter_to(self, address, words):
        return house.eventually(f"a letter to {address} about {words}", lambda: any(
            words in str(mail["Subject"]) for mail in self.sink.to(address)))

    def test_asked_paid_declined_expired_and_raced(self):
        with self.subTest("asked and paid"):
            request = self.ask(self.payer.email)
            self.letter_to(self.payer.email, "")
            before = self.wallets(self.payee)[self.currency]
            seen = self.payer.ok("GET", "/api/v1/me/money-requests?side=asked_of_me")["items"][0]
            self.assertEqual((seen["id"], seen["may_pay"], seen["payer_address"]), (request["id"], True, None))
            key = str(uuid.uuid4())
            status, payment, _ = self.pay(self.payer, request, key)
            self.assertEqual(status, 201, payment)
            status, again, headers = self.pay(self.payer, request, key)
            self.assertEqual((again["id"], headers.get("Idempotent-Replayed")), (payment["id"], "true"))
            self.assertEqual(self.wallets(self.payee)[self.currency], before + 1)
            self.assertEqual(self.state(request), "paid")
            self.assertEqual(self.pay(self.payer, request)[1]["code"], "request_not_open")

        with self.subTest("declined, and taken back"):
            request = self.ask(self.payer.email)
            declined = self.payer.ok("POST", f"/api/v1/me/money-requests/{request['id']}/decline", {})
            self.assertEqual(declined["state"], "declined")
            self.assertEqual(self.pay(self.payer, request)[1]["code"], "request_not_open")
            request = self.ask()
            status, problem, _ = self.payer.call("POST", f"/api/v1/me/money-requests/{request['id']}/cancel", {})
            self.assertEqual((status, problem["code"]), (404, "not_found"))
            self.payee.ok("POST", f"/api/v1/me/money-requests/{request['id']}/cancel", {})
            self.assertEqual(self.state(request), "canceled")

        with self.subTest("an address that is nobody's"):
            known, unknown = self.ask(self.payer.email), self.ask(f"{uuid.uuid4()}@nowhere.example")
            self.assertEqual(known.keys(), unknown.keys())
            differ = {name for name in known if known[name] != unknown[name]}
            self.assertLessEqual(differ, {"id", "url", "payer_address", "created_at", "expires_at"})
            stranger = next(p for p in self.people if p not in (self.payer, self.payee))
            for request in known, unknown:
                self.assertEqual(stranger.call("GET", f"/api/v1/me/money-requests/{request['id']}")[0], 404)

        with self.subTest("raced"):
            request = self.ask()
            before = self.paid_to_payee()
            racers = [p for p in self.people if p is not self.payee and
                      self.wallets(p).get(self.currency, 0) >= 1]
            start = threading.Barrier(32)
            answers = [None] * 32

            def run(n):
                start.wait()
                answers[n] = self.pay(racers[n % len(racers)], request)

            threads = [threading.Thread(target=run, args=(n,)) for n in range(32)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            codes = collections.Counter(value["code"] if status >= 400 else status for status, value, _ in answers)
            self.assertEqual(codes[201], 1, codes)
            self.assertEqual(codes["request_not_open"], 31, codes)
            self.assertEqual(self.paid_to_payee(), before + 1)
            self.assertEqual(self.state(request), "paid")

        if self.database == "sqlite":
            with self.subTest("expired"):
                request = self.ask()
                self.serving.stop()
                with contextlib.closing(sqlite3.connect(self.directory / "data/okpay.db")) as books, books:
                    books.execute("UPDATE money_request SET expires = created + 1 WHERE id = ?",
                                  (uuid.UUID(request["id"]).bytes,))
                self.serve()
                house.eventually("the request expires", lambda: self.payee.ok(
                    "GET", f"/api/v1/me/money-requests/{request['id']}")["ended_at"] is not None)
                self.assertEqual(self.state(request), "expired")
                self.assertEqual(self.pay(self.payer, request)[1]["code"], "request_not_open")
        self.serving.stop()
        checks, _ = house.verify(self.directory / "data", self.database)
        self.assertGreaterEqual(checks["money_requests"], 6)

    def schedules(self):
        return {s["id"]: s for s in self.payer.ok("GET", "/api/v1/me/scheduled-transfers")["items"]}

    def test_scheduled_across_a_kill(self):
        body = {"to": self.payee.email, "amount": self.amount(1), "memo": "rent", "first_on": today(), "every": "day",
                "times": 2, "zone": ZONE}
        before = self.paid_to_payee()
        key = str(uuid.uuid4())
        made = self.payer.ok("POST", "/api/v1/me/scheduled-transfers", body, key=key)
        self.serving.kill()  # perhaps before the first was made, perhaps after
        self.serve()
        again = self.payer.ok("POST", "/api/v1/me/scheduled-transfers", body, key=key)
        self.assertEqual(again["id"], made["id"])
        house.eventually("the first is made", lambda: self.schedules()[made["id"]]["done"] == 1)
        self.serving.kill()
        self.serve()
        second = self.schedules()[made["id"]]
        self.assertEqual((second["done"], second["state"], second["last"]["outcome"]), (1, "active", "made"))
        self.assertEqual(self.paid_to_payee(), before + 1)

        # Refused for want of money: kept, told, tried again another day.
        short = {**body, "amount": self.amount(10_000_000), "every": "once", "times": 1}
        poor = self.payer.ok("POST", "/api/v1/me/scheduled-transfers", short, key=str(uuid.uuid4()))
        tried = house.eventually("it is tried", lambda: self.schedules()[poor["id"]]["last"])
        self.assertEqual((tried["outcome"], tried["reason"]), ("to_be_tried_again", "insufficient_funds"))
        refused = self.payer.ok("GET", f"/api/v1/me/payments/{tried['payment']}")
        self.assertEqual((refused["state"], refused["refusal"]), ("failed", "insufficient_funds"))
        self.letter_to(self.payer.email, "")
        for schedule in (made, poor):
            ended = self.payer.ok("POST", f"/api/v1/me/scheduled-transfers/{schedule['id']}/end", {})
            self.assertEqual((ended["state"], ended["next_at"]), ("ended", None))
        self.serving.stop()
        checks, _ = house.verify(self.directory / "data", self.database)
        self.assertEqual(checks["schedules"], 2)


class OnPostgres(house.OnPostgres, OnSqlite):
    pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
