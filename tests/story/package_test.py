# SPDX-License-Identifier: Apache-2.0
"""The Debian package: it is made, installed by dpkg into a system of its own, and the installed program serves on loopback
as the service would, from its configuration and as its user.

The system is this machine's root under a layer that is thrown away, entered by chroot; that needs root. Who is not root
sees the package unpacked and the program started from there.
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import urllib.request

import house

# Run inside a mount namespace: builds the layer, then runs what follows in it. The processes end with the namespace.
IN_A_LAYER = """
set -e
mount -t tmpfs layer "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
mount -t proc proc "$1/root/proc"
mount --rbind /dev "$1/root/dev"
mount -t tmpfs run "$1/root/run"
cp "$2" "$1/root/okpay.deb"
shift
shift
exec chroot "$OLDPWD_OF_LAYER/root" "$@"
"""
INSTALLED = r"""
set -e
dpkg --install /okpay.deb >&2
stat -c '%n %U %G %a' /etc/okpay /etc/okpay/okpay.toml /etc/okpay/okpay.key /usr/bin/okpay
getent passwd okpay
key=$(cat /etc/okpay/okpay.key)
dpkg --install /okpay.deb >&2
[ "$key" = "$(cat /etc/okpay/okpay.key)" ] && echo 'key: the same after an upgrade'
install -d -o okpay -g okpay -m 0700 /var/lib/okpay
cd /var/lib/okpay
runuser -u okpay -- sh -c '[ -w /etc/okpay/okpay.key ] || echo "key: not to be written by the service"'
mkfifo /run/ready
runuser -u okpay -- /usr/bin/okpay serve --config /etc/okpay/okpay.toml --http 127.0.0.1:0 --smtp 127.0.0.1:0 \
    --lmtp 127.0.0.1:0 --log-level warn >/run/ready &
