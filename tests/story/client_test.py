# SPDX-License-Identifier: Apache-2.0
"""The TypeScript client as it is packed, against a real demonstration; its types are those of the document."""
import os
import pathlib
import shutil
import subprocess
import tarfile
import tempfile
import unittest

import house

CLIENT = pathlib.Path(__file__).resolve().parents[2] / "clients/typescript"
TOOLS = CLIENT.parents[1] / "web/node_modules/.bin"


@unittest.skipUnless(TOOLS.exists() and shutil.which("npm"), "the npm packages of web/ are not installed")
class Packed(unittest.TestCase):
    def npm(self, *words):
        subprocess.run(["npm", *words], cwd=CLIENT, check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "PATH": f"{TOOLS}:{os.environ['PATH']}"})

    def test_works_as_it_is_packed(self):
        directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-client-"))
        self.addCleanup(shutil.rmtree, directory, ignore_errors=True)
        self.npm("run", "--silent", "check:generated")
        self.npm("pack", "--silent", "--pack-destination", str(directory))
        with tarfile.open(next(directory.glob("*.tgz"))) as packed:
            names = {member.name for member in packed.getmembers()}
            self.assertLessEqual({f"package/{name}" for name in ("LICENSE", "README.md", "package.json", "dist/index.js",
                                                                 "dist/index.d.ts")}, names)
            self.assertFalse([name for name in names if "test" in name])
            packed.extractall(directory)
        sign_ins = house.demo(directory / "data", transactions=100, tickets=0)
        serving = house.Serving(directory / "data")
        self.addCleanup(serving.stop)
        admin = next(staff for staff in sign_ins["staff"] if staff["role"] == "admin")
        emma = next(one for one in sign_ins["customers"] if one["name"] == "Emma Clarke")
        supervisor = house.Staff(serving, next(staff for staff in sign_ins["staff"] if staff["role"] == "supervisor"))
        customer = supervisor.ok("GET", "/api/v1/customers?q=emma.clarke")["items"][0]["id"]
        supervisor.ok("POST", f"/api/v1/customers/{customer}/top-ups", {"amount": {"amount": "50.00", "currency": "USD"}},
                      key="client")
        environment = {"OKPAY_CLIENT": str(directory / "package/dist/index.js"), "OKPAY_URL": serving.http.geturl(),
                       "OKPAY_KEY": next(one for one in sign_ins["merchants"] if one["name"] == "百川集市")["api_key"],
                       "OKPAY_CUSTOMER": customer, "OKPAY_EMAIL": emma["email"], "OKPAY_PASSWORD": emma["password"],
                       "OKPAY_STAFF": admin["email"], "OKPAY_STAFF_PASSWORD": admin["password"],
                       "OKPAY_TOTP": house.totp(admin["totp_secret"])}
        done = subprocess.run(["node", "--test", str(CLIENT / "test/client.test.mjs")], env={**os.environ, **environment},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(done.returncode, 0, done.stdout[-6000:])


if __name__ == "__main__":
    unittest.main()
