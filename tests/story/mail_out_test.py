# SPDX-License-Identifier: Apache-2.0
"""What becomes of mail that leaves, over a real relay: a bounce in another server's words ends the mail and its address and
answers nothing, a forged one changes nothing, staff let mail go there again; and whoever has a mail of ours is told that it
is ours, by the page's call and by verify@, in one answer."""
import pathlib
import re
import shutil
import tempfile
import unittest

import house

DSN = """From: MAILER-DAEMON@mx.example.net
To: support@{domain}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{unique}@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver it.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {to}
Action: failed
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user here

--b
Content-Type: message/rfc822

From: support@{domain}
To: {to}
Message-ID: {returned}
Subject: Your request

Hello
--b--
"""


class MailOut(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-mail-out-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"
        sign_ins = house.demo(self.data, self.database, transactions=30, tickets=0, customers=6)
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)
        self.serving = house.Serving(self.data, database=self.database, relay=self.sink.relay)
        self.addCleanup(self.serving.stop)
        self.staff = house.Staff(self.serving, next(s for s in sign_ins["staff"] if s["role"] == "supervisor"))
        self.count = 0

    def send(self, raw, sender, to="support"):
        path = self.directory / "mail.eml"
        path.write_bytes(raw if isinstance(raw, bytes) else raw.replace("\n", "\r\n").encode())
        self.assertEqual(house.swaks(self.serving.smtp, sender, f"{to}@{house.DOMAIN}", path), 0)

    def acknowledged(self, who, number=1):
        mails = house.eventually(f"mail {number} to {who}", lambda: (self.sink.to(who) + [None] * number)[number - 1])
        return mails

    def bounce(self, to, returned, status="5.1.1"):
        self.count += 1
        self.send(DSN.format(domain=house.DOMAIN, to=to, returned=returned, status=status, unique=f"b{self.count}"), "<>")

    def ticket_of(self, acknowledgement):
        number = re.search(r"OK-[0-9A-Z]{7}", str(acknowledgement["Subject"]))[0]
        return self.staff.ok("GET", f"/api/v1/tickets/{number}")

    def settled(self):
        """Everything that came in is read."""
        def quiet():
            books = self.staff.ok("GET", "/api/v1/mail-books?limit=100")["items"]
            return all(book["waiting"] == 0 for book in books)
        house.eventually("the mails are read", quiet)

    def suppressed(self):
        return [one["address"] for one in self.staff.ok("GET", "/api/v1/suppressed-addresses")["items"]]

    def test_mail_that_comes_back_and_mail_that_is_asked_about(self):
        self.send(house.eml("ana@example.net", "Fees", "How much is a transfer?"), "ana@example.net")
        self.send(house.eml("ben@example.net", "Fees", "How much is it?"), "ben@example.net")
        ours, bens = self.acknowledged("ana@example.net"), self.acknowledged("ben@example.net")

        with self.subTest("a forged bounce changes nothing"):
            stolen = re.sub(r"(?<=<t\.).", lambda m: "b" if m[0] == "a" else "a", ours["Message-ID"])
            mixed = bens["Message-ID"].rsplit(".", 3)[0]
            for returned in (stolen, "<unknown@pay.example>", mixed + ">"):
                self.bounce("ana@example.net", returned)
            self.settled()
            self.assertEqual(self.suppressed(), [])

        with self.subTest("a real one ends the mail and the address, and answers nothing"):
            before = self.ticket_of(ours)
            sent = len(self.sink.mails)
            self.bounce("ana@example.net", ours["Message-ID"])
            house.eventually("the address is suppressed", lambda: self.suppressed() == ["ana@example.net"])
            after = self.ticket_of(ours)
            self.assertEqual((after["state"], after["version"]), (before["state"], before["version"]))
            kinds = [event["kind"] for event in after["events"]]
            self.assertEqual(kinds[-2:], ["mail_bounced", "address_suppressed"])
            self.assertEqual(after["events"][-2]["detail"]["reason"], "address_unknown")
            self.assertEqual(len(self.sink.mails), sent)

        with self.subTest("what is written there is kept and shows why; lifted, it goes"):
            reply = self.staff.ok("POST", f"/api/v1/tickets/{after['number']}/replies",
                                  {"text": "It is free.", "state_after": "open", "version": after["version"], "figures": []})
            self.assertEqual(reply["delivery"]["state"], "suppressed")
            path = f"/api/v1/tickets/{after['number']}/messages/{reply['id']}"
            self.assertEqual(self.staff.call("POST", f"{path}/resend")[1]["code"], "address_suppressed")
            one = self.staff.ok("GET", "/api/v1/suppressed-addresses")["items"][0]
            lifted = self.staff.ok("POST", f"/api/v1/suppressed-addresses/{one['id']}/lift", {"reason": "she called"})
            self.assertEqual(lifted["lift_reason"], "she called")
            self.staff.ok("POST", f"{path}/resend")
            answer = self.acknowledged("ana@example.net", 2)
            self.assertIn("It is free.", answer.get_content())
            steps = house.eventually("the relay's word", lambda: [
                s for s in [[i["step"] for i in self.staff.ok("GET", f"{path}/deliveries")["items"]]] if "accepted" in s])[0]
            self.assertEqual(steps, ["suppressed", "resent", "accepted"])

        with self.subTest("the code of a mail says that it is ours"):
            code = re.search(r"Check: (\S+)", answer.get_content())[1]
            ask = house.Client(self.serving)
            yes = ask.ok("POST", "/api/v1/official-mail/check", {"code": code.lower().replace("-", " ")})
            self.assertEqual((yes["answer"], yes["kind"]), ("yes", "reply"))
            self.assertNotIn("ana@example.net", yes["recipient"])
            for address, said in (("ana@example.net", "yes"), ("eve@example.net", "not_to_this_address")):
                told = ask.ok("POST", "/api/v1/official-mail/check", {"code": code, "address": address})
                self.assertEqual(told["answer"], said)
            wrong = ("1" if code[1] != "1" else "2").join([code[0], code[2:]])
            self.assertEqual(ask.ok("POST", "/api/v1/official-mail/check", {"code": wrong})["answer"], "mistyped")

        with self.subTest("verify@ answers once, yes or no"):
            forwarded = "Is this you?\r\n\r\n---------- Forwarded message ---------\r\nFrom: <support@pay.example>\r\n" \
                "Subject: x\r\n\r\n" + answer.get_content()
            self.send(house.eml("ana@example.net", "Fwd: x", forwarded, to=f"verify@{house.DOMAIN}"), "ana@example.net",
                      "verify")
            self.assertIn("Yes.", self.acknowledged("ana@example.net", 3).get_content())
            self.send(house.eml("ben@example.net", "Fwd: x", forwarded, to=f"verify@{house.DOMAIN}"), "ben@example.net",
                      "verify")
            no = self.acknowledged("ben@example.net", 2).get_content()
            self.assertIn("No.", no)
            self.assertNotIn("ana@", no)
        self.settled()
        self.assertEqual(self.serving.stop(), 0)
        house.verify(self.data, self.database)


class MailOutOnPostgres(house.OnPostgres, MailOut):
    pass


if __name__ == "__main__":
    unittest.main()
