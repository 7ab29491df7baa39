# SPDX-License-Identifier: Apache-2.0
"""Every form that an amount can come in, at every door that takes one: read to the last minor unit, or refused with a word
that names the place. Where the door knows dry runs nothing is moved; where it does not, nothing is asked that could be."""
import decimal
import http.client
import json
import pathlib
import shutil
import tempfile
import unittest
import uuid

import house

MALFORMED = "malformed"

# Each as it stands in the body, in place of the text of an amount in USD.
TEXTS = [
    ("5.00", "5.00"), ("5", "5.00"), ("5.0", "5.00"), ("005.00", "5.00"), ("0.01", "0.01"),
    ("00000000000000000000000005", "5.00"),
    ("0", "amount_not_positive"), ("0.00", "amount_not_positive"), ("-0.00", "amount_not_positive"),
    ("-5.00", "amount_not_positive"), ("-0.01", "amount_not_positive"),
    ("5.001", MALFORMED), ("5.000", MALFORMED), ("5.", MALFORMED), (".50", MALFORMED), (".", MALFORMED),
    ("-", MALFORMED),
    ("", MALFORMED), (" ", MALFORMED), ("+5.00", MALFORMED), ("--5.00", MALFORMED), ("5.-1", MALFORMED),
    ("- 5.00", MALFORMED),
    (" 5.00", MALFORMED), ("5.00 ", MALFORMED), ("5 .00", MALFORMED), ("5.00\\n", MALFORMED), ("\\t5.00", MALFORMED),
    ("5.00\\u0000", MALFORMED), ("\\u00005.00", MALFORMED), ("5\\u00a0000.00", MALFORMED),
    ("5,00", MALFORMED), ("1,000.00", MALFORMED), ("1.000,00", MALFORMED), ("1_000.00", MALFORMED),
    ("1'000.00", MALFORMED),
    ("5.0.0", MALFORMED), ("5..00", MALFORMED), ("5e0", MALFORMED), ("5E2", MALFORMED), ("1e309", MALFORMED),
    ("1e-2", MALFORMED),
    ("0x10", MALFORMED), ("0b1", MALFORMED), ("0o7", MALFORMED), ("5f", MALFORMED), ("5.00L", MALFORMED),
    ("1/2", MALFORMED),
    ("NaN", MALFORMED), ("nan", MALFORMED), ("Infinity", MALFORMED), ("-Infinity", MALFORMED), ("inf", MALFORMED),
    ("null", MALFORMED), ("true", MALFORMED), ("five", MALFORMED), ("$5.00", MALFORMED), ("5.00USD", MALFORMED),
    ("5.00 USD", MALFORMED),
    ("５.００", MALFORMED), ("５", MALFORMED), ("5．00", MALFORMED), ("٥.٠٠", MALFORMED), ("५", MALFORMED),
    ("五", MALFORMED),
    ("−5.00", MALFORMED), ("＋5.00", MALFORMED), ("\\u202e00.5", MALFORMED), ("5.00\\u200b", MALFORMED),
    ("\\ufeff5.00", MALFORMED),
    ("\\ud83d\\udcb0", MALFORMED), ("²", MALFORMED), ("½", MALFORMED),
    ("92233720368547758.07", MALFORMED), ("92233720368547758.08", MALFORMED), ("92233720368547758.09", MALFORMED),
    ("184467440737095516.16", MALFORMED), ("184467440737095521.16", MALFORMED), ("-92233720368547758.08", MALFORMED),
    ("9" * 31, MALFORMED), ("9" * 400, MALFORMED), ("0" * 400 + "5", MALFORMED),
]

