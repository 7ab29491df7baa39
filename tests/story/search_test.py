# SPDX-License-Identifier: Apache-2.0
"""What a mail says is found seconds after it was filed, by a word within a Chinese sentence; once, also after kill -9 at any
moment; and again after the index was thrown away or overwritten. On both engines."""
import pathlib
import shutil
import smtplib
import subprocess
import tempfile
import unittest
import urllib.parse

import house


class Searches:
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-search-"))
        self.data = self.directory / "data"
        self.agent = None
        self.sign_ins = house.demo(self.data, self.database, transactions=100, tickets=0, customers=6)
        self.serve()

    def tearDown(self):
        self.serving.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def serve(self):
        self.serving = house.Serving(self.data, database=self.database)

    def sign_in(self):
        """Once: the session outlives the process, and a one-time code is good once."""
        if self.agent is not None:
            self.agent.serving = self.serving
            return
        self.agent = house.Staff(self.serving, [s for s in self.sign_ins["staff"] if s["role"] == "agent"][0])

    def send(self, sender, subject, text):
        host, port = self.serving.smtp.rsplit(":", 1)
        with smtplib.SMTP(host, int(port), timeout=60) as smtp:
            smtp.sendmail(sender, [f"support@{house.DOMAIN}"], house.eml(sender, subject, text))

    def ask(self, words, **more):
        query = urllib.parse.urlencode({"q": words, **more})
        status, value, _ = self.agent.call("GET", f"/api/v1/search?{query}")
        return value if status == 200 else {"items": [], "complete": False}  # for a moment, while a file is made anew

    def found(self, words, **more):
        return self.ask(words, **more)["items"]

    def found_once(self, words):
        hits = house.eventually(f"{words} is found", lambda: self.found(words, kind="message"))
        self.assertEqual(len(hits), 1, hits)
        return hits[0]

    def all_is_read(self):
        house.eventually("the index is complete", lambda: self.ask("退款")["complete"])

    def test_a_mail_is_found_and_goes_on_being_found(self):
        self.sign_in()
        self.send("li@example.org", "订单问题", "你好，我昨天在便利店付款￥128.50被扣了两次，想申请退款，谢谢。")
        self.send("chan@example.org", "請問", "銀行說這筆交易被拒付，怎麼辦？")
        hit = self.found_once("退款")
        self.assertIn({"text": "退款", "marked": True}, hit["snippet"])
        self.assertEqual(hit["title"], "订单问题")
        number = hit["request_number"]
        self.assertEqual(self.found_once("拒付")["title"], "請問")
        self.assertEqual(self.found_once("128.5 扣了两次")["request_number"], number)
        self.assertEqual([one["request_number"] for one in self.found(number.lower())], [number])
        self.assertEqual(self.found("退款 -谢谢"), [])
        odd = self.ask("退款 state:banana")
        self.assertEqual(odd["not_understood"], ["state:banana"])
        self.assertEqual(len(odd["items"]), 1)  # of one request one hit, where no kind was asked for

        # Killed while it indexes: what was accepted is there afterwards, and nothing twice.
        for count in range(3):
            self.send(f"wu{count}@example.org", f"第{count}封", f"提现{count}没到账，单号 W2026{count}77。")
            if count == 1:
                self.found_once("W2026077")
            self.serving.kill()
            self.serve()
            self.sign_in()
        for count in range(3):
            self.found_once(f"W2026{count}77")
        self.found_once("退款")
        house.verify(self.data, self.database)

        self.throw_away()
        self.sign_in()
        self.all_is_read()
        self.found_once("退款")
        self.assertEqual(len(self.found("提现", kind="message")), 3)
        checks, _ = house.verify(self.data, self.database)
        self.assertGreater(checks["search_index"], 10)

        done = subprocess.run([house.OKPAY, "admin", "search", "rebuild", "--data", str(self.data), "--database",
                               self.database], stdout=subprocess.PIPE, check=True)
        self.assertIn(b"documents", done.stdout)
        self.found_once("退款")
        self.assertEqual(self.serving.stop(), 0)
        house.verify(self.data, self.database)


class OnSqlite(Searches, unittest.TestCase):
    def throw_away(self):
        """Deleted, and overwritten with what is no database."""
        self.serving.kill()
        for path in self.data.glob("search.db*"):
            path.unlink()
        self.serve()
        self.sign_in()
        self.all_is_read()
        self.found_once("退款")
        self.serving.kill()
        for path in self.data.glob("search.db-*"):
            path.unlink()
        (self.data / "search.db").write_bytes(b"no database" * 2_000)
        self.serve()


class OnPostgres(house.OnPostgres, Searches, unittest.TestCase):
    def throw_away(self):
        self.serving.kill()
        subprocess.run(["psql", "-q", self.database, "-c", "DROP SCHEMA okpay_search CASCADE"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.serve()


if __name__ == "__main__":
    unittest.main()
