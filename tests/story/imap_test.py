# SPDX-License-Identifier: Apache-2.0
"""A hosted mailbox on a real Dovecot, read by the real server: 500 old mails send nothing, each new one becomes one request
whatever is killed, restarted, expunged or numbered anew, and the mailbox is left as it was found."""
import http.client
import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import dovecot
import house

OLD_MAILS = 500


@unittest.skipUnless(dovecot.DOVECOT.exists(), "Dovecot is not installed (Debian: dovecot-imapd)")
class Imap(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-imap-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.server = dovecot.Dovecot(self.directory)
        self.addCleanup(self.server.stop)
        self.server.start()
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)
        self.secret = self.directory / "secret"
        self.secret.write_text(dovecot.PASSWORD + "\n")
        self.secret.chmod(0o600)
        self.data = self.directory / "data"
        sign_ins = house.demo(self.data, self.database, transactions=20, tickets=0, customers=4)
        self.agent_data = next(one for one in sign_ins["staff"] if one["role"] == "agent")
        self.serving = self.agent = None
        self.addCleanup(lambda: self.serving and self.serving.stop())

    def mailboxes(self, **more):
        values = {"host": "localhost", "port": self.server.port, "user": dovecot.USER, "password_file": str(self.secret),
                  "tls_ca_file": str(self.server.certificate), **more}
        values = {key: value for key, value in values.items() if value is not None}
        path = self.directory / "mailboxes.toml"
        path.write_text("[support]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items()))
        return str(path)

    def serve(self, mailboxes):
        self.serving = house.Serving(self.data, "--mailboxes", mailboxes, database=self.database, relay=self.sink.relay)
        if self.agent is None:
            self.agent = house.Staff(self.serving, self.agent_data)
        else:
            self.agent.serving = self.serving

    def metric(self, name):
        connection = http.client.HTTPConnection(self.serving.http.hostname, self.serving.http.port, timeout=60)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        line = next(line for line in text.splitlines() if line.startswith(f'okpay_mailbox_{name}{{mailbox="support"}} '))
        return int(line.split()[-1])

    def read_to_its_end(self):
        house.eventually("the mailbox is read to its end", lambda: self.metric("last_success_seconds") > 0)

    def mail(self, n, sender=None):
        sender = sender or f"writer{n}@elsewhere.example"
        return sender, house.eml(sender, f"Charged twice, number {n}", f"I was charged twice, EUR 12.{n:02}.")

    def acknowledged(self, sender):
        return [str(mail["Subject"]) for mail in self.sink.told(sender)]

    def numbered(self, *senders):
        for sender in senders:
            house.eventually(f"{sender} has a request number", lambda: self.acknowledged(sender))

    def check(self, mailboxes):
        words = ["--data", str(self.data), "--database", self.database, "--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0",
                 "--mailboxes", mailboxes]
        done = subprocess.run([house.OKPAY, "admin", "check", "--json", *words], stdout=subprocess.PIPE, text=True)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return {line["check"]: (line["verdict"], line["text"]) for line in lines if line["check"].startswith("mailbox")}

    def test_each_mail_becomes_one_request_and_the_mailbox_stays_as_it_is(self):
        mailboxes = self.mailboxes()
        self.server.append(*(self.mail(n % 100, "old@elsewhere.example")[1] for n in range(OLD_MAILS)),
                           at=time.time() - 7 * 86400)
        with self.subTest("a check proves it"):
            verdict, text = self.check(mailboxes)["mailbox_support"]
            self.assertEqual(verdict, "ok", text)
            self.assertIn(f"INBOX holds {OLD_MAILS} mails", text)
        self.serve(mailboxes)
        self.read_to_its_end()

        with self.subTest("a mail that comes is there at once"):
            sender, mail = self.mail(1)
            begun = time.monotonic()
            self.server.append(mail)
            house.eventually("it is taken", lambda: self.metric("mails_taken_total") == 1)
            print(f"IDLE: taken {time.monotonic() - begun:.2f} s after it was appended", flush=True)
            self.numbered(sender)
            self.assertIn("[OK-", self.acknowledged(sender)[0])
            self.assertEqual(self.acknowledged("old@elsewhere.example"), [], "old mails send nothing")

        with self.subTest("kill -9 and again: once"):
            senders = []
            for n in range(10, 16):
                sender, mail = self.mail(n)
                senders.append(sender)
                self.server.append(mail)
                if n % 2 == 0:
                    self.serving.kill()
                    self.serve(mailboxes)
            self.numbered(*senders)

        with self.subTest("what another client takes away or reads"):
            client = self.server.client()
            client.uid("STORE", "1:100", "+FLAGS", "(\\Deleted)")
            client.expunge()
            client.logout()
            sender, mail = self.mail(20)
            self.server.append(mail)
            self.numbered(sender)

        with self.subTest("Dovecot goes and comes back"):
            self.server.stop()
            house.eventually("the failure is counted", lambda: self.metric("failures_total") > 0)
            self.server.start()
            sender, mail = self.mail(21)
            self.server.append(mail)
            self.numbered(sender)

        with self.subTest("the mails are numbered anew"):
            before = self.metric("mails_taken_total")
            self.server.number_anew()
            sender, mail = self.mail(22)
            self.server.append(mail)
            self.numbered(sender)
            self.assertEqual(self.metric("mails_taken_total"), before + 1, "what is known is passed over")

        taken = [1, *range(10, 16), 20, 21, 22]
        for n in taken:
            self.assertEqual(len(self.acknowledged(f"writer{n}@elsewhere.example")), 1, n)
        self.assertTrue(all(b"\\Seen" not in flags for flags in self.server.flags()), "no flag of the mailbox was changed")
        self.assertEqual(self.serving.stop(), 0)
        counts, _ = house.verify(self.data, self.database)
        self.assertGreaterEqual(counts["mailboxes"], 1 + len(taken))

    def test_old_mails_are_imported_closed_where_that_is_wished_and_by_a_token(self):
        self.server.append(*(self.mail(n)[1] for n in range(5)))
        self.secret.write_text(f"{dovecot.token(time.time() - 5)}\n{self.at(-5)}\n")
        by_token = {"password_file": None, "token_file": str(self.secret), "take_old": True}
        mailboxes = self.mailboxes(**by_token)
        self.assertEqual(self.check(mailboxes)["mailbox_token_support"][0], "fail")
        self.serve(mailboxes)
        house.eventually("the token is refused", lambda: self.metric("failures_total") > 0)
        self.assertIn("the token expired", (self.directory / "data.log").read_text())
        self.secret.write_text(f"{dovecot.token(time.time() + 600)}\n{self.at(600)}\n")
        found = self.check(mailboxes)
        self.assertEqual((found["mailbox_token_support"][0], found["mailbox_support"][0]), ("warn", "ok"), found)
        self.read_to_its_end()
        self.assertEqual(self.metric("mails_taken_total"), 5)
        sender, mail = self.mail(30)
        self.server.append(mail)
        self.numbered(sender)
        for n in range(5):
            self.assertEqual(self.acknowledged(f"writer{n}@elsewhere.example"), [], "an imported mail is not answered")
        self.assertNotIn(dovecot.token(time.time())[:20], (self.directory / "data.log").read_text(), "no secret in the log")
        self.assertEqual(self.serving.stop(), 0)
        house.verify(self.data, self.database)

    @staticmethod
    def at(seconds):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


class ImapOnPostgres(house.OnPostgres, Imap):
    pass


if __name__ == "__main__":
    unittest.main()
