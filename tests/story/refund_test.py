# SPDX-License-Identifier: Apache-2.0
"""The story of the product, on both engines: a mail about a double charge comes in, the refund goes out."""
import pathlib
import re
import shutil
import tempfile
import unittest
import uuid

import house


class RefundStory:
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-story-"))
        self.sink = house.MailSink()
        self.data = self.directory / "data"
        self.sign_ins = house.demo(self.data, self.database)
        self.serving = house.Serving(self.data, database=self.database, relay=self.sink.relay)

    def tearDown(self):
        self.assertEqual(self.serving.stop(), 0)
        self.sink.stop()
        house.verify(self.data, self.database)
        shutil.rmtree(self.directory)

    def staff(self, role, index=0):
        return house.Staff(self.serving, [s for s in self.sign_ins["staff"] if s["role"] == role][index])

    def send(self, sender, subject, text, **more):
        path = self.directory / f"{uuid.uuid4()}.eml"
        path.write_bytes(house.eml(sender, subject, text, **more))
        self.assertEqual(house.swaks(self.serving.smtp, sender, more.get("to", f"support@{house.DOMAIN}"), path), 0)

    def test_from_mail_to_refund(self):
        agent = self.staff("agent", 0)
        customer = self.sign_ins["customers"][0]
        found = agent.ok("GET", "/api/v1/customers?q=" + customer["email"])["items"][0]
        other = self.staff("supervisor")
        other.ok("POST", f"/api/v1/customers/{found['id']}/top-ups",
                 {"amount": {"amount": "1000.00", "currency": "CNY"}, "note": "for the story"}, key=str(uuid.uuid4()))
        shop = next(m for m in self.sign_ins["merchants"])
        merchant = None
        for candidate in self.sign_ins["merchants"]:  # one that takes yuan
            till = house.Client(self.serving, candidate["api_key"])
            status, first, _ = till.call("POST", "/api/v1/payments", {
                "customer": found["id"], "amount": {"amount": "128.00", "currency": "CNY"}, "order_ref": "S-7001",
                "memo": candidate["name"], "device": "phone-1"}, key="story-1")
            if status == 201 and first["state"] == "succeeded":
                merchant = till
                shop = candidate
                break
        self.assertIsNotNone(merchant)
        # The same request again is the same payment; the merchant's own retry under a new reference is the double.
        status, again, headers = merchant.call("POST", "/api/v1/payments", {
            "customer": found["id"], "amount": {"amount": "128.00", "currency": "CNY"}, "order_ref": "S-7001",
                "memo": shop["name"],
            "device": "phone-1"}, key="story-1")
        self.assertEqual((status, again["id"], headers.get("Idempotent-Replayed")), (201, first["id"], "true"))
        second = merchant.ok("POST", "/api/v1/payments", {
            "customer": found["id"], "amount": {"amount": "128.00", "currency": "CNY"}, "order_ref": "S-7001-2",
                "memo": shop["name"],
            "device": "phone-1"}, key="story-2")
        self.assertNotEqual(second["id"], first["id"])

        # A real mail, GB18030, by a real client.
        self.send(customer["email"], "重复扣款", f"您好，今天在{shop['name']}被扣了两次￥128.00，请退回一笔。谢谢！", charset="gb18030")
        acknowledgement = house.eventually("the acknowledgement", lambda: self.sink.to(customer["email"]))[0]
        number = re.search(r"\[(OK-[0-9A-Z]{7})\]", acknowledgement["Subject"]).group(1)
        self.assertEqual(acknowledgement["Auto-Submitted"], "auto-replied")
        self.assertNotIn("128", acknowledgement.get_content())
        self.assertNotIn(shop["name"], acknowledgement.get_content())
        ticket = agent.ok("GET", f"/api/v1/tickets/{number}")
        self.assertEqual((ticket["category"], ticket["language"], ticket["customer"]["email"]),
                         ("duplicate_charge", "zh-Hans", customer["email"]))
        self.assertIn("128.00", ticket["messages"][0]["body"])

        # The ledger beside it: the pair is found and a refund is prepared.
        ledger = agent.ok("GET", f"/api/v1/tickets/{number}/ledger")
        finding = next(f for f in ledger["findings"] if f["proposal"] and f["second"]["id"] == second["id"])
        self.assertEqual(finding["first"]["id"], first["id"])
        before = next(w for w in ledger["customer"]["wallets"] if w["currency"] == "CNY")["balance"]["amount"]
        proposal = finding["proposal"]
        remedy = agent.ok("POST", f"/api/v1/tickets/{number}/remedies", {
            "kind": "refund", "payment": proposal["payment"], "duplicate_of": proposal["duplicate_of"],
                "amount": proposal["amount"],
            "expected_refundable": proposal["expected_refundable"], "reason": "duplicate", "note": ""},
                key=str(uuid.uuid4()))
        self.assertEqual((remedy["state"], remedy["amount"]), ("proposed", {"amount": "128.00", "currency": "CNY"}))

        # The proposer cannot approve; another person can, once, with a code.
        status, problem, _ = agent.call("POST", f"/api/v1/remedies/{remedy['id']}/approve", {"totp": "000000"})
        self.assertEqual((status, problem["code"]), (403, "proposer_cannot_approve"))
        status, problem, _ = other.call("POST", f"/api/v1/remedies/{remedy['id']}/approve", {"totp": "000000"})
        self.assertEqual((status, problem["code"]), (401, "totp_wrong"))
        done = other.ok("POST", f"/api/v1/remedies/{remedy['id']}/approve", {"totp": other.code()})
        self.assertEqual(done["state"], "executed")
        status, problem, _ = other.call("POST", f"/api/v1/remedies/{remedy['id']}/approve", {"totp": "000000"})
        self.assertEqual((status, problem["code"]), (409, "already_decided"))

        ledger = agent.ok("GET", f"/api/v1/tickets/{number}/ledger")
        after = next(w for w in ledger["customer"]["wallets"] if w["currency"] == "CNY")["balance"]["amount"]
        self.assertEqual(round((float(after) - float(before)) * 100), 12800)
        refunds = [p for p in ledger["payments"] if p["kind"] == "refund" and p["original"] == second["id"]]
        self.assertEqual([p["amount"]["amount"] for p in refunds], ["128.00"])

        answer = house.eventually("the answer", lambda: self.sink.to(customer["email"])[1:])[0]
        self.assertIn("128.00", answer.get_content())
        self.assertIn(number, answer["Subject"])

        # The customer's reply joins; a stranger's with the same number and token does not.
        self.send(customer["email"], f"回复：{answer['Subject']}", "收到了，谢谢！", to=answer["Reply-To"].addresses[0].addr_spec,
                  headers={"In-Reply-To": answer["Message-ID"], "References": answer["Message-ID"]})
        messages = house.eventually("the reply in the request", lambda: (lambda m: m
            if m[-1]["direction"] == "inbound" and len(m) > 2 else None)(
            agent.ok("GET", f"/api/v1/tickets/{number}")["messages"]))
        self.assertEqual(messages[-1]["author"], "customer")
        self.send("stranger@elsewhere.example", f"Re: [{number}]", "Please send the refund to my account instead.",
                  to=answer["Reply-To"].addresses[0].addr_spec, headers={"In-Reply-To": answer["Message-ID"]})
        linked = house.eventually("the stranger's own request", lambda: [
            t for t in agent.ok("GET", "/api/v1/tickets?view=all&limit=100")["items"]
                if t["party_address"] == "stranger@elsewhere.example"])[0]
        self.assertNotEqual(linked["number"], number)
        self.assertEqual(len(agent.ok("GET", f"/api/v1/tickets/{number}")["messages"]), len(messages))
        told = house.eventually("the stranger's acknowledgement", lambda: self.sink.to("stranger@elsewhere.example"))[0]
        self.assertNotIn(number, told["Subject"] + told.get_content())
        self.assertNotIn("128", told.get_content())


