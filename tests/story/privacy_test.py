# SPDX-License-Identifier: Apache-2.0
"""A person is copied, held and erased beside a serving process, by two administrators once there are two; a member of staff
who has to do with a customer finds nothing of theirs. `okpay verify` finds no fault afterwards, and the words are gone from
the database's own file. On both engines."""
import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest
import uuid

import house
import passkey

MARK = "Quagmire"


class OnSqlite(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-privacy-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"
        self.sign_ins = house.demo(self.data, self.database, transactions=40, tickets=0, customers=12)
        self.serving = house.Serving(self.data, "--new-staff-waits-hours", "0", database=self.database)
        self.addCleanup(self.serving.stop)

    def staff(self, role):
        return house.Staff(self.serving, next(s for s in self.sign_ins["staff"] if s["role"] == role))

    def admin(self, *words):
        place = ["--data", str(self.data), "--database", self.database]
        done = subprocess.run([house.OKPAY, "admin", *map(str, words), *place], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
        return done.returncode, done.stdout, done.stderr

    def person(self, verb, *more):
        return self.admin("person", verb, self.email, "--reason", "asked for it", *more)

    def post(self, who, path, body):
        status, value, _ = who.call("POST", path, body, key=str(uuid.uuid4()))
        return status, value

    def ok(self, who, path, body):
        status, value = self.post(who, path, body)
        self.assertLess(status, 300, value)
        return value

    def arrive(self, boss):
        self.email = f"zelda.{MARK.lower()}@example.org"
        self.customer = self.ok(boss, "/api/v1/customers", {"email": self.email, "name": f"Zelda {MARK}", "language": "en",
                                                            "zone": "Europe/London", "currencies": ["CNY"]})["id"]
        letter = self.directory / "letter.eml"
        letter.write_bytes(house.eml(self.email, f"{MARK} asks", f"This is {MARK}. Please close my account."))
        self.assertEqual(house.swaks(self.serving.smtp, self.email, f"support@{house.DOMAIN}", letter), 0)
        self.ticket = house.eventually("the mail is a request", lambda: next(
            iter(boss.ok("GET", f"/api/v1/tickets?view=all&q={self.email}")["items"]), None))["number"]

    def leave(self, boss):
        ticket = boss.ok("GET", f"/api/v1/tickets/{self.ticket}")
        self.ok(boss, f"/api/v1/tickets/{self.ticket}/state", {"state": "solved", "version": ticket["version"]})
        wallet = boss.ok("GET", f"/api/v1/customers/{self.customer}")["wallets"][0]["account"]
        self.ok(boss, f"/api/v1/accounts/{wallet}/state", {"state": "closed", "reason": "the customer left"})

    def join(self, role):
        """A member of staff who was approved, enrolled by the link, and signed in."""
        email = f"{role}.{uuid.uuid4().hex[:6]}@okpay.example"
        status, link, said = self.admin("staff", "add", email, "--role", role)
        self.assertEqual(status, 0, said)
        self.assertIn("has to approve", said)
        token = link.strip().rsplit("#", 1)[1]
        joining = house.Client(self.serving)
        wish = {"token": token, "name": "Eve", "password": "nine violet tractors"}
        status, value = self.post(joining, "/api/v1/staff/enrol", wish)
        self.assertEqual((status, value["code"]), (403, "approval_waits"))
        waiting = self.first.ok("GET", "/api/v1/staff-approvals")["items"]
        self.assertEqual([one["email"] for one in waiting], [email])
        self.ok(self.first, f"/api/v1/staff-approvals/{waiting[0]['id']}/approve", {"totp": self.first.code()})
        secret = self.ok(joining, "/api/v1/staff/enrol", wish)["totp_secret"]
        sign_in = {"email": email, "password": wish["password"], "totp_secret": secret}
        step = int(time.time() // 30)
        self.ok(joining, "/api/v1/staff/enrol/confirm", {"token": token, "totp": house.totp(secret, (step - 1) * 30)})
        return house.Staff(self.serving, sign_in)

    def test_from_the_copy_to_a_number(self):
        boss, self.first = self.staff("supervisor"), self.staff("admin")
        self.arrive(boss)
        copy = self.directory / "copy"
        status, _, said = self.person("export", "--out", f"{copy}/")
        self.assertEqual(status, 0, said)
        everything = json.loads((copy / "person.json").read_text())
        self.assertEqual(everything["data"]["customer"][0]["email"], self.email)
        self.assertTrue(any(f"This is {MARK}" in m["body"] for m in everything["data"]["message"]))
        self.assertTrue(any(line["action"] == "export_person" for line in everything["data"]["audit"]))
        originals = [f for f in copy.iterdir() if f.suffix == ".eml"]
        self.assertEqual(len(originals), 1)
        self.assertEqual(originals[0].stat().st_mode & 0o77, 0)
        self.assertEqual(self.person("export", "--out", copy / "person.json")[0], 1, "it is there already")

        status, _, said = self.person("erase")
        self.assertEqual(status, 1)
        self.assertIn("close the accounts first", said)
        self.leave(boss)
        self.assertEqual(self.person("hold")[0], 0)
        self.assertIn("legal hold", self.person("erase")[2])
        self.assertEqual(self.person("release")[0], 0)

        second = self.join("admin")
        status, printed, said = self.person("erase")
        self.assertEqual(status, 0, said)
        self.assertIn("has to approve", printed)
        waiting = second.ok("GET", "/api/v1/erasures")["items"]
        self.assertEqual([(one["customer"]["id"], one["mine"]) for one in waiting], [(self.customer, False)])
        status, value = self.post(second, f"/api/v1/erasures/{waiting[0]['id']}/approve", {"totp": "000000"})
        self.assertEqual(value["code"], "totp_wrong")
        done = self.ok(second, f"/api/v1/erasures/{waiting[0]['id']}/approve", {"totp": second.code()})
        self.assertEqual(done["state"], "executed")
        gone = boss.ok("GET", f"/api/v1/customers/{self.customer}")
        self.assertNotIn(MARK, json.dumps(gone))
        self.assertNotIn(MARK, json.dumps(boss.ok("GET", f"/api/v1/tickets/{self.ticket}")))
        self.assertEqual(self.person("export", "--out", self.directory / "again.json")[0], 1, "nobody has this address")
        self.assertEqual(self.serving.stop(), 0)
        counts, _ = house.verify(self.data, self.database)
        self.assertGreater(counts["privacy"], 0)
        self.assertGreater(counts["audit_chain"], 0)
        if self.database == "sqlite":
            for file in self.data.glob("okpay.db*"):
                self.assertNotIn(MARK.lower().encode(), file.read_bytes().lower(), file)

    def test_who_has_to_do_with_a_customer_finds_nothing(self):
        boss, agent = self.staff("supervisor"), self.staff("agent")
        self.arrive(boss)
        self.assertEqual(agent.call("GET", f"/api/v1/customers/{self.customer}")[0], 200)
        address = agent.sign_in_data["email"]
        self.assertEqual(self.admin("staff", "relate", address, self.customer, "--as", "household")[0], 0)
        for path in (f"/api/v1/customers/{self.customer}", f"/api/v1/tickets/{self.ticket}",
                     f"/api/v1/customers/{self.customer}/payments"):
            self.assertEqual(agent.call("GET", path)[0], 404, path)
        self.assertNotIn(self.ticket, json.dumps(agent.ok("GET", "/api/v1/tickets?view=all")))
        self.assertEqual(boss.call("GET", f"/api/v1/customers/{self.customer}")[0], 200)
        self.assertEqual(self.admin("staff", "relate", address, self.email, "--as", "none")[0], 0)
        self.assertEqual(agent.call("GET", f"/api/v1/tickets/{self.ticket}")[0], 200)
        self.assertEqual(self.admin("staff", "relate", address, "nobody@example.org")[0], 1)
        self.assertEqual(self.serving.stop(), 0)
        house.verify(self.data, self.database)

    def test_a_copy_of_ones_own_asks_for_a_second_factor(self):
        one = self.sign_ins["customers"][0]
        customer = house.Client(self.serving)
        customer.ok("POST", "/api/v1/me/sign-in", {"email": one["email"], "password": one["password"]})
        status, value, _ = customer.call("GET", "/api/v1/me/export")
        self.assertEqual((status, value["code"]), (403, "step_up_required"))
        key = passkey.Passkey()
        self.addCleanup(key.remove)
        passkey.add(customer, key)
        status, copy, headers = customer.call("GET", "/api/v1/me/export")
        self.assertEqual(status, 200, copy)
        self.assertIn("attachment", headers["Content-Disposition"])
        self.assertEqual(copy["data"]["customer"][0]["email"], one["email"])
        self.assertGreater(len(copy["data"]["payment"]), 0)
        self.assertNotIn("audit", copy["data"])


class OnPostgres(house.OnPostgres, OnSqlite):
    pass


if __name__ == "__main__":
    unittest.main()