exec 3</run/ready
read -r ready <&3
echo "ready: $ready"
read -r go_on
runuser -u okpay -- /usr/bin/okpay admin staff add --config /etc/okpay/okpay.toml you@pay.example --role admin
kill -TERM "$(pgrep -u okpay -f '^/usr/bin/okpay serve' | head -n 1)"
wait $!
echo "served: $?"
runuser -u okpay -- /usr/bin/okpay verify --config /etc/okpay/okpay.toml >&2 && echo 'verify: no fault'
dpkg --purge okpay >&2
ls -d /etc/okpay/okpay.key /var/lib/okpay/data
"""


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-package-"))
        web = pathlib.Path("web/dist")
        if not web.is_dir():  # the pages are not built: a single one shows that pages are found
            web = cls.directory / "web"
            web.mkdir()
            (web / "index.html").write_text("<!doctype html><title>OKPay</title>\n")
        made = subprocess.run(["scripts/deb.sh"], env={**os.environ, "PROGRAM": house.OKPAY, "WEB": str(web),
                                                       "OUT": str(cls.directory), "COMPRESSION": "none"},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert made.returncode == 0, made.stdout.decode()
        cls.package = next(cls.directory.glob("okpay_*.deb"))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.directory)

    def test_it_says_what_it_is_and_needs(self):
        said = subprocess.run(["dpkg-deb", "--info", self.package], check=True, stdout=subprocess.PIPE).stdout.decode()
        self.assertRegex(said, r"Package: okpay\n")
        self.assertRegex(said, r"Depends: .*libssl3.*adduser")
        names = subprocess.run(["dpkg-deb", "--contents", self.package], check=True, stdout=subprocess.PIPE).stdout.decode()
        for path in ("usr/bin/okpay", "usr/lib/systemd/system/okpay.service", "etc/okpay/okpay.toml", "usr/share/okpay/web/",
                     "usr/share/man/man1/okpay.1.gz", "usr/share/doc/okpay/changelog.gz"):
            self.assertIn(f"./{path}\n", names)
        self.assertNotIn(".key", names)  # each installation has its own
        for line in names.splitlines():
            self.assertRegex(line, r"^\S+ root/root ")

    def test_the_unit_is_understood_and_hardened(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd is not installed")
        tree = self.directory / "unit"
        subprocess.run(["dpkg-deb", "--extract", self.package, tree], check=True)
        checked = subprocess.run(["systemd-analyze", "verify", "--man=no", f"--root={tree}", "okpay.service"],
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        about_ours = [line for line in checked.stdout.splitlines() if "okpay.service" in line and "Unknown" in line]
        self.assertEqual(about_ours, [])
        exposed = subprocess.run(["systemd-analyze", "security", "--offline=true", "--json=short", f"--root={tree}",
                                  "okpay.service"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if exposed.returncode == 0 and exposed.stdout.strip():
            network = {"PrivateNetwork=", "RestrictAddressFamilies=~AF_(INET|INET6)"}  # a server needs it
            worst = [row["name"] for row in json.loads(exposed.stdout) if row["name"] not in network
                     and row.get("set") is False and float(row.get("exposure") or 0) >= 0.3]
            self.assertEqual(worst, [], "settings of the unit that leave much open")

    def test_the_unpacked_program_serves(self):
        tree = self.directory / "unpacked"
        subprocess.run(["dpkg-deb", "--extract", self.package, tree], check=True)
        data = self.directory / "data"
        serving = subprocess.Popen([tree / "usr/bin/okpay", "serve", "--config", tree / "etc/okpay/okpay.toml", "--data",
                                    data, "--key-file", self.directory / "okpay.key", "--web-root",
                                    tree / "usr/share/okpay/web", "--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0",
                                    "--lmtp", "127.0.0.1:0", "--log-level", "warn"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            ready = json.loads(serving.stdout.readline())
            self.answers(ready["http"])
        finally:
            serving.terminate()
            self.assertEqual(serving.wait(60), 0)
            serving.stdout.close()

    def answers(self, http):
        for path, words in (("/healthz", ""), ("/", "<title>")):
            with urllib.request.urlopen(http + path, timeout=30) as response:
                self.assertEqual(response.status, 200, path)
                self.assertIn(words, response.read().decode())

    def test_dpkg_installs_upgrades_and_purges_it(self):
        if os.geteuid() != 0:
            self.skipTest("a layer over this system needs root")
        layer = self.directory / "layer"
        layer.mkdir()
        inside = subprocess.Popen(["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", IN_A_LAYER, "layer",
                                   layer, self.package, "sh", "-c", INSTALLED],
                                  env={**os.environ, "OLDPWD_OF_LAYER": str(layer), "DEBIAN_FRONTEND": "noninteractive",
                                       "ASAN_OPTIONS": "detect_leaks=0"},
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        said = []
        for line in inside.stdout:
            said.append(line.rstrip("\n"))
            if line.startswith("ready: "):
                self.answers(json.loads(line.removeprefix("ready: "))["http"])
                inside.stdin.write("\n")
                inside.stdin.flush()
        errors = inside.stderr.read()
        status = inside.wait()
        for pipe in (inside.stdin, inside.stdout, inside.stderr):
            pipe.close()
        told = "\n".join(said)
        if status and ("mount:" in errors or "unshare:" in errors):
            self.skipTest("no layer can be mounted here: " + errors.splitlines()[-1])
        self.assertEqual(status, 0, told + errors)
        for line in ("/etc/okpay root okpay 750", "/etc/okpay/okpay.toml root okpay 640",
                     "/etc/okpay/okpay.key root okpay 640", "/usr/bin/okpay root root 755", "key: the same after an upgrade",
                     "key: not to be written by the service", "served: 0", "verify: no fault"):
            self.assertIn(line, said, told + errors)
        self.assertRegex(told, r"\nokpay:x:\d+:\d+:OKPay[,]*:/var/lib/okpay:\S*nologin\n")
        self.assertTrue(any("http://localhost:8080/" in line for line in said), "no one-time link in\n" + told + errors)
        # Money and mail are not configuration: what opens them, and they, outlive the package.
        self.assertEqual(said[-2:], ["/etc/okpay/okpay.key", "/var/lib/okpay/data"], told + errors)


if __name__ == "__main__":
    unittest.main(verbosity=2)
