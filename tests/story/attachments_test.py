# SPDX-License-Identifier: Apache-2.0
"""Files of mails by real SMTP: described in the sandbox, archives listed and never unpacked, scanned by Debian's real clamd
with signatures made here. An infected file is never handed out; a dangerous one to who was warned; a clamd that is away
loses and delays no mail."""
import base64
import http.client
import io
import os
import pathlib
import shutil
import subprocess
import tarfile
import tempfile
import unittest
import zipfile

import house

CLAMD = pathlib.Path("/usr/sbin/clamd")
# Written in parts, so that this file is found by nobody's scanner.
MARK = b"OKPAY-STORY-" + b"MARK-41c9"
EICAR = (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*")
PDF = b"%PDF-1.7\nreceipt\n"


class Clamd:
    """clamd on a socket of its own, with a database of two lines."""

    def __init__(self, directory):
        self.root = directory / "clamd"
        (self.root / "db").mkdir(parents=True)
        (self.root / "db/okpay.ndb").write_text(f"OKPay.Story.Mark:0:*:{MARK.hex()}\nOKPay.Story.Eicar:0:*:{EICAR.hex()}\n")
        self.socket = self.root / "clamd.sock"
        self.config = self.root / "clamd.conf"
        self.config.write_text(f"Foreground yes\nLocalSocket {self.socket}\nLocalSocketMode 666\nFixStaleSocket yes\n"
                               f"DatabaseDirectory {self.root / 'db'}\nTemporaryDirectory {self.root}\nStreamMaxLength 2M\n"
                               f"LogFile {self.root / 'log'}\n")
        self.at = f"unix:{self.socket}"
        self.process = None

    def start(self):
        self.socket.unlink(missing_ok=True)  # of one that was killed
        self.process = subprocess.Popen([str(CLAMD), f"--config-file={self.config}"], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)

        def answers():
            assert self.process.poll() is None, (self.root / "log").read_text()
            return self.socket.exists()
        house.eventually("clamd listens", answers)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def zip_of(entries):
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return octets.getvalue()


def tar_gz_of(entries):
    octets = io.BytesIO()
    with tarfile.open(fileobj=octets, mode="w:gz") as archive:
        for name, content in entries:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return octets.getvalue()


def encrypted(zipped):
    """The flag of an encrypted entry in each header: what is listed is by the headers."""
    octets = bytearray(zipped)
    for mark, flag_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = octets.find(mark)
        while at >= 0:
            octets[at + flag_at] |= 1
            at = octets.find(mark, at + 4)
    return bytes(octets)


def mail_with(sender, subject, files):
    head = house.eml(sender, subject, "").split(b"\r\nContent-Type:", 1)[0]
    body = b"\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: text/plain\r\n\r\nSee the files.\r\n"
    for name, content in files:
        word = base64.b64encode(name.encode()).decode()
        body += (f"--m\r\nContent-Type: application/octet-stream; name=\"=?utf-8?B?{word}?=\"\r\n"
                 "Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n").encode()
        body += base64.encodebytes(content).replace(b"\n", b"\r\n")
    return head + body + b"--m--\r\n"


class Attachments(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-files-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        if os.geteuid() == 0:  # clamd may give up root for the user of its package
            self.directory.chmod(0o755)
        sign_ins = house.demo(self.directory / "data", self.database, transactions=60, tickets=2, customers=6)
        self.agent_data = next(one for one in sign_ins["staff"] if one["role"] == "agent")
        self.sender = sign_ins["customers"][0]["email"]
        self.serving = self.agent = None
        self.addCleanup(lambda: self.serving and self.serving.stop())

    def serve(self, *more):
        self.serving = house.Serving(self.directory / "data", *more, database=self.database)
        if self.agent is None:
            self.agent = house.Staff(self.serving, self.agent_data)
        else:  # a session outlives a restart, and a one-time code is good once
            self.agent.serving = self.serving

    def receive(self, subject, files):
        """The request and the message that the mail became."""
        path = self.directory / "mail.eml"
        path.write_bytes(mail_with(self.sender, subject, files))
        self.assertEqual(house.swaks(self.serving.smtp, self.sender, f"support@{house.DOMAIN}", path), 0)

        def number():
            items = self.agent.ok("GET", "/api/v1/tickets?view=all&limit=100")["items"]
            return next((one["number"] for one in items if one["subject"] == subject), None)
        ticket = house.eventually(f"the request of {subject}", number)
        return ticket, self.message(ticket)["id"]

    def message(self, ticket):
        return next(one for one in self.agent.ok("GET", f"/api/v1/tickets/{ticket}")["messages"]
                    if one["direction"] == "inbound")

    def files(self, ticket, message):
        listed = self.agent.ok("GET", f"/api/v1/tickets/{ticket}/messages/{message}/files")
        return listed, {one["name"]: one for one in listed["files"]}

    def take(self, ticket, message, file, warned=False):
        at = self.serving.http
        connection = http.client.HTTPConnection(at.hostname, at.port, timeout=60)
        path = f"/api/v1/tickets/{ticket}/messages/{message}/files/{file['id']}" + ("?warned=true" if warned else "")
        connection.request("GET", path, headers={"Cookie": self.agent.cookie})
        answer = connection.getresponse()
        octets = answer.read()
        connection.close()
        return answer, octets

    def test_files_are_described_and_dangerous_ones_are_warned_of(self):
        self.serve()
        inner = zip_of([("virus.exe", b"MZ")])
        bomb = tar_gz_of([(f"{i}.bin", bytes(4 << 20)) for i in range(20)])
        archive = zip_of([("invoice.pdf.exe", b"MZ"), ("../../etc/cron.d/x", b"* * *"), ("inner.zip", inner),
                          ("photo\u202egpj.scr", b"MZ"), ("收据.txt", b"paid")])
        ticket, message = self.receive("Archives", [
            ("receipt.pdf", PDF), ("archive.zip", archive), ("bomb.tar.gz", bomb), ("secret.zip", encrypted(inner)),
            ("letter.docm", zip_of([("[Content_Types].xml", b"<Types/>"), ("word/vbaProject.bin", b"v")])),
            ("photo.jpg", b"MZ\x90\0"), ("broken.zip", archive[:60])])
        self.assertEqual(self.message(ticket)["files"], "unscanned")
        listed, files = self.files(ticket, message)
        self.assertEqual((listed["scanner"], listed["scan"], listed["more"]), (False, "unscanned", False))
        self.assertEqual((files["receipt.pdf"]["type"], files["receipt.pdf"]["risks"], files["receipt.pdf"]["warn"]),
                         ("pdf", [], False))
        entries = {one["name"]: (one["depth"], one["risks"]) for one in files["archive.zip"]["archive"]["entries"]}
        self.assertEqual(entries, {
            "invoice.pdf.exe": (0, ["program", "double_extension"]), "../../etc/cron.d/x": (0, ["outside_path"]),
            "inner.zip": (0, []), "virus.exe": (1, ["program"]), "photogpj.scr": (0, ["program", "hidden_characters"]),
            "收据.txt": (0, [])})
        self.assertIn("outside_path", files["archive.zip"]["risks"])
        self.assertIn("bomb", files["bomb.tar.gz"]["risks"])
        self.assertIn("encrypted", files["secret.zip"]["risks"])
        self.assertIn("macros", files["letter.docm"]["risks"])
        self.assertIsNone(files["letter.docm"]["archive"], "an office document is no archive to people")
        self.assertEqual(files["photo.jpg"]["risks"], ["program", "other_type"])
        self.assertIn("not_looked_into", files["broken.zip"]["risks"])
        self.assertEqual(list(pathlib.Path(self.directory / "data").rglob("*.exe")), [], "nothing is unpacked to disk")

        answer, octets = self.take(ticket, message, files["receipt.pdf"])
        self.assertEqual((answer.status, octets), (200, PDF))
        self.assertEqual(answer.getheader("Content-Type"), "application/octet-stream")
        self.assertTrue(answer.getheader("Content-Disposition").startswith("attachment; "))
        self.assertEqual(answer.getheader("X-Content-Type-Options"), "nosniff")
        self.assertEqual(self.take(ticket, message, files["archive.zip"])[0].status, 409)
        answer, octets = self.take(ticket, message, files["archive.zip"], warned=True)
        self.assertEqual((answer.status, octets), (200, archive))
        self.assertEqual(self.take(ticket, message, {"id": "00" * 32}, warned=True)[0].status, 404)
        status, value, _ = house.Client(self.serving).call("GET", f"/api/v1/tickets/{ticket}/messages/{message}/files")
        self.assertEqual((status, value["code"]), (401, "not_signed_in"))
        self.assertEqual(self.serving.stop(), 0)
        house.verify(self.directory / "data", self.database)

    @unittest.skipUnless(CLAMD.exists(), "clamd is not installed (Debian: clamav-daemon)")
    def test_infected_files_are_never_handed_out_and_a_clamd_that_is_away_delays_nothing(self):
        clamd = Clamd(self.directory)
        self.addCleanup(clamd.stop)
        check = [house.OKPAY, "admin", "check", "--data", str(self.directory / "data"), "--database", self.database,
                 "--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--clamav", clamd.at]
        self.assertRegex(subprocess.run(check, stdout=subprocess.PIPE, text=True).stdout, r"fail +virus_scanner ")

        # Away: the mail is there at once, its files wait and are behind a warning.
        self.serve("--clamav", clamd.at)
        ticket, message = self.receive("While it is away", [("early.pdf", PDF), ("early.txt", b"x" + MARK)])
        listed, files = self.files(ticket, message)
        self.assertEqual((listed["scanner"], listed["scan"], listed["scanned_at"]), (True, "unscanned", None))
        self.assertEqual(self.take(ticket, message, files["early.pdf"])[0].status, 409)
        self.assertEqual(self.take(ticket, message, files["early.pdf"], warned=True)[1], PDF)

        clamd.start()
        house.eventually("what waited is scanned", lambda: self.message(ticket)["files"] == "infected", 120)
        line = next(one for one in subprocess.run(check, stdout=subprocess.PIPE, text=True).stdout.splitlines()
                    if "virus_scanner" in one)
        self.assertRegex(line, r"^ok +virus_scanner +.*ClamAV [0-9]")
        listed, files = self.files(ticket, message)
        self.assertTrue(listed["engine"].startswith("ClamAV "), listed)
        self.assertEqual((files["early.pdf"]["scan"], files["early.pdf"]["warn"]), ("clean", False))
        self.assertEqual((files["early.txt"]["scan"], files["early.txt"]["downloadable"]), ("infected", False))
        self.assertIn("OKPay.Story.Mark", files["early.txt"]["found"])
        self.assertEqual(self.take(ticket, message, files["early.pdf"])[1], PDF)
        for warned in (False, True):
            answer, octets = self.take(ticket, message, files["early.txt"], warned)
            self.assertEqual(answer.status, 403)
            self.assertIn(b"file_infected", octets)
            self.assertNotIn(MARK, octets)
        kinds = [event["kind"] for event in self.agent.ok("GET", f"/api/v1/tickets/{ticket}")["events"]]
        self.assertEqual(kinds.count("file_infected"), 1, kinds)

        # Within an archive too, the daemon unpacks it; and what is larger than it takes is said to be so.
        large = os.urandom(3 << 20)
        ticket, message = self.receive("While it is there", [
            ("eicar.zip", zip_of([("eicar.com", EICAR)])), ("large.bin", large), ("receipt.pdf", PDF)])
        house.eventually("it is scanned", lambda: self.message(ticket)["files"] == "infected", 120)
        _, files = self.files(ticket, message)
        self.assertIn("OKPay.Story.Eicar", files["eicar.zip"]["found"])
        self.assertEqual((files["large.bin"]["scan"], files["large.bin"]["found"]),
                         ("failed", "larger than the scanner takes"))
        self.assertEqual(self.take(ticket, message, files["large.bin"])[0].status, 409)
        self.assertEqual(self.take(ticket, message, files["large.bin"], warned=True)[1], large)

        # Killed: mail goes on, and after a restart of ours what waited is not forgotten.
        clamd.stop()
        ticket, message = self.receive("While it is down", [("late.pdf", PDF + b"late")])
        self.assertEqual(self.message(ticket)["files"], "unscanned")
        self.assertEqual(self.serving.stop(), 0)
        clamd.start()
        self.serve("--clamav", clamd.at)
        house.eventually("what waited is scanned", lambda: self.message(ticket)["files"] == "clean", 120)
        self.assertEqual(self.serving.stop(), 0)
        house.verify(self.directory / "data", self.database)


class AttachmentsOnPostgres(house.OnPostgres, Attachments):
    pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
