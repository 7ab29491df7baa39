# SPDX-License-Identifier: Apache-2.0
"""kill -9 under mixed load of mails and payments, again and again: after each restart `okpay verify` finds no fault, and
every acknowledged mail and payment is there, once. OKPAY_SOAK=1 kills 200 times an engine, else a few."""
import http.client
import json
import os
import pathlib
import random
import shutil
import smtplib
import tempfile
import threading
import time
import unittest
import uuid

import house

ROUNDS = int(os.environ.get("OKPAY_KILLS", "200" if os.environ.get("OKPAY_SOAK") else "4"))


class Load:
    """Clients that pay and write as fast as they are answered, and remember what was acknowledged."""

    def __init__(self, serving, api_key, customers, seed):
        self.serving, self.api_key, self.customers, self.seed = serving, api_key, customers, seed
        self.paid = {}          # idempotency key -> payment id, acknowledged by 2xx
        self.asked = {}         # key -> body, all that were sent
        self.mailed = set()     # Message-IDs acknowledged by 250
        self.sent_mails = set()
        self.in_flight = 0
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.pay, args=(n,)) for n in range(6)] + [
            threading.Thread(target=self.mail, args=(n,)) for n in range(4)]

    def start(self):
        for thread in self.threads:
            thread.start()

    def join(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def pay(self, n):
        rng = random.Random(f"{self.seed} pay {n}")
        client = house.Client(self.serving, self.api_key)
        while not self.stopping.is_set():
            key = f"k-{uuid.UUID(int=rng.getrandbits(128))}"
            body = {"customer": rng.choice(self.customers),
                "amount": {"amount": f"{rng.randint(1, 99)}.{rng.randint(0, 99):02}", "currency": "EUR"},
                    "order_ref": f"o-{key}", "memo": "load", "device": "till"}
            with self.lock:
                self.asked[key] = body
                self.in_flight += 1
            try:
                status, value, _ = client.call("POST", "/api/v1/payments", body, key=key)
                if status in (200, 201):
                    with self.lock:
                        self.paid[key] = value["id"]
            except (OSError, http.client.HTTPException):
                if not self.stopping.is_set() and self.serving.process.poll() is not None:
                    return
            finally:
                with self.lock:
                    self.in_flight -= 1

    def mail(self, n):
        host, port = self.serving.smtp.rsplit(":", 1)
        number = 0
        while not self.stopping.is_set():
            number += 1
            message_id = f"{self.seed}.{n}.{number}@load.example"
            raw = (f"From: <writer{n}@load.example>\r\nTo: <support@{house.DOMAIN}>\r\nSubject: Charged twice {number}\r\n"
                   f"Message-ID: <{message_id}>\r\n\r\nI was charged twice, EUR 12.{number % 100:02}.\r\n"
                   + ("x" * 70 + "\r\n") * (1 if number % 5 else 2_000))  # each fifth lies in a file of its own
            with self.lock:
                self.sent_mails.add(message_id)
            try:
                with smtplib.SMTP(host, int(port), timeout=60) as smtp:
                    smtp.sendmail(f"writer{n}@load.example", [f"support@{house.DOMAIN}"], raw.encode())
                    with self.lock:
                        self.mailed.add(message_id)
            except (OSError, smtplib.SMTPException):
                if self.serving.process.poll() is not None:
                    return


class Kills:
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-kill-"))
        self.data = self.directory / "data"

    def tearDown(self):
        shutil.rmtree(self.directory, ignore_errors=True)

    def test_nothing_acknowledged_is_lost_or_done_twice(self):
        sign_ins = house.demo(self.data, self.database, transactions=100, tickets=0, customers=12)
        seed = int(os.environ.get("TEST_SEED", random.randrange(1 << 30)))
        print(f"TEST_SEED={seed}", flush=True)
        rng = random.Random(seed)
        serving = house.Serving(self.data, database=self.database)
        supervisor = house.Staff(serving, [s for s in sign_ins["staff"] if s["role"] == "supervisor"][0])
        customers = []
        for n in range(8):
            made = supervisor.ok("POST", "/api/v1/customers", {"email": f"load{n}@load.example", "name": f"Load {n}",
                "language": "en",
                                                              "zone": "Europe/Berlin", "currencies": ["EUR"]},
                                                                  key=str(uuid.uuid4()))
            customers.append(made["id"])
            supervisor.ok("POST", f"/api/v1/customers/{made['id']}/top-ups", {"amount": {"amount": "10000000.00",
                "currency": "EUR"}, "note": ""},
                          key=str(uuid.uuid4()))
        api_key = None
        for merchant in sign_ins["merchants"]:
            status, value, _ = house.Client(serving, merchant["api_key"]).call("POST", "/api/v1/payments", {
                "customer": customers[0], "amount": {"amount": "1.00", "currency": "EUR"}}, key="probe")
            if status == 201 and value["state"] == "succeeded":
                api_key = merchant["api_key"]
                break
        self.assertIsNotNone(api_key)
        paid, mailed, sent, unknown = {}, set(), set(), {}
        kills_with_work = 0
        for turn in range(ROUNDS):
            load = Load(serving, api_key, customers, f"{seed}.{turn}")
            load.start()
            house.eventually("some work", lambda: len(load.paid) > 5 and load.mailed, 60)
            time_of_kill = time.monotonic() + rng.random() * 0.3
            house.eventually("the moment of the kill", lambda: time.monotonic() >= time_of_kill)
            kills_with_work += load.in_flight > 0
            serving.kill()
            load.join()
            paid.update(load.paid)
            mailed |= load.mailed
            sent |= load.sent_mails
            unknown.update({key: body for key, body in load.asked.items() if key not in load.paid})
            house.verify(self.data, self.database)
            serving = house.Serving(self.data, database=self.database)
            # What nobody knew is asked again with its key: done once, whatever became of the first.
            merchant = house.Client(serving, api_key)
            for key, body in unknown.items():
                paid[key] = merchant.ok("POST", "/api/v1/payments", body, key=key)["id"]
            unknown = {}
        self.assertEqual(kills_with_work, ROUNDS)
        merchant = house.Client(serving, api_key)
        self.assertEqual(len(set(paid.values())), len(paid))
        sample = rng.sample(sorted(paid), min(len(paid), 200))
        for key in sample:
            self.assertEqual(merchant.ok("GET", f"/api/v1/payments/{paid[key]}")["id"], paid[key])
        listed, cursor = [], ""
        while True:
            page = merchant.ok("GET", "/api/v1/payments?limit=100" + (f"&cursor={cursor}" if cursor else ""))
            listed += [p for p in page["items"] if (p["order_ref"] or "").startswith("o-k-")]
            cursor = page["next_cursor"]
            if not cursor:
                break
        self.assertEqual(sorted(p["id"] for p in listed), sorted(paid.values()))
        agent = house.Staff(serving, [s for s in sign_ins["staff"] if s["role"] == "admin"][0])
        books = house.eventually("all mails read", lambda: (lambda counts: counts if counts["waiting"] == 0
            else None)(self.totals(agent)), 120)
        self.assertEqual(books["quarantined"], 0)
        self.assertEqual(serving.stop(), 0)
        checks, head = house.verify(self.data, self.database)
        kept = self.message_ids(sent)
        self.assertEqual(mailed - set(kept), set())
        self.assertEqual(len(kept), len(set(kept)))
        print(f"{ROUNDS} kills, {len(paid)} payments, {len(mailed)} mails acknowledged, head {head}", flush=True)

    def totals(self, agent):
        """Over all hours and channels."""
        sums = {"waiting": 0, "quarantined": 0}
        cursor = ""
        while True:
            page = agent.ok("GET", "/api/v1/mail-books?limit=100" + (f"&cursor={cursor}" if cursor else ""))
            for item in page["items"]:
                for name in sums:
                    sums[name] += item[name]
            cursor = page["next_cursor"]
            if not cursor:
                return sums

    def message_ids(self, sent):
        """Of messages in requests: one for each mail that was filed."""
        import sqlite3
        connection = sqlite3.connect(f"file:{self.data}/okpay.db?mode=ro", uri=True)
        found = [row[0] for row in connection.execute("SELECT mail_message_id FROM message WHERE direction = 1")
            if row[0] in sent]
        connection.close()
        return found


class OnSqlite(Kills, unittest.TestCase):
    pass


class OnPostgres(house.OnPostgres, Kills, unittest.TestCase):
    def message_ids(self, sent):
        import subprocess
        rows = subprocess.run(["psql", self.database, "-At", "-c",
            "SELECT mail_message_id FROM message WHERE direction = 1"], check=True,
                              stdout=subprocess.PIPE, text=True).stdout.split()
        return [row for row in rows if row in sent]


if __name__ == "__main__":
    unittest.main(verbosity=2)
