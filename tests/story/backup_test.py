# SPDX-License-Identifier: Apache-2.0
"""A backup taken under load restores elsewhere, verifies, and serves; on both engines."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import house
import two_nodes_test
from kill_test import Load


class Backup:
    database = "sqlite"
    target_database = "sqlite"

    def test_taken_under_load_it_restores_and_verifies(self):
        directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-backup-"))
        self.addCleanup(shutil.rmtree, directory, ignore_errors=True)
        data = directory / "data"
        self.sign_ins = house.demo(data, self.database, transactions=200, tickets=3, customers=12)
        serving = house.Serving(data, database=self.database)
        customers, api_key = two_nodes_test.TwoNodes.world(self, serving)
        load = Load(serving, api_key, customers, "backup")
        load.start()
        house.eventually("work, large mails among it", lambda: len(load.paid) > 20 and len(load.mailed) > 8)
        acknowledged = dict(load.paid)
        done = subprocess.run([house.OKPAY, "backup", "--data", str(data), "--database", self.database,
            str(directory / "copy")])
        self.assertEqual(done.returncode, 0)
        after = len(load.paid)
        house.eventually("work goes on", lambda: len(load.paid) > after + 5)
        load.join()
        self.assertEqual(serving.stop(), 0)
        restore = [house.OKPAY, "restore", "--data", str(directory / "back"), "--database", self.target_database,
            str(directory / "copy")]
        self.assertEqual(subprocess.run(restore).returncode, 0)
        self.assertEqual(subprocess.run(restore, stderr=subprocess.DEVNULL).returncode, 1)  # never over what is there
        shutil.copy(f"{data}.key", directory / "back.key")
        house.verify(directory / "back", self.target_database)
        again = house.Serving(directory / "back", database=self.target_database)
        merchant = house.Client(again, api_key)
        for payment in acknowledged.values():
            self.assertEqual(merchant.ok("GET", f"/api/v1/payments/{payment}")["id"], payment)
        self.assertEqual(again.stop(), 0)
        house.verify(directory / "back", self.target_database)


class OnSqlite(Backup, unittest.TestCase):
    pass


class OnPostgres(house.OnPostgres, Backup, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.target_database = self.postgres.database()


if __name__ == "__main__":
    unittest.main(verbosity=2)
