# SPDX-License-Identifier: Apache-2.0
"""A bank that answers, declines, falls silent and sends money back: top-ups and withdrawals over HTTP with the sandbox rail,
on both engines. What the bank does not tell is unknown, is not tried twice, survives a kill -9 in the middle, and the
customer is written to before they write."""
import pathlib
import shutil
import tempfile
import unittest
import uuid

import house


class OnSqlite(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-rails-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.sign_ins = house.demo(self.directory / "data", self.database, transactions=50, tickets=0, customers=12)
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)
        self.serve()
        self.person = self.sign_ins["customers"][0]

    def serve(self):
        self.serving = house.Serving(self.directory / "data", database=self.database, relay=self.sink.relay)
        self.addCleanup(self.serving.stop)

    def sign_in(self):
        self.me = house.Client(self.serving)
        self.me.ok("POST", "/api/v1/me/sign-in", {"email": self.person["email"], "password": self.person["password"]})

    def balance(self, account):
        wallet = next(w for w in self.me.ok("GET", "/api/v1/me")["wallets"] if w["account"] == account["account"])
        return round(float(wallet["balance"]["amount"]) * 100)

    def ask(self, what, amount, word, key=None):
        member = "instrument" if what == "top-ups" else "destination"
        text = str(amount) if self.currency == "JPY" else f"{amount}.00"
        return self.me.call("POST", f"/api/v1/me/{what}", {"amount": {"amount": text, "currency": self.currency},
                                                           member: f"sandbox:{word}"}, key=key or str(uuid.uuid4()))

    def begun(self, what, amount, word):
        status, payment, _ = self.ask(what, amount, word)
        self.assertEqual((status, payment["state"]), (201, "processing"), payment)
        return payment["id"]

    def state(self, payment):
        return self.me.ok("GET", f"/api/v1/me/payments/{payment}")["state"]

    def becomes(self, payment, state, seconds=60):
        house.eventually(f"{payment} {state}", lambda: self.state(payment) == state, seconds)

    def test_money_from_outside_and_to_there(self):
        self.sign_in()
        wallet = max(self.me.ok("GET", "/api/v1/me")["wallets"], key=lambda w: float(w["available"]["amount"]))
        self.currency = wallet["currency"]
        start = self.balance(wallet)

        key = str(uuid.uuid4())
        first = self.ask("top-ups", 90, "ok", key)[1]
        self.becomes(first["id"], "succeeded")
        status, again, headers = self.ask("top-ups", 90, "ok", key)
        self.assertEqual((status, again["id"], headers.get("Idempotent-Replayed")), (201, first["id"], "true"))
        self.assertEqual(self.balance(wallet), start + 9000)

        declined = self.begun("top-ups", 11, "decline")
        bounced = self.begun("withdrawals", 12, "bounce")
        self.becomes(declined, "failed")
        self.becomes(bounced, "returned")
        self.assertEqual(self.balance(wallet), start + 9000)
        self.assertEqual(self.me.ok("GET", f"/api/v1/me/payments/{declined}")["refusal"], "declined_by_issuer")
        for text in ("4242 4242 4242 4242", "GB28NWBK60161331926819", "sandbox:soon", ""):
            status, problem, _ = self.me.call("POST", "/api/v1/me/withdrawals",
                                              {"amount": wallet["available"], "destination": text}, key=str(uuid.uuid4()))
            self.assertEqual((status, problem["code"]), (400, "malformed"), problem)

        # The bank has the order in its hands when the server dies: it is asked after, not given the order again.
        hanging = self.begun("withdrawals", 13, "hang")
        self.assertEqual(self.balance(wallet), start + 9000 - 1300)
        self.serving.kill()
        self.serve()
        self.sign_in()
        self.becomes(hanging, "succeeded")

        done = self.begun("withdrawals", 14, "timeout_done")
        never = self.begun("withdrawals", 15, "never")
        self.becomes(done, "unknown")
        self.becomes(never, "unknown")
        status, problem, _ = self.ask("withdrawals", 15, "ok")
        self.assertEqual((status, problem["code"]), (409, "attempt_unresolved"))
        self.becomes(done, "succeeded", 60)
        # One for the money that came back, one for what is not known.
        house.eventually("two letters", lambda: len(self.sink.to(self.person["email"])) == 2, 60)
        self.assertEqual(self.balance(wallet), start + 9000 - 1300 - 1400 - 1500)

        supervisor = house.Staff(self.serving, next(s for s in self.sign_ins["staff"] if s["role"] == "supervisor"))
        agent = house.Staff(self.serving, next(s for s in self.sign_ins["staff"] if s["role"] == "agent"))
        self.assertEqual(agent.call("GET", "/api/v1/rail-calls")[0], 403)
        calls = supervisor.ok("GET", "/api/v1/rail-calls")["items"]
        self.assertEqual([c["payment"] for c in calls], [never])
        ticket = supervisor.ok("GET", f"/api/v1/tickets/{calls[0]['ticket']}")
        self.assertEqual(ticket["state"], "on_hold")
        letters = [m["Subject"] for m in self.sink.to(self.person["email"])]
        self.assertEqual(sum(calls[0]["ticket"] in subject for subject in letters), 1, letters)
        settled = supervisor.ok("POST", f"/api/v1/rail-calls/{never}/outcome",
                                {"outcome": "declined", "note": "by telephone", "totp_code": supervisor.code()})
        self.assertEqual(settled["state"], "failed")
        self.assertEqual(self.balance(wallet), start + 9000 - 1300 - 1400)
        self.assertEqual(supervisor.ok("GET", f"/api/v1/tickets/{calls[0]['ticket']}")["state"], "solved")

        history = self.me.ok("GET", "/api/v1/me/payments?limit=100")["items"]
        ids = [p["id"] for p in history]
        self.assertEqual(len(ids), len(set(ids)), "a payment stands in the history once")
        self.assertTrue({first["id"], declined, bounced, hanging, done, never} <= set(ids))
        self.assertEqual(self.serving.stop(), 0)
        house.verify(self.directory / "data", self.database)


class OnPostgres(house.OnPostgres, OnSqlite):
    pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
