# SPDX-License-Identifier: Apache-2.0
"""A merchant's program that is told what becomes of its payments, and one of the house that is told of requests, on both
engines: signatures checked by other code than ours, failures, a kill -9 in the middle, redirects, addresses inside."""
import base64
import hashlib
import hmac
import http.server
import json
import pathlib
import shutil
import tempfile
import threading
import time
import unittest
import uuid

import house


class Receiver:
    """A program on loopback that is told things, and keeps what it heard. `answer` is a status, or a status and headers."""

    def __init__(self, answer=200, port=0):
        self.answer = answer
        self.heard = []  # (path, headers, octets)
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                octets = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.heard.append((self.path, {k.lower(): v for k, v in self.headers.items()}, octets))
                status, headers = receiver.answer if isinstance(receiver.answer, tuple) else (receiver.answer, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/told?of=okpay"

    def events(self):
        return [(headers["webhook-id"], json.loads(octets)) for _, headers, octets in self.heard]

    def types(self):
        return [event["type"] for _, event in self.events()]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def signatures_by(secret, headers, octets):
    """How many of the signatures are those of the secret. Written from the words of the specification."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 300
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + octets
    right = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return headers["webhook-signature"].split(" ").count(right)


class OnSqlite(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-hooks-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.sign_ins = house.demo(self.directory / "data", self.database, transactions=50, tickets=0, customers=12)
        self.serve()
        self.receiver = Receiver()
        self.addCleanup(lambda: self.receiver.stop())

    def serve(self):
        self.serving = house.Serving(self.directory / "data", database=self.database)
        self.addCleanup(self.serving.stop)
        if hasattr(self, "api_key"):
            self.shop = house.Client(self.serving, self.api_key)

    def staff(self, role):
        return house.Staff(self.serving, next(s for s in self.sign_ins["staff"] if s["role"] == role))

    def open_shop(self):
        """A customer with money, and a merchant that takes it."""
        supervisor = self.staff("supervisor")
        self.customer = supervisor.ok("POST", "/api/v1/customers", {
            "email": "hooked@load.example", "name": "Hooked", "language": "en", "zone": "Europe/Berlin",
            "currencies": ["EUR"]}, key=str(uuid.uuid4()))["id"]
        supervisor.ok("POST", f"/api/v1/customers/{self.customer}/top-ups",
                      {"amount": {"amount": "100000.00", "currency": "EUR"}, "note": ""}, key=str(uuid.uuid4()))
        for merchant in self.sign_ins["merchants"]:
            self.shop = house.Client(self.serving, merchant["api_key"])
            status, value, _ = self.shop.call("POST", "/api/v1/payments", self.order("probe"), key="probe")
            if status == 201 and value["state"] == "succeeded":
                self.api_key = merchant["api_key"]
                return
        raise AssertionError("no merchant takes EUR")

    def order(self, reference, amount="10.00", **more):
        return {"customer": self.customer, "amount": {"amount": amount, "currency": "EUR"}, "order_ref": reference, **more}

    def pay(self, reference, **more):
        return self.shop.ok("POST", "/api/v1/payments", self.order(reference, **more), key=reference)["id"]

    def refund(self, payment, amount="1.00"):
        return self.shop.ok("POST", f"/api/v1/payments/{payment}/refunds",
                            {"amount": {"amount": amount, "currency": "EUR"}, "reason": "requested_by_customer"},
                            key=str(uuid.uuid4()))["id"]

    def hook(self, url=None, events=()):
        status, made, _ = self.shop.call("POST", "/api/v1/webhook-endpoints",
                                         {"url": url or self.receiver.url, "events": list(events)})
        self.assertEqual(status, 201, made)
        return made

    def deliveries(self, hook):
        return self.shop.ok("GET", f"/api/v1/webhook-endpoints/{hook['id']}/deliveries")["items"]

    def hears(self, what, condition, seconds=60):
        return house.eventually(what, condition, seconds)

    def test_payments_are_told_signed_in_order_and_once_more_after_a_kill(self):
        self.open_shop()
        hook = self.hook()
        secret = hook["secret"]
        self.assertTrue(secret.startswith("whsec_"))
        listed = self.shop.ok("GET", "/api/v1/webhook-endpoints")["items"]
        self.assertEqual([(one["id"], one["secret"]) for one in listed], [(hook["id"], None)])

        self.shop.ok("POST", f"/api/v1/webhook-endpoints/{hook['id']}/ping")
        self.hears("a ping", lambda: self.receiver.types() == ["ping"])
        path, headers, octets = self.receiver.heard[0]
        self.assertEqual(path, "/told?of=okpay")
        self.assertEqual(headers["content-type"], "application/json")
        self.assertEqual(signatures_by(secret, headers, octets), 1)
        self.assertEqual(signatures_by(secret, headers, octets + b" "), 0)

        first = self.pay("first")
        held = self.pay("held", capture_method="manual")
        back = self.refund(first)
        self.shop.ok("POST", f"/api/v1/payments/{held}/capture", {"amount": {"amount": "10.00", "currency": "EUR"}},
                     key="capture")
        self.hears("four events", lambda: len(self.receiver.heard) == 5)
        self.assertEqual(self.receiver.types()[1:], ["payment.succeeded", "payment.requires_capture", "refund.succeeded",
                                                     "payment.succeeded"])
        told = [event for _, event in self.receiver.events()[1:]]
        self.assertEqual([told[0]["data"]["payment"]["id"], told[1]["data"]["payment"]["id"],
                          told[2]["data"]["refund"]["id"], told[3]["data"]["payment"]["id"]], [first, held, back, held])
        self.assertLess(told[1]["version"], told[3]["version"])
        for _, headers, octets in self.receiver.heard:
            self.assertEqual(signatures_by(secret, headers, octets), 1)
            self.assertEqual(json.loads(octets)["id"], headers["webhook-id"])
        self.assertEqual(self.shop.ok("GET", f"/api/v1/payments/{held}"), told[3]["data"]["payment"])

        # Both die in the middle of it, and come back.
        self.receiver.heard.clear()
        payments = [self.pay(f"many-{n}") for n in range(40)]
        self.hears("some events", lambda: len(self.receiver.heard) >= 5)
        self.serving.kill()
        before = self.receiver
        self.receiver.stop()
        self.serve()
        payments += [self.pay(f"more-{n}") for n in range(10)]
        self.receiver = Receiver(port=before.port)
        seen = lambda: before.events() + self.receiver.events()
        heard = lambda: {event["data"]["payment"]["id"] for _, event in seen() if "payment" in event["data"]}
        self.hears("all events", lambda: heard() == set(payments), 120)
        ids = {}
        for event_id, event in seen():
            ids.setdefault(event["data"]["payment"]["id"], set()).add(event_id)
        self.assertEqual([len(of_one) for of_one in ids.values()], [1] * len(payments), "the same event has the same id")
        self.assertEqual(len(set().union(*ids.values())), len(payments))
        self.hears("nothing waits", lambda: not [d for d in self.deliveries(hook) if d["state"] == "waiting"], 120)
        self.assertEqual(self.serving.stop(), 0)
        looked_at = house.verify(self.directory / "data", self.database)[0]
        self.assertGreater(looked_at["webhooks"], 0)

    def test_what_fails_is_tried_again_and_holds_nobody_else_up(self):
        self.open_shop()
        well = Receiver()
        self.addCleanup(well.stop)
        self.receiver.answer = 500
        bad, good = self.hook(), self.hook(well.url, ["payment.succeeded"])
        first = self.pay("first")
        back = self.refund(first)
        self.hears("the other is told", lambda: well.types() == ["payment.succeeded"])
        self.hears("a failure is listed", lambda: self.deliveries(bad))
        failed = self.deliveries(bad)[-1]
        self.assertEqual((failed["state"], failed["status"], failed["type"]), ("waiting", 500, "payment.succeeded"))
        self.assertTrue(failed["next_try_at"])
        self.assertEqual(self.deliveries(good), [], "what arrived has no row")
        event_id = self.receiver.events()[0][0]

        self.receiver.answer = 204
        self.shop.ok("POST", f"/api/v1/webhook-endpoints/{bad['id']}/deliveries/{failed['id']}/redeliver")
        arrived = lambda: next(d for d in self.deliveries(bad) if d["id"] == failed["id"])["state"] == "delivered"
        self.hears("it arrives", arrived)
        self.assertEqual({i for i, event in self.receiver.events() if event["data"].get("payment")}, {event_id})
        self.hears("the refund too", lambda: back in [event["data"].get("refund", {}).get("id")
                                                      for _, event in self.receiver.events()], 120)
        status, again, _ = self.shop.call(
            "POST", f"/api/v1/webhook-endpoints/{bad['id']}/deliveries/{failed['id']}/redeliver")
        self.assertEqual((status, again["code"]), (409, "webhook_delivered"))

        # Gone means it.
        self.receiver.answer = 410
        self.pay("second")
        state = lambda: next(h for h in self.shop.ok("GET", "/api/v1/webhook-endpoints")["items"] if h["id"] == bad["id"])
        self.hears("it is switched off", lambda: state()["state"] == "gone")
        heard = len(self.receiver.heard)
        self.pay("third")
        self.hears("the other goes on", lambda: len(well.heard) == 3)
        self.assertEqual(len(self.receiver.heard), heard)
        self.assertEqual(self.serving.stop(), 0)
        house.verify(self.directory / "data", self.database)

    def test_nothing_inside_is_reached_and_two_secrets_sign(self):
        self.open_shop()
        inside = Receiver()
        self.addCleanup(inside.stop)
        self.receiver.answer = (302, {"Location": f"http://127.0.0.1:{inside.port}/admin"})
        hook = self.hook()
        self.pay("first")
        self.hears("a failure", lambda: self.deliveries(hook))
        failed = self.deliveries(hook)[0]
        self.assertEqual((failed["state"], failed["status"]), ("waiting", 302))
        self.assertEqual(inside.heard, [], "a redirect is not followed")

        status, refused, _ = self.shop.call("POST", "/api/v1/webhook-endpoints",
                                            {"url": "http://shop.example/h", "events": []})
        self.assertEqual((status, refused["code"]), (422, "webhook_url_refused"))
        for address in ("10.0.0.1", "169.254.169.254", "[::ffff:169.254.169.254]", "[fd00:ec2::254]", "2130706434"):
            hidden = self.hook(f"https://{address}/latest/meta-data", ["payment.succeeded"])
            self.shop.ok("POST", f"/api/v1/webhook-endpoints/{hidden['id']}/ping")
            self.hears(f"{address} is refused", lambda: [d for d in self.deliveries(hidden) if d["state"] == "failed"])
            self.assertIsNone(self.deliveries(hidden)[0]["status"])
            self.shop.ok("POST", f"/api/v1/webhook-endpoints/{hidden['id']}/remove")

        self.receiver.answer = 200
        changed = self.shop.ok("POST", f"/api/v1/webhook-endpoints/{hook['id']}/secret")
        self.assertNotEqual(changed["secret"], hook["secret"])
        self.assertTrue(changed["old_secret_until"])
        self.receiver.heard.clear()
        self.shop.ok("POST", f"/api/v1/webhook-endpoints/{hook['id']}/ping")
        self.hears("a ping", lambda: "ping" in self.receiver.types())
        _, headers, octets = next(h for h in self.receiver.heard if b'"ping"' in h[2])
        for secret in (hook["secret"], changed["secret"]):
            self.assertEqual(signatures_by(secret, headers, octets), 1)
        self.assertEqual(len(headers["webhook-signature"].split(" ")), 2)

    def test_the_house_is_told_of_requests_without_a_word_of_theirs(self):
        admin = self.staff("admin")
        status, made, _ = admin.call("POST", "/api/v1/house-webhook-endpoints",
                                     {"url": self.receiver.url, "events": [], "totp_code": admin.code()})
        self.assertEqual(status, 201, made)
        path = self.directory / "mail.eml"
        path.write_bytes(house.eml("somebody@example.net", "canary subject", "canary words about a payment that fails"))
        self.assertEqual(house.swaks(self.serving.smtp, "somebody@example.net", f"support@{house.DOMAIN}", path), 0)
        self.hears("a request", lambda: "ticket.opened" in self.receiver.types())
        _, headers, octets = next(h for h in self.receiver.heard if b'"ticket.opened"' in h[2])
        self.assertEqual(signatures_by(made["secret"], headers, octets), 1)
        for word in (b"canary", b"somebody"):
            self.assertNotIn(word, octets)
        ticket = json.loads(octets)["data"]["ticket"]
        agent = self.staff("agent")
        detail = agent.ok("GET", f"/api/v1/tickets/{ticket['number']}")
        self.assertTrue(detail)
        status, refused, _ = agent.call("GET", "/api/v1/house-webhook-endpoints")
        self.assertEqual((status, refused["code"]), (403, "not_permitted"))


class OnPostgres(house.OnPostgres, OnSqlite):
    pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
