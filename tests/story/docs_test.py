# SPDX-License-Identifier: Apache-2.0
"""Every example that /api/docs prints, run as printed by a shell against a real demonstration, in the order of the page."""
import html
import http.client
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import house



class Examples(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-docs-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.sign_ins = house.demo(self.directory / "data", transactions=200, tickets=4)
        self.serving = house.Serving(self.directory / "data")
        self.addCleanup(self.serving.stop)

    def page(self):
        connection = http.client.HTTPConnection(self.serving.http.hostname, self.serving.http.port, timeout=60)
        connection.request("GET", "/api/docs")
        text = connection.getresponse().read().decode()
        connection.close()
        return text

    def given(self):
        """What the reader fills in; the names are those that the page prints."""
        admin = next(staff for staff in self.sign_ins["staff"] if staff["role"] == "admin")
        customer = next(one for one in self.sign_ins["customers"] if one["name"] == "Emma Clarke")
        merchant = next(one for one in self.sign_ins["merchants"] if one["name"] == "百川集市")
        return {"SERVER": self.serving.http.geturl(), "KEY": merchant["api_key"], "STAFF_EMAIL": admin["email"],
                "STAFF_PASSWORD": admin["password"], "TOTP": house.totp(admin["totp_secret"]),
                "CUSTOMER_EMAIL": customer["email"], "CUSTOMER_PASSWORD": customer["password"]}

    def test_each_answers_what_the_page_says(self):
        page = self.page()
        asked_for = re.search(r'<pre class="given">(.*?)</pre>', page, re.S).group(1)
        given = self.given()
        self.assertEqual(re.findall(r"^([A-Z_]+)=", html.unescape(asked_for), re.M), list(given))
        examples = [(int(status), html.unescape(shell))
                    for status, shell in re.findall(r'<pre data-status="(\d+)">(.*?)</pre>', page, re.S)]
        operations = len(re.findall(r"<article><h3><b>", page))
        self.assertEqual(sum(1 for status, _ in examples if status), operations)
        self.assertGreater(operations, 50)
        script = "".join(f"{name}='{value}'\n" for name, value in given.items())
        for number, (status, shell) in enumerate(examples):
            # The last curl of a request's block is the request itself; what was set before it runs plainly.
            if status:
                head, tail = shell.rsplit("curl -sS", 1) if shell.startswith("curl") else shell.split("\ncurl -sS", 1)
                body = ("" if shell.startswith("curl") else head + "\n") + 'curl -w "\\n%{http_code}" -sS' + tail
                script += body + "\n"
            else:
                script += shell + "\n"
            script += f"\necho; echo '=== {number} {status}'\n"
        done = subprocess.run(["bash"], input=script, cwd=self.directory, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=900)
        parts = re.split(r"^=== (\d+) (\d+)\n", done.stdout, flags=re.M)
        self.assertEqual(len(parts) // 3, len(examples), done.stdout[-2000:])
        wrong = []
        for output, number, status in zip(parts[0::3], parts[1::3], parts[2::3]):
            answered = output.rstrip().rsplit("\n", 1)[-1]
            if status != "0" and answered != status:
                wrong.append(f"{examples[int(number)][1]}\n--> {output.strip()[-400:]}\nbut the page says {status}\n")
            if status == "0":
                self.assertNotIn("about:blank", output, "a problem")
        self.assertFalse(wrong, "\n".join(wrong))


if __name__ == "__main__":
    unittest.main()
