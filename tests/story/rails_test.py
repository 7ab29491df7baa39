# SPDX-License-Identifier: Apache-2.0
"""A bank that answers, declines, falls silent and sends money back: top-ups, withdrawals, payments by card and refunds to
one over HTTP with the sandbox rail, on both engines. What the bank does not tell is unknown, is not tried twice, survives a
kill -9 in the middle, and the customer is written to before they write. And a charge that came twice, said on the page."""
import pathlib
import re
import shutil
import tempfile
import unittest
import uuid

import house
import passkey


class OnSqlite(unittest.TestCase):
    database = "sqlite"
    more = ("--automatic-refunds", "CNY 200.00 500.00 5000.00", "--new-factor-waits-hours", "0")

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-rails-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.sign_ins = house.demo(self.directory / "data", self.database, transactions=50, tickets=0, customers=12)
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)
        self.serve()
        self.person = self.sign_ins["customers"][0]

    def serve(self):
        self.serving = house.Serving(self.directory / "data", *self.more, database=self.database, relay=self.sink.relay)
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

    def letters(self):
        """Subjects, without those of sign-ins from a new device, which another story tells of."""
        told = ("New sign-in to your account", "您的账户有新的登录", "您的帳戶有新的登入")
        return [s for s in (str(mail["Subject"]) for mail in self.sink.to(self.person["email"])) if s not in told]

    def state(self, payment):
        return self.me.ok("GET", f"/api/v1/me/payments/{payment}")["state"]

    def becomes(self, payment, state, seconds=60):
        house.eventually(f"{payment} {state}", lambda: self.state(payment) == state, seconds)

    def test_money_from_outside_and_to_there(self):
        self.sign_in()
        # Money goes to a new account outside by a second factor alone.
        phone = passkey.Passkey()
        self.addCleanup(phone.remove)
        passkey.add(self.me, phone)
        house.eventually("a letter about the passkey", lambda: len(self.letters()) == 1)
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
        # Sent before the server dies: one that names money and is cut off waits for a person (told below).
        house.eventually("a letter about the money that came back", lambda: len(self.letters()) == 2)
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
        self.me = house.Client(self.serving)
        passkey.sign_in(self.me, phone)
        self.becomes(hanging, "succeeded")

        done = self.begun("withdrawals", 14, "timeout_done")
        never = self.begun("withdrawals", 15, "never")
        self.becomes(done, "unknown")
        self.becomes(never, "unknown")
        status, problem, _ = self.ask("withdrawals", 15, "ok")
        self.assertEqual((status, problem["code"]), (409, "attempt_unresolved"))
        self.becomes(done, "succeeded", 60)
        house.eventually("a letter about what is not known", lambda: len(self.letters()) >= 3)
        self.assertEqual(len(self.letters()), 3, self.letters())
        self.assertEqual(self.balance(wallet), start + 9000 - 1300 - 1400 - 1500)

        supervisor = house.Staff(self.serving, next(s for s in self.sign_ins["staff"] if s["role"] == "supervisor"))
        agent = house.Staff(self.serving, next(s for s in self.sign_ins["staff"] if s["role"] == "agent"))
        self.assertEqual(agent.call("GET", "/api/v1/rail-calls")[0], 403)
        calls = supervisor.ok("GET", "/api/v1/rail-calls")["items"]
        self.assertEqual([c["payment"] for c in calls], [never])
        ticket = supervisor.ok("GET", f"/api/v1/tickets/{calls[0]['ticket']}")
        self.assertEqual(ticket["state"], "on_hold")
        letters = self.letters()
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

    def test_a_letter_about_money_that_was_cut_off_waits_for_a_person(self):
        self.sign_in()
        phone = passkey.Passkey()
        self.addCleanup(phone.remove)
        passkey.add(self.me, phone)
        house.eventually("a letter about the passkey", lambda: len(self.letters()) == 1)
        wallet = max(self.me.ok("GET", "/api/v1/me")["wallets"], key=lambda w: float(w["available"]["amount"]))
        self.currency = wallet["currency"]
        self.sink.answers = False
        self.becomes(self.begun("withdrawals", 12, "bounce"), "returned")
        house.eventually("the relay has the letter", lambda: len(self.letters()) == 2)
        self.serving.kill()
        self.sink.answers = True
        self.serve()
        supervisor = house.Staff(self.serving, next(s for s in self.sign_ins["staff"] if s["role"] == "supervisor"))
        number = re.search(r"OK-[0-9A-Z]{7}", self.letters()[-1])[0]

        def state():
            return supervisor.ok("GET", f"/api/v1/tickets/{number}")["messages"][-1]["delivery"]["state"]
        house.eventually("its outcome is not known", lambda: state() == "uncertain")
        self.assertEqual(len(self.letters()), 2)
        message = supervisor.ok("GET", f"/api/v1/tickets/{number}")["messages"][-1]["id"]
        supervisor.ok("POST", f"/api/v1/tickets/{number}/messages/{message}/resend")
        house.eventually("a person sent it again", lambda: state() == "sent")
        first, again = self.sink.to(self.person["email"])[-2:]
        self.assertEqual(first["Message-ID"], again["Message-ID"])
        self.assertEqual(self.serving.stop(), 0)
        house.verify(self.directory / "data", self.database)

    def pay(self, amount, word=None, order=None, key=None, **members):
        body = {"customer": self.customer, "amount": {"amount": f"{amount}.00", "currency": "CNY"}, "memo": "story",
                "device": "phone-1", **members}
        if word:
            body["instrument"] = f"sandbox:{word}"
        if order:
            body["order_ref"] = order
        return self.till.call("POST", "/api/v1/payments", body, key=key or str(uuid.uuid4()))

    def charged(self, amount, word, order):
        status, payment, _ = self.pay(amount, word, order)
        self.assertEqual((status, payment["state"]), (201, "processing"), payment)
        return payment["id"]

    def give_back(self, payment, amount):
        status, refund, _ = self.till.call("POST", f"/api/v1/payments/{payment}/refunds",
                                           {"amount": {"amount": f"{amount}.00", "currency": "CNY"},
                                            "reason": "requested_by_customer"}, key=str(uuid.uuid4()))
        self.assertEqual((status, refund["state"]), (201, "processing"), refund)
        return refund["id"]

    def test_cards_and_a_charge_that_came_twice(self):
        self.sign_in()
        self.customer = self.me.ok("GET", "/api/v1/me")["id"]
        supervisor = house.Staff(self.serving, next(s for s in self.sign_ins["staff"] if s["role"] == "supervisor"))
        supervisor.ok("POST", f"/api/v1/customers/{self.customer}/top-ups",
                      {"amount": {"amount": "1000.00", "currency": "CNY"}, "note": "for the story"}, key=str(uuid.uuid4()))
        for merchant in self.sign_ins["merchants"]:  # one that takes yuan
            self.till = house.Client(self.serving, merchant["api_key"])
            if self.pay(1, order="probe")[0] == 201:
                break
        wallet = next(w for w in self.me.ok("GET", "/api/v1/me")["wallets"] if w["currency"] == "CNY")
        start = self.balance(wallet)

        # What the bank does with a card, all at once; nothing of it touches the wallet.
        self.charged(20, "ok", "C-1")
        paid = self.charged(21, "ok", "C-2")
        declined = self.charged(22, "decline", "C-3")
        twice = self.charged(23, "twice", "C-4")
        late_no = self.charged(24, "no_then_done", "C-5")
        lost = self.charged(25, "timeout_done", "C-6")
        never = self.charged(26, "never", "C-7")
        closed = self.charged(27, "refund_decline", "C-8")
        slow = self.charged(28, "refund_timeout_done", "C-9")
        for payment, state in ((paid, "succeeded"), (declined, "failed"), (twice, "succeeded"), (late_no, "failed"),
                               (closed, "succeeded"), (slow, "succeeded"), (lost, "unknown"), (never, "unknown")):
            self.becomes(payment, state)
        self.assertEqual(self.till.ok("GET", f"/api/v1/payments/{declined}")["refusal"], "declined_by_issuer")
        self.assertEqual(self.pay(21, "ok", "C-2")[1]["code"], "order_already_paid")
        for again in (self.pay(26, "ok", "C-7"), self.pay(99, None, "C-7"), self.pay(26, "never", "C-10")):
            self.assertEqual((again[0], again[1]["code"], again[1]["first_payment"]), (409, "attempt_unresolved", never))
        for members in ({"word": "soon"}, {"word": "ok", "capture_method": "manual"}, {"instrument": "4242 4242 4242 4242"}):
            status, problem, _ = self.pay(30, order="C-11", **members)
            self.assertEqual((status, problem["code"]), (400, "malformed"), problem)

        refused = self.give_back(closed, 27)
        unknown = self.give_back(slow, 10)
        part = self.give_back(paid, 5)
        self.becomes(part, "succeeded")
        self.becomes(refused, "failed")
        self.becomes(unknown, "unknown")
        status, problem, _ = self.till.call("POST", f"/api/v1/payments/{slow}/refunds",
                                            {"amount": {"amount": "19.00", "currency": "CNY"}, "reason": "error"},
                                            key=str(uuid.uuid4()))
        self.assertEqual((status, problem["code"]), (422, "exceeds_refundable"), "what is in flight counts")
        self.assertEqual(self.till.ok("GET", f"/api/v1/payments/{closed}")["refundable"]["amount"], "27.00")
        self.assertEqual(self.till.ok("GET", f"/api/v1/payments/{paid}")["refunded"]["amount"], "5.00")
        history = {p["id"] for p in self.me.ok("GET", "/api/v1/me/payments?limit=100")["items"]}
        self.assertTrue({paid, declined, lost, never, refused, unknown, part} <= history, "cards stand in the history")
        self.assertEqual(self.balance(wallet), start)

        # Layer 3: the same again within moments is asked about.
        status, first, _ = self.pay(31)
        self.assertEqual(status, 201, first)
        status, problem, _ = self.pay(31)
        self.assertEqual((status, problem["code"], problem["first_payment"]), (409, "possible_duplicate", first["id"]))
        self.assertEqual(self.pay(31, not_a_duplicate=True)[0], 201)

        # One order that the shop's systems spell in two ways: the ledger proves it, and it goes back at once.
        self.assertEqual(self.pay(128, order="S-7001")[0], 201)
        double = self.pay(128, order="s-7001")[1]["id"]
        before = self.balance(wallet)
        key = str(uuid.uuid4())
        path = f"/api/v1/me/payments/{double}/report-duplicate"
        status, report, _ = self.me.call("POST", path, {}, key=key)
        self.assertEqual((status, report["outcome"]), (201, "refunded"), report)
        self.assertEqual(report["class"], "true_duplicate_same_order")
        self.assertEqual(report["refund"]["state"], "succeeded")
        self.assertEqual(self.balance(wallet), before + 12800)
        status, again, headers = self.me.call("POST", path, {}, key=key)
        self.assertEqual((status, again["refund"]["id"], headers.get("Idempotent-Replayed")),
                         (201, report["refund"]["id"], "true"))
        # Two purchases are explained; a person looks when the customer wants one.
        path = f"/api/v1/me/payments/{first['id']}/report-duplicate"
        status, report, _ = self.me.call("POST", path, {"text": "I bought this once."}, key=str(uuid.uuid4()))
        self.assertEqual((status, report["outcome"]), (201, "request_opened"), report)
        ticket = supervisor.ok("GET", f"/api/v1/tickets/{report['ticket']}")
        self.assertEqual((ticket["category"], ticket["messages"][0]["assurance"]), ("duplicate_charge", "a2"), ticket)
        ledger = supervisor.ok("GET", f"/api/v1/tickets/{report['ticket']}/ledger")
        pairs = [finding[which]["id"] for finding in ledger["findings"] for which in ("first", "second")]
        self.assertIn(first["id"], pairs, "the pair is at hand for the agent")
        other = self.me.call("POST", "/api/v1/me/payments/pay_0000000000000000000000/report-duplicate", {}, key=key)
        self.assertEqual(other[0], 404)

        self.becomes(lost, "succeeded")
        self.becomes(unknown, "succeeded")
        letters = self.letters()
        self.assertTrue(any("given back" in subject or "退款已完成" in subject for subject in letters), letters)
        self.assertEqual(self.serving.stop(), 0)
        house.verify(self.directory / "data", self.database)


class OnPostgres(house.OnPostgres, OnSqlite):
    pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