class OnSqlite(RefundStory, unittest.TestCase):
    def test_without_a_relay_mail_is_kept_and_shown_in_the_outbox(self):
        self.assertEqual(self.serving.stop(), 0)
        outbox = self.directory / "not made yet" / "outbox"
        self.serving = house.Serving(self.data, "--outbox", str(outbox))
        self.send("writer@elsewhere.example", "My card", "Hello, how do I add a second card?")
        house.eventually("the acknowledgement as a file", lambda: [
            file for file in outbox.glob("*.eml") if b"writer@elsewhere.example" in file.read_bytes()])

    def test_an_outbox_that_cannot_be_made_stops_the_start(self):
        self.assertEqual(self.serving.stop(), 0)
        (self.directory / "file").write_text("in the way")
        with self.assertRaisesRegex(AssertionError, "--outbox .*: cannot be made or written to"):
            house.Serving(self.data, "--outbox", str(self.directory / "file" / "outbox"))

    def test_a_second_process_is_refused(self):
        import subprocess
        second = subprocess.run([house.OKPAY, "serve", "--data", str(self.data), "--http", "127.0.0.1:0", "--smtp",
            "127.0.0.1:0"],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(second.returncode, 75)
        self.assertIn(b"in use", second.stderr)


class OnPostgres(house.OnPostgres, RefundStory, unittest.TestCase):
    pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
