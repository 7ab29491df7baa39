# SPDX-License-Identifier: Apache-2.0
"""Side threads through the real server on both engines, over real SMTP with a real DNS: an agent asks a bank, the mail
leaves once whatever is killed, the bank's answer lands with staff and not with the customer, what is forged or a stranger's
lands in neither, a customer who answers lands in the request, and a deadline that nobody kept is told once."""
import datetime
import pathlib
import shutil
import tempfile
import unittest

import house
from senders_test import Key

BANK, COLLEAGUE, STRANGER = "disputes@bank.example", "ann@bank.example", "eve@mallory.example"
SECRET = "heliotrope"  # a word of the customer's


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Sides(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-sides-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"
        self.sign_ins = house.demo(self.data, self.database, transactions=120, tickets=0, customers=6)
        self.customer = self.sign_ins["customers"][0]
        self.email = self.customer["email"]
        domain = self.email.split("@")[1]
        self.keys = {domain: Key(self.directory / "theirs.pem"), "bank.example": Key(self.directory / "bank.pem"),
                     "mallory.example": Key(self.directory / "mallory.pem")}
        texts = {f"s1._domainkey.{name}": key.record for name, key in self.keys.items()}
        texts |= {f"_dmarc.{name}": "v=DMARC1; p=reject" for name in (domain, "bank.example")}
        self.dns = house.DnsServer(texts)
        self.addCleanup(self.dns.stop)
        self.dns.start()
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)
        self.serve()
        by_role = {staff["role"]: staff for staff in self.sign_ins["staff"] if staff.get("totp_secret")}
        self.boss = house.Staff(self.serving, by_role["supervisor"])
        self.agent = house.Staff(self.serving, by_role["agent"])
        self.admin = house.Staff(self.serving, by_role["admin"])

    def serve(self):
        clock = ["--test-clock"] if self.database == "sqlite" else []  # one process has it
        self.serving = house.Serving(self.data, "--dns", self.dns.at, *clock, database=self.database, relay=self.sink.relay)
        self.addCleanup(self.serving.stop)

    def restart(self):
        self.serving.kill()
        self.serve()
        self.boss.serving = self.agent.serving = self.admin.serving = self.serving  # the sessions outlive it

    def mail(self, sender, subject, text, answers=None, signed=True, headers=None):
        """Handed in by SMTP; 250 is all that its sender learns."""
        more = dict(headers or {})
        if answers is not None:
            more["In-Reply-To"] = str(answers["Message-ID"])
        raw = house.eml(sender, subject, text, headers=more)
        if signed:
            name = sender.split("@")[1]
            raw = self.keys[name].sign(raw, name)
        path = self.directory / "mail.eml"
        path.write_bytes(raw)
        self.assertEqual(house.swaks(self.serving.smtp, sender, f"support@{house.DOMAIN}", path), 0)

    def all(self):
        return self.agent.ok("GET", "/api/v1/tickets?view=all&limit=100")["items"]

    def named(self, subject):
        return house.eventually(f"the request {subject!r}", lambda: next(
            (one["number"] for one in self.all() if one["subject"] == subject), None))

    def ticket(self, number=None):
        return self.agent.ok("GET", f"/api/v1/tickets/{number or self.number}")

    def threads(self):
        return self.agent.ok("GET", f"/api/v1/tickets/{self.number}/side-threads")["items"]

    def said(self):
        return [(one["direction"], one["kind"]) for one in self.threads()[0]["messages"]]

    def send(self, path, body):
        return self.agent.ok("POST", f"/api/v1/tickets/{self.number}/side-threads{path}", body)

    def to_bank(self, count):
        """The mails that the bank's mailbox shows, once there are so many."""
        house.eventually(f"{count} mails at the bank", lambda: len(self.sink.told(BANK)) >= count)
        self.assertEqual(len(self.sink.told(BANK)), count)
        return self.sink.told(BANK)

    def test_from_a_question_to_the_bank_to_its_end(self):
        self.mail(self.email, "Where is it", f"My payment is missing. My word is {SECRET}.\r\n")
        self.number = self.named("Where is it")
        house.eventually("the receipt", lambda: self.sink.to(self.email))
        before = self.ticket()
        payments = self.agent.ok("GET", f"/api/v1/tickets/{self.number}/ledger")["payments"]
        payment = payments[0]
        other = next(one for one in payments if one["amount"]["amount"] != payment["amount"]["amount"])

        with self.subTest("the book is kept by supervisors"):
            party = {"kind": "bank", "name": "Bank of Example", "address": BANK, "language": "en", "whole_domain": True}
            self.assertEqual(self.agent.call("POST", "/api/v1/counterparties", party)[1]["code"], "not_permitted")
            bank = self.boss.ok("POST", "/api/v1/counterparties", party)["id"]
            self.assertEqual([one["id"] for one in self.agent.ok("GET", "/api/v1/counterparties")["items"]], [bank])

        opening = {"counterparty": bank, "subject": "A payment that did not arrive", "payments": [payment["id"]],
                   "text": "Please look at this payment.", "answer_within_hours": 24, "version": before["version"]}
        with self.subTest("what may not leave is refused, and nothing of it leaves"):
            def refused(**changed):
                path = f"/api/v1/tickets/{self.number}/side-threads"
                return self.agent.call("POST", path, {**opening, **changed})[1]["code"]
            amount = f"{other['amount']['currency']} {other['amount']['amount']}"
            self.assertEqual(refused(text=f"Send {amount} back."), "unbound_amount")
            self.assertEqual(refused(version=before["version"] - 1), "ticket_changed")
            typed = {key: value for key, value in opening.items() if key != "counterparty"}
            typed["to"] = {"kind": "bank", "address": self.email, "language": "en"}
            self.assertEqual(self.agent.call("POST", f"/api/v1/tickets/{self.number}/side-threads", typed)[1]["code"],
                             "side_customers_address")
            self.assertEqual(self.threads(), [])

        with self.subTest("the mail leaves once, whatever is killed"):
            thread = self.send("", opening)
            self.restart()
            number = thread["number"]
            self.assertRegex(number, "^TP-[0-9A-HJKMNP-TV-Z]{7}$")
            letter, = self.to_bank(1)
            self.restart()
            text = letter.get_content()
            self.assertIn(f"[{number}]", letter["Subject"])
            for word in ("Please look at this payment.", payment["id"], "Amount: ", number):
                self.assertIn(word, text)
            for word in (SECRET, self.email, self.customer["name"], self.number):
                self.assertNotIn(word, str(letter))
            self.assertEqual(self.threads()[0]["state"], "waiting")
            self.assertIsNone(self.ticket()["first_replied_at"], "the customer was not answered")

        with self.subTest("an answer lands there, once, and nobody answers it"):
            self.mail(BANK, f"Re: {letter['Subject']}", "We have found it.\r\n", letter)
            self.restart()
            house.eventually("the answer", lambda: self.threads()[0]["state"] == "answered")
            self.assertEqual(self.said(), [("outbound", "said"), ("inbound", "said")])
            self.assertEqual(self.threads()[0]["messages"][1]["authentication"]["verdict"], "proven")
            self.mail(COLLEAGUE, "no token at all", f"About {number}: it was sent on.\r\n")
            house.eventually("a colleague's word", lambda: len(self.said()) == 3)
            now = self.ticket()
            self.assertEqual([one["direction"] for one in now["messages"]], ["inbound"])
            self.assertEqual((now["state"], now["first_reply_due"]), (before["state"], before["first_reply_due"]))
            unseen = self.agent.ok("GET", "/api/v1/tickets?view=following")["items"]
            self.assertEqual([(one["number"], one["side_threads"]["answered"]) for one in unseen], [(self.number, 1)])
            self.assertGreaterEqual(unseen[0]["unseen"], 2)

        with self.subTest("forged, or a stranger's: in neither, and nothing is disclosed"):
            self.mail(BANK, "forged word", "It was me.\r\n", letter, signed=False)
            self.mail(STRANGER, "strange word", f"It was me. {number}\r\n", letter)
            for subject in ("forged word", "strange word"):
                self.assertEqual(self.ticket(self.named(subject))["linked_to"], self.number)
            receipt = house.eventually("the stranger's receipt", lambda: self.sink.to(STRANGER))[0]
            for word in (number, self.number, BANK, "did not arrive"):
                self.assertNotIn(word, str(receipt))
            self.assertEqual(len(self.said()), 3)

        with self.subTest("a customer's answer is the request's"):
            shown = self.ticket()
            self.agent.ok("POST", f"/api/v1/tickets/{self.number}/replies",
                          {"text": "We asked the bank.", "state_after": "pending_customer", "version": shown["version"],
                           "figures": [], "promises": [], "macro": None})
            reply = house.eventually("the reply", lambda: next(
                (one for one in self.sink.to(self.email) if "We asked the bank." in one.get_content()), None))
            for word in (number, BANK, "found it"):
                self.assertNotIn(word, str(reply))
            self.mail(self.email, "Re: Where is it", "Thank you. When will you know?\r\n", reply)
            house.eventually("the customer's word", lambda: len(self.ticket()["messages"]) == 3)
            self.assertEqual(len(self.said()), 3)
            customer = house.Client(self.serving)
            customer.ok("POST", "/api/v1/me/sign-in", {"email": self.email, "password": self.customer["password"]})
            own = str(customer.ok("GET", f"/api/v1/me/requests/{self.number}"))
            self.assertIn(SECRET, own)
            for word in (number, BANK, "found it", "Please look at this payment."):
                self.assertNotIn(word, own)

        with self.subTest("a machine's answer is none, and a deadline that nobody kept is told once"):
            thread = self.threads()[0]
            self.send(f"/{number}/mails", {"text": "Which day?", "payments": [], "answer_within_hours": 48,
                                           "version": thread["version"]})
            self.restart()
            second = self.to_bank(2)[1]
            self.mail(BANK, "Automatic reply", "We are away.\r\n", second, headers={"Auto-Submitted": "auto-replied"})
            house.eventually("the machine's word", lambda: self.said()[-1] == ("inbound", "automatic"))
            self.assertEqual(self.threads()[0]["state"], "waiting")
            if self.database == "sqlite":
                self.deadline(number)

        with self.subTest("closed, and an answer all the same opens it again"):
            closed = self.send(f"/{number}/close", {"version": self.threads()[0]["version"]})
            self.assertEqual((closed["state"], closed["answer_due"]), ("closed", None))
            self.mail(BANK, f"Re: {second['Subject']}", "On Friday.\r\n", second)
            house.eventually("the late answer", lambda: self.threads()[0]["state"] == "answered")

        self.assertEqual(len(self.sink.told(BANK)), 2)
        self.assertEqual(self.serving.stop(), 0)
        looked_at, _ = house.verify(self.data, self.database)
        self.assertEqual(looked_at["side_threads"], 1 + 1 + 6)

    def deadline(self, number):
        due = moment(self.threads()[0]["answer_due"])

        def told():
            return [event["kind"] for event in self.ticket()["events"]
                    if event["kind"].startswith("clock_") and event["detail"].get("side_thread") == number]
        for wait, kinds in ((-3, ["clock_runs_out"]), (0, ["clock_runs_out", "clock_ran_out"]),
                            (2, ["clock_runs_out", "clock_ran_out", "clock_escalated"])):
            self.admin.ok("POST", "/api/v1/test-clock", {"to": (due + datetime.timedelta(hours=wait)).isoformat()})
            self.assertEqual(told(), kinds)
        self.restart()
        self.admin.ok("POST", "/api/v1/test-clock", {"to": (due + datetime.timedelta(hours=9)).isoformat()})
        self.assertEqual(told(), kinds)


class SidesOnPostgres(house.OnPostgres, Sides):
    pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
