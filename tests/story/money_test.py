# SPDX-License-Identifier: Apache-2.0
"""64 clients at once over HTTP: what may happen once happens once. Double spend, one key, one order, double refund, refund
beyond what was captured, capture against release; on both engines, and `okpay verify` finds no fault afterwards."""
import collections
import pathlib
import shutil
import tempfile
import threading
import unittest
import uuid

import house

CLIENTS = 64


def at_once(work):
    """Answers of CLIENTS calls of `work(n)`, let loose together."""
    start = threading.Barrier(CLIENTS)
    answers = [None] * CLIENTS

    def run(n):
        start.wait()
        answers[n] = work(n)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def amount(text):
    return {"amount": text, "currency": "CNY"}


class OnSqlite(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-money-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        sign_ins = house.demo(self.directory / "data", self.database, transactions=50, tickets=0, customers=12)
        self.serving = house.Serving(self.directory / "data", database=self.database)
        self.addCleanup(self.serving.stop)
        self.supervisor = house.Staff(self.serving, next(s for s in sign_ins["staff"] if s["role"] == "supervisor"))
        self.merchant = sign_ins["merchants"][0]["api_key"]
        self.sign_ins = sign_ins

    def customer(self, balance):
        made = self.supervisor.ok("POST", "/api/v1/customers",
                                  {"email": f"{uuid.uuid4()}@race.example", "name": "Race", "language": "en",
                                   "zone": "Asia/Shanghai", "currencies": ["CNY"]}, key=str(uuid.uuid4()))
        self.supervisor.ok("POST", f"/api/v1/customers/{made['id']}/top-ups", {"amount": amount(balance)},
                           key=str(uuid.uuid4()))
        return made["id"]

    def balance(self, customer):
        wallet = self.supervisor.ok("GET", f"/api/v1/customers/{customer}")["wallets"][0]
        return wallet["balance"]["amount"], wallet["available"]["amount"]

    def post(self, path, body, key=None):
        return house.Client(self.serving, self.merchant).call("POST", path, body, key=key or str(uuid.uuid4()))

    def pay(self, customer, text, **more):
        status, payment, _ = self.post("/api/v1/payments", {"customer": customer, "amount": amount(text), **more})
        self.assertEqual(status, 201, payment)
        return payment["id"]

    def codes(self, answers):
        return collections.Counter(value["code"] if status >= 400 else status for status, value, _ in answers)

    def test_what_may_happen_once_happens_once(self):
        with self.subTest("a balance is spent once"):
            customer = self.customer("10.00")
            answers = at_once(lambda n: self.post("/api/v1/payments", {"customer": customer, "amount": amount("10.00")}))
            self.assertEqual(self.codes(answers), {201: 1, "insufficient_funds": CLIENTS - 1})
            self.assertEqual(self.balance(customer), ("0.00", "0.00"))

        with self.subTest("one key is one payment, and all get the same answer"):
            customer = self.customer("1000.00")
            body = {"customer": customer, "amount": amount("10.00"), "order_ref": f"k-{uuid.uuid4()}"}
            key = str(uuid.uuid4())
            answers = at_once(lambda n: self.post("/api/v1/payments", body, key))
            self.assertEqual(self.codes(answers), {201: CLIENTS})
            self.assertTrue(all(value == answers[0][1] for _, value, _ in answers))
            replayed = sum(headers.get("Idempotent-Replayed") == "true" for _, _, headers in answers)
            self.assertEqual(replayed, CLIENTS - 1)
            self.assertEqual(self.balance(customer)[0], "990.00")
            self.post(f"/api/v1/payments/{answers[0][1]['id']}/refunds", {"amount": amount("4.00"), "reason": "error"})
            _, again, _ = self.post("/api/v1/payments", body, key)
            self.assertEqual(again, answers[0][1], "a replay is the first answer, whatever happened since")
            status, problem, _ = self.post("/api/v1/payments", {**body, "amount": amount("10.01")}, key)
            self.assertEqual((status, problem["code"]), (409, "idempotency_key_reused"))

        with self.subTest("an order is paid once"):
            customer = self.customer("1000.00")
            body = {"customer": customer, "amount": amount("10.00"), "order_ref": f"o-{uuid.uuid4()}"}
            answers = at_once(lambda n: self.post("/api/v1/payments", body))
            self.assertEqual(self.codes(answers), {201: 1, "order_already_paid": CLIENTS - 1})
            self.assertEqual(self.balance(customer)[0], "990.00")

        with self.subTest("a payment is refunded once, whole or in parts"):
            customer = self.customer("100.00")
            whole, parts = self.pay(customer, "50.00"), self.pay(customer, "50.00", not_a_duplicate=True)
            refund = lambda payment, text: self.post(f"/api/v1/payments/{payment}/refunds",
                                                     {"amount": amount(text), "reason": "error"})
            self.assertEqual(self.codes(at_once(lambda n: refund(whole, "50.00"))),
                             {201: 1, "exceeds_refundable": CLIENTS - 1})
            self.assertEqual(self.codes(at_once(lambda n: refund(parts, "7.00"))),
                             {201: 7, "exceeds_refundable": CLIENTS - 7})
            self.assertEqual(self.balance(customer)[0], "99.00")

        with self.subTest("a hold is captured or released, once"):
            customer = self.customer("30.00")
            held = self.pay(customer, "30.00", capture_method="manual")
            self.assertEqual(self.balance(customer), ("30.00", "0.00"))
            answers = at_once(lambda n: self.post(f"/api/v1/payments/{held}/capture", {"amount": amount("20.00")})
                              if n % 2 else self.post(f"/api/v1/payments/{held}/cancel", None))
            done = [n for n, (status, _, _) in enumerate(answers) if status == 201]
            self.assertEqual(len(done), 1, self.codes(answers))
            left = "10.00" if done[0] % 2 else "30.00"
            self.assertEqual(self.balance(customer), (left, left))
            self.assertEqual(answers[done[0]][1]["state"], "succeeded" if done[0] % 2 else "canceled")

        with self.subTest("money sent to a person leaves once"):
            sender = house.Client(self.serving)
            person, *others = self.sign_ins["customers"]
            sender.ok("POST", "/api/v1/me/sign-in", {"email": person["email"], "password": person["password"]})
            wallet = next(w for w in sender.ok("GET", "/api/v1/me")["wallets"] if float(w["available"]["amount"]) > 100)
            currency = wallet["available"]["currency"]

            def send(friend, text):
                body = {"to": friend["email"], "amount": {"amount": text, "currency": currency}, "memo": "lunch"}
                return sender.call("POST", "/api/v1/me/transfers", body, key=str(uuid.uuid4()))

            one = "1" if currency == "JPY" else "1.00"
            friend = next(other for other in others if send(other, one)[0] == 201)  # one with a wallet in this currency
            rest = next(w for w in sender.ok("GET", "/api/v1/me")["wallets"] if w["account"] == wallet["account"])
            answers = at_once(lambda n: send(friend, rest["available"]["amount"]))
            self.assertEqual(self.codes(answers), {201: 1, "insufficient_funds": CLIENTS - 1})
            history = sender.ok("GET", "/api/v1/me/payments?limit=100")["items"]
            self.assertEqual(sum(p["kind"] == "person_to_person" and p["state"] == "succeeded" and
                                 p["amount"]["amount"] == rest["available"]["amount"] for p in history), 1)

        with self.subTest("the books balance, now and at every place since the first transfer"):
            read = lambda path: self.supervisor.ok("GET", f"/api/v1/ledger/{path}")
            now = read("trial-balance")
            head = int(now["as_of_seq"])
            for seq in [*range(0, head, max(1, head // 20)), head]:
                balance = read(f"trial-balance?as_of_seq={seq}")
                self.assertEqual(balance["as_of_seq"], str(seq))
                self.assertTrue(all(books["balanced"] for books in balance["currencies"]), (seq, balance))
            self.assertEqual(balance["currencies"], now["currencies"], "the newest place is now")
            wallet = self.supervisor.ok("GET", f"/api/v1/customers/{customer}")["wallets"][0]
            account = read(f"accounts/{wallet['account']}")["account"]
            self.assertEqual(account["balance"], wallet["balance"])
            entries = read(f"accounts/{wallet['account']}/entries?limit=100")["items"]
            self.assertEqual(len(entries), account["entries"])

        self.assertEqual(self.serving.stop(), 0)
        house.verify(self.directory / "data", self.database)


class OnPostgres(house.OnPostgres, OnSqlite):
    pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
