# SPDX-License-Identifier: Apache-2.0
"""Notes that name colleagues, and followers, through the real server on both engines: who is named finds the request until
it was looked at, the open workspace hears of it at once, a kill -9 takes nothing away, nobody is sent a mail, and who
follows one that is merged follows the one it goes on in."""
import http.client
import pathlib
import shutil
import tempfile
import unittest
import urllib.parse

import house

WRITER = "ina@example.net"


class Follow(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-follow-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"
        sign_ins = house.demo(self.data, self.database, transactions=60, tickets=4, customers=6)
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)
        self.serve()
        self.by_role = {staff["role"]: staff for staff in sign_ins["staff"] if staff.get("totp_secret")}
        self.boss = house.Staff(self.serving, self.by_role["supervisor"])
        self.agent = house.Staff(self.serving, self.by_role["agent"])
        self.me = {who: who.ok("GET", "/api/v1/staff/me") for who in (self.boss, self.agent)}

    def serve(self):
        self.serving = house.Serving(self.data, database=self.database, relay=self.sink.relay)
        self.addCleanup(self.serving.stop)

    def restart(self):
        self.serving.kill()
        self.serve()
        self.boss.serving = self.agent.serving = self.serving  # the sessions outlive it

    def write(self, subject, text):
        path = self.directory / "mail.eml"
        path.write_bytes(house.eml(WRITER, subject, text))
        self.assertEqual(house.swaks(self.serving.smtp, WRITER, f"support@{house.DOMAIN}", path), 0)
        return house.eventually(subject, lambda: next(
            (one["number"] for one in self.view(self.agent, "all")["items"] if one["subject"] == subject), None))

    def view(self, who, name):
        return who.ok("GET", f"/api/v1/tickets?view={name}&limit=100")

    def unseen(self, who, name):
        """The count of the view, and of each request in it what is unseen."""
        page = self.view(who, name)
        return page["counts"][name], {one["number"]: one["unseen"] for one in page["items"]}

    def move(self, who, number, what, body=None):
        return who.ok("POST", f"/api/v1/tickets/{number}/{what}", body)

    def refusal(self, who, number, what, body):
        status, value, _ = who.call("POST", f"/api/v1/tickets/{number}/{what}", body)
        self.assertGreaterEqual(status, 400, value)
        return value["code"]

    def see(self, who, number):
        mark = who.ok("GET", f"/api/v1/tickets/{number}")["following"]["seen_mark"]
        return self.move(who, number, "seen", {"mark": mark})

    def heard(self, who, act):
        """The numbers that an open workspace of `who` is told of while `act` is done."""
        connection = http.client.HTTPConnection("localhost", self.serving.http.port, timeout=60)
        self.addCleanup(connection.close)
        connection.request("GET", "/api/v1/events", headers={"Cookie": who.cookie})
        stream = connection.getresponse()
        self.assertEqual(stream.status, 200)
        while not stream.readline().startswith(b"retry"):
            pass
        act()
        while True:
            line = stream.readline().decode()
            self.assertNotEqual(line, "", "the stream ended")
            if line.startswith("data: "):
                return line

    def test_from_a_name_in_a_note_to_a_merge(self):
        a = self.write("Withdrawal", "My withdrawal of 20 EUR is missing.")
        b = self.write("Withdrawal again", "And nobody has answered me.")
        house.eventually("the one receipt", lambda: self.sink.to(WRITER))

        with self.subTest("a colleague is found by name, and named"):
            wanted = self.me[self.boss]["name"]
            path = f"/api/v1/tickets/{a}/colleagues"
            found = self.agent.ok("GET", path + "?q=" + urllib.parse.quote(wanted))["items"]
            self.assertEqual([one["id"] for one in found], [self.me[self.boss]["id"]])
            self.assertNotIn(self.me[self.agent]["id"], [one["id"] for one in self.agent.ok("GET", path)["items"]])
            note = {"text": f"@{wanted} look at this secretly.", "mentions": [found[0]["id"]]}
            self.assertIn(a, self.heard(self.boss, lambda: self.move(self.agent, a, "notes", note)))
            self.assertEqual(self.unseen(self.boss, "mentions"), (1, {a: 1}))
            self.assertEqual(self.unseen(self.agent, "mentions"), (0, {}))
            shown = self.boss.ok("GET", f"/api/v1/tickets/{a}")
            self.assertEqual([one["name"] for one in shown["messages"][-1]["mentions"]], [wanted])
            self.assertEqual([one["name"] for one in shown["following"]["followers"]], [wanted])

        with self.subTest("nobody is named whom nobody knows, and not too many"):
            nobody = {"text": "x", "mentions": ["01930f3e-7a00-7000-8000-000000000001"]}
            self.assertEqual(self.refusal(self.agent, a, "notes", nobody), "cannot_be_mentioned")
            self.assertEqual(self.refusal(self.agent, a, "seen", {"mark": "now"}), "malformed")

        with self.subTest("a kill takes nothing away, and what was seen stays seen"):
            self.move(self.agent, a, "drafts", {"mode": "note", "text": f"@{wanted} one more", "figures": [],
                                                "mentions": note["mentions"]})
            self.restart()
            draft, = self.agent.ok("GET", f"/api/v1/tickets/{a}/drafts")["items"]
            self.assertEqual([one["name"] for one in draft["mentions"]], [wanted])
            self.assertEqual(self.unseen(self.boss, "mentions"), (1, {a: 1}))
            old = shown["following"]["seen_mark"]
            self.move(self.boss, a, "seen", {"mark": old})
            self.assertEqual(self.unseen(self.boss, "mentions"), (0, {a: 0}))
            self.restart()
            self.assertEqual(self.unseen(self.boss, "mentions"), (0, {a: 0}))
            self.move(self.agent, a, "notes", {"text": "No answer yet."})
            self.move(self.boss, a, "seen", {"mark": old})
            self.assertEqual(self.unseen(self.boss, "following"), (1, {a: 1}))
            self.see(self.boss, a)
            self.assertEqual(self.unseen(self.boss, "following"), (0, {a: 0}))

        with self.subTest("who follows sees what the customer and colleagues do"):
            self.assertTrue(self.move(self.boss, b, "follow")["me"])
            self.move(self.boss, b, "follow")
            seen = self.agent.ok("GET", f"/api/v1/tickets/{b}")
            self.move(self.agent, b, "state", {"state": "solved", "version": seen["version"]})
            self.assertEqual(self.unseen(self.boss, "following"), (1, {a: 0, b: 1}))
            self.see(self.boss, b)

        with self.subTest("merged, it is followed where it goes on"):
            self.move(self.boss, a, "unfollow")
            self.assertEqual(self.unseen(self.boss, "following"), (0, {b: 0}))
            seen = self.agent.ok("GET", f"/api/v1/tickets/{b}")
            self.move(self.agent, b, "merge", {"into": a, "version": seen["version"]})
            self.assertEqual(self.unseen(self.boss, "following"), (2, {a: 1, b: 1}))
            self.move(self.boss, b, "unfollow")
            self.assertEqual(self.unseen(self.boss, "following"), (1, {a: 1}))

        # Nobody was sent a mail by any of it, neither the customer nor a colleague.
        self.assertEqual(len(self.sink.told(WRITER)), 1)
        told = [str(mail["Subject"]) for staff in self.by_role.values() for mail in self.sink.to(staff["email"])]
        self.assertEqual([subject for subject in told if a in subject or b in subject], [])
        self.assertEqual(self.serving.stop(), 0)
        looked_at, _ = house.verify(self.data, self.database)
        self.assertGreaterEqual(looked_at["follows"], 2)


class FollowOnPostgres(house.OnPostgres, Follow):
    pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
