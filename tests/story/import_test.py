# SPDX-License-Identifier: Apache-2.0
"""Mail of before comes in by `okpay import`: mbox in its dialects, Maildir and files of one mail, beside a serving process
and without one, killed in the middle and run again, on both engines. Nothing is sent, nothing is there twice, the files
stay as they were, and the books balance."""
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

import house

FROM = b"From ana@example.org Tue Mar  3 10:00:00 2020"


def mail(number, text="How much is a transfer?", sender="ana@example.org", answers=None, day=3, to=None, subject=None):
    lines = [f"From: <{sender}>", f"To: <{to or 'support@' + house.DOMAIN}>", f"Subject: {subject or f'Question {number}'}",
             f"Date: Tue, {day:02} Mar 2020 10:00:00 +0000", f"Message-ID: <{number}@client.example>"]
    if answers is not None:
        lines.append(f"In-Reply-To: <{answers}@client.example>")
    return ("\n".join(lines) + "\n\n" + text + "\n").encode()


def mbox(mails, dialect="mboxrd", line_end=b"\n"):
    octets = b""
    for raw in mails:
        header, body = raw.split(b"\n\n", 1)
        if dialect in ("mboxo", "mboxrd", "mboxcl"):
            lines = body.split(b"\n")
            for i, line in enumerate(lines):
                begins = line.lstrip(b">") if dialect != "mboxo" else line
                if begins.startswith(b"From "):
                    lines[i] = b">" + line
            body = b"\n".join(lines)
        header, body = header.replace(b"\n", line_end), body.replace(b"\n", line_end)
        if dialect in ("mboxcl", "mboxcl2"):
            header += line_end + b"Content-Length: " + str(len(body)).encode()
        octets += FROM + line_end + header + line_end + b"Status: RO" + line_end * 2 + body + line_end
    return octets