# In place of the whole member.
VALUES = [
    ('5', MALFORMED), ('5.00', MALFORMED), ('5e0', MALFORMED), ('true', MALFORMED), ('null', MALFORMED),
    ('"5.00"', MALFORMED),
    ('"5.00 USD"', MALFORMED), ('[]', MALFORMED), ('["5.00","USD"]', MALFORMED), ('{}', MALFORMED),
    ('NaN', MALFORMED),
    ('{"amount":"5.00"}', MALFORMED), ('{"currency":"USD"}', MALFORMED), ('{"amount":5,"currency":"USD"}', MALFORMED),
    ('{"amount":5.00,"currency":"USD"}', MALFORMED), ('{"amount":5e0,"currency":"USD"}', MALFORMED),
    ('{"amount":NaN,"currency":"USD"}', MALFORMED), ('{"amount":Infinity,"currency":"USD"}', MALFORMED),
    ('{"amount":9223372036854775808,"currency":"USD"}', MALFORMED), ('{"amount":1e309,"currency":"USD"}', MALFORMED),
    ('{"amount":null,"currency":"USD"}', MALFORMED), ('{"amount":true,"currency":"USD"}', MALFORMED),
    ('{"amount":["5.00"],"currency":"USD"}', MALFORMED), ('{"amount":{"amount":"5.00"},"currency":"USD"}', MALFORMED),
    ('{"amount":"5.00","amount":"500.00","currency":"USD"}', MALFORMED),
    ('{"amount":"500.00","currency":"USD","amount":"5.00"}', MALFORMED),
    ('{"amount":"5.00","\\u0061mount":"500.00","currency":"USD"}', MALFORMED),
    ('{"amount":"5.00","currency":"USD","currency":"USD"}', MALFORMED),
    ('{"amount":"5.00","currency":"USD","scale":2}', MALFORMED), ('{"Amount":"5.00","Currency":"USD"}', MALFORMED),
    ('{"value":"5.00","currency":"USD"}', MALFORMED),
    ('{"amount":"5.00","currency":"usd"}', MALFORMED), ('{"amount":"5.00","currency":"Usd"}', MALFORMED),
    ('{"amount":"5.00","currency":"USDT"}', MALFORMED), ('{"amount":"5.00","currency":"US"}', MALFORMED),
    ('{"amount":"5.00","currency":""}', MALFORMED), ('{"amount":"5.00","currency":" USD"}', MALFORMED),
    ('{"amount":"5.00","currency":"ＵＳＤ"}', MALFORMED), ('{"amount":"5.00","currency":"XXX"}', MALFORMED),
    ('{"amount":"5.00","currency":"$"}', MALFORMED), ('{"amount":"5.00","currency":840}', MALFORMED),
    ('{"amount":"5.00","currency":"840"}', MALFORMED), ('{"amount":"5.00","currency":null}', MALFORMED),
    ('{"amount":"5.0","currency":"JPY"}', MALFORMED), ('{"amount":"5.00","currency":"JPY"}', MALFORMED),
    ('{"amount":"0.5","currency":"JPY"}', MALFORMED), ('{"amount":"5.","currency":"KRW"}', MALFORMED),
    ('{"amount":"5.0001","currency":"BHD"}', MALFORMED), ('{"amount":"0.0000","currency":"BHD"}', MALFORMED),
]


