# SPDX-License-Identifier: Apache-2.0
"""`okpay admin check` holds a configuration to what is really there: a real DNS server, a real relay, real certificates. A
good one passes; each fault of a broken one is named, with what to do."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import house

MX = f"mx.{house.DOMAIN}"


class Check(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-check-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)

    def okpay(self, *words, **environment):
        return subprocess.run([house.OKPAY, *words, "--data", str(self.data)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, env={**os.environ, **environment})

    def check(self, *more):
        done = self.okpay("admin", "check", "--json", "--domain", house.DOMAIN, "--http", "127.0.0.1:0", "--smtp",
                          "127.0.0.1:0", *more)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertTrue(lines, done.stderr)
        self.assertEqual(done.returncode, int(any(line["verdict"] == "fail" for line in lines)), done.stderr)
        for line in lines:
            self.assertEqual(line["advice"] == "", line["verdict"] == "ok", line)
        return {line["check"]: line["verdict"] for line in lines}, {line["check"]: line["text"] for line in lines}

    def dns(self, texts, more=()):
        server = house.DnsServer(texts, more)
        self.addCleanup(server.stop)
        server.start()
        return server.at

    def certificate(self, name, days):
        cert, key = self.directory / f"{name}.pem", self.directory / f"{name}.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(cert),
                        "-days", str(days), "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"], check=True,
                       capture_output=True)
        return str(cert), str(key)

    def mail_policy(self, records, relay):
        host = f"mta-sts.{house.DOMAIN}"
        address = "127.0.0.9"  # senders ask at port 443, and other tests have 127.0.0.1 for themselves
        cert, key = self.certificate(host, 90)
        told = ["--mta-sts", "enforce", "--mta-sts-hosts", MX]

        def found(texts, policy_host, words, trust=cert):
            dns = self.dns({house.DOMAIN: "v=spf1 ip4:127.0.0.1 -all", **records, **texts},
                           [f"mx-host={house.DOMAIN},{MX},10", f"host-record={MX},127.0.0.1", *policy_host])
            done = self.okpay("admin", "check", "--json", "--domain", house.DOMAIN, "--http", "127.0.0.1:0", "--smtp",
                              "127.0.0.1:0", "--dns", dns, *relay, *words, SSL_CERT_FILE=trust)
            line = next(line for line in map(json.loads, done.stdout.splitlines()) if line["check"] == "mta_sts")
            return line["verdict"], line["text"], line["advice"]

        self.assertEqual(found({}, [], [])[0], "warn")
        verdict, _, advice = found({}, [], told)
        self.assertEqual(verdict, "fail")
        published = re.fullmatch(rf'publish: _mta-sts.{house.DOMAIN}. IN TXT "(v=STSv1; id=[0-9a-f]+;)"', advice)[1]
        record = {f"_mta-sts.{house.DOMAIN}": published}
        self.assertIn("names another policy", found({f"_mta-sts.{house.DOMAIN}": "v=STSv1; id=1;"}, [], told)[1])
        other = ["--mta-sts", "enforce", "--mta-sts-hosts", "mx9.pay.example"]
        self.assertIn("leaves out " + MX, found(record, [], other)[1])
        self.assertIn("has no address", found(record, [], told)[1])
        at = [f"host-record={host},{address}"]
        self.assertIn("nobody answers there", found(record, at, told)[1])
        if house.may_listen(address, 443):
            serving = house.Serving(self.data, "--http", f"{address}:443", "--tls-cert", cert, "--tls-key", key, *told)
            self.assertEqual(found(record, at, told)[0], "ok")
            self.assertIn("good certificate", found(record, at, told, trust=self.certificate("other.example", 90)[0])[1])
            serving.stop()
            serving = house.Serving(self.data, "--http", f"{address}:443", "--tls-cert", cert, "--tls-key", key)
            self.assertIn("it answers 404", found(record, at, told)[1])
            serving.stop()
        else:
            print(f"mta_sts: skipped what is fetched: this user may not listen on {address}:443")
        self.assertEqual(found(record, at, [])[0], "fail")  # published, and none is shown

    def test_a_good_configuration_passes_and_a_broken_one_says_what_is_wrong(self):
        with self.subTest("before the first start"):
            found, _ = self.check()
            self.assertEqual({name: found[name] for name in ("data_directory", "database", "master_key", "relay", "dns")},
                             dict.fromkeys(("data_directory", "database", "master_key", "relay", "dns"), "warn"))
            self.assertNotIn("fail", found.values())
            self.assertFalse(self.data.exists(), "a check makes nothing")

        keys = [json.loads(self.okpay("admin", "dkim", "add", selector, "--domain", house.DOMAIN, "--algorithm", algorithm,
                                      "--json").stdout)
                for selector, algorithm in (("s1", "rsa"), ("s2", "ed25519"))]
        records = {key["record_name"]: key["record"] for key in keys}
        self.data.chmod(0o750)
        good = self.dns({house.DOMAIN: "v=spf1 ip4:127.0.0.1 -all", f"_dmarc.{house.DOMAIN}": "v=DMARC1; p=reject",
                         **records}, [f"mx-host={house.DOMAIN},{MX},10", f"host-record={MX},127.0.0.1"])
        relay = ["--smtp-relay", self.sink.relay]
        with self.subTest("all is well"):
            found, texts = self.check("--dns", good, *relay)
            self.assertEqual({name for name, verdict in found.items() if verdict != "ok"} -
                             {"clock", "free_space", "mta_sts"}, set(), texts)
            for name in ("mx", "spf", "dkim_s1", "dkim_s2", "dmarc", "reverse_name", "relay", "database", "master_key"):
                self.assertIn(name, found)
            plain = self.okpay("admin", "check", "--domain", house.DOMAIN, "--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0",
                               "--dns", good, *relay)
            self.assertEqual(plain.returncode, 0)
            self.assertRegex(plain.stdout, rf"ok +mx +mail for {house.DOMAIN} goes to {MX}")

        with self.subTest("beside the process that serves, whose ports are its own"):
            serving = house.Serving(self.data)
            http, smtp = f"127.0.0.1:{serving.http.port}", serving.smtp
            found, _ = self.check("--http", http, "--smtp", smtp, "--lmtp", self.sink.relay)
            self.assertEqual((found["port_http"], found["port_smtp"], found["port_lmtp"]), ("ok", "ok", "fail"))
            serving.stop()
            found, _ = self.check("--http", http, "--smtp", smtp)
            self.assertEqual((found["port_http"], found["port_smtp"]), ("ok", "ok"), "free again")

        with self.subTest("the DNS of a domain that was forgotten"):
            found, texts = self.check("--dns", self.dns({"other.example": "x"}), *relay)
            self.assertEqual({name: found[name] for name in ("mx", "spf", "dkim_s1", "dkim_s2", "dmarc")},
                             dict.fromkeys(("mx", "spf", "dkim_s1", "dkim_s2", "dmarc"), "fail"), texts)

        with self.subTest("the DNS of a domain that is half right"):
            half = {house.DOMAIN: "v=spf1 ip4:192.0.2.1 include:_loop.example -all", "_loop.example": "v=spf1 bad:x",
                    f"_dmarc.{house.DOMAIN}": "v=DMARC1; p=none", keys[0]["record_name"]: keys[0]["record"] + "; t=y",
                    keys[1]["record_name"]: "v=DKIM1; k=ed25519; p=" + "A" * 43 + "="}
            found, texts = self.check("--dns", self.dns(half, [f"mx-host={house.DOMAIN},gone.example,10"]), *relay)
            self.assertEqual({name: found[name] for name in ("mx", "spf", "dkim_s1", "dkim_s2", "dmarc")},
                             {"mx": "fail", "spf": "fail", "dkim_s1": "fail", "dkim_s2": "fail", "dmarc": "warn"}, texts)
            self.assertIn("permerror", texts["spf"])

        with self.subTest("no DNS server answers, no relay, a relay without TLS that is to have it"):
            silent = f"127.0.0.1:{house.free_port()}"
            found, _ = self.check("--dns", silent, "--smtp-relay", f"127.0.0.1:{house.free_port()}")
            self.assertEqual((found["mx"], found["relay"]), ("fail", "fail"))
            found, _ = self.check(*relay, "--smtp-relay-tls", "required")
            self.assertEqual(found["relay"], "fail")

        with self.subTest("certificates"):
            site = ["--public-url", "https://pay.example"]
            cert, key = self.certificate("pay.example", 90)
            found, texts = self.check(*site, "--tls-cert", cert, "--tls-key", key)
            self.assertEqual((found["tls"], found["tls_name"], found["tls_chain"]), ("ok", "ok", "warn"), texts)
            found, _ = self.check("--public-url", "https://www.pay.example", "--tls-cert", cert, "--tls-key", key)
            self.assertEqual(found["tls_name"], "fail")
            soon, soon_key = self.certificate("pay.example", 5)
            self.assertEqual(self.check(*site, "--tls-cert", soon, "--tls-key", soon_key)[0]["tls"], "warn")
            _, other_key = self.certificate("other.example", 90)
            found, texts = self.check(*site, "--tls-cert", soon, "--tls-key", other_key)
            self.assertEqual(found["tls"], "fail", texts)
            self.assertEqual(self.check("--tls-cert", str(self.directory / "gone"), "--tls-key", key)[0]["tls"], "fail")

        with self.subTest("what senders are told of TLS"):
            self.mail_policy(records, relay)

        with self.subTest("the desk's calendar"):
            self.assertEqual(self.check()[0]["calendar"], "ok")
            calendar = self.directory / "desk.calendar"
            calendar.write_text("zone = Asia/Shanghai\nmonday = 09:00-18:00\n")
            found, texts = self.check("--calendar", str(calendar))
            self.assertEqual(found["calendar"], "ok")
            self.assertIn("Asia/Shanghai", texts["calendar"])
            calendar.write_text("zone = Asia/Shanghai\nmonday = 18:00-09:00\n")
            found, texts = self.check("--calendar", str(calendar))
            self.assertEqual(found["calendar"], "fail")
            self.assertIn(f"{calendar}:2: ", texts["calendar"])

        with self.subTest("the key, its rights, and the data's"):
            file = pathlib.Path(f"{self.data}.key")
            file.chmod(0o644)
            self.assertEqual(self.check()[0]["master_key"], "fail")
            file.chmod(0o600)
            self.data.chmod(0o755)
            self.assertEqual(self.check()[0]["data_directory"], "warn")
            right = file.read_text()
            file.write_text("0" * 64 + "\n")
            self.assertEqual(self.check()[0]["master_key"], "fail")
            file.unlink()
            self.assertEqual(self.check()[0]["master_key"], "fail")
            file.write_text(right)
            file.chmod(0o600)
            self.assertEqual(self.check()[0]["master_key"], "ok")


if __name__ == "__main__":
    unittest.main()
