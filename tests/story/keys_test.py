# SPDX-License-Identifier: Apache-2.0
"""The master key changes and is killed on the way; a backup opens nothing by itself; the role that serves cannot rewrite the
audit log. With the real program, on both engines."""
import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import house


def run(*words):
    return subprocess.run([house.OKPAY, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Keys:
    database = "sqlite"
    target_database = "sqlite"

    def setUp(self):
        super().setUp()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-keys-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"
        self.key = pathlib.Path(f"{self.data}.key")
        self.sign_ins = house.demo(self.data, self.database, transactions=60, tickets=6, customers=12)

    def rotate(self, **more):
        return subprocess.Popen([house.OKPAY, "admin", "keys", "rotate", "--data", str(self.data), "--database",
            self.database], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)

    def check(self, data=None, database=None):
        done = run("admin", "keys", "check", "--data", data or self.data, "--database", database or self.database, "--json")
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    def test_killed_on_the_way_it_goes_on_and_the_old_key_is_needed_no_more(self):
        old = self.key.read_text()
        started = time.monotonic()
        process = self.rotate()
        _, said = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 0, said)
        lasts = time.monotonic() - started
        self.assertNotEqual(self.key.read_text(), old)
        for person, share in enumerate((0.4, 0.6, 0.75, 0.9)):  # the first part is the program's own start
            process = self.rotate()
            try:
                process.communicate(timeout=lasts * share)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
            house.verify(self.data, self.database)  # whatever was done of it
            # A server that starts in between signs people in and reads what was sealed.
            serving = house.Serving(self.data, database=self.database)
            house.Staff(serving, self.sign_ins["staff"][person])  # another each time: a code works once
            letter = self.directory / "letter.eml"
            letter.write_bytes(house.eml("someone@example.org", "A question", f"How much is a transfer? {share}"))
            self.assertEqual(house.swaks(serving.smtp, "someone@example.org", f"support@{house.DOMAIN}", letter), 0)
            self.assertEqual(serving.stop(), 0)
            process = self.rotate()
            _, said = process.communicate(timeout=120)
            self.assertEqual(process.returncode, 0, said)
            status, lines = self.check()
            self.assertEqual((status, lines[-1]["faults"]), (0, []))
            self.assertEqual([line["objects"] for line in lines[:-2]], [0] * (len(lines) - 2))  # none under an older root
            house.verify(self.data, self.database)
        wrong = self.directory / "old.key"
        wrong.write_text(old)
        refused = run("serve", "--data", self.data, "--database", self.database, "--key-file", wrong)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("not the one of this data", refused.stderr)

    def test_a_copy_of_the_data_opens_nothing_and_with_its_keys_everything(self):
        keys = self.directory / "apart.db"
        done = run("backup", "--data", self.data, "--database", self.database, "--keys", keys, self.directory / "copy")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(keys.exists() and not (self.directory / "copy" / "keys.db").exists())
        restore = ["restore", "--data", self.directory / "back", "--database", self.target_database,
            self.directory / "copy"]
        refused = run(*restore)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("keys.db", refused.stderr)
        self.assertEqual(run(*restore, "--keys", keys).returncode, 0)
        shutil.copy(self.key, self.directory / "back.key")
        house.verify(self.directory / "back", self.target_database)
        self.assertEqual(self.check(self.directory / "back", self.target_database)[0], 0)


class OnSqlite(Keys, unittest.TestCase):
    def test_a_serving_process_is_not_pulled_away_from_under(self):
        serving = house.Serving(self.data)
        old = self.key.read_text()
        process = self.rotate()
        _, said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 75, said)
        self.assertEqual(self.key.read_text(), old)
        self.assertEqual(self.check()[0], 0)  # looking is allowed
        self.assertEqual(serving.stop(), 0)


class OnPostgres(house.OnPostgres, Keys, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.target_database = self.postgres.database()

    def psql(self, url, sql):
        return subprocess.run([house.POSTGRES_BIN / "psql", "-X", "-v", "ON_ERROR_STOP=1", "-c", sql, url],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def test_the_role_that_serves_cannot_rewrite_the_audit_log(self):
        self.assertEqual(self.psql(self.database, "CREATE ROLE okpay_serving LOGIN").returncode, 0)
        serving_url = self.database.replace("user=okpay", "user=okpay_serving")
        self.assertNotEqual(serving_url, self.database)
        same = run("admin", "migrate", "--database", self.database, "--owner-url", self.database)
        self.assertEqual(same.returncode, 1)
        done = run("admin", "migrate", "--database", serving_url, "--owner-url", self.database)
        self.assertEqual(done.returncode, 0, done.stderr)
        serving = house.Serving(self.data, database=serving_url)
        supervisor = house.Staff(serving, [s for s in self.sign_ins["staff"] if s["role"] == "supervisor"][0])
        made = supervisor.ok("POST", "/api/v1/customers", {"email": "new@example.org", "name": "New", "language": "en",
            "zone": "Europe/Berlin", "currencies": ["EUR"]}, key="n")
        supervisor.ok("POST", f"/api/v1/customers/{made['id']}/top-ups", {"amount": {"amount": "10.00", "currency": "EUR"},
            "note": "x"}, key="t")
        for sql in ("UPDATE audit SET actor = 'staff:1'", "DELETE FROM audit", "TRUNCATE audit",
                    "UPDATE transfer SET amount = amount + 1"):
            refused = self.psql(serving_url, sql)
            self.assertNotEqual(refused.returncode, 0, sql)
            self.assertIn("permission denied", refused.stderr)
        self.assertEqual(serving.stop(), 0)
        house.verify(self.data, serving_url)


if __name__ == "__main__":
    unittest.main(verbosity=2)
