# SPDX-License-Identifier: Apache-2.0
"""How a customer comes to be here and in, over HTTP and real SMTP, on both engines: sign-up by a letter, a new password by
a letter, a new device (behind a proxy) told of by a letter, "this was not me" by the link in it, sessions ended elsewhere;
and attacks on it by name. Every link that is followed here was read out of a mail that arrived."""
import concurrent.futures
import pathlib
import re
import shutil
import statistics
import tempfile
import time
import unittest

import house

PUBLIC = "https://pay.okpay.example"
FIRST = "blue teapot on a wooden shelf"
SECOND = "red kettle under the green table"


class Browser(house.Client):
    """Keeps each cookie by its name, as a browser does."""

    def __init__(self, serving, agent="Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36"):
        super().__init__(serving)
        self.jar = {}
        self.agent = agent
        self.headers = {}

    def call(self, method, path, body=None, key=None, origin=True, headers=None):
        import http.client
        import json
        connection = http.client.HTTPConnection(self.serving.http.hostname, self.serving.http.port, timeout=60)
        sent = {"User-Agent": self.agent, "Cookie": "; ".join(f"{name}={value}" for name, value in self.jar.items())}
        if origin:
            sent["Origin"] = f"{self.serving.http.scheme}://{self.serving.http.netloc}"
        if body is not None:
            sent["Content-Type"] = "application/json"
        sent.update(self.headers | (headers or {}))
        data = json.dumps(body).encode() if body is not None else (b"" if method == "POST" else None)
        try:
            connection.request(method, path, data, sent)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            self.jar[name] = value
            if not value:
                del self.jar[name]
        value = json.loads(text) if text and "json" in (response.getheader("Content-Type") or "") else None
        return response.status, value, dict(response.getheaders())

    def sign_in(self, email, password):
        status, value, _ = self.call("POST", "/api/v1/me/sign-in", {"email": email, "password": password})
        return status if status == 200 else (status, value["code"])


