# SPDX-License-Identifier: Apache-2.0
"""Staff sign in at the house's own provider: the whole way on both engines, what a forger or a mix-up tries, a kill -9
between the provider and the return, and a provider that others wrote. And staff who leave and begin anew."""
import hmac
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import urllib.parse

import django_provider
import house
import oidc_provider


class Browser:
    """Follows by hand: where it was sent, with which cookies."""

    def __init__(self, serving):
        self.client = house.Client(serving)
        self.cookies = {}

    def get(self, path):
        return self.ask("GET", path)

    def ask(self, method, path, body=None):
        self.client.cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        import http.client
        connection = http.client.HTTPConnection(self.client.serving.http.hostname, self.client.serving.http.port, timeout=60)
        headers = {"Cookie": self.client.cookie, "Origin": f"http://{self.client.serving.http.netloc}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, None if body is None else json.dumps(body).encode(), headers)
        response = connection.getresponse()
        text = response.read()
        connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
            assert "HttpOnly" in line and ("SameSite=Lax" if name == "okpay_sign_on" else "SameSite=Strict") in line, line
            if "Max-Age=0" in line:
                del self.cookies[name]
        return response.status, response.headers.get("Location"), json.loads(text) if text.startswith(b"{") else None


def word(location):
    assert location.startswith("/console/#sign-on="), location
    return location.removeprefix("/console/#sign-on=")


class SignOn(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-sign-on-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"
        sign_ins = house.demo(self.data, self.database, transactions=40, tickets=2, customers=4)
        self.staff = {one["role"]: one for one in sign_ins["staff"] if one.get("totp_secret")}
        self.agent = self.staff["agent"]
        self.port = house.free_port()
        self.used = {}

    def provide(self, issuer, client=oidc_provider.Provider.CLIENT, secret=oidc_provider.Provider.SECRET, more=""):
        (self.directory / "secret").write_text(secret + "\n")
        (self.directory / "sign_on.toml").write_text(
            f'issuer = "{issuer}"\nclient_id = "{client}"\nclient_secret_file = "{self.directory}/secret"\n'
            f'name = "Example Login"\n{more}\n')

    def serve(self):
        self.serving = house.Serving(self.data, "--http", f"127.0.0.1:{self.port}", "--public-url",
                                     f"http://127.0.0.1:{self.port}", "--sign-on", str(self.directory / "sign_on.toml"),
                                     database=self.database)
        self.addCleanup(self.serving.stop)

    def code(self, who):
        """Of the authenticator app; each works once."""
        staff = self.used.setdefault(who["email"], house.Staff.__new__(house.Staff))
        if not hasattr(staff, "used_step"):
            staff.used_step, staff.sign_in_data = -1, who
        return staff.code()

    def begin(self):
        browser = Browser(self.serving)
        status, where, _ = browser.get("/api/v1/staff/sign-on")
        self.assertEqual(status, 303)
        return browser, where

    def back(self, browser, where, code, state=None, more=""):
        state = urllib.parse.parse_qs(urllib.parse.urlsplit(where).query)["state"][0] if state is None else state
        status, location, _ = browser.get(f"/api/v1/staff/sign-on/return?state={state}&code={code}{more}")
        self.assertEqual(status, 303)
        return word(location)

    def finish(self, browser, who, code=None):
        status, _, value = browser.ask("POST", "/api/v1/staff/sign-on", {"totp": code or self.code(who)})
        return status, value

    def who(self, browser):
        status, _, value = browser.get("/api/v1/staff/me")
        return value["email"] if status == 200 else value["code"]

    def admin(self, *words):
        return subprocess.run([house.OKPAY, "admin", "staff", *words, "--data", str(self.data), "--database", self.database],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Scripted(SignOn):
    def setUp(self):
        super().setUp()
        self.provider = oidc_provider.Provider(getattr(self, "algorithm", "RS256"))
        self.addCleanup(self.provider.stop)
        self.provide(self.provider.issuer)
        self.serve()

    def sign_on(self, subject="u-1", address=None, verified=True):
        browser, where = self.begin()
        code = self.provider.approve(where, subject, address or self.agent["email"], verified)
        return browser, self.back(browser, where, code)


class WholeWay(Scripted):
    def test_from_the_button_to_the_session(self):
        site = house.Client(self.serving).ok("GET", "/api/v1/site")
        self.assertEqual(site["sign_on"], {"name": "Example Login", "only": False})
        browser, where = self.begin()
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(where).query))
        self.assertTrue(where.startswith(self.provider.issuer + "/authorize?tenant=7&"))
        self.assertEqual(asked["redirect_uri"], f"http://127.0.0.1:{self.port}/api/v1/staff/sign-on/return")
        self.assertEqual((asked["response_type"], asked["scope"]), ("code", "openid email"))
        code = self.provider.approve(where, "u-1", self.agent["email"].upper())
        # Nothing of an attempt is kept in the server: it may die in the middle.
        self.serving.kill()
        self.serve()
        browser.client.serving = self.serving
        self.assertEqual(self.back(browser, where, code), "code")
        self.assertEqual(self.who(browser), "not_signed_in", "the provider's word is no session")
        self.assertEqual(self.finish(browser, self.agent, "000000")[1]["code"], "totp_wrong")
        status, value = self.finish(browser, self.agent)
        self.assertEqual(status, 200, value)
        self.assertEqual(self.who(browser), self.agent["email"])
        self.assertNotIn("okpay_sign_on", browser.cookies)
        self.assertEqual(self.finish(browser, self.agent)[1]["code"], "sign_on_expired", "the word is spent")

        # From then on the subject is who they are, not the address.
        browser, said = self.sign_on("u-1", "married@elsewhere.example")
        self.assertEqual(said, "code")
        self.assertEqual(self.finish(browser, self.agent)[0], 200)
        _, said = self.sign_on("u-2", self.agent["email"])
        self.assertEqual(said, "no_account", "whoever has the address now is somebody else")

        # The way out: at the machine, and at once.
        self.assertNotEqual(self.admin("off", self.agent["email"]).returncode, 0, "with a reason")
        done = self.admin("off", self.agent["email"], "--reason", "left the house")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.who(browser), "not_signed_in")
        self.assertEqual(self.sign_on("u-1")[1], "no_account")
        again = self.admin("again", self.agent["email"], "--public-url", f"http://127.0.0.1:{self.port}")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("An administrator has to approve", again.stderr)
        self.assertEqual(self.sign_on("u-1")[1], "not_enrolled")
        self.serving.stop()
        house.verify(self.data, self.database)


