# SPDX-License-Identifier: Apache-2.0
"""Who really sent it, over real SMTP with a real DNS server and mails that python3-dkim signed: a mail from a proven address
locks the own account and says so to the stored address; the same words from anybody else lock nothing and are told
nothing; while the DNS is down nothing is proven and nothing is lost."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import uuid

import house

SIGN = """
import sys, dkim
key, domain = open(sys.argv[1], 'rb').read(), sys.argv[2].encode()
mail = sys.stdin.buffer.read()
sys.stdout.buffer.write(dkim.sign(mail, b's1', domain, key, canonicalize=(b'relaxed', b'relaxed')) + mail)
"""
WISH = "I lost my phone. Please lock my account at once.\r\n"


class Key:
    def __init__(self, path):
        self.path = path
        subprocess.run(["openssl", "genrsa", "-traditional", "-out", str(path), "2048"], check=True, capture_output=True)
        public = subprocess.run(["openssl", "rsa", "-in", str(path), "-pubout"], check=True, capture_output=True,
                                text=True)
        self.record = "v=DKIM1; k=rsa; p=" + "".join(public.stdout.splitlines()[1:-1])

    def sign(self, mail, domain):
        return subprocess.run(["/usr/bin/python3", "-W", "ignore", "-c", SIGN, str(self.path), domain], input=mail,
                              check=True, stdout=subprocess.PIPE).stdout


class Senders(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-senders-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.sign_ins = house.demo(self.directory / "data", "sqlite", transactions=60, tickets=0, customers=6)
        self.customer = self.sign_ins["customers"][0]
        self.email = self.customer["email"]
        self.domain = self.email.split("@")[1]
        self.key, self.other = Key(self.directory / "ours.pem"), Key(self.directory / "other.pem")
        self.dns = house.DnsServer({f"s1._domainkey.{self.domain}": self.key.record,
                                    f"_dmarc.{self.domain}": "v=DMARC1; p=reject",
                                    "s1._domainkey.mallory.example": self.other.record})
        self.addCleanup(self.dns.stop)
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)

    def serve(self):
        self.serving = house.Serving(self.directory / "data", "--dns", self.dns.at, "--new-staff-waits-hours", "0",
                                     relay=self.sink.relay)
        self.addCleanup(self.serving.stop)
        if hasattr(self, "staff"):  # a session outlives a restart, a one-time code does not come twice
            self.staff.serving = self.me.serving = self.serving
            return
        self.staff = house.Staff(self.serving, next(s for s in self.sign_ins["staff"] if s["role"] == "supervisor"))
        self.me = house.Client(self.serving)
        self.me.ok("POST", "/api/v1/me/sign-in", {"email": self.email, "password": self.customer["password"]})

    def mail(self, subject, key=None, domain=None, sender=None):
        """Sends the wish and gives the staff's view of the message that it became."""
        raw = house.eml(sender or self.email, subject, WISH)
        if key:
            raw = key.sign(raw, domain or self.domain)
        path = self.directory / "mail.eml"
        path.write_bytes(raw)
        self.assertEqual(house.swaks(self.serving.smtp, sender or self.email, f"support@{house.DOMAIN}", path), 0)

        def filed():
            for ticket in self.staff.ok("GET", "/api/v1/tickets?view=all")["items"]:
                if ticket["subject"] == subject:
                    return self.staff.ok("GET", f"/api/v1/tickets/{ticket['number']}")
            return None
        ticket = house.eventually(f"the request {subject!r}", filed)
        return ticket, next(m for m in ticket["messages"] if m["direction"] == "inbound")

    def acknowledgements(self, address):
        return [mail for mail in self.sink.to(address) if "[OK-" in mail["Subject"]]

    def locks(self):
        return [(l["state"], l["source"], l["message_code"]) for l in self.me.ok("GET", "/api/v1/me/locks")["items"]]

    def test_only_a_proven_mail_locks(self):
        with self.subTest("the DNS is down: not proven, and not lost"):
            self.serve()
            _, message = self.mail("lost phone one", self.key)
            self.assertEqual((message["authentication"]["verdict"], message["assurance"]), ("unproven_for_now", "a0"))
            self.assertEqual(message["authentication"]["why"], "dns")
            self.assertEqual(self.locks(), [])
            house.eventually("its acknowledgement", lambda: self.acknowledgements(self.email))
            self.serving.stop()

        self.dns.start()
        self.serve()
        with self.subTest("anybody can write the words: the domain asks to refuse them"):
            for subject, signer in (("lost phone two", {}), ("lost phone three", {"key": self.other}),
                                    ("lost phone four", {"key": self.other, "domain": "mallory.example"})):
                ticket, message = self.mail(subject, **signer)
                self.assertEqual((message["authentication"]["verdict"], message["assurance"]), ("forged", "a0"), subject)
                self.assertNotIn("locked_by_mail", [event["kind"] for event in ticket["events"]])
            self.assertEqual(self.locks(), [])

        with self.subTest("a stranger who is proven has nothing to lock"):
            stranger = "eve@mallory.example"
            _, message = self.mail("lost phone five", self.other, "mallory.example", stranger)
            self.assertEqual((message["authentication"]["verdict"], message["assurance"]), ("proven", "a1"))
            self.assertEqual(self.locks(), [])
            letter = house.eventually("the acknowledgement", lambda: next(iter(self.acknowledgements(stranger)), None))
            self.assertNotIn("lost my phone", letter.get_content())

        with self.subTest("the customer's own mail locks at once"):
            ticket, message = self.mail("lost phone six", self.key)
            proof = message["authentication"]
            self.assertEqual((proof["verdict"], proof["proven_by"], proof["proven_domain"], message["assurance"]),
                             ("proven", "dkim", self.domain, "a1"))
            self.assertIn(("dkim", "pass", True), [(e["mechanism"], e["result"], e["aligned"]) for e in proof["evidence"]])
            self.assertIn("locked_by_mail", [event["kind"] for event in ticket["events"]])
            self.assertEqual(self.locks(), [("active", "customer", "own_wish")])
            wallet = max(self.me.ok("GET", "/api/v1/me")["wallets"], key=lambda w: float(w["available"]["amount"]))
            small = "1" if wallet["currency"] in ("JPY", "KRW") else "1.00"
            codes = [self.me.call("POST", "/api/v1/me/transfers",
                                  {"to": other["email"], "amount": {"amount": small, "currency": wallet["currency"]},
                                   "memo": "story"}, key=str(uuid.uuid4()))[1]["code"]
                     for other in self.sign_ins["customers"][1:]]
            self.assertIn("payer_locked", codes)  # the others have no wallet in this currency
            self.assertLessEqual(set(codes), {"payer_locked", "payee_cannot_receive"})
            words = ("You asked for it.", "应您本人的要求", "依您本人的要求")
            house.eventually("the letter about the lock", lambda: [
                mail for mail in self.sink.to(self.email) if any(word in mail.get_content() for word in words)])
            house.eventually("its acknowledgement", lambda: len(self.acknowledgements(self.email)) > 1)
        # Of the mail when the DNS was down, and of the proven one: those that were forged are told nothing.
        self.assertEqual(len(self.acknowledgements(self.email)), 2)
        self.serving.stop()
        house.verify(self.directory / "data")


if __name__ == "__main__":
    unittest.main()
