# SPDX-License-Identifier: Apache-2.0
"""A change of the mail address over real SMTP, on both engines: asked for, proven, held, told to both, stopped from the old
address, made at last; a guided case by two persons; a program that follows every link of every letter changes nothing; and
whoever is locked out answers one request by a one-time link. `okpay verify` finds no fault afterwards."""
import http.client
import re
import unittest
import urllib.parse
import uuid

import house
import own_account

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"\0" * 64


class OnSqlite(own_account.OwnAccount):
    def letters(self, address, words):
        return [mail for mail in self.sink.to(address) if words in mail.get_content()]

    def link_to(self, address, page, count=1):
        """The token of the newest letter that has a link to the page."""
        found = house.eventually(f"a letter to {address} with {page}", lambda: (
            lambda mails: mails if len(mails) >= count else None)(self.letters(address, f"/account/{page}#")))
        return re.search(rf"/account/{page}#([a-z2-7]+)", found[-1].get_content()).group(1)

    def follow_every_link(self):
        """What a mail gateway does: each link of each letter, with the fragment sent along by the rudest."""
        followed = 0
        with self.sink.lock:
            mails = [mail for _, mail in self.sink.mails]
        for mail in mails:
            for url in re.findall(r"https?://\S+", mail.get_content()):
                parts = urllib.parse.urlsplit(url)
                for path in (parts.path, parts.path + "?" + parts.fragment, parts.path + "/" + parts.fragment):
                    for method in ("GET", "HEAD"):
                        connection = http.client.HTTPConnection(self.serving.http.hostname, self.serving.http.port,
                                                                timeout=30)
                        connection.request(method, path)
                        connection.getresponse().read()
                        connection.close()
                        followed += 1
        return followed

    def by_link(self, path, token):
        return house.Client(self.serving).call("POST", f"/api/v1/{path}", {"token": token})

    def ask(self, client, address):
        return client.call("POST", "/api/v1/me/changes", {"kind": "contact", "value": address}, key=str(uuid.uuid4()))

    def newest(self, client):
        return client.ok("GET", "/api/v1/me/changes")["items"][0]

    def test_an_address_changes_only_by_the_long_way(self):
        emma = self.signed_in()
        admin = self.admin = self.staff("admin")
        new = "emma.new@example.com"
        with self.subTest("without the second factor nothing begins"):
            status, problem, _ = self.ask(emma, new)
            self.assertEqual((status, problem["code"]), (403, "step_up_required"))
        self.step_up(emma)
        with self.subTest("asked: both are told, and links alone change nothing"):
            status, change, _ = self.ask(emma, new)
            self.assertEqual((status, change["state"]), (201, "proving"), change)
            self.link_to(self.address, "keep-address")
            token = self.link_to(new, "confirm-address")
            self.assertNotIn("Emma", self.letters(new, "#")[-1].get_content())
            self.assertGreater(self.follow_every_link(), 10)
            self.assertEqual(self.newest(emma)["state"], "proving")
            status, problem, _ = self.by_link("changes/confirm", token[:-4] + "aaaa")
            self.assertEqual((status, problem["code"]), (403, "token_invalid"))
        with self.subTest("proven: held, told to both, the link is used"):
            status, told, _ = self.by_link("changes/confirm", token)
            self.assertEqual((status, told["state"]), (200, "held"), told)
            self.assertEqual(self.by_link("changes/confirm", token)[0], 403)
            stop = self.link_to(self.address, "keep-address", count=2)
            house.eventually("the new address is told", lambda: len(self.sink.to(new)) >= 2)
            self.follow_every_link()
            self.assertEqual(self.newest(emma)["state"], "held")
        with self.subTest("stopped from the old address in the last hour, across a kill"):
            self.pass_hours(47)
            self.serving.kill()
            self.serve()
            status, told, _ = self.by_link("changes/cancel", stop)
            self.assertEqual((status, told["state"]), (200, "canceled"), told)
            self.assertEqual(emma.call("GET", "/api/v1/me")[0], 401, "whoever was signed in is out")
            risk = [t for t in admin.ok("GET", "/api/v1/tickets?view=open&limit=100")["items"] if t["route"] == "risk_team"]
            self.assertEqual([t["urgency"] for t in risk], ["critical"])
            self.assertEqual(self.by_link("changes/cancel", stop)[0], 403)
            self.pass_hours(2)
            emma = self.signed_in()
            self.assertEqual(emma.ok("GET", "/api/v1/me")["email"], self.address)
        with self.subTest("an address that is somebody's reads the same"):
            self.step_up(emma)
            other = next(one["email"] for one in self.sign_ins["customers"] if one["email"] != self.address)
            status, change, _ = self.ask(emma, other)
            self.assertEqual((status, change["state"]), (201, "proving"))
            house.eventually("its owner is told", lambda: self.sink.to(other))
            self.assertFalse(self.letters(other, "/account/confirm-address#"))
            emma.ok("POST", f"/api/v1/me/changes/{change['id']}/cancel", {})
        with self.subTest("made after the hold, once"):
            status, change, _ = self.ask(emma, new)
            self.assertEqual(status, 201, change)
            self.by_link("changes/confirm", self.link_to(new, "confirm-address", count=2))
            self.pass_hours(49)
            house.eventually("it is made", lambda: self.newest(emma)["state"] == "done")
            self.assertEqual(emma.ok("GET", "/api/v1/me")["email"], new)
            for address, code in ((new, "second_factor_required"), (self.address, "sign_in_failed")):
                status, problem, _ = house.Client(self.serving).call(
                    "POST", "/api/v1/me/sign-in", {"email": address, "password": self.password})
                self.assertEqual((status, problem["code"]), (401, code), address)
        with self.subTest("language and zone at once, and nothing else"):
            for kind, value in (("language", "zh-Hant"), ("zone", "Asia/Taipei")):
                changed = emma.ok("POST", "/api/v1/me/changes", {"kind": kind, "value": value}, key=str(uuid.uuid4()))
                self.assertEqual(changed["state"], "done")
            status, problem, _ = emma.call("POST", "/api/v1/me/changes", {"kind": "language", "value": "en", "level": 3},
                                           key=str(uuid.uuid4()))
            self.assertEqual((status, problem["code"]), (400, "malformed"))
        self.serving.stop()
        house.verify(self.directory / "data", self.database)

    def mail(self, sender, subject, text):
        path = self.directory / "mail.eml"
        path.write_bytes(house.eml(sender, subject, text))
        self.assertEqual(house.swaks(self.serving.smtp, sender, f"support@{house.DOMAIN}", path), 0)

    def test_own_requests_come_in_pages_and_are_nobody_elses(self):
        emma = self.signed_in()
        self.assertEqual(emma.ok("GET", "/api/v1/me/requests"), {"items": [], "next_cursor": None})
        subjects = ["第一封：登录问题", "Second: my details", "第三封"]
        for count, subject in enumerate(subjects, 1):
            self.mail(self.address, subject, f"我的账户有问题。 {subject}")
            house.eventually("it is listed", lambda: len(emma.ok("GET", "/api/v1/me/requests")["items"]) == count)
        first = emma.ok("GET", "/api/v1/me/requests?limit=2")
        second = emma.ok("GET", f"/api/v1/me/requests?limit=2&cursor={first['next_cursor']}")
        self.assertEqual([one["subject"] for one in first["items"] + second["items"]], subjects[::-1])
        self.assertIsNone(second["next_cursor"])
        self.assertFalse(first["items"][0]["proven"])
        number = first["items"][0]["number"]
        shown = emma.ok("GET", f"/api/v1/me/requests/{number}")
        self.assertEqual([message["from"] for message in shown["messages"]], ["customer"])
        other = house.Client(self.serving)
        who = next(one for one in self.sign_ins["customers"] if one["email"] != self.address)
        other.ok("POST", "/api/v1/me/sign-in", {"email": who["email"], "password": who["password"]})
        self.assertEqual(other.call("GET", f"/api/v1/me/requests/{number}")[0], 404)
        self.assertEqual(other.call("POST", f"/api/v1/me/requests/{number}/proof")[0], 404)
        self.assertTrue(emma.ok("POST", f"/api/v1/me/requests/{number}/proof")["proven"])

    def upload(self, case, octets):
        connection = http.client.HTTPConnection(self.serving.http.hostname, self.serving.http.port, timeout=60)
        connection.request("POST", "/api/v1/case/files", octets, {
            "Cookie": case.cookie, "Origin": f"http://{self.serving.http.netloc}", "X-File-Name": "..%2Fpass%20port.png",
            "Content-Type": "application/octet-stream"})
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text

    def test_locked_out_one_request_is_answered_by_a_link_and_changed_by_two_persons(self):
        agent = self.staff("agent")
        self.mail(self.address, "I cannot sign in", "My phone is gone. Please use emma.three@example.com from now on.")
        tickets = house.eventually("the request", lambda: agent.ok("GET", "/api/v1/tickets?view=open")["items"])
        number = tickets[0]["number"]
        proposal = {"kind": "contact", "email": "emma.three@example.com", "note": "asked by mail"}
        with self.subTest("a mail alone changes nothing"):
            status, problem, _ = agent.call("POST", f"/api/v1/tickets/{number}/changes", proposal, key=str(uuid.uuid4()))
            self.assertEqual((status, problem["code"]), (422, "assurance_too_low"))
        with self.subTest("the link goes to the stored address, opens once, and sees this request alone"):
            agent.ok("POST", f"/api/v1/tickets/{number}/case-links", {})
            token = self.link_to(self.address, "case")
            self.follow_every_link()
            case = house.Client(self.serving)
            self.assertEqual(case.call("GET", "/api/v1/case")[1]["code"], "case_ended")
            self.assertEqual(case.ok("POST", "/api/v1/case/open", {"token": token})["number"], number)
            self.assertEqual(self.by_link("case/open", token)[0], 403)
            seen = case.ok("GET", "/api/v1/case")
            self.assertEqual((seen["number"], seen["answers"], seen["files"]), (number, [], []))
            answered = case.ok("POST", "/api/v1/case/answers", {"text": "It is really me. My card is 4242 4242 4242 4242."})
            self.assertNotIn("4242 4242 4242", str(answered))
            status, text = self.upload(case, PNG)
            self.assertEqual(status, 201, text)
            self.assertIn('"name":"pass port.png"', text)
            self.assertEqual(self.upload(case, b"MZ\x90\0 a program")[0], 422)
            for path in ("/api/v1/me", "/api/v1/me/payments", "/api/v1/me/changes", "/api/v1/staff/me", "/api/v1/tickets",
                         f"/api/v1/tickets/{number}", "/api/v1/balance"):
                self.assertEqual(case.call("GET", path)[0], 401, path)
            case.ok("POST", "/api/v1/case/end")
            self.assertEqual(case.call("GET", "/api/v1/case")[0], 401)
            shown = agent.ok("GET", f"/api/v1/tickets/{number}")
            self.assertEqual(shown["assurance"], "a2")
            self.assertNotIn(token, str(shown), "no member of staff sees the link")
            self.assertIn("file_handed_in", [event["kind"] for event in shown["events"]])
        with self.subTest("proven by the account, proposed by one person, approved by another"):
            emma = self.signed_in()
            self.step_up(emma)
            self.assertEqual(emma.ok("POST", f"/api/v1/me/requests/{number}/proof")["number"], number)
            change = agent.ok("POST", f"/api/v1/tickets/{number}/changes", proposal, key=str(uuid.uuid4()))
            self.assertEqual(change["state"], "requested")
            status, problem, _ = agent.call("POST", f"/api/v1/changes/{change['id']}/approve", {"totp": agent.code()})
            self.assertEqual((status, problem["code"]), (403, "not_permitted"))
            risk = self.staff("risk") if any(one["role"] == "risk" for one in self.sign_ins["staff"]) \
                else self.staff("supervisor")
            approved = risk.ok("POST", f"/api/v1/changes/{change['id']}/approve", {"totp": risk.code()})
            self.assertEqual(approved["state"], "proving")
            self.by_link("changes/confirm", self.link_to("emma.three@example.com", "confirm-address"))
            self.assertEqual(self.newest(emma)["state"], "held")
            self.assertEqual(self.by_link("changes/cancel", self.link_to(self.address, "keep-address", count=2))[0], 200)
        self.serving.stop()
        house.verify(self.directory / "data", self.database)


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
