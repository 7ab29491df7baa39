# SPDX-License-Identifier: Apache-2.0
"""Proof of identity over HTTP on both engines: pictures of a passport are handed in, cleaned and read in the sandbox,
checked, looked at by two persons with their names burnt in, and the limits rise; what is hostile is refused and kills
nothing; what was handed in is sealed, survives kill -9, backup and restore, and is destroyed when its time has come."""
import base64
import http.client
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import unittest
import zlib

import house

HERE = pathlib.Path(__file__).parent
PYTHON = "/usr/bin/python3"  # Debian's, for which python3-pil is
MISSING = subprocess.run([PYTHON, "-c", "import PIL"], stderr=subprocess.DEVNULL, check=False).returncode != 0

FACTS = {"surname": "ERIKSSON", "given": "ANNA MARIA", "country": "UTO", "number": "L898902C3", "birth": "740812",
         "sex": "F", "expiry": "310415"}
STATED = {"document": "passport", "country": "UTO", "name": "Anna Maria Eriksson", "birth_date": "1974-08-12",
          "document_number": "L898902C3", "consent": True}


def picture(directory, kind, **changes):
    out = directory / f"{kind}{len(list(directory.iterdir()))}.jpg"
    subprocess.run([PYTHON, str(HERE / "document_pictures.py"), kind, str(out), json.dumps({**FACTS, **changes})],
                   check=True)
    return out.read_bytes()


def png(width, height, data=None):
    def part(kind, octets):
        return len(octets).to_bytes(4, "big") + kind + octets + zlib.crc32(kind + octets).to_bytes(4, "big")
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    data = data or zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", data) + part(b"IEND", b"")


class Person(house.Client):
    def upload(self, verification, kind, octets, declared="image/jpeg"):
        connection = http.client.HTTPConnection(self.serving.http.hostname, self.serving.http.port, timeout=120)
        headers = {"Origin": self.serving.http.geturl(), "Cookie": self.cookie or "", "Content-Type": declared}
        connection.request("POST", f"/api/v1/me/verifications/{verification}/files/{kind}", octets, headers)
        response = connection.getresponse()
        value = json.loads(response.read())
        connection.close()
        return response.status, value


