# SPDX-License-Identifier: Apache-2.0
"""A demonstration house with a mail sink, in which Emma changes what stands of her account: with her password until she
has a passkey, with that from then on."""
import pathlib
import shutil
import tempfile
import unittest

import house
import passkey


class OwnAccount(unittest.TestCase):
    database = "sqlite"
    clock = ("--test-clock",)

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-account-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.sign_ins = house.demo(self.directory / "data", self.database, transactions=60, tickets=0, customers=8)
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)
        emma = next(one for one in self.sign_ins["customers"] if one["name"] == "Emma Clarke")
        self.address, self.password = emma["email"], emma["password"]
        self.clients, self.key = [], None
        self.serve()

    def serve(self):
        self.serving = house.Serving(self.directory / "data", *self.clock, database=self.database, relay=self.sink.relay)
        self.addCleanup(self.serving.stop)
        for client in self.clients:
            client.serving = self.serving

    def keep(self, client):
        """Its session goes on after a restart."""
        self.clients.append(client)
        return client

    def staff(self, role):
        return self.keep(house.Staff(self.serving, next(one for one in self.sign_ins["staff"] if one["role"] == role)))

    def signed_in(self):
        client = self.keep(house.Client(self.serving))
        if self.key:
            passkey.sign_in(client, self.key)
        else:
            client.ok("POST", "/api/v1/me/sign-in", {"email": self.address, "password": self.password})
        return client

    def step_up(self, client):
        """By a passkey, which is added where there is none."""
        if self.key:
            passkey.step_up(client, self.key)
            return
        self.key = passkey.Passkey()
        self.addCleanup(self.key.remove)
        passkey.add(client, self.key)

    def pass_hours(self, hours):
        self.admin.ok("POST", "/api/v1/test-clock", {"advance_s": hours * 3600})
