# SPDX-License-Identifier: Apache-2.0
"""Many mails about one merchant through the real server, on both engines: they open one incident with the right requests and
no other; one text goes to each once, whatever is killed on the way; who writes later joins and is told by the receipt; one
customer who writes thirty times, and a few who write about a quiet merchant, are none. And refunds for several at once."""
import pathlib
import shutil
import smtplib
import tempfile
import unittest
import uuid

import house

CROWD = 40  # more than are told in one commit
TEXT = {"text_en": "We know that payments at this shop fail, and we are on it.",
        "text_zh_hans": "我们已知悉该商户付款失败，正在处理。", "text_zh_hant": ""}


class Incidents(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-incidents-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"
        self.sign_ins = house.demo(self.data, self.database, transactions=60, tickets=2, customers=6)
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)
        self.serve()
        by_role = {staff["role"]: staff for staff in self.sign_ins["staff"] if staff.get("totp_secret")}
        self.boss = house.Staff(self.serving, by_role["supervisor"])
        self.agent = house.Staff(self.serving, by_role["agent"])
        self.customers = {}

    def serve(self):
        self.serving = house.Serving(self.data, "--incident-refunds", "EUR 20.00 60.00", database=self.database,
                                     relay=self.sink.relay)
        self.addCleanup(self.serving.stop)

    def restart(self):
        self.serving.kill()
        self.serve()
        self.boss.serving = self.agent.serving = self.serving  # the sessions outlive it

    def shops(self):
        """Two merchants that take euros, by a customer who tries all."""
        probe = self.customer("probe")
        found = []
        for merchant in self.sign_ins["merchants"]:
            client = house.Client(self.serving, merchant["api_key"])
            status, value, _ = client.call("POST", "/api/v1/payments", self.payment(probe, "0.01"), key="probe")
            if status == 201 and value["state"] == "succeeded":
                found.append((merchant["name"], client))
        self.assertGreaterEqual(len(found), 2)
        return found[:2]

    def customer(self, name):
        made = self.boss.ok("POST", "/api/v1/customers", {"email": f"{name}@crowd.example", "name": name, "language": "en",
                                                          "zone": "Europe/Berlin", "currencies": ["EUR"]},
                            key=str(uuid.uuid4()))
        self.boss.ok("POST", f"/api/v1/customers/{made['id']}/top-ups", {"amount": {"amount": "500.00", "currency": "EUR"},
                                                                         "note": ""}, key=str(uuid.uuid4()))
        return made["id"]

    @staticmethod
    def payment(customer, amount, order=""):
        body = {"customer": customer, "amount": {"amount": amount, "currency": "EUR"}, "not_a_duplicate": True}
        return {**body, "order_ref": order} if order else body

    def write(self, mails):
        """Hands them in over one connection: (sender, subject, text)."""
        host, port = self.serving.smtp.rsplit(":", 1)
        with smtplib.SMTP(host, int(port), timeout=120) as smtp:
            for sender, subject, text in mails:
                smtp.sendmail(sender, [f"support@{house.DOMAIN}"], house.eml(sender, subject, text))

    def complaint(self, place, shop, language="en"):
        sender = f"c{place}@crowd.example"
        if language == "zh":
            return sender, f"付款失败 {place}", f"我今天在 {shop} 付款 12.80 EUR 失败，钱被扣了，订单却没有成功。编号 {place}。"
        return sender, f"Payment failed {place}", (f"My payment of 12.80 EUR at {shop} failed today. The money was taken, "
                                                   f"and the order was not made. My note: {place}.")

    def tickets(self):
        found, cursor = [], ""
        while True:
            page = self.agent.ok("GET", f"/api/v1/tickets?view=all&limit=100{cursor}")
            found += page["items"]
            if not page["next_cursor"]:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    def numbers(self, words, count):
        """The request numbers by subject of those whose subject begins so, once there are so many."""
        def there():
            found = {one["subject"]: one["number"] for one in self.tickets() if one["subject"].startswith(words)}
            return found if len(found) >= count else None
        return house.eventually(f"{count} requests: {words}", there)

    def incidents(self):
        return self.agent.ok("GET", "/api/v1/incidents")["items"]

    def members(self, incident):
        shown = self.agent.ok("GET", f"/api/v1/incidents/{incident}")
        return {one["ticket"]["number"] for one in shown["members"] if one["standing"]}

    def told(self, address):
        words = (TEXT["text_en"], TEXT["text_zh_hans"])
        return [mail for mail in self.sink.told(address) if any(one in mail.get_body().get_content() for one in words)]

    def test_a_crowd_is_one_incident_and_is_told_once(self):
        (shop, merchant), (quiet, quiet_merchant) = self.shops()
        self.ids = {place: self.customer(f"c{place}") for place in range(CROWD + 3)}
        for place, customer in self.ids.items():
            merchant.ok("POST", "/api/v1/payments", self.payment(customer, "12.80", f"A-{place}"), key=f"a{place}")
        for place in range(5):
            paid = self.payment(self.ids[place], "7.10", f"Q-{place}")
            quiet_merchant.ok("POST", "/api/v1/payments", paid, key=f"q{place}")

        with self.subTest("one who writes thirty times, and a few about a quiet merchant, are none"):
            lone = CROWD + 2
            self.write([(f"c{lone}@crowd.example", f"Again {n}", f"My payment of 12.80 EUR at {shop} failed. This is my "
                         f"mail number {n}, and nobody answers.") for n in range(30)])
            self.write([(f"c{place}@crowd.example", f"Quiet {place}", f"My payment of 7.10 EUR at {quiet} failed today, the "
                         f"money was taken. My note: {place}.") for place in range(5)])
            self.numbers("Again", 30)
            self.numbers("Quiet", 5)
            self.assertEqual(self.incidents(), [])

        with self.subTest("a crowd opens one, with its own requests alone"):
            unrelated = [("ina@example.net", "Fees one", "What are your fees for a transfer?"),
                         ("c1@crowd.example", "Fees two", "How do I change my language?")]
            self.write([self.complaint(place, shop, "zh" if place % 4 == 3 else "en") for place in range(CROWD)])
            self.write(unrelated)
            crowd = {**self.numbers("Payment failed", CROWD - CROWD // 4), **self.numbers("付款失败", CROWD // 4)}
            self.numbers("Fees", 2)
            one, = self.incidents()
            self.assertEqual((one["about"], one["state"]), ({"kind": "merchant", "thing": shop}, "open"))
            self.assertGreaterEqual(one["burst"]["customers"], 10)
            lone_ones = set(self.numbers("Again", 30).values())
            self.assertEqual(self.members(one["id"]) - lone_ones, set(crowd.values()))
            self.assertEqual(self.agent.ok("GET", "/api/v1/tickets")["counts"]["incidents"], 1)
            strip = self.agent.ok("GET", f"/api/v1/tickets/{crowd['Payment failed 0']}")["incident"]
            self.assertEqual((strip["id"], strip["told_at"]), (one["id"], None))
        path = f"/api/v1/incidents/{one['id']}"
        for number in self.members(one["id"]) - set(crowd.values()):
            self.agent.ok("POST", f"{path}/members/remove", {"ticket": number})

        with self.subTest("a text with a figure is refused; what would be sent is shown first"):
            status, value, _ = self.agent.call("POST", f"{path}/preview", {**TEXT, "text_en": "You get 12.80 EUR back."})
            self.assertEqual((status, value["code"]), (422, "unbound_amount"))
            preview = self.agent.ok("POST", f"{path}/preview", TEXT)
            self.assertIn("我們已知悉", preview["text_zh_hant"])
            counts = {line["language"]: line["requests"] for line in preview["recipients"]}
            self.assertEqual((counts["en"], counts["zh-Hans"]), (CROWD - CROWD // 4, CROWD // 4))

        with self.subTest("each is told once, through a kill in the middle"):
            answered = crowd["Payment failed 0"]
            version = self.agent.ok("GET", f"/api/v1/tickets/{answered}")["version"]
            self.agent.ok("POST", f"/api/v1/tickets/{answered}/replies", {"text": "We look into yours by hand.",
                                                                         "state_after": "open", "version": version,
                                                                         "figures": []})
            told = self.agent.ok("POST", f"{path}/text", {**TEXT, "text_zh_hant": preview["text_zh_hant"]})
            self.assertEqual(told["state"], "told")
            self.restart()
            house.eventually("all are told", lambda: self.agent.ok("GET", path)["told"] == CROWD - 1)
            for place in range(1, CROWD):
                house.eventually(f"the text for {place}", lambda: self.told(f"c{place}@crowd.example"))
            self.restart()
            status, value, _ = self.agent.call("POST", f"{path}/text", {})
            self.assertEqual((status, value["code"]), (409, "nobody_to_tell"))
            for place in range(1, CROWD):
                mail, = self.told(f"c{place}@crowd.example")
                number = crowd.get(f"Payment failed {place}") or crowd[f"付款失败 {place}"]
                self.assertIn(number, str(mail["Subject"]))
                self.assertIn("Check:", mail.get_body().get_content())
            self.assertEqual(self.told("c0@crowd.example"), [], "who was answered is left out")
            shown = self.agent.ok("GET", f"/api/v1/tickets/{crowd['Payment failed 1']}")
            self.assertIsNotNone(shown["first_replied_at"])
            self.assertIsNotNone(shown["incident"]["told_at"])

        with self.subTest("who writes later joins, and is told in the confirmation"):
            self.write([self.complaint(CROWD, shop)])
            late = self.numbers("Payment failed", CROWD - CROWD // 4 + 1)[f"Payment failed {CROWD}"]
            house.eventually("the confirmation", lambda: self.told(f"c{CROWD}@crowd.example"))
            mail, = self.sink.told(f"c{CROWD}@crowd.example")
            self.assertIn(late, mail.get_body().get_content())
            self.assertEqual(mail["Auto-Submitted"], "auto-replied")
            self.assertIn(late, self.members(one["id"]))
            self.assertEqual(len(self.incidents()), 1)

        self.refunds(path, merchant, [crowd[f"Payment failed {place}"] for place in (4, 5, 6)], (4, 5, 6))

        with self.subTest("closed, nothing joins it"):
            self.assertEqual(self.agent.ok("POST", f"{path}/close", {})["state"], "closed")
            self.write([self.complaint(CROWD + 1, shop)])
            last = self.numbers("Payment failed", CROWD - CROWD // 4 + 2)[f"Payment failed {CROWD + 1}"]
            self.assertNotIn(last, self.members(one["id"]))
            self.assertIsNone(self.agent.ok("GET", f"/api/v1/tickets/{last}")["incident"])
        self.assertEqual(self.serving.stop(), 0)
        looked_at, _ = house.verify(self.data, self.database)
        self.assertGreater(looked_at["incidents"], CROWD)

    def refunds(self, path, merchant, numbers, places):
        """The order of three was charged again by a retry: proposed in one step, approved together by another person."""
        merchant.serving = self.serving
        for place in places:
            again = self.payment(self.ids[place], "12.80", f"A-{place}-2")
            self.assertEqual(merchant.ok("POST", "/api/v1/payments", again, key=f"b{place}")["state"], "succeeded")
        proven = self.agent.ok("GET", f"{path}/refunds")["items"]
        self.assertEqual({one["ticket"] for one in proven}, set(numbers))
        body = {"tickets": numbers, "note": "the shop's retry"}
        proposed = self.agent.ok("POST", f"{path}/refunds", body, key="propose")["items"]
        self.assertEqual({(one["of"], one["outcome"]) for one in proposed}, {(number, "proposed") for number in numbers})
        self.assertEqual(self.agent.ok("POST", f"{path}/refunds", body, key="propose")["items"], proposed)
        waiting = {one["ticket"]: one["id"] for one in self.agent.ok("GET", path)["refunds"]}
        approval = {"remedies": [waiting[number] for number in numbers], "totp": self.boss.code()}
        done = self.boss.ok("POST", f"{path}/refunds/approve", approval)["items"]
        self.assertEqual([one["outcome"] for one in done], ["executed"] * len(numbers))
        for place, number in zip(places, numbers):
            self.assertEqual(self.agent.ok("GET", f"/api/v1/tickets/{number}")["remedies"][0]["state"], "executed")


class IncidentsOnPostgres(house.OnPostgres, Incidents):
    pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
