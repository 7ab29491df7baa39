# SPDX-License-Identifier: Apache-2.0
"""Macros through the real server on both engines: a supervisor writes one, an agent has it filled in from the ledger and
sends it with its payment bound, and what it does comes with the answer; a colleague's change stops one that does without an
answer; a kill -9 takes nothing away; one that is retired is applied no more, and stays in the books."""
import pathlib
import shutil
import tempfile
import unittest

import house

EXPLAINED = {"name": "Charge explained", "state_after": "pending_customer", "assign_to": "me", "snooze_hours": 48,
             "text_en": "Hello {customer_name},\n\n{merchant_name} took {payment_amount} ({payment_reference}).\n\n"
                        "{agent_name}, about {request_number}",
             "text_zh": "{customer_name}，您好：\n\n{merchant_name}收取了 {payment_amount}（{payment_reference}）。\n\n"
                        "{agent_name}，{request_number}"}
TAKEN = {"name": "Take it", "state_after": "open", "assign_to": "me", "snooze_hours": 0, "text_en": "", "text_zh": ""}


class Macros(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-macros-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"
        sign_ins = house.demo(self.data, self.database, transactions=200, tickets=8, customers=8)
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)
        self.serve()
        by_role = {staff["role"]: staff for staff in sign_ins["staff"]}
        self.boss = house.Staff(self.serving, by_role["supervisor"])
        self.agent = house.Staff(self.serving, by_role["agent"])
        self.me = self.agent.ok("GET", "/api/v1/staff/me")

    def serve(self):
        self.serving = house.Serving(self.data, database=self.database, relay=self.sink.relay)
        self.addCleanup(self.serving.stop)

    def refusal(self, who, path, body):
        status, value, _ = who.call("POST", path, body)
        self.assertGreaterEqual(status, 400, value)
        return value["code"]

    def ticket(self, number):
        return self.agent.ok("GET", f"/api/v1/tickets/{number}")

    def open_requests(self):
        """Those that wait for us, with the payments of their customers to a merchant."""
        for one in self.agent.ok("GET", "/api/v1/tickets?view=open&limit=100")["items"]:
            if one["state"] in ("new", "open"):
                ledger = self.agent.ok("GET", f"/api/v1/tickets/{one['number']}/ledger")
                yield one["number"], [payment for payment in ledger["payments"] if payment["merchant"]]

    def test_from_writing_one_to_its_retirement(self):
        requests = list(self.open_requests())
        number, payments = next(one for one in requests if one[1])
        other = next(one[0] for one in requests if one[0] != number)
        payment = payments[0]
        path = f"/api/v1/tickets/{number}"

        with self.subTest("a supervisor writes them, and no amount into them"):
            self.assertEqual(self.refusal(self.agent, "/api/v1/macros", EXPLAINED), "not_permitted")
            amount = {**EXPLAINED, "text_en": "You get CNY 12.50 back."}
            self.assertEqual(self.refusal(self.boss, "/api/v1/macros", amount), "macro_says_amount")
            explained = self.boss.ok("POST", "/api/v1/macros", EXPLAINED)
            taken = self.boss.ok("POST", "/api/v1/macros", TAKEN)
            listed = self.agent.ok("GET", "/api/v1/macros")["items"]
            self.assertEqual([(m["name"], m["writes"], m["needs_payment"]) for m in listed],
                             [("Charge explained", True, True), ("Take it", False, False)])

        with self.subTest("it is filled in from the ledger, and nothing has changed"):
            before = self.ticket(number)
            macro = f"{path}/macros/{explained['id']}"
            self.assertEqual(self.refusal(self.agent, macro, {}), "macro_needs_payment")
            preview = self.agent.ok("POST", macro, {"payment": payment["id"]})
            self.assertIn(payment["amount"]["amount"], preview["text"].replace(",", ""))
            for fact in (payment["merchant"]["name"], payment["id"], number, self.me["name"]):
                self.assertIn(fact, preview["text"])
            self.assertEqual(preview["figures"], [payment["id"]])
            self.assertEqual(preview["language"], before["language"])
            after = self.ticket(number)
            self.assertEqual((after["version"], len(after["events"])), (before["version"], len(before["events"])))

        with self.subTest("the answer is held to the rule, and does the rest in its own commit"):
            reply = {"text": preview["text"], "state_after": "solved", "version": before["version"], "figures": [],
                     "macro": {"id": preview["id"], "version": preview["version"]}}
            self.assertEqual(self.refusal(self.agent, f"{path}/replies", reply), "unbound_amount")
            reply["figures"] = preview["figures"]
            self.assertEqual(self.refusal(self.agent, f"{path}/replies", reply), "state_not_allowed", "solved, and asleep")
            self.assertEqual(self.ticket(number)["version"], before["version"])
            self.agent.ok("POST", f"{path}/replies", {**reply, "state_after": preview["actions"]["state_after"]})
            sent = self.ticket(number)
            self.assertEqual((sent["state"], sent["assignee"]["id"]), ("pending_customer", self.me["id"]))
            self.assertIsNotNone(sent["snoozed_until"])
            applied = [event for event in sent["events"] if event["kind"] == "macro_applied"]
            self.assertEqual([event["detail"]["name"] for event in applied], ["Charge explained"])
            self.assertEqual(applied[0]["actor"]["name"], self.me["name"])
            house.eventually("the answer", lambda: [
                mail for _, mail in list(self.sink.mails)
                if number in str(mail["Subject"]) and payment["id"] in mail.get_content()])

        with self.subTest("a colleague was quicker: nothing of it is done"):
            seen = self.ticket(other)
            apply = f"/api/v1/tickets/{other}/macros/{taken['id']}/apply"
            self.boss.ok("POST", f"/api/v1/tickets/{other}/notes", {"text": "I am on the phone with them."})
            old = {"macro_version": 1, "version": seen["version"]}
            self.assertEqual(self.refusal(self.agent, apply, old), "ticket_changed")
            self.assertEqual(self.ticket(other)["assignee"], seen["assignee"])

        with self.subTest("after a kill -9 it is there, as it was last written"):
            self.boss.ok("POST", f"/api/v1/macros/{taken['id']}", {**TAKEN, "assign_to": "nobody", "version": 1})
            self.serving.kill()
            self.serve()
            self.boss.serving = self.agent.serving = self.serving  # the sessions outlive it
            now = {"macro_version": 1, "version": self.ticket(other)["version"]}
            self.assertEqual(self.refusal(self.agent, apply, now), "macro_changed")
            self.agent.ok("POST", apply, {**now, "macro_version": 2})
            self.assertEqual(self.ticket(other)["state"], "open")
            history = self.agent.ok("GET", f"/api/v1/macros/{taken['id']}")["history"]
            self.assertEqual([one["version"] for one in history], [2, 1])

        with self.subTest("one that is retired is kept, and applied no more"):
            self.boss.ok("POST", f"/api/v1/macros/{taken['id']}/retire")
            now = {"macro_version": 2, "version": self.ticket(other)["version"]}
            self.assertEqual(self.refusal(self.agent, apply, now), "macro_retired")
            self.assertTrue(self.agent.ok("GET", f"/api/v1/macros/{taken['id']}")["retired"])
        self.assertEqual(self.serving.stop(), 0)
        looked_at, _ = house.verify(self.data, self.database)
        self.assertGreater(looked_at["macros"], 0)


class MacrosOnPostgres(house.OnPostgres, Macros):
    pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
