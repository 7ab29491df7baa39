# SPDX-License-Identifier: Apache-2.0
"""What triage made of a request is set right through the real server on both engines: handed over with a form, kept by the
risk team, raised by a later mail, across a kill -9; and what was corrected teaches a model that the server reads by."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import house

WRITER = "ina@example.net"
# A word of the house's own that the program cannot know: its stamp cards.
LESSONS = ["The kettlestamp on my page is gone, please put it back.",
           "Since this morning my kettlestamp does not show up any more.",
           "I cannot find my kettlestamp, where did it go?",
           "Hello, my kettlestamp vanished after the last visit. Can you look?",
           "Is there anything you can do about a missing kettlestamp?",
           "My wife's kettlestamp is missing as well, and so is mine."]
EXAM = "Hello, could you look after my kettlestamp? It is not there."


class Sorting(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-sorting-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"
        sign_ins = house.demo(self.data, self.database, transactions=60, tickets=4, customers=6)
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)
        self.serve()
        by_role = {}
        for one in sign_ins["staff"]:
            if one.get("totp_secret"):
                by_role.setdefault(one["role"], house.Staff(self.serving, one))
        self.agent, self.risk, self.boss = by_role["agent"], by_role["risk"], by_role["supervisor"]
        self.clients = list(by_role.values())

    def serve(self, *more):
        self.serving = house.Serving(self.data, *more, database=self.database, relay=self.sink.relay)
        self.addCleanup(self.serving.stop)
        for client in getattr(self, "clients", []):
            client.serving = self.serving  # the sessions outlive it

    def send(self, subject, text, sender=WRITER, to=f"support@{house.DOMAIN}"):
        path = self.directory / "mail.eml"
        path.write_bytes(house.eml(sender, subject, text, to=to))
        self.assertEqual(house.swaks(self.serving.smtp, sender, to, path), 0)

    def write(self, subject, text, sender=WRITER):
        self.send(subject, text, sender)
        return house.eventually(subject, lambda: next(
            (one["number"] for one in self.boss.ok("GET", "/api/v1/tickets?view=all&limit=100")["items"]
             if one["subject"] == subject), None))

    def ticket(self, number):
        return self.agent.ok("GET", f"/api/v1/tickets/{number}")

    def sort(self, number, who=None, **wish):
        who = who or self.agent
        return who.call("POST", f"/api/v1/tickets/{number}/sort", {"version": self.ticket(number)["version"], **wish})

    def view(self, name):
        return [one["number"] for one in self.agent.ok("GET", f"/api/v1/tickets?view={name}&limit=100")["items"]]

    def events(self, number, kind):
        return [one["detail"] for one in self.ticket(number)["events"] if one["kind"] == kind]

    def test_set_right_handed_over_and_learnt(self):
        with self.subTest("the words that carried the reading stand beside it"):
            number = self.write("Page", "The payment page stays white after I press pay. It says error E-3007.")
            reading = self.ticket(number)["reading"]
            self.assertEqual(reading["category"], "payment_failed")
            self.assertGreater(reading["confidence"], 0.5)
            self.assertIn("category", [one["decision"] for one in reading["because"]])

        with self.subTest("the technical team is given it with the form, once, also over a kill"):
            self.assertEqual(self.sort(number, team="agent")[0], 200)
            status, refused, _ = self.sort(number, team="technical_team", form={"what_happens": "White page."})
            self.assertEqual((status, refused["code"]), (422, "hand_over_incomplete"))
            status, now, _ = self.sort(number, team="technical_team",
                                       form={"what_happens": "White page.", "error_code": "E-3007"})
            self.assertEqual((status, now["route"]), (200, "technical_team"))
            self.serving.kill()
            self.serve()
            self.assertIn(number, self.view("technical"))
            notes = [one["body"] for one in self.ticket(number)["messages"] if one["direction"] == "note"]
            self.assertEqual(notes, ["What happens: White page.\nError code or message: E-3007"])
            self.assertEqual(self.events(number, "sorted")[-1],
                             {"what": "team", "was": "agent", "became": "technical_team"})

        with self.subTest("nobody sorts what they have not seen, nor twice the same"):
            status, refused, _ = self.agent.call("POST", f"/api/v1/tickets/{number}/sort",
                                                 {"version": 1, "category": "card"})
            self.assertEqual((status, refused["code"]), (409, "ticket_changed"))
            status, refused, _ = self.sort(number, category="payment_failed")
            self.assertEqual((status, refused["code"]), (422, "nothing_to_sort"))

        with self.subTest("what may be an attack stays with the risk team"):
            robbed = self.write("Help", "Somebody was in my account and sent 300 EUR away. That was not me!")
            self.assertIn(robbed, self.view("risk"))
            status, refused, _ = self.sort(robbed, team="agent")
            self.assertEqual((status, refused["code"]), (403, "kept_by_risk_team"))
            self.assertEqual(self.sort(robbed, self.risk, team="agent", urgency="high")[0], 200)

        with self.subTest("a later mail raises, and calms nothing"):
            other = "calm@example.org"
            calm = self.write("Statement", "How do I download my statement?", other)
            urgency = self.ticket(calm)["urgency"]
            mail = house.eventually("its confirmation", lambda: next(iter(self.sink.to(other)), None))
            self.send(f"Re: [{calm}]", "Now somebody was in my account! That was not me.", other,
                      mail["Reply-To"].addresses[0].addr_spec)
            raised = house.eventually("raised", lambda: self.events(calm, "raised"))
            self.assertIn({"what": "urgency", "was": urgency, "became": "critical"}, raised)
            self.assertEqual(self.ticket(calm)["route"], "risk_team")

        with self.subTest("what was corrected teaches, when somebody says so"):
            for place, text in enumerate(LESSONS):
                lesson = self.write(f"Lesson {place}", text)
                if self.ticket(lesson)["category"] != "complaint":
                    self.assertEqual(self.sort(lesson, category="complaint")[0], 200)
            before = self.ticket(self.write("Before", EXAM))["category"]
            self.assertNotEqual(before, "complaint")
            figures = self.boss.ok("GET", "/api/v1/triage-figures?days=7")
            self.assertGreaterEqual(figures["corrected"], 3)
            self.assertIn("complaint", [one["category"] for one in figures["categories"] if one["given"] >= 3])
            self.assertEqual(self.agent.call("GET", "/api/v1/triage-figures")[0], 403)
            self.learn()

        self.serving.stop()
        house.verify(self.data, self.database)

    def learn(self):
        """A minute of a whole core: once. That the same lines give the same bytes is a unit test, and so is what each engine
        hands to the trainer."""
        model = self.directory / "desk.model"
        done = subprocess.run([house.OKPAY, "triage", "train", "--from-desk", "--out", model, "--data", self.data,
                               "--database", self.database], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("requests whose category your desk set", done.stdout)
        self.serving.stop()
        self.serve("--triage-model", str(model))
        self.assertEqual(self.ticket(self.write("After", EXAM + " Thank you."))["category"], "complaint")

    def test_a_model_of_something_else_is_refused(self):
        self.serving.stop()
        other = self.directory / "other.model"
        other.write_bytes(b"no model")
        done = subprocess.run([house.OKPAY, "serve", "--data", self.data, "--database", self.database, "--http",
                               "127.0.0.1:0", "--triage-model", other], capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("no model of the categories of this version", done.stderr)


class SortingOnPostgres(house.OnPostgres, Sorting):
    def learn(self):
        pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
