# SPDX-License-Identifier: Apache-2.0
"""A telephone number on both engines: given behind the second factor, proven by the code of a short message that is a file
in the data directory, told of what happens, replaced and removed behind the hold, stopped by the link of the letter; and the
program is killed right after each answer, and no message is there twice. `okpay verify` finds no fault afterwards."""
import json
import re
import unittest
import uuid

import house
import own_account
import passkey

MOBILE, OTHER = "+447700900123", "+8613800138000"


class OnSqlite(own_account.OwnAccount):
    def kill_and_serve(self):
        self.serving.kill()
        self.serve()

    def messages(self, number=None):
        found = []
        for path in sorted((self.directory / "data" / "sms").glob("*.json")):
            message = json.loads(path.read_text())
            self.assertEqual(path.stem, message["key"])
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
            if number in (None, message["to"]):
                found.append(message)
        return found

    def told(self, number, words, count=1):
        def enough():
            found = [one for one in self.messages(number) if words in one["text"]]
            self.assertLessEqual(len(found), count, found)
            return found if len(found) == count else None
        return house.eventually(f"{count} messages to {number} that say {words}", enough)

    def code(self, number, count=1):
        return re.search(r"\b\d{6}\b", self.told(number, "is the code", count)[-1]["text"]).group(0)

    def ask(self, client, number, key=None):
        return client.call("POST", "/api/v1/me/phone", {"number": number}, key=key or str(uuid.uuid4()))

    def link_to(self, page):
        found = house.eventually(f"a letter with {page}", lambda: [
            mail for mail in self.sink.to(self.address) if f"/account/{page}#" in mail.get_content()])
        return re.search(rf"/account/{page}#([a-z2-7]+)", found[-1].get_content()).group(1)

    def test_a_number_is_proven_told_held_and_stopped_and_no_kill_sends_twice(self):
        emma = self.signed_in()
        self.admin = self.staff("admin")
        with self.subTest("not without the second factor, and not without a country"):
            self.assertEqual(emma.ok("GET", "/api/v1/me/phone"), {"number": None, "confirmed_at": None, "pending": None})
            status, problem, _ = self.ask(emma, MOBILE)
            self.assertEqual((status, problem["code"]), (403, "step_up_required"))
            self.step_up(emma)
            status, problem, _ = self.ask(emma, "07700 900123")
            self.assertEqual((status, problem["code"]), (400, "malformed"))
        with self.subTest("asked once by its key, also across a kill; one code leaves"):
            key = str(uuid.uuid4())
            status, phone, _ = self.ask(emma, "+44 7700 900123", key)
            self.assertEqual((status, phone["pending"]["state"], phone["pending"]["number"]), (201, "proving", "+44***23"))
            self.kill_and_serve()
            self.assertEqual(self.ask(emma, "+44 7700 900123", key)[0], 201)
            self.assertEqual(self.ask(emma, OTHER, key)[1]["code"], "idempotency_key_reused")
            code = self.code(MOBILE)
            self.link_to("keep-phone")
        with self.subTest("a wrong code is counted, the right one proves"):
            wrong = f"{(int(code) + 1) % 1_000_000:06d}"
            status, problem, _ = emma.call("POST", "/api/v1/me/phone/confirm", {"code": wrong})
            self.assertEqual((status, problem["code"]), (422, "phone_code_wrong"))
            self.assertEqual(emma.ok("GET", "/api/v1/me/phone")["pending"]["code"]["tries_left"], 4)
            status, problem, _ = emma.call("POST", "/api/v1/me/phone/code", {})
            self.assertEqual((status, problem["code"]), (429, "too_many_requests"))
            phone = emma.ok("POST", "/api/v1/me/phone/confirm", {"code": code})
            self.assertEqual((phone["number"], phone["pending"]), ("+44***23", None))
            self.told(MOBILE, "is now told")
        with self.subTest("a new device is told there, without a name, a link or an amount"):
            house.Client(self.serving).call("POST", "/api/v1/me/sign-in", {"email": self.address, "password": self.password})
            passkey.sign_in(house.Client(self.serving), self.key)
            for message in self.messages(MOBILE):
                self.assertLessEqual(len(message["text"]), 160)
                for secret in ("Emma", "http", "@", self.address):
                    self.assertNotIn(secret, message["text"])
        with self.subTest("staff see it masked, and open it with a reason"):
            agent = self.staff("supervisor")
            found = agent.ok("GET", f"/api/v1/customers?q={self.address}")["items"][0]
            self.assertEqual(agent.ok("GET", f"/api/v1/customers/{found['id']}")["phone"], "+44***23")
            opened = agent.ok("POST", f"/api/v1/customers/{found['id']}/reveal", {"item": "phone", "reason": "to call back"})
            self.assertEqual(opened["value"], MOBILE)
        with self.subTest("another number waits; the old one and the mail are told; stopped by the link"):
            self.step_up(emma)
            self.assertEqual(self.ask(emma, OTHER)[0], 201)
            self.told(MOBILE, "another phone number was given")
            phone = emma.ok("POST", "/api/v1/me/phone/confirm", {"code": self.code(OTHER)})
            self.assertEqual((phone["number"], phone["pending"]["state"]), ("+44***23", "held"))
            self.told(MOBILE, "about to replace")
            self.kill_and_serve()
            status, told, _ = house.Client(self.serving).call("POST", "/api/v1/changes/cancel",
                                                              {"token": self.link_to_change_held()})
            self.assertEqual((status, told["state"]), (200, "canceled"), told)
            self.assertEqual(emma.call("GET", "/api/v1/me")[0], 401, "whoever was signed in is out")
            self.told(MOBILE, "this phone number stays")
        with self.subTest("a removal waits, across a kill, and is made once"):
            emma = self.signed_in()
            self.step_up(emma)
            phone = emma.ok("POST", "/api/v1/me/phone/remove", {})
            self.assertEqual((phone["number"], phone["pending"]["removes"]), ("+44***23", True))
            self.kill_and_serve()
            self.told(MOBILE, "about to be removed")
            self.pass_hours(49)
            emma = self.signed_in()
            house.eventually("it is removed", lambda: emma.ok("GET", "/api/v1/me/phone")["number"] is None)
            self.told(MOBILE, "this phone number was removed")
        keys = [message["key"] for message in self.messages()]
        self.assertEqual(len(keys), len(set(keys)))
        self.serving.stop()
        house.verify(self.directory / "data", self.database)

    def link_to_change_held(self):
        """The letter of the hold comes after that of the asking: both stop it, the newest is taken."""
        house.eventually("the letter of the hold", lambda: [
            mail for mail in self.sink.to(self.address) if "was confirmed. It takes the place" in mail.get_content()])
        return self.link_to("keep-phone")


class OnPostgres(house.OnPostgres, OnSqlite):
    clock = ()  # works with the embedded database alone

    def pass_hours(self, hours):
        """What waits is moved nearer instead."""
        self.serving.stop()
        for what, when in (("customer_change", "due"), ("customer_lock", "expires_at")):
            self.postgres.run("psql", self.database, "-qc", f"UPDATE {what} SET {when} = {when} - {hours * 3_600_000}")
        self.serve()


if __name__ == "__main__":
    unittest.main(verbosity=2)
