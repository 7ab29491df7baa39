# SPDX-License-Identifier: Apache-2.0
"""The workspace in headless Chromium against a serving process: Playwright's stories of web/e2e, in both languages and at
phone and desktop width, each on a fresh demonstration world."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import house

WEB = pathlib.Path(__file__).resolve().parents[2] / "web"


class Browser(unittest.TestCase):
    def test_workspace_and_website(self):
        if shutil.which("chromium") is None:
            self.skipTest("Chromium is not installed (Debian: chromium)")
        if not (WEB / "dist/console.html").exists():
            self.skipTest("the pages are not built: `make build` builds them")
        directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-browser-"))
        self.addCleanup(shutil.rmtree, directory, ignore_errors=True)
        truth = directory / "truth.jsonl"
        sign_ins = house.demo(directory / "data", truth=truth, transactions=1500, tickets=18, customers=40)
        (directory / "sign-ins.json").write_text(json.dumps(sign_ins))
        # Limits that nobody meets, so that there is something to show of them.
        (directory / "tariff.toml").write_text("".join(
            f'[[limit]]\noperation = "send"\ncurrency = "{currency}"\nwindow = "{window}"\namount = "{amount}"\n'
            for currency in ("CNY", "USD", "JPY", "HKD") for window, amount in (("item", "500000"), ("day", "900000"))))
        serving = house.Serving(directory / "data", "--tariff", directory / "tariff.toml", "--new-factor-waits-hours", "0")
        self.addCleanup(serving.stop)
        # Enough true double charges to be written about: each story refunds one.
        lines = map(json.loads, truth.read_text().splitlines())
        for line in reversed([line for line in lines if line.get("doubled") and not line["refunded"]]):
            path = directory / "double.eml"
            amount = f"{line['amount']['amount']} {line['amount']['currency']}"
            path.write_bytes(house.eml(line["customer"], f"Charged twice at {line['merchant']}",
                                       f"Hello, {line['merchant']} charged me twice, {amount} each time: "
                                       f"{line['first']} and {line['second']}. Please refund one of them.\n"))
            self.assertEqual(house.swaks(serving.smtp, line["customer"], f"support@{house.DOMAIN}", path), 0)
        environment = {**os.environ, "OKPAY_URL": serving.http.geturl(), "OKPAY_SIGNINS": str(directory / "sign-ins.json"),
                       "OKPAY_SHOTS": os.environ.get("OKPAY_SHOTS", str(directory / "shots"))}
        done = subprocess.run(["npm", "run", "--silent", "e2e"], cwd=WEB, env=environment)
        self.assertEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