class Amounts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-amounts-"))
        cls.addClassCleanup(shutil.rmtree, cls.directory, ignore_errors=True)
        sign_ins = house.demo(cls.directory / "data", transactions=20, tickets=1)
        cls.serving = house.Serving(cls.directory / "data")
        cls.addClassCleanup(cls.serving.stop)
        cls.staff = house.Staff(cls.serving, next(s for s in sign_ins["staff"] if s["role"] == "supervisor"))
        emma = next(one for one in sign_ins["customers"] if one["name"] == "Emma Clarke")
        cls.customer = house.Client(cls.serving)
        cls.customer.ok("POST", "/api/v1/me/sign-in", {"email": emma["email"], "password": emma["password"]})
        cls.id = cls.customer.ok("GET", "/api/v1/me")["id"]
        key = next(one for one in sign_ins["merchants"] if one["name"] == "百川集市")["api_key"]
        cls.merchant = house.Client(cls.serving, key)
        top_up = {"amount": {"amount": "90.00", "currency": "USD"}}
        cls.staff.ok("POST", f"/api/v1/customers/{cls.id}/top-ups", top_up, key="a")
        cls.staff.ok("POST", "/api/v1/exchange-rates", {"from": "USD", "to": "EUR", "rate": "1"}, key="r")
        many = {"email": "many@amounts.example", "name": "Many", "language": "en", "zone": "UTC",
                "currencies": ["USD", "JPY", "BHD"]}
        cls.many = cls.staff.ok("POST", "/api/v1/customers", many, key="m")["id"]
        pay = {"customer": cls.id, "amount": {"amount": "20.00", "currency": "USD"}, "not_a_duplicate": True}
        cls.paid = cls.merchant.ok("POST", "/api/v1/payments", pay, key="p")["id"]
        cls.held = cls.merchant.ok("POST", "/api/v1/payments", {**pay, "capture_method": "manual"}, key="h")["id"]
        cls.ticket = cls.staff.ok("GET", "/api/v1/tickets?view=all")["items"][0]["number"]

    def post(self, client, path, body):
        connection = http.client.HTTPConnection(self.serving.http.hostname, self.serving.http.port, timeout=60)
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        if client.api_key:
            headers["Authorization"] = f"Bearer {client.api_key}"
        else:
            headers.update({"Cookie": client.cookie, "Origin": self.serving.http.geturl()})
        connection.request("POST", path, body.encode(), headers)
        response = connection.getresponse()
        value = json.loads(response.read())
        connection.close()
        return response.status, value

    def doors(self):
        """Who asks where, the body with %s for an amount, and where in it the amount stands."""
        other = '{"amount":"5.00","currency":"%s"}'
        remedy = ('{"kind":"refund","payment":"' + self.paid + '","duplicate_of":null,"reason":"duplicate","note":"n",'
                  '"amount":%s,"expected_refundable":%s}')
        usd = other.replace("%s", "USD")
        return [
            (self.merchant, "/api/v1/payments?dry_run=true", '{"customer":"' + self.id + '","amount":%s}', "amount"),
            (self.merchant, f"/api/v1/payments/{self.paid}/refunds?dry_run=true",
             '{"amount":%s,"reason":"requested_by_customer"}', "amount"),
            (self.merchant, f"/api/v1/payments/{self.held}/capture?dry_run=true", '{"amount":%s}', "amount"),
            (self.customer, "/api/v1/me/transfers?dry_run=true", '{"to":"many@amounts.example","amount":%s}', "amount"),
            (self.customer, "/api/v1/me/top-ups?dry_run=true", '{"amount":%s,"instrument":"sandbox:ok"}', "amount"),
            (self.customer, "/api/v1/me/withdrawals?dry_run=true", '{"amount":%s,"destination":"sandbox:ok"}', "amount"),
            (self.staff, f"/api/v1/customers/{self.id}/top-ups?dry_run=true", '{"amount":%s}', "amount"),
            (self.customer, "/api/v1/me/exchanges?dry_run=true",
             '{"amount":%s,"expected":' + other.replace("%s", "EUR") + "}", "exchange"),
            (self.customer, "/api/v1/me/exchanges?dry_run=true", '{"amount":' + usd + ',"expected":%s}', "expected"),
            (self.staff, f"/api/v1/tickets/{self.ticket}/remedies", remedy.replace("%s", usd, 1), "expected_refundable"),
            (self.staff, f"/api/v1/tickets/{self.ticket}/remedies", remedy.replace('"expected_refundable":%s',
                                                                                '"expected_refundable":' + usd), "remedy"),
        ]

    def test_each_form_at_each_door(self):
        for client, path, body, member in self.doors():
            name = {"exchange": "amount", "remedy": "amount"}.get(member, member)
            for text, expected in TEXTS:
                with self.subTest(path=path, member=name, text=text[:40]):
                    status, value = self.post(client, path, body % f'{{"amount":"{text}","currency":"USD"}}')
                    if expected == MALFORMED:
                        self.assertEqual((status, value["code"]), (400, MALFORMED), value)
                        self.assertTrue(value["detail"].startswith(f"/{name}"), value["detail"])
                    elif member == "amount" and expected == "amount_not_positive":
                        self.assertEqual((status, value["code"]), (422, expected), value)
                    elif member == "amount":
                        self.assertEqual(status, 200, value)
                        read = value["captured"] if "/capture" in path else value["amount"]
                        self.assertEqual(read, {"amount": expected, "currency": "USD"})
                        for posting in value["postings"]:
                            if posting["code"] not in ("fee", "fee_refund"):
                                self.assertEqual(decimal.Decimal(posting["amount"]["amount"]), decimal.Decimal(expected))
                    else:  # the rules speak, not the reader; and nothing came of it
                        self.assertGreaterEqual(status, 200)
                        self.assertNotEqual(value.get("code"), MALFORMED, value)
            for text, expected in VALUES:
                with self.subTest(path=path, member=name, value=text):
                    status, value = self.post(client, path, body % text)
                    self.assertEqual((status, value["code"]), (400, expected), value)
            for twice in (f'"{name}":{{"amount":"5.00","currency":"USD"}},',):
                with self.subTest(path=path, member=name, twice=True):
                    filled = body % '{"amount":"5.00","currency":"USD"}'
                    status, value = self.post(client, path, filled.replace("{", "{" + twice, 1))
                    self.assertEqual((status, value["code"]), (400, MALFORMED), value)
                    self.assertIn("twice", value["detail"])

    def test_the_decimals_of_the_currency_and_no_others(self):
        path = f"/api/v1/customers/{self.many}/top-ups?dry_run=true"
        for currency, forms in {"JPY": {"5": "5", "100000": "100000"},
                                "BHD": {"5": "5.000", "5.1": "5.100", "0.001": "0.001", "5.000": "5.000"}}.items():
            for text, expected in forms.items():
                with self.subTest(currency=currency, text=text):
                    body = f'{{"amount":{{"amount":"{text}","currency":"{currency}"}}}}'
                    status, value = self.post(self.staff, path, body)
                    self.assertEqual((status, value["amount"]), (200, {"amount": expected, "currency": currency}), value)


if __name__ == "__main__":
    unittest.main()
