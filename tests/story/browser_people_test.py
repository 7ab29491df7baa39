# SPDX-License-Identifier: Apache-2.0
"""The pages of customers in headless Chromium (web/e2e/people): they have the letters that were sent and write mails
themselves, over real SMTP."""
import json
import pathlib
import subprocess
import unittest

import browser
import house
from locks_test import RULES

PASSPORT = {"surname": "ERIKSSON", "given": "ANNA MARIA", "country": "GBR", "number": "L898902C3", "birth": "740812",
            "sex": "F", "expiry": "310415"}


class People(browser.BrowserStory):
    def test_people(self):
        directory = self.directory
        sign_ins = house.demo(directory / "data", transactions=60, tickets=0, customers=6)
        (directory / "rules.toml").write_text(RULES)
        (directory / "letters").mkdir()
        sink = house.MailSink(directory / "letters")
        self.addCleanup(sink.stop)
        port = house.free_port()
        serving = house.Serving(directory / "data", "--http", f"127.0.0.1:{port}",
                                "--public-url", f"http://localhost:{port}", "--sign-up-currencies", "CNY",
                                "--risk-rules", directory / "rules.toml", "--new-staff-waits-hours", "0", relay=sink.relay)
        self.addCleanup(serving.stop)
        joining = ["lin.new@okpay.example", "mei.new@okpay.example"]
        for address in joining:
            subprocess.run([house.OKPAY, "admin", "staff", "add", address, "--role", "agent", "--data", directory / "data"],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        passport, face = directory / "passport.jpg", directory / "face.jpg"
        for kind, out in (("passport", passport), ("face", face)):
            subprocess.run(["/usr/bin/python3", pathlib.Path(__file__).parent / "document_pictures.py", kind, out,
                            json.dumps(PASSPORT)], check=True)  # Debian's Python, for which python3-pil is
        self.play("people", serving, sign_ins, OKPAY_SMTP=serving.smtp, OKPAY_LETTERS=str(directory / "letters"),
                  OKPAY_SUPPORT=f"support@{house.DOMAIN}", OKPAY_NEW_STAFF=" ".join(joining),
                  OKPAY_PASSPORT=str(passport), OKPAY_FACE=str(face))
        self.assertEqual(serving.stop(), 0)
        house.verify(directory / "data")


if __name__ == "__main__":
    unittest.main(verbosity=2)