@unittest.skipIf(MISSING, "Pillow is not installed for Debian's Python (python3-pil)")
class OnSqlite(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-identity-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.pictures = self.directory / "pictures"
        self.pictures.mkdir()
        self.sign_ins = house.demo(self.directory / "data", self.database, transactions=60, tickets=0, customers=6)
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)
        self.serve()

    def serve(self):
        tariff = self.directory / "tariff.toml"
        tariff.write_text(LIMITS)
        self.serving = house.Serving(self.directory / "data", "--tariff", str(tariff), database=self.database,
                                     relay=self.sink.relay)
        self.addCleanup(self.serving.stop)
        self.customer = self.sign_in(self.sign_ins["customers"][0])

    def sign_in(self, who):
        person = Person(self.serving)
        person.ok("POST", "/api/v1/me/sign-in", {"email": who["email"], "password": who["password"]})
        person.email = who["email"]
        return person

    def staff(self, role):
        return house.Staff(self.serving, next(one for one in self.sign_ins["staff"] if one["role"] == role))

    def handed_in(self, customer, stated=None, **changes):
        begun = customer.ok("POST", "/api/v1/me/verifications", stated or STATED)
        self.assertEqual(begun["files_missing"], ["document_front", "selfie"])
        for kind, octets in (("document_front", picture(self.pictures, "passport", **changes)),
                             ("selfie", picture(self.pictures, "face"))):
            status, value = customer.upload(begun["id"], kind, octets)
            self.assertEqual(status, 201, value)
        return customer.ok("POST", f"/api/v1/me/verifications/{begun['id']}/submit", {})

    def look(self, staff, verification, purpose="review"):
        body = {"purpose": purpose, "reason": "from the queue"}
        opened = staff.ok("POST", f"/api/v1/verifications/{verification}/open", body)
        shown = {}
        for file in opened["files"]:
            path = f"/api/v1/verifications/{verification}/files/{file['id']}/preview"
            connection = http.client.HTTPConnection(self.serving.http.hostname, self.serving.http.port, timeout=120)
            connection.request("POST", path, json.dumps(body), {"Origin": self.serving.http.geturl(), "Cookie": staff.cookie,
                                                                "Content-Type": "application/json"})
            response = connection.getresponse()
            shown[file["kind"]] = response.read()
            self.assertEqual((response.status, response.getheader("Content-Type"), response.getheader("Cache-Control")),
                             (200, "image/jpeg", "no-store"))
            connection.close()
        return opened, shown

    def decide(self, staff, verification, decision="verified", code=None):
        body = {"round": 1, "decision": decision, "code": code, "note": "the face is that of the document",
                "totp": staff.code()}
        return staff.call("POST", f"/api/v1/verifications/{verification}/decide", body)

    def test_from_the_phone_to_higher_limits_by_two_persons(self):
        before = self.customer.ok("GET", "/api/v1/me")["level"]
        self.assertEqual(before, 1)
        limits = self.customer.ok("GET", "/api/v1/me/limits")
        told = self.handed_in(self.customer, {**STATED, "purpose": "after_lock"})
        self.assertEqual(told["state"], "in_review", told)
        verification = told["id"]
        ben = self.staff("risk")
        queue = ben.ok("GET", "/api/v1/verifications")["items"]
        self.assertEqual([one["id"] for one in queue], [verification])
        self.assertNotIn("facts", queue[0])
        self.assertEqual(self.decide(ben, verification)[1]["code"], "not_viewed")

        opened, shown = self.look(ben, verification)
        self.assertEqual(opened["facts"]["number"], "L898902C3")
        verdicts = {check["kind"]: check["verdict"] for check in opened["evidence"]}
        for kind in ("document_expiry", "document_number", "name", "birth_date", "age", "country", "number_elsewhere"):
            self.assertEqual(verdicts[kind], "passed", opened["evidence"])
        self.assertIn(verdicts["machine_zone"], ("passed", "attention"), opened["evidence"])
        for octets in shown.values():
            self.assertNotIn(b"Exif", octets)
            self.assertNotIn(b"HomeCamera", octets)
        again = self.look(ben, verification)[1]
        ina = self.staff("supervisor")
        self.assertNotEqual(self.look(ina, verification, "second_review")[1]["document_front"], again["document_front"],
                            "each preview carries the name of who looks")

        status, value, _ = self.decide(ben, verification)
        self.assertEqual((status, value["state"], value["reviews_yes"]), (200, "in_review", 1), value)
        self.assertEqual(self.decide(ben, verification)[1]["code"], "proposer_cannot_approve")
        self.assertEqual(self.customer.ok("GET", "/api/v1/me")["level"], 1)
        status, value, _ = self.decide(ina, verification)
        self.assertEqual((status, value["state"]), (200, "verified"), value)
        self.assertEqual(self.customer.ok("GET", "/api/v1/me")["level"], 2)
        after = self.customer.ok("GET", "/api/v1/me/limits")
        self.assertNotEqual(limits["limits"], after["limits"], "the limits follow the level")
        looks = ina.ok("GET", f"/api/v1/verifications/{verification}")["views"]
        self.assertGreaterEqual(len(looks), 9)
        for subject in (SUBJECTS["received"], SUBJECTS["verified"]):
            self.letter_any(subject)
        self.serving.stop()
        checks, _ = house.verify(self.directory / "data", self.database)
        self.assertGreaterEqual(checks["identity"], 3)

    def letter_any(self, subjects):
        house.eventually(f"a letter about {subjects}", lambda: any(
            self.customer.email in recipients and (mail["Subject"] or "") in subjects
            for recipients, mail in self.sink.mails))

    def test_what_is_hostile_is_refused_and_what_is_another_persons_is_not_there(self):
        begun = self.customer.ok("POST", "/api/v1/me/verifications", STATED)
        good = picture(self.pictures, "passport")
        for name, octets, code in (
                ("64k by 64k", png(65536, 65536), "picture_too_large"),
                ("flood", png(5000, 4001), "picture_too_large"),
                ("bomb", png(4000, 4000, zlib.compress(bytes(4000 * 12001))), None),
                ("cut off", good[:len(good) // 2], "picture_unreadable"),
                ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture_type_refused"),
                ("pdf named jpeg", b"%PDF-1.7\n" + good, "picture_type_refused"),
                ("heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64), "picture_type_refused"),
                ("tiny", png(8, 8), "picture_too_small"),
                ("empty", b"", "malformed"),
                ("noise", b"\xff\xd8\xff" + os.urandom(5000), "picture_unreadable")):
            status, value = self.customer.upload(begun["id"], "document_front", octets)
            if code is None:
                self.assertIn(status, (201, 422), (name, value))
            else:
                self.assertEqual(value.get("code"), code, (name, status, value))
        status, value = self.customer.upload(begun["id"], "document_front", good + bytes(13 * 1024 * 1024))
        self.assertEqual((status, value["code"]), (413, "body_too_large"))
        status, value, _ = self.customer.call("POST", "/api/v1/me/transfers", {"memo": "x" * 2_000_000}, key="k")
        self.assertEqual((status, value["code"]), (413, "body_too_large"), "that room is for pictures alone")
        # The child that reads pictures dies under the next one: it is refused, and the one after it is read.
        children = [int(p.name) for p in pathlib.Path("/proc").iterdir() if p.name.isdigit() and self.is_picture_child(p)]
        self.assertTrue(children)
        for child in children:
            os.kill(child, signal.SIGKILL)
        house.eventually("a picture is read by a new child",
                         lambda: self.customer.upload(begun["id"], "document_front", good)[0] == 201)
        other = self.sign_in(self.sign_ins["customers"][1])
        self.assertEqual(other.upload(begun["id"], "selfie", good)[0], 404)
        self.assertEqual(other.call("GET", f"/api/v1/me/verifications/{begun['id']}")[0], 404)
        self.assertEqual(other.call("POST", f"/api/v1/me/verifications/{begun['id']}/submit", {})[0], 404)
        stranger = Person(self.serving)
        self.assertEqual(stranger.upload(begun["id"], "selfie", good)[0], 401)
        agent = self.staff("agent")
        for path in ("/api/v1/verifications", f"/api/v1/verifications/{begun['id']}"):
            self.assertEqual(agent.call("GET", path)[0], 403)
        # Half of it is there: nothing is submitted.
        self.assertEqual(self.customer.call("POST", f"/api/v1/me/verifications/{begun['id']}/submit", {})[1]["code"],
                         "files_missing")

    def is_picture_child(self, process):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            parent = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError, IndexError):
            return False
        return b"picture-child" in words and parent == self.serving.process.pid

    def test_what_does_not_fit_is_shown_as_evidence_and_rejected(self):
        told = self.handed_in(self.customer, {**STATED, "name": "Bob Smith", "birth_date": "1980-01-01"}, expiry="200101")
        opened, _ = self.look(self.staff("risk"), told["id"])
        failed = {check["kind"]: check["suggests"] for check in opened["evidence"] if check["verdict"] == "failed"}
        self.assertEqual(failed, {"document_expiry": "document_expired", "name": "name_mismatch",
                                  "birth_date": "birth_date_mismatch"}, opened["evidence"])
        self.assertEqual(opened["state"], "in_review", "a machine rejects nobody either")

    def test_sealed_and_there_after_kill_and_in_the_backup_and_gone_when_canceled(self):
        told = self.handed_in(self.customer)
        data = self.directory / "data"
        everything = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
        self.assertNotIn(b"\xff\xd8\xff\xe0\x00\x10JFIF", everything, "no picture lies there in the clear")
        self.assertNotIn(b"Anna Maria Eriksson", everything)
        self.assertNotIn(b"L898902C3", everything)
        self.serving.kill()
        self.serve()
        opened, shown = self.look(self.staff("risk"), told["id"])
        self.assertEqual(len(shown), 2)
        if self.database == "sqlite":
            copy, back = self.directory / "copy", self.directory / "back"
            key = ["--key-file", str(self.directory / "data.key")]
            subprocess.run([house.OKPAY, "backup", "--data", str(data), *key, str(copy)], check=True,
                           stdout=subprocess.DEVNULL)
            subprocess.run([house.OKPAY, "restore", "--data", str(back), *key, str(copy)], check=True,
                           stdout=subprocess.DEVNULL)
            done = subprocess.run([house.OKPAY, "verify", "--data", str(back), *key], stdout=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, 0, done.stdout)
            blobs = sqlite3.connect(f"file:{data}/okpay.db?mode=ro", uri=True).execute(
                "SELECT blob FROM identity_file WHERE blob IS NOT NULL").fetchall()
            self.assertTrue(blobs)
            for (name,) in blobs:
                self.assertTrue((back / "blobs" / name[:2] / name).exists())
        gone = self.customer.ok("POST", f"/api/v1/me/verifications/{told['id']}/cancel", {"consent_declined": True})
        self.assertEqual((gone["state"], gone["code"]), ("canceled", "consent_declined"))
        destroyed = self.customer.ok("POST", f"/api/v1/me/verifications/{told['id']}/destroy-files", {})
        self.assertEqual((destroyed["state"], destroyed["outcome"], destroyed["files"]), ("redacted", "canceled", []))
        _, value, _ = self.staff("supervisor").call("POST", f"/api/v1/verifications/{told['id']}/open",
                                                    {"purpose": "audit", "reason": "is it gone?"})
        self.assertNotIn("facts", value)
        self.serving.stop()
        house.verify(data, self.database)


class OnPostgres(house.OnPostgres, OnSqlite):
    pass


SUBJECTS = {"received": ("We have your documents", "我们已收到您的证件", "我們已收到您的證件"),
            "verified": ("Your identity is verified", "您的身份已通过验证", "您的身分已通過驗證")}
LIMITS = "".join(
    f"""[[limit]]
operation = "send"
level = {level}
currency = "{currency}"
window = "day"
amount = "{amount}"
""" for level, amount in ((1, "500"), (2, "5000")) for currency in ("CNY", "USD", "EUR", "JPY", "HKD", "GBP"))

if __name__ == "__main__":
    unittest.main()
