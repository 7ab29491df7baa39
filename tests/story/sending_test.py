# SPDX-License-Identifier: Apache-2.0
"""What leaves is signed: keys made by `admin dkim`, the records it prints published in a real DNS server, each mail that
reaches the relay held against them by python3-dkim. A retry sends the same octets; a retired key signs no more; keys
follow a change of the master key."""
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

import house

# An independent verifier that asks the given DNS server: how many signatures there are, which of them hold.
VERIFY = """
import json, sys, dkim, dns.resolver
resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers, resolver.port = [sys.argv[1]], int(sys.argv[2])
def texts(name, timeout=5):
    name = name.decode() if isinstance(name, bytes) else name
    try:
        return b''.join(resolver.resolve(name, 'TXT', lifetime=timeout)[0].strings)
    except dns.exception.DNSException:
        return None
mail = sys.stdin.buffer.read()
count = sum(line.lower().startswith(b'dkim-signature:') for line in mail.split(b'\\r\\n\\r\\n')[0].split(b'\\r\\n'))
held = []
for index in range(count):
    try:
        held.append(bool(dkim.DKIM(mail, minkey=1024).verify(idx=index, dnsfunc=texts)))
    except dkim.DKIMException:
        held.append(False)
print(json.dumps(held))
"""
SIGNED = ["From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "In-Reply-To", "References", "MIME-Version",
          "Content-Type", "Auto-Submitted"]


class Sending(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-sending-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"
        self.sign_ins = house.demo(self.data, transactions=30, tickets=0, customers=6)

    def okpay(self, *words, status=0):
        done = subprocess.run([house.OKPAY, *words, "--data", str(self.data)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, status, (words, done.stdout, done.stderr))
        return done.stdout

    def add(self, selector, *more):
        return json.loads(self.okpay("admin", "dkim", "add", selector, "--domain", house.DOMAIN, "--json", *more))

    def serve(self, relay, *more):
        serving = house.Serving(self.data, *more, relay=relay)
        self.addCleanup(serving.stop)
        return serving

    def ask(self, serving, who):
        letter = self.directory / "letter.eml"
        letter.write_bytes(house.eml(who, "Fees", "How much is a transfer?"))
        self.assertEqual(house.swaks(serving.smtp, who, f"support@{house.DOMAIN}", letter), 0)

    def taken(self, sink, who):
        def found():
            with sink.lock:
                return next((raw for recipients, raw in sink.raw if who in recipients), None)
        return house.eventually(f"a mail to {who}", found)

    def held(self, mail, dns):
        host, port = dns.at.rsplit(":", 1)
        done = subprocess.run(["/usr/bin/python3", "-W", "ignore", "-c", VERIFY, host, port], input=mail, check=True,
                              stdout=subprocess.PIPE)
        return json.loads(done.stdout)

    def test_every_mail_is_signed_with_the_keys_there_are(self):
        rsa = self.add("s1")  # no process serves: this one writes
        self.assertEqual((rsa["algorithm"], rsa["bits"], rsa["record_name"]), ("rsa", 2048, f"s1._domainkey.{house.DOMAIN}"))
        sink = house.MailSink()
        self.addCleanup(sink.stop)
        port = house.free_port()  # nobody listens there yet
        serving = self.serve(f"127.0.0.1:{port}", "--test-clock")
        edward = self.add("s2", "--algorithm", "ed25519")  # beside the process that serves
        self.assertEqual(edward["bits"], 256)
        dns = house.DnsServer({one["record_name"]: one["record"] for one in (rsa, edward)})
        self.addCleanup(dns.stop)
        dns.start()
        # The same as a zone file has it: for people to paste.
        listed = self.okpay("admin", "dkim", "list")
        pasted = "".join(re.findall(r'"([^"]*)"', next(line for line in listed.splitlines() if "s1._domainkey" in line)))
        self.assertEqual(pasted, rsa["record"])

        with self.subTest("kept signed before it leaves, and tried again with the same octets"):
            self.ask(serving, "ana@example.org")

            def tried():
                with sqlite3.connect(f"file:{self.data}/okpay.db?mode=ro", uri=True) as books:
                    return books.execute("SELECT bytes FROM outgoing_mail WHERE recipient = 'ana@example.org' AND "
                                         "attempts > 0").fetchone()
            kept = house.eventually("a first try", tried)[0]
            self.assertTrue(kept.startswith(b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;"), kept[:200])
            self.assertEqual(self.held(kept, dns), [True, True])
            serving.stop()
            # The relay comes back, now at the port of the sink; the time of the next try comes by the test clock.
            serving = self.serve(sink.relay, "--test-clock")
            admin = house.Staff(serving, next(one for one in self.sign_ins["staff"] if one["role"] == "admin"))
            admin.ok("POST", "/api/v1/test-clock", {"advance_s": 120})
            self.assertEqual(self.taken(sink, "ana@example.org").rstrip(b"\r\n"), kept.rstrip(b"\r\n"))

        with self.subTest("every field that people see is signed once more than it is there"):
            header = kept.split(b"\r\n\r\n")[0].decode()
            own = re.sub(r"\r\n[ \t]+", " ", header).split("\r\n")
            names = re.search(r"h=([^;]*);", own[0])[1].replace(" ", "").split(":")
            for name in SIGNED:
                there = sum(line.lower().startswith(name.lower() + ":") for line in own)
                self.assertEqual(names.count(name), there + 1, name)
            self.assertNotRegex(own[0], r"[ ;](l|x)=")

        with self.subTest("what is changed on the way does not hold"):
            self.assertEqual(self.held(kept + b"one line more\r\n", dns), [False, False])
            self.assertEqual(self.held(kept.replace(b"Subject: ", b"Subject: Fwd: ", 1), dns), [False, False])
            for more in (b"From: eve@example.net\r\n", b"Cc: all@example.net\r\n", b"Reply-To: eve@example.net\r\n"):
                changed = kept.replace(b"\r\nFrom:", b"\r\n" + more + b"From:", 1)
                self.assertEqual(self.held(changed, dns), [False, False], more)

        with self.subTest("a retired key signs no more, and is destroyed"):
            self.okpay("admin", "dkim", "retire", "s1", "--domain", house.DOMAIN)
            self.ask(serving, "ben@example.org")
            mail = self.taken(sink, "ben@example.org")
            self.assertIn(b"a=ed25519-sha256", mail)
            self.assertEqual(self.held(mail, dns), [True])
            keys = [json.loads(line) for line in self.okpay("admin", "dkim", "list", "--json").splitlines()]
            self.assertEqual([(key["selector"], type(key["retired_at"])) for key in keys], [("s1", str), ("s2", type(None))])
            self.okpay("admin", "dkim", "add", "s1", "--domain", house.DOMAIN, status=1)
            self.okpay("admin", "dkim", "retire", "s9", "--domain", house.DOMAIN, status=1)
            self.okpay("admin", "dkim", "add", "S.1", "--domain", house.DOMAIN, status=1)
            self.okpay("admin", "dkim", "add", "s3", "--rsa-bits", "1024", status=2)

        with self.subTest("keys follow a change of the master key"):
            serving.stop()
            self.okpay("admin", "keys", "rotate")
            self.okpay("admin", "keys", "check")
            serving = self.serve(sink.relay, "--test-clock")
            self.ask(serving, "cora@example.org")
            self.assertEqual(self.held(self.taken(sink, "cora@example.org"), dns), [True])
        serving.stop()
        house.verify(self.data)


if __name__ == "__main__":
    unittest.main()
