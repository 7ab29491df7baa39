# SPDX-License-Identifier: Apache-2.0
"""A lock from its beginning to its end, on both engines: a rule trips, the account is locked in the same commit, the
letter arrives, nothing leaves any more, the customer's answer threads onto the lock's request, one person proposes, another
releases with a one-time code, the same payment goes through, and the customer can lock the own account. `okpay verify`
finds no fault afterwards."""
import pathlib
import re
import shutil
import tempfile
import threading
import unittest
import time
import uuid

import house

RULES = """version = "story 1"
[[rule]]
name = "most_of_it_to_somebody_new"
state = "active"
verdict = "deny"
lock = "debits"
tells = "unusual_payments"
operations = ["send"]
percent_of_balance = 60
new_payee = true
"""


class OnSqlite(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-locks-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.sign_ins = house.demo(self.directory / "data", self.database, transactions=60, tickets=0, customers=6)
        (self.directory / "rules.toml").write_text(RULES)
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)
        self.serve()

    def serve(self):
        self.serving = house.Serving(self.directory / "data", "--risk-rules", str(self.directory / "rules.toml"),
                                     "--new-staff-waits-hours", "0", database=self.database, relay=self.sink.relay)
        self.addCleanup(self.serving.stop)
        self.sign_in()

    def sign_in(self):
        self.me = house.Client(self.serving)
        self.email = self.sign_ins["customers"][0]["email"]
        self.me.ok("POST", "/api/v1/me/sign-in",
                   {"email": self.email, "password": self.sign_ins["customers"][0]["password"]})

    def send(self, amount, key=None, to=None):
        return self.me.call("POST", "/api/v1/me/transfers",
                            {"to": to or self.payee, "amount": {"amount": amount, "currency": self.currency},
                             "memo": "story"},
                            key=key or str(uuid.uuid4()))

    def letter(self, words, count=1):
        def found():
            mails = [m for m in self.sink.to(self.email) if words in m.get_content()]
            return mails[-1] if len(mails) >= count else None
        return house.eventually(f"letter {count} that says {words!r}", found)

    def letters_about(self, request):
        return [mail for mail in self.sink.to(self.email) if request in mail["Subject"]]

    def test_from_the_rule_to_the_release(self):
        profile = self.me.ok("GET", "/api/v1/me")
        wallet = max(profile["wallets"], key=lambda w: float(w["available"]["amount"]))
        self.currency = wallet["currency"]
        supervisor = house.Staff(self.serving, next(s for s in self.sign_ins["staff"] if s["role"] == "supervisor"))
        agent = house.Staff(self.serving, next(s for s in self.sign_ins["staff"] if s["role"] == "agent"))
        # Somebody who was never paid: a customer of today.
        self.payee = f"new-{uuid.uuid4().hex[:8]}@customers.example"
        supervisor.ok("POST", "/api/v1/customers",
                      {"email": self.payee, "name": "Somebody New", "language": "en", "zone": "UTC",
                       "currencies": [self.currency]}, key=str(uuid.uuid4()))
        supervisor.ok("POST", f"/api/v1/customers/{profile['id']}/top-ups",
                      {"amount": {"amount": "5000", "currency": self.currency} if self.currency in ("JPY", "KRW") else
                       {"amount": "5000.00", "currency": self.currency}, "note": "for the story"}, key=str(uuid.uuid4()))
        wallets = {w["currency"]: w["available"]["amount"] for w in self.me.ok("GET", "/api/v1/me")["wallets"]}
        all_of_it = wallets[self.currency]
        small = "1" if self.currency in ("JPY", "KRW") else "1.00"

        with self.subTest("the rule trips"):
            self.assertEqual(self.send(small)[0], 201, "what no rule holds for goes through")
            another = f"other-{uuid.uuid4().hex[:8]}@customers.example"
            supervisor.ok("POST", "/api/v1/customers",
                          {"email": another, "name": "Another", "language": "en", "zone": "UTC",
                           "currencies": [self.currency]}, key=str(uuid.uuid4()))
            self.payee = another
            wallets = {w["currency"]: w["available"]["amount"] for w in self.me.ok("GET", "/api/v1/me")["wallets"]}
            most = str(int(float(wallets[self.currency]) * 0.7)) + ("" if self.currency in ("JPY", "KRW") else ".00")
            status, problem, _ = self.send(most)
            self.assertEqual((status, problem["code"]), (402, "payer_locked"))
            self.assertNotEqual(all_of_it, most)
        locks = self.me.ok("GET", "/api/v1/me/locks")["items"]
        self.assertEqual([(l["state"], l["source"], l["message_code"]) for l in locks],
                         [("active", "rule", "unusual_payments")])
        self.assertNotIn("reason", locks[0], "what staff see stays with staff")
        request = locks[0]["request_number"]

        with self.subTest("the letter says what and why, and nothing of the rule"):
            letter = house.eventually("the letter", lambda: next(iter(self.letters_about(request)), None))
            if self.me.ok("GET", "/api/v1/me")["language"] == "en":
                self.assertIn("is locked since", letter.get_content())
            self.assertNotIn("60", re.sub(r"[\d:-]{5,}", "", letter.get_content().replace("\r\n", "\n").split("\n\n")[1]))
            self.assertIsNone(re.search("most_of_it", letter.get_content()))

        with self.subTest("nothing leaves, also of many at once"):
            self.assertEqual(self.send(small)[1]["code"], "payer_locked")
            codes = []
            threads = [threading.Thread(target=lambda: codes.append(self.send(small)[1]["code"])) for _ in range(16)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(set(codes), {"payer_locked"})

        with self.subTest("over a kill"):
            self.serving.kill()
            self.serving.stop()
            self.serve()
            for staff in (supervisor, agent):
                staff.serving = self.serving
            self.assertEqual(self.send(small)[1]["code"], "payer_locked")

        with self.subTest("the answer threads onto the lock's request"):
            mail = self.directory / "reply.eml"
            mail.write_bytes(house.eml(self.email, "Re: locked", "Yes, that was me: I bought a used car.",
                                       headers={"In-Reply-To": letter["Message-ID"]}))
            self.assertEqual(house.swaks(self.serving.smtp, self.email, letter["Reply-To"].addresses[0].addr_spec, mail), 0)
            house.eventually("the answer in the request", lambda: any(
                "used car" in m["body"] for m in supervisor.ok("GET", f"/api/v1/tickets/{request}")["messages"]))

        with self.subTest("two persons"):
            listed = agent.ok("GET", "/api/v1/locks?state=active")["items"]
            lock = next(l for l in listed if l["request_number"] == request)
            detail = agent.ok("GET", f"/api/v1/locks/{lock['id']}")
            self.assertIn("most_of_it_to_somebody_new", detail["reason"])
            self.assertEqual(detail["decisions"][0]["ruleset"], "story 1")
            half = {"checklist": ["customer_reached"], "evidence": "the customer answered"}
            status, problem, _ = agent.call("POST", f"/api/v1/locks/{lock['id']}/releases", half)
            self.assertEqual((status, problem["code"]), (422, "checklist_incomplete"))
            whole = {"checklist": ["customer_reached", "movements_confirmed", "contact_unchanged", "cause_understood"],
                     "evidence": "the customer answered"}
            proposed = agent.ok("POST", f"/api/v1/locks/{lock['id']}/releases", whole)["releases"][-1]
            self.assertEqual(proposed["state"], "proposed")
            status, problem, _ = agent.call("POST", f"/api/v1/lock-releases/{proposed['id']}/approve",
                                            {"totp_code": agent.code()})
            self.assertEqual((status, problem["code"]), (403, "not_permitted"))
            released = supervisor.ok("POST", f"/api/v1/lock-releases/{proposed['id']}/approve",
                                     {"totp_code": supervisor.code()})
            self.assertEqual(released["state"], "released")
            status, problem, _ = supervisor.call("POST", f"/api/v1/lock-releases/{proposed['id']}/approve",
                                                 {"totp_code": "000000"})
            self.assertEqual((status, problem["code"]), (409, "already_decided"))
        house.eventually("the letter of the release", lambda: len(self.letters_about(request)) >= 2)

        with self.subTest("watched, and cleared"):
            self.assertEqual(self.send(most)[0], 201, "what two persons let through")
            third = f"third-{uuid.uuid4().hex[:8]}@customers.example"
            supervisor.ok("POST", "/api/v1/customers",
                          {"email": third, "name": "Third", "language": "en", "zone": "UTC",
                           "currencies": [self.currency]}, key=str(uuid.uuid4()))
            wallets = {w["currency"]: w["available"]["amount"] for w in self.me.ok("GET", "/api/v1/me")["wallets"]}
            half = str(int(float(wallets[self.currency]) * 0.5)) + ("" if self.currency in ("JPY", "KRW") else ".00")
            self.assertEqual(self.send(half, to=third)[1].get("code"), "payer_locked", "half is much while watched")

        with self.subTest("the customer's own"):
            own = self.me.ok("POST", "/api/v1/me/lock")
            self.assertEqual((own["source"], own["message_code"], own["request_number"]), ("customer", "own_wish", None))
            _, problem, _ = self.me.call("POST", f"/api/v1/me/locks/{own['id']}/release")
            self.assertEqual(problem["code"], "step_up_required")

        with self.subTest("a locked sign-in"):
            supervisor.ok("POST", f"/api/v1/customers/{profile['id']}/locks",
                          {"scope": "sign_in", "message_code": "stolen_or_lost", "reason": "the phone is gone"},
                          key=str(uuid.uuid4()))
            self.assertEqual(self.me.call("GET", "/api/v1/me")[0], 401, "signed out at once")
            right = {"email": self.email, "password": self.sign_ins["customers"][0]["password"]}
            status, problem, _ = house.Client(self.serving).call("POST", "/api/v1/me/sign-in", right)
            self.assertEqual((status, problem["code"]), (403, "account_locked"))
            self.assertRegex(problem["detail"], "OK-")
            status, problem, _ = house.Client(self.serving).call("POST", "/api/v1/me/sign-in",
                                                                 {**right, "password": "wrong"})
            self.assertEqual((status, problem["code"]), (401, "sign_in_failed"), "only after the right password")

        self.assertEqual(self.serving.stop(), 0)
        looked_at, _ = house.verify(self.directory / "data", self.database)
        self.assertGreaterEqual(looked_at["locks"], 4)


class OnPostgres(house.OnPostgres, OnSqlite):
    pass


if __name__ == "__main__":
    unittest.main()
