# SPDX-License-Identifier: Apache-2.0
"""What browsers are told and what other sites can do, over TLS as people come: every answer of every address carries the
headers that keep a page to itself, cookies are for this host and this site alone, a planted session is nobody's, and neither
a form nor a WebSocket of another site opens or changes anything."""
import base64
import http.client
import json
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import tempfile
import unittest

import house

POLICY = ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "default-src 'self'")
FORMS = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")  # need no preflight
PAGES = ("/", "/faq", "/contact", "/account", "/account/sign-up", "/account/not-me", "/console", "/docs", "/no/such/page",
         "/api/openapi.json", "/healthz", "/metrics", "/favicon.ico", "/robots.txt")


class Visitor:
    """One browser: its cookies, one connection for each request."""

    def __init__(self, serving, trust):
        self.serving, self.trust, self.cookies = serving, trust, {}
        self.origin = f"https://{serving.http.netloc}"

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPSConnection(self.serving.http.hostname, self.serving.http.port, timeout=60,
                                                 context=self.trust)
        sent = {"Origin": self.origin, "Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items()), **(headers or {})}
        if isinstance(body, (dict, list)):
            body, sent = json.dumps(body), {"Content-Type": "application/json", **sent}
        try:
            connection.request(method, path, body, {name: value for name, value in sent.items() if value})
            answer = connection.getresponse()
            streams = "event-stream" in (answer.getheader("Content-Type") or "")
            text = b"" if streams else answer.read()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer, text

    def sign_in(self, who, headers=None):
        return self.ask("POST", "/api/v1/me/sign-in", {"email": who["email"], "password": who["password"]}, headers)


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed (Debian: openssl)")
class Security(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-security-"))
        cls.addClassCleanup(shutil.rmtree, cls.directory, ignore_errors=True)
        cert, key = cls.directory / "cert.pem", cls.directory / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", key, "-out", cert, "-days", "1", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost"], check=True, stderr=subprocess.DEVNULL)
        cls.sign_ins = house.demo(cls.directory / "data", transactions=60, tickets=1, customers=6)
        port = house.free_port()
        cls.serving = house.Serving(cls.directory / "data", "--http", f"127.0.0.1:{port}", "--tls-cert", cert,
                                    "--tls-key", key, "--public-url", f"https://localhost:{port}")
        cls.addClassCleanup(cls.serving.stop)
        cls.serving.http = cls.serving.http._replace(scheme="https", netloc=f"localhost:{port}")
        cls.trust = ssl.create_default_context(cafile=str(cert))

    def visitor(self):
        return Visitor(self.serving, self.trust)

    def staff(self):
        visitor = self.visitor()
        who = next(one for one in self.sign_ins["staff"] if one["role"] == "supervisor")
        answer, text = visitor.ask("POST", "/api/v1/staff/sign-in", {"email": who["email"], "password": who["password"],
                                                                     "totp": house.totp(who["totp_secret"])})
        self.assertEqual(answer.status, 200, text)
        return visitor

    def customer(self, number=0):
        visitor = self.visitor()
        answer, text = visitor.sign_in(self.sign_ins["customers"][number])
        self.assertEqual(answer.status, 200, text)
        return visitor

    def addresses(self, visitor):
        """Each address of the document, each page, and what the pages load."""
        document = json.loads(visitor.ask("GET", "/api/openapi.json")[1])
        found = {re.sub(r"\{\w+\}", "x", path) for path in document["paths"]} | set(PAGES)
        for page in ("/", "/account", "/console"):
            html = visitor.ask("GET", page)[1].decode()
            found |= set(re.findall(r'(?:src|href)="(/[^"#?]+)"', html))
        return sorted(found)

    def test_every_answer_keeps_the_page_to_itself(self):
        stranger = self.visitor()
        addresses = self.addresses(stranger)
        self.assertGreater(len(addresses), 120)
        self.assertTrue(any(address.startswith("/assets/") for address in addresses))
        for who, visitor in (("a stranger", stranger), ("a customer", self.customer()), ("staff", self.staff())):
            for address in addresses:
                answer, _ = visitor.ask("GET", address)
                said = f"{who} at {address}: {answer.status}"
                for part in POLICY:
                    self.assertIn(part, answer.getheader("Content-Security-Policy") or "", said)
                self.assertNotIn("script-src", answer.getheader("Content-Security-Policy"), "default-src rules scripts")
                self.assertEqual(answer.getheader("X-Content-Type-Options"), "nosniff", said)
                self.assertEqual(answer.getheader("Referrer-Policy"), "same-origin", said)
                self.assertEqual(answer.getheader("Strict-Transport-Security"), "max-age=31536000; includeSubDomains", said)
                self.assertIsNone(answer.getheader("Access-Control-Allow-Origin"), said)
                self.assertNotIn(answer.status, range(300, 304), f"{said}: no address sends people elsewhere")
                if address.startswith("/api/v1/") and answer.status != 405:
                    self.assertEqual(answer.getheader("Cache-Control"), "no-store", said)

    def test_cookies_are_for_this_host_and_this_site(self):
        for path, body in (("/api/v1/me/sign-in", self.sign_ins["customers"][0]),):
            answer, _ = self.visitor().ask("POST", path, {"email": body["email"], "password": body["password"]})
            cookies = answer.headers.get_all("Set-Cookie")
            self.assertTrue(cookies)
            for cookie in cookies:
                self.assertTrue(cookie.startswith("__Host-"), cookie)
                self.assertLess(len(cookie), 4096)
                for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=Strict"):
                    self.assertIn(attribute, cookie)
                self.assertNotIn("Domain", cookie)

    def test_a_planted_session_is_nobodys_and_a_new_sign_in_ends_the_old_one(self):
        who = self.sign_ins["customers"][1]
        victim = self.visitor()
        victim.sign_in(self.sign_ins["customers"][2])
        name, planted = next((n, v) for n, v in victim.cookies.items() if "device" not in n)
        # A session that the thief made, or made up, is in the browser when its owner signs in.
        for cookie in (planted, base64.urlsafe_b64encode(os.urandom(32)).decode()):
            browser = self.visitor()
            browser.cookies[name] = cookie.rstrip("=")
            self.assertEqual(browser.sign_in(who)[0].status, 200)
            self.assertNotEqual(browser.cookies[name], cookie.rstrip("="))
            me = json.loads(browser.ask("GET", "/api/v1/me")[1])
            self.assertEqual(me["email"], who["email"])
            thief = self.visitor()
            thief.cookies[name] = cookie.rstrip("=")
            answer, text = thief.ask("GET", "/api/v1/me")
            self.assertEqual(answer.status, 401, text)

    def test_another_site_opens_nothing_and_changes_nothing(self):
        customer = self.customer(3)
        before = customer.ask("GET", "/api/v1/me/sessions")[1]
        for origin in ("https://evil.example", "null", f"{customer.origin}.evil.example"):
            for kind in ("application/json", *FORMS):
                answer, text = customer.ask("POST", "/api/v1/me/sessions/end-others", "{}",
                                            {"Origin": origin, "Content-Type": kind})
                self.assertEqual((answer.status, json.loads(text)["code"]), (403, "origin_refused"), (origin, kind))
        # A browser that says nothing of its origin, and what a form can send.
        for kind in FORMS:
            answer, text = customer.ask("POST", "/api/v1/me/phrase", '{"phrase":"from afar"}',
                                        {"Origin": "", "Content-Type": kind})
            self.assertIn(answer.status, (400, 403, 415), text)
        # WebSockets know no same-origin policy: there is none to open, with a session or without.
        for path in ("/api/v1/events", "/api/v1/me", "/account"):
            answer, _ = customer.ask("GET", path, headers={
                "Origin": "https://evil.example", "Connection": "Upgrade", "Upgrade": "websocket",
                "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode()})
            self.assertNotEqual(answer.status, 101, path)
        self.assertEqual(customer.ask("GET", "/api/v1/me/sessions")[1], before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
