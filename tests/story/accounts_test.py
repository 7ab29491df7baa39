# SPDX-License-Identifier: Apache-2.0
"""Treasury over HTTP, on both engines: an account is frozen and says why, a merchant is paid out and paid back, a correction
takes two persons, a refusal stays a refusal; `okpay verify` finds no fault afterwards."""
import pathlib
import shutil
import tempfile
import unittest
import uuid

import house


def amount(text):
    return {"amount": text, "currency": "CNY"}


class OnSqlite(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-accounts-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        sign_ins = house.demo(self.directory / "data", self.database, transactions=50, tickets=0, customers=12)
        self.serving = house.Serving(self.directory / "data", database=self.database)
        self.addCleanup(self.serving.stop)
        self.staff = {s["role"]: house.Staff(self.serving, s) for s in sign_ins["staff"]
                      if s["role"] in ("supervisor", "admin", "agent")}
        self.boss, self.other = self.staff["supervisor"], self.staff["admin"]
        self.key = sign_ins["merchants"][0]["api_key"]
        self.shop = house.Client(self.serving, self.key)
        self.sign_ins = sign_ins

    def post(self, who, path, body, key=None):
        return who.call("POST", path, body, key=key or str(uuid.uuid4()))

    def ok(self, who, path, body, key=None):
        status, value, _ = self.post(who, path, body, key)
        self.assertLess(status, 300, value)
        return value

    def refused(self, who, path, body, status, code, key=None):
        got, value, _ = self.post(who, path, body, key)
        self.assertEqual((got, value.get("code")), (status, code), value)

    def customer(self, balance, currency="CNY"):
        made = self.ok(self.boss, "/api/v1/customers", {"email": f"{uuid.uuid4()}@books.example", "name": "Books",
                                                        "language": "en", "zone": "Asia/Shanghai", "currencies": [currency]})
        if balance:
            self.ok(self.boss, f"/api/v1/customers/{made['id']}/top-ups", {"amount": amount(balance)})
        return self.boss.ok("GET", f"/api/v1/customers/{made['id']}")

    def account(self, number):
        return self.boss.ok("GET", f"/api/v1/accounts/{number}")

    def owed(self):
        found = [b for b in self.shop.ok("GET", "/api/v1/balance")["items"] if b["currency"] == "CNY"]
        return found[0]

    def payout_becomes(self, payout, state):
        find = lambda: next(p for p in self.shop.ok("GET", "/api/v1/payouts")["items"] if p["id"] == payout)
        house.eventually(f"payout {state}", lambda: find()["state"] == state)
        return find()

    def test_treasury(self):
        person = self.customer("100.00")
        wallet = f"/api/v1/accounts/{person['wallets'][0]['account']}"
        pay = {"customer": person["id"], "amount": amount("30.00")}

        with self.subTest("a frozen account pays nobody, says so, and is opened again"):
            self.refused(self.staff["agent"], f"{wallet}/state", {"state": "frozen", "reason": "x"}, 403, "not_permitted")
            key = str(uuid.uuid4())
            freeze = {"state": "debits_frozen", "reason": "a card was stolen"}
            self.assertEqual(self.ok(self.boss, f"{wallet}/state", freeze, key)["account"]["state"], "debits_frozen")
            _, _, headers = self.post(self.boss, f"{wallet}/state", freeze, key)
            self.assertEqual(headers.get("Idempotent-Replayed"), "true")
            once = str(uuid.uuid4())
            self.refused(self.shop, "/api/v1/payments", pay, 402, "payer_frozen", once)
            self.refused(self.boss, f"{wallet}/state", {"state": "closed", "reason": "x"}, 409, "account_not_empty")
            kept = self.boss.ok("GET", f"/api/v1/customers/{person['id']}/payments")["items"][0]
            self.assertEqual((kept["state"], kept["refusal"]), ("failed", "payer_frozen"))
            self.ok(self.boss, f"{wallet}/state", {"state": "open", "reason": "it was found"})
            self.refused(self.shop, "/api/v1/payments", pay, 402, "payer_frozen", once)
            self.ok(self.shop, "/api/v1/payments", pay)
            events = self.boss.ok("GET", wallet)["events"]
            self.assertEqual([(e["from"], e["to"]) for e in events], [("debits_frozen", "open"), ("open", "debits_frozen")])
            self.assertEqual(events[1]["reason"], "a card was stolen")

        with self.subTest("an empty account is closed for good"):
            gone = self.customer("")
            path = f"/api/v1/accounts/{gone['wallets'][0]['account']}/state"
            self.assertEqual(self.ok(self.boss, path, {"state": "closed", "reason": "left"})["account"]["state"], "closed")
            self.refused(self.boss, path, {"state": "open", "reason": "came back"}, 409, "account_is_closed")
            self.refused(self.boss, f"/api/v1/customers/{gone['id']}/top-ups", {"amount": amount("1.00")}, 402,
                         "account_closed")

        merchant = self.shop.ok("GET", "/api/v1/payments")["items"][0]["merchant"]["id"]
        payouts = f"/api/v1/merchants/{merchant}/payouts"

        with self.subTest("a merchant is paid out all that it is owed, once"):
            self.refused(self.boss, payouts, {"currency": "CNY"}, 409, "no_payout_account")
            bank = self.ok(self.boss, f"/api/v1/merchants/{merchant}/payout-account",
                           {"currency": "CNY", "destination": "sandbox:ok", "totp_code": self.boss.code()})
            self.assertEqual(len(bank["payout_accounts"]), 1)
            owed = self.owed()["available"]["amount"]
            self.assertGreater(float(owed), 29)
            key = str(uuid.uuid4())
            done = self.ok(self.boss, payouts, {"currency": "CNY"}, key)
            self.assertEqual((done["kind"], done["amount"]["amount"]), ("merchant_payout", owed))
            self.assertEqual(self.ok(self.boss, payouts, {"currency": "CNY"}, key)["id"], done["id"])
            self.payout_becomes(done["id"], "succeeded")
            self.assertEqual(float(self.owed()["balance"]["amount"]), 0)
            self.refused(self.boss, payouts, {"currency": "CNY"}, 402, "nothing_available")
            states = [p["state"] for p in self.boss.ok("GET", f"/api/v1/ledger/payouts?merchant={merchant}")["items"]]
            self.assertEqual(states, ["failed", "succeeded", "failed"])
            self.refused(self.shop, payouts, {"currency": "CNY"}, 403, "origin_refused")

        with self.subTest("a correction takes two persons"):
            self.ok(self.boss, f"/api/v1/customers/{person['id']}/top-ups", {"amount": amount("7.00")})
            mistaken = self.boss.ok("GET", f"/api/v1/ledger/{wallet.removeprefix('/api/v1/')}/entries")["items"][0]
            before = self.account(wallet.rsplit("/")[-1])["account"]["balance"]["amount"]
            turned = {"reverses": mistaken["seq"], "reason": "not this customer's"}
            proposed = self.ok(self.boss, "/api/v1/corrections", turned)
            path = f"/api/v1/corrections/{proposed['id']}"
            self.refused(self.boss, f"{path}/approve", {"totp_code": "000000"}, 403, "proposer_cannot_approve")
            self.refused(self.other, f"{path}/approve", {"totp_code": "000000"}, 401, "totp_wrong")
            self.assertEqual(self.account(wallet.rsplit("/")[-1])["account"]["balance"]["amount"], before)
            done = self.ok(self.other, f"{path}/approve", {"totp_code": self.other.code()})
            self.assertEqual(done["state"], "executed")
            after = self.account(wallet.rsplit("/")[-1])["account"]["balance"]["amount"]
            self.assertEqual(round(float(before) - float(after), 2), 7)
            self.refused(self.boss, "/api/v1/corrections", turned, 409, "already_reversed")
            self.assertEqual(self.boss.ok("GET", "/api/v1/corrections?state=proposed")["items"], [])

        with self.subTest("a refusal for want of a wallet stays one, and stands in the history"):
            sender = house.Client(self.serving)
            me = self.sign_ins["customers"][0]
            sender.ok("POST", "/api/v1/me/sign-in", {"email": me["email"], "password": me["password"]})
            currency = sender.ok("GET", "/api/v1/me")["wallets"][0]["currency"]
            friend = self.customer("", "JPY" if currency != "JPY" else "CNY")
            body = {"to": friend["email"], "amount": {"amount": "1" if currency == "JPY" else "1.00", "currency": currency},
                    "memo": "lunch"}
            key = str(uuid.uuid4())
            self.refused(sender, "/api/v1/me/transfers", body, 402, "payee_cannot_receive", key)
            _, _, headers = self.post(sender, "/api/v1/me/transfers", body, key)
            self.assertEqual(headers.get("Idempotent-Replayed"), "true")
            newest = sender.ok("GET", "/api/v1/me/payments")["items"][0]
            self.assertEqual(newest["refusal"], "payee_cannot_receive")

        self.assertEqual(self.serving.stop(), 0)
        house.verify(self.directory / "data", self.database)


class OnPostgres(house.OnPostgres, OnSqlite):
    pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
