# SPDX-License-Identifier: Apache-2.0
"""Requests that belong together, from real mails on both engines: one goes on in another and the customer's next mail on the
old number lands there, also after a kill -9; it is taken back; a second matter becomes a request of its own; what was put
away comes back when the customer writes; what is being written is there after a kill."""
import datetime
import pathlib
import re
import shutil
import tempfile
import unittest

import house

ANA = "ana@example.net"  # a stranger: one acknowledgement a day, so that nobody makes us write to somebody else


class Together(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-together-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"
        self.sign_ins = house.demo(self.data, self.database, transactions=30, tickets=0, customers=6)
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)
        self.serve()
        self.staff = house.Staff(self.serving, next(s for s in self.sign_ins["staff"] if s["role"] == "supervisor"))

    def serve(self):
        self.serving = house.Serving(self.data, database=self.database, relay=self.sink.relay)
        self.addCleanup(self.serving.stop)

    def restart(self):
        self.serving.kill()
        self.serve()
        self.staff.serving = self.serving  # the session outlives it

    def write(self, subject, text, answers=None):
        path = self.directory / "mail.eml"
        headers = {"In-Reply-To": answers["Message-ID"]} if answers else None
        path.write_bytes(house.eml(ANA, subject, text, headers=headers))
        self.assertEqual(house.swaks(self.serving.smtp, ANA, f"support@{house.DOMAIN}", path), 0)

    def mail(self, count):
        """The mail to the customer that makes `count` of them; a copy after a kill is none."""
        return house.eventually(f"mail {count}", lambda: (self.sink.told(ANA) + [None] * count)[count - 1])

    def ticket(self, number):
        return self.staff.ok("GET", f"/api/v1/tickets/{number}")

    def said(self, number):
        return [m["body"].strip() for m in self.ticket(number)["messages"] if m["direction"] == "inbound"]

    def view(self, name):
        return [t["number"] for t in self.staff.ok("GET", f"/api/v1/tickets?view={name}&limit=100")["items"]]

    def move(self, number, what, body):
        return self.staff.ok("POST", f"/api/v1/tickets/{number}/{what}", body)

    def answer(self, number, text, state):
        self.move(number, "replies", {"text": text, "state_after": state, "version": self.ticket(number)["version"],
                                      "figures": []})

    def test_requests_that_belong_together(self):
        self.write("Withdrawal", "My withdrawal of 20 EUR is missing.")
        first = self.mail(1)
        a = re.search(r"OK-[0-9A-Z]{7}", str(first["Subject"]))[0]
        self.write("Other thing", "And my card does not work.")
        b = house.eventually("the other request", lambda: next((n for n in self.view("open") if n != a), None))
        self.answer(b, "What does it say?", "pending_customer")
        second = self.mail(2)

        with self.subTest("one goes on in the other, and so do its mails"):
            merged = self.move(b, "merge", {"into": a, "version": self.ticket(b)["version"]})
            self.assertEqual(merged["number"], a)
            self.assertEqual((self.ticket(b)["state"], self.ticket(b)["merged_into"]), ("closed", a))
            self.assertIn("And my card does not work.", self.said(a))
            self.restart()
            self.write("Re: Other thing", "It says declined.", answers=second)
            house.eventually("it lands in the one that goes on", lambda: "It says declined." in self.said(a))
            self.assertNotIn(b, self.view("open"))
            status, problem, _ = self.staff.call("POST", f"/api/v1/tickets/{b}/replies", {
                "text": "Hello", "state_after": "open", "version": self.ticket(b)["version"], "figures": []})
            self.assertEqual(status, 409, problem)

        with self.subTest("taken back, each has its own again"):
            self.move(b, "unmerge", None)
            self.assertEqual((self.ticket(b)["merged_into"], self.ticket(b)["state"]), (None, "pending_customer"))
            self.assertIn(b, self.view("waiting"))
            self.assertNotIn("And my card does not work.", self.said(a))

        with self.subTest("another matter becomes a request of its own"):
            card = next(m for m in self.ticket(a)["messages"] if "declined" in m["body"])
            split = self.move(a, "split", {"messages": [card["id"]], "subject": "Card declined",
                                           "version": self.ticket(a)["version"]})
            c = split["number"]
            self.assertNotIn(c, (a, b))
            self.assertEqual(self.said(c), ["It says declined."])
            marked = next(m for m in self.ticket(a)["messages"] if m["id"] == card["id"])
            self.assertEqual(marked["went_on_in"], c)
            self.answer(c, "Since when?", "pending_customer")
            self.write("Re: Card declined", "Since Monday.", answers=self.mail(3))
            house.eventually("its answer is its own", lambda: "Since Monday." in self.said(c))

        with self.subTest("asleep, and back when the customer writes"):
            later, too_late = (f"{datetime.datetime.utcnow() + datetime.timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"
                               for hours in (2, 9 * 24))
            status, problem, _ = self.staff.call("POST", f"/api/v1/tickets/{a}/snooze", {"until": too_late})
            self.assertEqual((status, problem["code"]), (409, "snooze_past_clock"), problem)
            self.move(a, "snooze", {"until": later})
            self.assertEqual((a in self.view("open"), a in self.view("snoozed")), (False, True))
            self.write("Re: Withdrawal", "Any news?", answers=first)
            house.eventually("it is back", lambda: a in self.view("open"))
            self.assertNotIn(a, self.view("snoozed"))

        with self.subTest("what is being written outlives a kill, and goes with what is sent"):
            self.move(a, "drafts", {"mode": "reply", "text": "Dear Ana, we have", "figures": []})
            self.restart()
            drafts = self.staff.ok("GET", f"/api/v1/tickets/{a}/drafts")["items"]
            self.assertEqual([(d["mode"], d["text"]) for d in drafts], [("reply", "Dear Ana, we have")])
            self.answer(a, "Dear Ana, we have asked the bank.", "open")
            self.assertEqual(self.staff.ok("GET", f"/api/v1/tickets/{a}/drafts")["items"], [])
        # Two acknowledgements, one of what was split off, and three answers: nothing was told twice, nothing of a merge or a
        # snooze. The last answer may still be on its way; what stops sends it first.
        self.mail(5)
        self.assertEqual(self.serving.stop(), 0)
        self.assertEqual(len(self.sink.told(ANA)), 5, [str(mail["Subject"]) for mail in self.sink.to(ANA)])
        house.verify(self.data, self.database)


class TogetherOnPostgres(house.OnPostgres, Together):
    pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