class OnSqlite(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-access-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        house.demo(self.directory / "data", self.database, transactions=20, tickets=0, customers=4)
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)
        self.serving = house.Serving(self.directory / "data", "--public-url", PUBLIC, "--sign-up-currencies", "CNY", "USD",
                                     "--trusted-proxies", "127.0.0.1", "--trusted-proxies", "::1",
                                     database=self.database, relay=self.sink.relay)
        self.addCleanup(self.serving.stop)

    def tearDown(self):
        self.assertEqual(self.serving.stop(), 0)
        house.verify(self.directory / "data", self.database)

    def letter(self, address, count):
        mails = house.eventually(f"letter {count} to {address}", lambda: (lambda m: m if len(m) >= count else None)(
            self.sink.to(address)))
        self.assertEqual(len(mails), count, [str(m["Subject"]) for m in mails])
        return str(mails[-1]["Subject"]), mails[-1].get_content()

    def token(self, text, page):
        links = re.findall(r"https?://\S+", text)
        self.assertTrue(all(link.startswith(PUBLIC + "/account/") for link in links), links)
        return next(link for link in links if f"/account/{page}#" in link).split("#")[1]

    def sign_up(self, browser, address, language="en"):
        return browser.call("POST", "/api/v1/sign-up", {"email": address, "password": FIRST, "name": "Li Wei",
                                                        "language": language, "zone": "Asia/Shanghai"})

    def signed_up(self, address):
        phone = Browser(self.serving)
        self.assertEqual(self.sign_up(phone, address)[0], 202)
        token = self.token(self.letter(address, 1)[1], "welcome")
        status, value, _ = phone.call("POST", "/api/v1/sign-up/confirm", {"token": token, "password": FIRST})
        self.assertEqual((status, value["customer"]["email"]), (201, address))
        return phone, token

    def test_the_whole_way(self):
        li = "li@mail.example"
        phone, token = self.signed_up(li)
        me = phone.ok("GET", "/api/v1/me")
        self.assertEqual((me["level"], [w["currency"] for w in me["wallets"]]), (0, ["CNY", "USD"]))
        status, problem, _ = phone.call("POST", "/api/v1/sign-up/confirm", {"token": token, "password": FIRST})
        self.assertEqual((status, problem["code"]), (403, "token_invalid"))

        # The phrase stands in each letter from now on, and nowhere on the page.
        phone.ok("POST", "/api/v1/me/phrase", {"phrase": "蓝色的茶壶"})
        self.assertNotIn("蓝色的茶壶", self.letter(li, 2)[1])
        self.assertEqual(phone.ok("GET", "/api/v1/me/access")["phrase_set"], True)

        # From another device: told of, with where it was.
        thief = Browser(self.serving, "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/127.0")
        thief.headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}  # the first he wrote, the second the proxy
        self.assertEqual(thief.sign_in(li, FIRST), 200)
        subject, text = self.letter(li, 3)
        self.assertEqual(subject, "New sign-in to your account")
        for words in ("Firefox on Windows", "203.0.113.x", "蓝色的茶壶"):
            self.assertIn(words, text)
        self.assertEqual(phone.sign_in(li, FIRST), 200)
        self.assertEqual(len(self.sink.to(li)), 3, "a device that is known is not told of")
        sessions = phone.ok("GET", "/api/v1/me/sessions")["items"]
        self.assertEqual([(s["device"], s["current"]) for s in sessions],
                         [("Chrome on Android", True), ("Firefox on Windows", False)])

        # A scanner fetches the link, and whatever the API has at that name: nothing is changed by it.
        report = self.token(text, "not-me")
        scanner = Browser(self.serving)
        scanner.call("GET", "/account/not-me", origin=False)
        self.assertEqual(scanner.call("GET", f"/api/v1/reported-sign-ins?token={report}", origin=False)[0], 405)
        self.assertEqual(thief.call("GET", "/api/v1/me")[0], 200)

        # The button ends both sessions at once, and the password.
        began = time.monotonic()
        request = scanner.ok("POST", "/api/v1/reported-sign-ins", {"token": report})["request"]
        for browser in (thief, phone):
            self.assertEqual(browser.call("GET", "/api/v1/me")[0], 401)
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(thief.sign_in(li, FIRST), (401, "sign_in_failed"))
        # One request, of the lock: its notice, and what to do next. They leave side by side, and arrive in any order.
        self.letter(li, 5)
        told = [(str(mail["Subject"]), mail.get_content()) for mail in self.sink.to(li)[3:]]
        self.assertTrue(all(request in subject for subject, _ in told), told)
        self.assertEqual(sum(PUBLIC + "/account/forgotten" in text for _, text in told), 1, told)

        # A new password by a letter; whatever the request says of its host, the link is of the configured URL.
        status, _, _ = thief.call("POST", "/api/v1/new-password", {"email": li},
                                  headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"})
        self.assertEqual(status, 202)
        text = self.letter(li, 6)[1]
        self.assertNotIn("evil", text)
        renew = self.token(text, "new-password")
        for password, code in (("short", "password_too_weak"), ("passwordpassword1234", "password_too_weak")):
            status, problem, _ = phone.call("POST", "/api/v1/new-password/confirm", {"token": renew, "password": password})
            self.assertEqual((status, problem["code"]), (422, code))
        self.assertEqual(phone.call("POST", "/api/v1/new-password/confirm", {"token": renew, "password": SECOND})[0], 204)
        self.assertEqual(phone.call("POST", "/api/v1/new-password/confirm", {"token": renew, "password": FIRST})[0], 403)
        self.assertEqual(self.letter(li, 7)[0], "Your password was changed")
        self.assertEqual(phone.sign_in(li, SECOND), 200)
        self.letter(li, 8)  # devices were forgotten with the report

        # Ended from elsewhere, one and all.
        tablet = Browser(self.serving)
        self.assertEqual(tablet.sign_in(li, SECOND), 200)
        other = next(s for s in phone.ok("GET", "/api/v1/me/sessions")["items"] if not s["current"])
        phone.ok("POST", f"/api/v1/me/sessions/{other['no']}/end")
        self.assertEqual(tablet.call("GET", "/api/v1/me")[0], 401)
        self.assertEqual(tablet.sign_in(li, SECOND), 200)
        self.assertEqual(phone.ok("POST", "/api/v1/me/sessions/end-others"), {"ended": 1})
        self.assertEqual(tablet.call("GET", "/api/v1/me")[0], 401)
        self.assertEqual(phone.call("GET", "/api/v1/me")[0], 200)

    def test_nobody_learns_who_has_an_account(self):
        self.signed_up("li@mail.example")
        stranger = Browser(self.serving)
        took = {"li@mail.example": [], "nobody@mail.example": []}
        answers = set()
        for _ in range(3):
            for address, times in took.items():
                began = time.monotonic()
                status, value, headers = stranger.call("POST", "/api/v1/new-password", {"email": address})
                times.append(time.monotonic() - began)
                answers.add((status, str(value), tuple(sorted(n for n in headers if n != "Date"))))
        self.assertEqual(len(answers), 1, answers)
        medians = [statistics.median(times) for times in took.values()]
        self.assertLess(abs(medians[0] - medians[1]), 0.1, took)
        first, second = self.sign_up(stranger, "li@mail.example"), self.sign_up(stranger, "nobody@mail.example")
        self.assertEqual(first[:2], second[:2])
        known = house.eventually("word of the second sign-up", lambda: [
            m for m in self.sink.to("li@mail.example") if "already" in str(m["Subject"])])
        self.assertNotIn("#", known[0].get_content())
        self.assertEqual(stranger.sign_in("li@mail.example", "wrong"), stranger.sign_in("nobody@mail.example", "wrong"))

    def test_parallel_guesses_are_ten_and_do_not_shut_the_customer_out(self):
        li = "li@mail.example"
        phone, _ = self.signed_up(li)
        guesser = Browser(self.serving)
        with concurrent.futures.ThreadPoolExecutor(64) as pool:
            answers = list(pool.map(lambda n: Browser(self.serving).sign_in(li, f"guess number {n}"), range(64)))
        self.assertEqual(answers.count((401, "sign_in_failed")), 10, answers)
        self.assertEqual(answers.count((429, "too_many_requests")), 54, answers)
        self.assertEqual(guesser.sign_in(li, FIRST), (429, "too_many_requests"), "strangers wait, even with the right one")
        self.assertEqual(phone.sign_in(li, FIRST), 200, "a device of the customer's own does not")
        self.assertEqual(guesser.sign_in(li, FIRST), (429, "too_many_requests"))


class OnPostgres(house.OnPostgres, OnSqlite):
    pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