class Imports:
    database = "sqlite"

    def setUp(self):
        super().setUp()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-import-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"

    def words(self, *paths):
        return [house.OKPAY, "import", *map(str, paths), "--data", str(self.data), "--database", self.database, "--domain",
                house.DOMAIN, "--json", "--log-level", "warn"]

    def bring_in(self, *paths, status=0):
        done = subprocess.run(self.words(*paths), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, status, done.stderr)
        return json.loads(done.stdout)

    def expect(self, counts, **want):
        self.assertEqual({name: counts[name] for name in want}, want, counts)

    def test_beside_a_serving_process_and_without_one(self):
        sign_ins = house.demo(self.data, self.database, transactions=30, tickets=2, customers=6)
        old = self.directory / "old.mbox"
        old.write_bytes(mbox([mail(1),
                              mail(2, "It is free.", f"support@{house.DOMAIN}", answers=1, day=4, to="ana@example.org"),
                              mail(3, "Thanks! My card is 4111 1111 1111 1111.", answers=2, day=5)]))
        self.expect(self.bring_in(old), read=3, new_requests=1, of_known_requests=2, already_there=0, quarantined=0)
        self.expect(self.bring_in(old, "--mailbox", "again"), read=3, new_requests=0, of_known_requests=0, already_there=3)
        checks, _ = house.verify(self.data, self.database)
        self.assertGreater(checks["mail_books"], 3)

        sink = house.MailSink()
        self.addCleanup(sink.stop)
        serving = house.Serving(self.data, database=self.database, relay=sink.relay)
        self.addCleanup(serving.stop)
        box = self.directory / "Maildir"
        for folder in ("cur", "new", "tmp", ".Sent/cur", ".Sent/new", ".Sent/tmp"):
            (box / folder).mkdir(parents=True)
        # An answer sorts before its question by name, and is put behind it by date.
        (box / "cur" / "1:2,S").write_bytes(mail(12, "And by card?", answers=11, day=12))
        (box / "new" / "2").write_bytes(mail(11, subject="Fees abroad", day=11))
        (box / "tmp" / "3").write_bytes(mail(13, "half written"))
        (box / ".Sent/cur/4:2,S").write_bytes(mail(14, "Two per cent.", f"help@{house.DOMAIN}", answers=12, day=13))
        before = {str(file): (file.stat().st_mtime_ns, file.stat().st_atime_ns, file.read_bytes())
                  for file in sorted(box.rglob("*")) if file.is_file()}
        self.expect(self.bring_in(box, "--mailbox", "support-2020"), read=3, new_requests=1, of_known_requests=2)
        self.assertEqual({str(file): (file.stat().st_mtime_ns, before[str(file)][1], file.read_bytes())
                          for file in sorted(box.rglob("*")) if file.is_file()}, before)
        agent = house.Staff(serving, next(one for one in sign_ins["staff"] if one["role"] == "agent"))
        ticket = next(one for one in agent.ok("GET", "/api/v1/tickets?view=all&limit=100")["items"]
                      if one["subject"] == "Fees abroad")
        self.assertEqual((ticket["state"], ticket["opened_at"]), ("closed", "2020-03-11T10:00:00Z"))
        whole = agent.ok("GET", f"/api/v1/tickets/{ticket['number']}")
        self.assertEqual([(one["direction"], one["at"][:10]) for one in whole["messages"]],
                         [("inbound", "2020-03-11"), ("inbound", "2020-03-12"), ("outbound", "2020-03-13")])
        self.assertEqual({event["kind"] for event in whole["events"]}, {"imported"})
        masked = next(one for one in agent.ok("GET", "/api/v1/tickets?view=all&limit=100")["items"]
                      if one["subject"] == "Question 1")
        texts = json.dumps(agent.ok("GET", f"/api/v1/tickets/{masked['number']}"))
        self.assertNotIn("4111 1111 1111 1111", texts)
        # The books of nobody: what is sent meanwhile is of live mail alone.
        letter = self.directory / "letter.eml"
        letter.write_bytes(house.eml("ben@example.org", "Fees", "How much is a transfer?"))
        self.assertEqual(house.swaks(serving.smtp, "ben@example.org", f"support@{house.DOMAIN}", letter), 0)
        house.eventually("the answer to a live mail", lambda: sink.to("ben@example.org"))
        self.assertEqual(sink.to("ana@example.org"), [])
        serving.stop()
        house.verify(self.data, self.database)

    def test_killed_in_the_middle_it_goes_on(self):
        count = 1_200
        box = self.directory / "large.mbox"
        box.write_bytes(mbox([mail(n, f"Question {n}", answers=n - 1 if n % 3 else None) for n in range(count)]))
        for seconds in (2.0, 4.0):
            process = subprocess.Popen(self.words(box), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            house.eventually("some mails", lambda: self.kept() > 100 * seconds or process.poll() is not None)
            process.kill()
            process.wait()
            house.verify(self.data, self.database)
        before = self.kept()
        self.assertLess(before, count, "it was done before it was killed: nothing is proven")
        counts = self.bring_in(box)
        self.expect(counts, read=count, already_there=before, quarantined=0)
        self.assertEqual(counts["new_requests"] + counts["of_known_requests"], count - before)
        self.assertEqual(self.kept(), count)
        house.verify(self.data, self.database)
        self.expect(self.bring_in(box), already_there=count, new_requests=0)
        self.assertEqual(self.requests(), count / 3)


class ImportsIntoSqlite(Imports, unittest.TestCase):
    def one(self, sql):
        if not (self.data / "okpay.db").exists():
            return 0
        try:
            with sqlite3.connect(f"file:{self.data}/okpay.db?mode=ro", uri=True) as books:
                return books.execute(sql).fetchone()[0]
        except sqlite3.OperationalError:  # not there yet
            return 0

    def kept(self):
        return self.one("SELECT count(*) FROM inbound_mail WHERE channel = 'import' AND state = 2")

    def requests(self):
        return self.one("SELECT count(*) FROM ticket")

    def test_each_dialect_gives_the_same_mails(self):
        mails = [mail(1, "Hello\n\nFrom Monday on I am away.\n>From here\n"), mail(2, "x" * 60 + "\n\n\n"), mail(3)]
        counts = []
        for dialect in ("mboxo", "mboxrd", "mboxcl", "mboxcl2"):
            for line_end in (b"\n", b"\r\n"):
                box = self.directory / f"{dialect}-{len(line_end)}.mbox"
                box.write_bytes(mbox(mails, dialect, line_end))
                counts.append(self.bring_in(box))
                self.assertEqual(counts[-1]["read"], 3, dialect)
        # What mboxo cannot tell from what it quoted is one ">" less: the only mail that differs.
        self.assertEqual([one["new_requests"] for one in counts], [3, 0, 1, 0, 0, 0, 0, 0])
        single = self.directory / "single"
        single.mkdir()
        for number, raw in enumerate(mails):
            (single / f"{number}.eml").write_bytes(raw if number else raw.replace(b"\n", b"\r\n"))
        (single / "notes.md").write_text("# no mail\n")
        self.expect(self.bring_in(single), read=3, already_there=3, not_mail=1)
        cut = self.directory / "cut.mbox"
        cut.write_bytes(mbox(mails)[:-2])  # the last line has no end
        self.expect(self.bring_in(cut), read=3, already_there=3)

    def test_what_cannot_be_read_is_kept_with_its_reason_and_the_run_goes_on(self):
        (self.directory / "a").mkdir()
        (self.directory / "a" / "1.eml").write_bytes(mail(1))
        (self.directory / "a" / "2.eml").write_bytes(b"\n\nno header at all\n")
        (self.directory / "a" / "3.eml").write_bytes(mail(3))
        counts = self.bring_in("--format", "eml", self.directory / "a")
        self.expect(counts, read=3, new_requests=2, quarantined=1)
        self.assertEqual(counts["reasons"], {"it has no header: this is no mail": 1})
        self.assertEqual(self.one("SELECT reason FROM inbound_mail WHERE state = 3"), "it has no header: this is no mail")
        self.expect(self.bring_in(self.directory / "gone.mbox", self.directory / "a", status=1), unreadable=1)
        house.verify(self.data)
        # One larger than a mail may be: named, left out, and the next one is read.
        large = self.directory / "large.mbox"
        with large.open("wb") as file:
            file.write(FROM + b"\n" + mail(7)[:-1])
            for _ in range(61):
                file.write(b"A" * (1 << 20))
            file.write(b"\n\n" + FROM + b"\n" + mail(8))
        self.expect(self.bring_in(large, status=1), new_requests=1, too_large=1)
        self.assertEqual(subprocess.run([house.OKPAY, "import", "--data", str(self.data)], stderr=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL).returncode, 2)

    def test_a_process_that_does_not_answer_is_no_fault_of_the_data(self):
        self.bring_in(self.write("one.mbox", [mail(1)]))
        serving = house.Serving(self.data)
        self.addCleanup(serving.stop)
        os.remove(self.data / "control.sock")
        done = subprocess.run(self.words(self.write("two.mbox", [mail(2)])), stderr=subprocess.PIPE, text=True,
                              stdout=subprocess.PIPE)
        self.assertEqual(done.returncode, 75, done.stderr)
        self.assertIn("try again", done.stderr)

    def write(self, name, mails):
        path = self.directory / name
        path.write_bytes(mbox(mails))
        return path


class ImportsIntoPostgres(house.OnPostgres, Imports, unittest.TestCase):
    def one(self, sql):
        done = subprocess.run(["psql", "-Atc", sql, self.database], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True)
        return int(done.stdout) if done.returncode == 0 and done.stdout.strip() else 0

    def kept(self):
        return self.one("SELECT count(*) FROM inbound_mail WHERE channel = 'import' AND state = 2")

    def requests(self):
        return self.one("SELECT count(*) FROM ticket")


if __name__ == "__main__":
    unittest.main()