class WholeWayOnPostgres(house.OnPostgres, WholeWay):
    pass


class EcKeys(Scripted):
    algorithm = "ES256"

    def test_signed_otherwise(self):
        browser, said = self.sign_on()
        self.assertEqual(said, "code")
        self.assertEqual(self.finish(browser, self.agent)[0], 200)
        for algorithm in ("EdDSA", "PS256"):  # its keys change: the second time within the minute nobody looks again
            self.provider.key = oidc_provider.Key(algorithm, algorithm)
            self.assertEqual(self.sign_on()[1], "code" if algorithm == "EdDSA" else "failed")
        self.assertEqual(self.provider.asked.count("/realm/keys"), 2)


class Forged(Scripted):
    def test_what_is_not_believed(self):
        provider, public = self.provider, json.dumps(self.provider.key.jwk()).encode()
        other, secret = oidc_provider.Key("RS256", "x"), provider.SECRET.encode()
        tries = {"nobody signed": ({"alg": "none"}, {}, lambda _: b""),
                 "signed by the public key": ({"alg": "HS256"}, {}, lambda said: hmac.digest(public, said, "sha256")),
                 "signed by our own secret": ({"alg": "HS256"}, {}, lambda said: hmac.digest(secret, said, "sha256")),
                 "signed by another": ({}, {}, other.sign),
                 "a key out of the token": ({"jwk": other.jwk()}, {}, other.sign),
                 "for another": ({}, {"aud": "shop"}, None),
                 "also for another": ({}, {"aud": ["okpay", "shop"]}, None),
                 "of another issuer": ({}, {"iss": "http://127.0.0.1:1/realm"}, None),
                 "of another sign-in": ({}, {"nonce": "n"}, None),
                 "of yesterday": ({}, {"exp": 1_700_000_000}, None),
                 "of nobody": ({}, {"sub": ""}, None),
                 "of tomorrow": ({}, {"iat": 4_000_000_000}, None)}
        for name, (provider.header, provider.claims, provider.sign) in tries.items():
            with self.subTest(name):
                browser, said = self.sign_on()
                self.assertEqual(said, "failed")
                self.assertEqual(self.finish(browser, self.agent, "123456")[1]["code"], "sign_on_expired")
        provider.header, provider.claims, provider.sign = {}, {}, None
        self.assertEqual(self.sign_on()[1], "code", "and the same without any of it is believed")

    def test_mixed_up(self):
        browser, where = self.begin()
        code = self.provider.approve(where, "u-1", self.agent["email"])
        stranger, elsewhere = self.begin()
        self.assertEqual(self.back(Browser(self.serving), where, code), "expired", "no cookie")
        self.assertEqual(self.back(stranger, where, code), "expired", "the link of another browser")
        self.assertEqual(self.back(*self.begin(), code), "failed", "the code is of another attempt: PKCE")
        self.assertEqual(self.back(browser, where, code, state=""), "expired")
        browser, where = self.begin()
        code = self.provider.approve(where, "u-1", self.agent["email"])
        self.assertEqual(self.back(browser, where, code, more="&iss=http%3A%2F%2Fevil.example"), "failed")
        browser, where = self.begin()
        code = self.provider.approve(where, "u-1", self.agent["email"])
        kept = dict(browser.cookies)
        self.assertEqual(self.back(browser, where, code), "code")
        browser.cookies = kept
        self.assertEqual(self.back(browser, where, code), "failed", "a code works once")
        browser, where = self.begin()
        state = urllib.parse.parse_qs(urllib.parse.urlsplit(where).query)["state"][0]
        status, location, _ = browser.get(f"/api/v1/staff/sign-on/return?state={state}&error=access_denied")
        self.assertEqual(word(location), "cancelled")
        for other in ("x" * 40, "", "AAAA"):
            browser.cookies = {"okpay_sign_on": other}
            self.assertEqual(self.finish(browser, self.agent, "123456")[1]["code"], "sign_on_expired")

    def test_addresses_that_prove_nothing(self):
        self.assertEqual(self.sign_on(verified=False)[1], "no_account")
        self.assertEqual(self.sign_on(address="nobody@okpay.example")[1], "no_account")
        self.provide(self.provider.issuer, more="trust_email = true")
        self.serving.stop()
        self.serve()
        self.assertEqual(self.sign_on(verified=False)[1], "code", "a directory of the house's own, as its operator says")

    def test_a_provider_that_is_down_or_another(self):
        self.provider.up = False
        _, where = self.begin()
        self.assertEqual(word(where), "failed")
        self.provider.up, self.provider.issuer_said = True, "http://127.0.0.1:1/realm"
        self.assertEqual(word(self.begin()[1]), "failed", "the document is of another issuer")
        self.provider.issuer_said = None
        self.assertEqual(self.sign_on()[1], "code")

    def test_the_check_says_whether_it_answers(self):
        def line(*more):
            done = subprocess.run([house.OKPAY, "admin", "check", "--json", "--data", str(self.data), "--public-url",
                                   f"http://127.0.0.1:{self.port}", *more], stdout=subprocess.PIPE, text=True)
            return next((one for one in map(json.loads, done.stdout.splitlines()) if one["check"] == "sign_on"), None)
        self.assertIsNone(line())
        named = ("--sign-on", str(self.directory / "sign_on.toml"))
        self.assertEqual(line(*named)["verdict"], "ok")
        self.provider.up = False
        self.assertEqual(line(*named)["verdict"], "fail")

    def test_passwords_are_not_taken_but_of_administrators(self):
        self.provide(self.provider.issuer, more="only = true")
        self.serving.stop()
        self.serve()
        def sign_in(role):
            who = self.staff[role]
            return house.Client(self.serving).call("POST", "/api/v1/staff/sign-in", {
                "email": who["email"], "password": who["password"], "totp": self.code(who)})
        self.assertEqual(sign_in("agent")[1]["code"], "sign_on_required")
        self.assertEqual(sign_in("admin")[0], 200, "a provider that is down locks nobody out")
        wrong = house.Client(self.serving).call("POST", "/api/v1/staff/sign-in",
                                                {"email": self.agent["email"], "password": "wrong", "totp": ""})
        self.assertEqual(wrong[1]["code"], "sign_in_failed", "who has an account here is not told to a stranger")


class OfOthers(SignOn):
    def test_django_oauth_toolkit(self):
        provider = django_provider.Django(self.directory, f"http://127.0.0.1:{self.port}/api/v1/staff/sign-on/return",
                                          [("ann", "a long password of hers", self.agent["email"]),
                                           ("guest", "a long password of theirs", "guest@elsewhere.example")])
        self.addCleanup(provider.stop)
        self.provide(provider.issuer, provider.client, provider.secret)
        self.serve()
        for _ in range(2):
            browser, where = self.begin()
            state, code = provider.sign_in(where, "ann", "a long password of hers")
            self.assertEqual(self.back(browser, where, code, state), "code")
            self.assertEqual(self.finish(browser, self.agent)[0], 200)
            self.assertEqual(self.who(browser), self.agent["email"])
        browser, where = self.begin()
        state, code = provider.sign_in(where, "guest", "a long password of theirs")
        self.assertEqual(self.back(browser, where, code, state), "no_account")


if __name__ == "__main__":
    unittest.main(verbosity=2)
