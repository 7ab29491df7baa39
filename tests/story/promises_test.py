# SPDX-License-Identifier: Apache-2.0
"""A promise through the real server, by a test clock: found in a draft with the desk's own calendar, made by the reply,
broken by time, escalated, done; another one is withdrawn. A calendar with a mistake stops the start and is named."""
import datetime
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import house

CALENDAR = """# the desk
zone = Asia/Shanghai
monday-friday = 09:00-12:00, 13:30-18:00
"""
TEXT = "We will write to you within 2 working days. We will refund you within 48 hours."


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Promises(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-promises-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"
        self.calendar = self.directory / "desk.calendar"

    def move(self, to):
        status, value, _ = self.admin.call("POST", "/api/v1/test-clock", {"to": to.isoformat()})
        self.assertEqual(status, 200, value)

    def ticket(self):
        return self.agent.ok("GET", f"/api/v1/tickets/{self.number}")

    def promise(self, no):
        return next(one for one in self.ticket()["promises"] if one["no"] == no)

    def told(self):
        return [event["detail"]["alarm"] for event in self.ticket()["events"] if event["kind"] == "promise_told"]

    def test_a_promise_is_found_made_broken_escalated_and_done(self):
        self.calendar.write_text(CALENDAR)
        sign_ins = house.demo(self.data, transactions=60, tickets=6, customers=6)
        serving = house.Serving(self.data, "--test-clock", "--calendar", str(self.calendar))
        self.addCleanup(serving.stop)
        by_role = {staff["role"]: staff for staff in sign_ins["staff"]}
        self.admin = house.Staff(serving, by_role["admin"])
        self.agent = house.Staff(serving, by_role["agent"])
        self.number = next(one["number"] for one in self.agent.ok("GET", "/api/v1/tickets?view=open")["items"]
                           if one["state"] in ("new", "open"))
        path = f"/api/v1/tickets/{self.number}"

        found = self.agent.ok("POST", f"{path}/promises/find", {"text": TEXT})["items"]
        self.assertEqual([one["text"] for one in found], ["within 2 working days", "within 48 hours"])
        closing = moment(found[0]["due"])
        self.assertEqual((closing.hour, closing.minute), (10, 0), "18:00 in Shanghai")
        claims = [{"text": one["text"], "due": one["due"]} for one in found]
        reply = {"text": TEXT, "state_after": "solved", "version": self.ticket()["version"], "figures": [],
                 "promises": claims}
        self.assertEqual(self.agent.call("POST", f"{path}/replies", reply)[1]["code"], "promise_left_open")
        self.agent.ok("POST", f"{path}/replies", {**reply, "state_after": "pending_customer"})
        made = {one["text"]: one for one in self.ticket()["promises"]}
        self.assertEqual({one["state"] for one in made.values()}, {"open"})
        self.assertEqual(moment(self.ticket()["promise_due"]), min(moment(one["due"]) for one in found))
        working, hours = made["within 2 working days"]["no"], made["within 48 hours"]["no"]

        self.assertEqual(self.agent.call("POST", f"{path}/promises/{working}/withdraw", {"reason": " "})[1]["code"],
                         "reason_missing")
        withdrawn = self.agent.ok("POST", f"{path}/promises/{working}/withdraw", {"reason": "One word is enough."})
        self.assertEqual((withdrawn["state"], withdrawn["reason"]), ("withdrawn", "One word is enough."))

        due, version = moment(self.promise(hours)["due"]), self.ticket()["version"]
        self.move(due - datetime.timedelta(hours=3))
        self.assertEqual((self.told(), self.promise(hours)["state"]), (["runs_out"], "open"))
        self.move(due + datetime.timedelta(minutes=1))
        self.assertEqual((self.told(), self.promise(hours)["state"]), (["runs_out", "ran_out"], "broken"))
        self.move(due + datetime.timedelta(minutes=61))
        self.assertEqual(self.told(), ["runs_out", "ran_out", "escalated"])
        self.assertEqual(self.ticket()["version"], version, "whoever writes may send")
        self.assertEqual(self.agent.call("POST", f"{path}/promises/{hours}/withdraw", {"reason": "late"})[1]["code"],
                         "promise_over")
        done = self.agent.ok("POST", f"{path}/promises/{hours}/keep", {})
        self.assertEqual(done["state"], "broken", "late is not in time")
        self.assertIsNotNone(done["ended_at"])
        self.assertIsNone(self.ticket()["promise_due"])
        self.assertEqual(self.agent.call("POST", f"{path}/promises/{hours}/keep", {})[1]["code"], "promise_ended")
        self.assertEqual(serving.stop(), 0)
        house.verify(self.data)

    def test_a_calendar_with_a_mistake_stops_the_start_and_is_named(self):
        self.calendar.write_text(CALENDAR + "saturday = 22:00-02:00\n")
        words = [house.OKPAY, "serve", "--data", str(self.data), "--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0",
                 "--calendar", str(self.calendar)]
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(f"{self.calendar}:4: ", done.stderr)


if __name__ == "__main__":
    unittest.main()
