# SPDX-License-Identifier: Apache-2.0
"""Two processes on one PostgreSQL: one holds the epoch and writes, the other hands its commands over; the first is killed,
the second takes over, nothing is lost or doubled. And the node that was cut off cannot write any more."""
import pathlib
import shutil
import signal
import tempfile
import unittest
import uuid

import house
from kill_test import Load


class TwoNodes(house.OnPostgres, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-nodes-"))
        self.key = self.directory / "first.key"
        self.sign_ins = house.demo(self.directory / "first", self.database, transactions=100, tickets=0, customers=12)

    def tearDown(self):
        shutil.rmtree(self.directory, ignore_errors=True)

    def node(self, name):
        node = house.Serving(self.directory / name, "--key-file", str(self.key), database=self.database)
        self.addCleanup(lambda: node.process.poll() is None and node.kill())
        return node

    def writes(self, node):
        status, _, _ = house.Client(node).call("GET", "/healthz")
        self.assertEqual(status, 200)
        import urllib.request
        text = urllib.request.urlopen(f"http://{node.http.netloc}/metrics").read().decode()
        return "\nokpay_writes_here 1\n" in text

    def world(self, node):
        supervisor = house.Staff(node, [s for s in self.sign_ins["staff"] if s["role"] == "supervisor"][0])
        customers = []
        for n in range(4):
            made = supervisor.ok("POST", "/api/v1/customers", {"email": f"load{n}@load.example", "name": f"Load {n}",
                "language": "en",
                                                              "zone": "Europe/Berlin", "currencies": ["EUR"]},
                                                                  key=str(uuid.uuid4()))
            supervisor.ok("POST", f"/api/v1/customers/{made['id']}/top-ups", {"amount": {"amount": "1000000.00",
                "currency": "EUR"}, "note": ""},
                          key=str(uuid.uuid4()))
            customers.append(made["id"])
        for merchant in self.sign_ins["merchants"]:
            status, value, _ = house.Client(node, merchant["api_key"]).call("POST", "/api/v1/payments", {
                "customer": customers[0], "amount": {"amount": "1.00", "currency": "EUR"}}, key="probe")
            if status == 201 and value["state"] == "succeeded":
                return customers, merchant["api_key"]
        raise AssertionError("no merchant takes EUR")

    def all_once(self, node, api_key, paid):
        merchant = house.Client(node, api_key)
        listed, cursor = [], ""
        while True:
            page = merchant.ok("GET", "/api/v1/payments?limit=100" + (f"&cursor={cursor}" if cursor else ""))
            listed += [p["id"] for p in page["items"] if (p["order_ref"] or "").startswith("o-k-")]
            cursor = page["next_cursor"]
            if not cursor:
                break
        self.assertEqual(sorted(listed), sorted(paid.values()))

    def ask_again(self, node, api_key, load):
        merchant = house.Client(node, api_key)
        for key, body in load.asked.items():
            answered = merchant.ok("POST", "/api/v1/payments", body, key=key)["id"]
            self.assertEqual(load.paid.setdefault(key, answered), answered)

    def test_the_second_takes_over_when_the_first_is_killed(self):
        first = self.node("first")
        house.eventually("the first writes", lambda: self.writes(first))
        second = self.node("second")
        self.assertFalse(self.writes(second))
        customers, api_key = self.world(second)  # every command handed over
        load = Load(second, api_key, customers, "takeover")
        load.start()
        self.addCleanup(load.join)
        house.eventually("payments through the second", lambda: len(load.paid) > 20)
        before = len(load.paid)
        first.kill()
        house.eventually("the second writes", lambda: self.writes(second))
        house.eventually("payments go on", lambda: len(load.paid) > before + 20)
        load.join()
        self.ask_again(second, api_key, load)
        self.all_once(second, api_key, load.paid)
        self.assertEqual(second.stop(), 0)
        house.verify(self.directory / "second", self.database)

    def test_a_writer_that_was_cut_off_cannot_write(self):
        first = self.node("first")
        house.eventually("the first writes", lambda: self.writes(first))
        second = self.node("second")
        customers, api_key = self.world(first)
        load = Load(first, api_key, customers, "cut off")
        load.start()
        self.addCleanup(load.join)
        house.eventually("payments through the first", lambda: len(load.paid) > 20)
        first.process.send_signal(signal.SIGSTOP)
        house.eventually("the second writes", lambda: self.writes(second))
        first.process.send_signal(signal.SIGCONT)
        house.eventually("the first has seen it", lambda: not self.writes(first))
        before = len(load.paid)
        house.eventually("payments go on through the first, handed over", lambda: len(load.paid) > before + 20)
        load.join()
        self.ask_again(second, api_key, load)
        self.all_once(second, api_key, load.paid)
        self.assertEqual(first.stop(), 0)
        self.assertEqual(second.stop(), 0)
        house.verify(self.directory / "first", self.database)


if __name__ == "__main__":
    unittest.main(verbosity=2)
