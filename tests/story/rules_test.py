# SPDX-License-Identifier: Apache-2.0
"""Rules and routing through the real server on both engines, by mail over SMTP: a rule is tried on the requests there are
and changes nothing; in the shadow it counts; switched on it acts once, in the arrival's commit and when its time comes, also
across a kill -9; new requests are spread over three agents of different languages, and nobody who has to do with a customer
is given theirs."""
import pathlib
import shutil
import tempfile
import unittest

import house

WRITER = "ina@example.net"
ENGLISH = "My withdrawal of 300 EUR of last Monday has not arrived at my bank. Please look where it is."
CHINESE = "我上周一的提现 300 元还没有到账，请帮忙查一下在哪里。"


def rule(name, actions, conditions=(), **more):
    return {"name": name, "when": "arrival", "changes": [], "since": "opened", "hours": 0, "working_hours": False,
            "any": False, "conditions": [{"field": field, "values": list(values)} for field, values in conditions],
            "actions": [{"act": act, "value": value} for act, value in actions], "stop": False, **more}


class Rules(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-rules-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"
        sign_ins = house.demo(self.data, self.database, transactions=60, tickets=4, customers=6)
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)
        self.serve()
        staff = [one for one in sign_ins["staff"] if one.get("totp_secret")]
        by_role = {one["role"]: one for one in staff}
        self.boss = house.Staff(self.serving, by_role["supervisor"])
        self.admin = house.Staff(self.serving, by_role["admin"])
        self.agents = [house.Staff(self.serving, one) for one in staff if one["role"] == "agent"]
        self.customers = sign_ins["customers"]
        self.clients = [self.boss, self.admin, *self.agents]
        self.names = [one.ok("GET", "/api/v1/staff/me")["name"] for one in self.agents]

    def serve(self):
        clock = ["--test-clock"] if self.database == "sqlite" else []  # one process has it
        self.serving = house.Serving(self.data, *clock, database=self.database, relay=self.sink.relay)
        self.addCleanup(self.serving.stop)
        for client in getattr(self, "clients", []):
            client.serving = self.serving  # the sessions outlive it

    def restart(self):
        self.serving.kill()
        self.serve()

    def send(self, subject, text, sender=WRITER):
        path = self.directory / "mail.eml"
        path.write_bytes(house.eml(sender, subject, text))
        self.assertEqual(house.swaks(self.serving.smtp, sender, f"support@{house.DOMAIN}", path), 0)

    def find(self, subject):
        return house.eventually(subject, lambda: next(
            (one["number"] for one in self.boss.ok("GET", "/api/v1/tickets?view=all&limit=100")["items"]
             if one["subject"] == subject), None))

    def write(self, subject, text=ENGLISH, sender=WRITER):
        self.send(subject, text, sender)
        return self.find(subject)

    def ticket(self, number):
        return self.boss.ok("GET", f"/api/v1/tickets/{number}")

    def events(self, number, kind):
        return [one for one in self.ticket(number)["events"] if one["kind"] == kind]

    def assignee(self, number):
        found = self.ticket(number)["assignee"]
        return found and found["name"]

    def put(self, body, mode="on"):
        made = self.boss.ok("POST", "/api/v1/rules", body)
        self.assertEqual(made["mode"], "off")
        return self.switch(made, mode)

    def switch(self, made, mode):
        return self.boss.ok("POST", f"/api/v1/rules/{made['id']}/mode", {"mode": mode, "version": made["version"]})

    def shown(self, made):
        return self.boss.ok("GET", f"/api/v1/rules/{made['id']}")

    def advance(self, seconds):
        self.admin.ok("POST", "/api/v1/test-clock", {"advance_s": seconds})

    def refusal(self, who, path, body):
        status, value, _ = who.call("POST", path, body)
        self.assertGreaterEqual(status, 400, value)
        return value["code"], value["detail"]

    def test_rules_act_once_and_routing_spreads(self):
        withdrawals = rule("Withdrawals", [("set_team", "technical_team"), ("note", "They come on Monday.")],
                        [("words", ["withdrawal"])])
        first = self.write("Money one")

        with self.subTest("who may, and what is wrong is said with what to do"):
            self.assertEqual(self.refusal(self.agents[0], "/api/v1/rules", withdrawals)[0], "not_permitted")
            code, detail = self.refusal(self.boss, "/api/v1/rules", rule("x", [("set_team", "cooks")]))
            self.assertEqual(code, "malformed")
            self.assertIn("actions/0", detail)
            self.assertIn("technical_team", detail)

        with self.subTest("a dry run finds what there is and changes nothing"):
            before = self.ticket(first)
            trial = self.boss.ok("POST", "/api/v1/rule-trials", {"rule": withdrawals, "requests": 100})
            self.assertTrue(trial["whole"])
            self.assertIn(first, [one["request"] for one in trial["items"]])
            self.assertEqual(trial["items"][0]["effects"][0]["act"], "set_team")
            self.assertEqual(self.ticket(first), before)
            self.assertEqual(self.boss.ok("GET", "/api/v1/rules")["items"], [])

        with self.subTest("in the shadow it counts"):
            made = self.put(withdrawals, "shadow")
            number = self.write("Money two")
            self.assertEqual(self.events(number, "rule_applied"), [])
            self.assertEqual((self.shown(made)["fired"], self.shown(made)["shadowed"]), (0, 1))
            self.assertEqual(self.shown(made)["firings"][0]["request"], number)

        with self.subTest("switched on it acts in the arrival's commit, once, also across a kill"):
            self.switch(made, "on")
            self.send("Money three", ENGLISH)
            self.restart()  # filed before or after: once
            number = self.find("Money three")
            self.assertEqual(len(self.events(number, "rule_applied")), 1)
            self.assertEqual([one["body"] for one in self.ticket(number)["messages"] if one["direction"] == "note"],
                             ["They come on Monday."])
            self.restart()
            self.assertEqual(len(self.events(number, "rule_applied")), 1)
            self.assertEqual(self.shown(made)["fired"], 1)
            self.assertEqual(self.events(number, "rule_applied")[0]["detail"]["name"], "Withdrawals")

        self.of_time(made, first)

        with self.subTest("three agents of different languages share what comes"):
            self.spread()

        with self.subTest("nobody who has to do with the customer, and a queue where nobody is left"):
            self.keeps_away()

        self.assertEqual(self.serving.stop(), 0)
        looked_at, _ = house.verify(self.data, self.database)
        self.assertGreaterEqual(looked_at["rules"], 10)

    def of_time(self, made, first):
        with self.subTest("one of time acts when its time comes, once"):
            if self.database != "sqlite":
                self.switch(made, "off")
                self.skipTest("the clock of a shared database cannot be moved")
            timed = self.put(rule("Late", [("escalate", None)], when="time", since="opened", hours=3))
            number = self.write("Money four")
            self.advance(3 * 3600 - 600)
            self.assertEqual(len(self.events(number, "rule_applied")), 1, "the one of withdrawals alone")
            self.advance(700)
            house.eventually("its time", lambda: len(self.events(number, "rule_applied")) == 2)
            self.assertEqual(self.ticket(number)["urgency"], "critical")
            fired = self.shown(timed)["firings"]
            self.assertIn(first, [one["request"] for one in fired], "it came before, and its time came since")
            self.restart()
            self.advance(3600)
            self.assertEqual(len(self.events(number, "rule_applied")), 2)
            self.assertEqual(self.shown(timed)["firings"], fired, "each once")
            self.assertEqual(len({one["request"] for one in fired}), len(fired))
            self.switch(made, "off")
            self.switch(timed, "off")

    def spread(self):
        routing = self.boss.ok("GET", "/api/v1/routing")
        self.assertEqual(routing["mode"], "off")
        self.ids = {one["name"]: one["id"] for one in routing["staff"]}
        for name, languages in zip(self.names, [["en"], ["en", "zh-Hans"], ["zh-Hans"]]):
            self.boss.ok("POST", f"/api/v1/routing/staff/{self.ids[name]}",
                         {"languages": languages, "categories": [], "level": 3, "open_max": 100, "away_until": None})
        self.boss.ok("POST", "/api/v1/routing", {"mode": "assign"})
        self.restart()
        load = {one["name"]: one["open"] for one in self.boss.ok("GET", "/api/v1/routing")["staff"]}
        given = {name: 0 for name in self.names}
        for i in range(12):
            english = i % 2 == 0
            number = self.write(f"Order {i}", ENGLISH if english else CHINESE, f"c{i}@d{i}.example.net")
            got = self.assignee(number)
            able = self.names[:2] if english else self.names[1:]
            self.assertIn(got, able)
            least = min(load[name] + given[name] for name in able)
            self.assertEqual(load[got] + given[got], least, "the one with the fewest open requests")
            given[got] += 1
            reason, = self.events(number, "routed")
            self.assertEqual((reason["detail"]["to"], reason["detail"]["open"]), (got, str(least)))

    def keeps_away(self):
        both = rule("Take it", [("assign", self.ids[self.names[0]])])
        self.put(both)
        self.boss.ok("POST", "/api/v1/routing", {"mode": "off"})
        own = self.write("My own order", ENGLISH, self.agents[0].sign_in_data["email"])
        self.assertIsNone(self.assignee(own), "her own")
        self.assertEqual(self.events(own, "rule_applied")[0]["detail"]["did"],
                         [{"act": "assign", "value": "", "outcome": "unavailable"}])
        other = self.write("Another order", ENGLISH, self.customers[0]["email"])
        self.assertEqual(self.assignee(other), self.names[0])


class RulesOnPostgres(house.OnPostgres, Rules):
    pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
