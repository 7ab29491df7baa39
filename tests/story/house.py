# SPDX-License-Identifier: Apache-2.0
"""What the stories stand on: real processes on loopback, started from the built program and Debian's packages.

Nothing is mocked: `okpay serve`, PostgreSQL, an SMTP server that takes our outgoing mail, swaks that sends mail in.
Waiting is for a condition with a deadline (`eventually`), never for a time.
"""
import asyncio
import atexit
import contextlib
import email
import email.policy
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import pwd
import random
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
import uuid

OKPAY = os.environ.get("OKPAY_PROGRAM", "build/debug-asan/okpay")
POSTGRES_BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
DOMAIN = "okpay.example"


def eventually(what, condition, seconds=120.0):
    """The first true answer of the condition; fails by name at the deadline. Polling a process that is not ours."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        pause.wait(0.02)


def may_listen(address, port):
    with socket.socket() as stream:
        try:
            stream.bind((address, port))
            return True
        except OSError:
            return False


def free_port():
    """Free on loopback for TCP and UDP alike, and below the ports that the system hands out: no connection is given it
    before it is used."""
    lowest_handed_out = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for port in random.sample(range(lowest_handed_out // 2, lowest_handed_out), 100):
        with socket.socket() as stream, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            try:
                stream.bind(("127.0.0.1", port))
                datagrams.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise AssertionError("no free port on loopback")


def totp(secret_base32, at=None):
    import base64
    key = base64.b32decode(secret_base32 + "=" * (-len(secret_base32) % 8))
    step = int((time.time() if at is None else at) // 30)
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


class Postgres:
    """A server of our own on a Unix socket; each `database()` is a fresh one."""

    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="okpay-story-pg-"))
        self.as_user = []
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chmod(self.root, 0o755)
            (self.root / "pg").mkdir()
            os.chown(self.root / "pg", user.pw_uid, user.pw_gid)
            self.as_user = ["runuser", "-u", "postgres", "--"]
        else:
            (self.root / "pg").mkdir()
        self.run("initdb", "-D", self.root / "pg/data", "-U", "okpay", "--auth=trust", "--no-sync", "--encoding=UTF8",
            "--locale=C.UTF-8")
        self.run("pg_ctl", "-D", self.root / "pg/data", "-w", "-l", self.root / "pg/log", "-o",
                 f"-c listen_addresses= -c unix_socket_directories={self.root}/pg -c max_connections=60", "start")
        self.count = 0

    def run(self, program, *words):
        subprocess.run([*self.as_user, str(POSTGRES_BIN / program), *map(str, words)], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.PIPE, cwd="/")

    def database(self):
        self.count += 1
        name = f"story{self.count}"
        self.run("createdb", "-h", self.root / "pg", "-U", "okpay", name)
        return f"postgresql:///{name}?host={self.root}/pg&user=okpay"

    def stop(self):
        self.run("pg_ctl", "-D", self.root / "pg/data", "-m", "immediate", "stop")
        shutil.rmtree(self.root, ignore_errors=True)


class MailSink:
    """The smart host: a real SMTP server on loopback that keeps what it takes; also as JSON files in `directory`, for
    readers that are other processes."""

    def __init__(self, directory=None):
        self.directory = directory
        self.answers = True  # False: takes a mail and says nothing to its final dot
        self.mails = []  # (recipients, email.message.EmailMessage)
        self.raw = []  # (recipients, octets as they came)
        self.lock = threading.Lock()
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self.thread.start()
        ready.wait()

    def _run(self, ready):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()

    async def _serve(self, reader, writer):
        def say(line):
            writer.write(line.encode() + b"\r\n")
        say("220 sink.example ESMTP")
        recipients = []
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                line = (await reader.readline()).decode("utf-8", "replace").rstrip("\r\n")
                if not line:
                    break
                verb = line.split(" ", 1)[0].upper()
                if verb == "EHLO":
                    say("250-sink.example")
                    say("250 8BITMIME")
                elif verb == "RCPT":
                    recipients.append(line[line.index("<") + 1:line.index(">")])
                    say("250 ok")
                elif verb == "DATA":
                    say("354 go on")
                    await writer.drain()
                    raw = await reader.readuntil(b"\r\n.\r\n")
                    raw = b"\r\n".join(part[1:] if part.startswith(b".") else part for part in raw[:-3].split(b"\r\n"))
                    message = email.message_from_bytes(raw, policy=email.policy.default)
                    with self.lock:
                        self.mails.append((recipients, message))
                        self.raw.append((recipients, raw))
                        if self.directory:
                            self._write(len(self.mails), recipients, message)
                    recipients = []
                    if not self.answers:
                        await reader.read()
                        break
                    say("250 taken")
                elif verb == "QUIT":
                    say("221 bye")
                    await writer.drain()
                    break
                else:
                    say("250 ok")
                await writer.drain()
        writer.close()

    def _write(self, number, recipients, message):
        text = message.get_body(("plain",))
        part = self.directory / f"{number}.part"
        part.write_text(json.dumps({"to": recipients, "subject": str(message["Subject"]), "text": text.get_content(),
                                    "reply_to": message["Reply-To"].addresses[0].addr_spec if message["Reply-To"] else "",
                                    "message_id": str(message["Message-ID"])}))
        part.rename(self.directory / f"{number:06}.json")

    def to(self, address):
        with self.lock:
            return [message for recipients, message in self.mails if address in recipients]

    def told(self, address):
        """What a mailbox shows of the mails to it: each Message-ID once. Whoever is killed after a relay's 250 and before
        its own note of that sends once more (RFC 5321 6.1 prefers the second copy to none): the same octets, or it is
        another mail."""
        shown = {}
        with self.lock:
            for recipients, raw in self.raw:
                if address in recipients:
                    name = email.message_from_bytes(raw, policy=email.policy.default)["Message-ID"]
                    if shown.setdefault(name, raw) != raw:
                        raise AssertionError(f"two mails are called {name}")
        return [email.message_from_bytes(raw, policy=email.policy.default) for raw in shown.values()]

    @property
    def relay(self):
        return f"127.0.0.1:{self.port}"

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


class DnsServer:
    """Debian's dnsmasq on a free port of loopback: names below `example` and `com` are ours, all else is refused."""

    def __init__(self, texts, more=()):
        """`more`: further lines of dnsmasq's configuration."""
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-dns-"))
        self.port = free_port()
        lines = [f"port={self.port}", "listen-address=127.0.0.1", "bind-interfaces", "no-resolv", "no-hosts", "pid-file",
                 "keep-in-foreground", "log-facility=/dev/null", "local-ttl=60", "local=/example/com/"]
        for name, text in texts.items():
            lines.append("txt-record=" + ",".join([name] + [text[at:at + 200] for at in range(0, len(text), 200)]))
        (self.directory / "conf").write_text("\n".join([*lines, *more]) + "\n")
        self.process = None
        self.at = f"127.0.0.1:{self.port}"

    def start(self):
        self.process = subprocess.Popen(["/usr/sbin/dnsmasq", f"--conf-file={self.directory / 'conf'}"])

        def answers():
            assert self.process.poll() is None, "dnsmasq ended"
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.settimeout(0.2)
                client.connect(("127.0.0.1", self.port))
                try:
                    client.send(bytes.fromhex("000101000001000000000000") + b"\x07example\0\0\x10\0\x01")
                    return client.recv(512)
                except OSError:
                    return None
        eventually("dnsmasq answers", answers)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


class OnPostgres:
    """For a TestCase: a server of its own and a fresh `database` for each test; skipped where there is no PostgreSQL."""

    @classmethod
    def setUpClass(cls):
        if not POSTGRES_BIN.exists():
            raise unittest.SkipTest("PostgreSQL 15 is not installed (Debian: postgresql-15)")
        cls.postgres = Postgres()

    @classmethod
    def tearDownClass(cls):
        cls.postgres.stop()

    def setUp(self):
        self.database = self.postgres.database()
        super().setUp()


class Serving:
    """One `okpay serve`, its ready line read."""

    def __init__(self, data, *more, database="sqlite", relay=None, environment=None):
        self.data = pathlib.Path(data)
        words = [OKPAY, "serve", "--data", str(data), "--database", database, "--http", "127.0.0.1:0", "--smtp",
            "127.0.0.1:0",
                 "--lmtp", "127.0.0.1:0", "--domain", DOMAIN, "--log-level", "warn", *more]
        if relay:
            words += ["--smtp-relay", relay, "--smtp-relay-tls", "none"]
        self.log = open(self.data.parent / f"{self.data.name}.log", "ab")
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=self.log, env={**os.environ,
            **(environment or {})})
        atexit.register(lambda: self.process.poll() is None and self.process.kill())  # a failed story leaves nobody behind
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.process.stdout.close()
            log = (self.data.parent / f"{self.data.name}.log").read_text()
            raise AssertionError("okpay serve did not start: " + log[-2000:])
        ready = json.loads(line)
        self.http = urllib.parse.urlsplit(ready["http"])
        self.content_http = ready["content_http"]
        self.smtp = ready["smtp"]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
        self.process.stdout.close()
        self.log.close()
        return self.process.returncode


class Client:
    """One browser or one merchant: cookies, origin, idempotency keys."""

    def __init__(self, serving, api_key=None):
        self.serving = serving
        self.api_key = api_key
        self.cookie = None

    def call(self, method, path, body=None, key=None, origin=True):
        connection = http.client.HTTPConnection(self.serving.http.hostname, self.serving.http.port, timeout=60)
        headers = {}
        if origin:
            headers["Origin"] = f"{self.serving.http.scheme}://{self.serving.http.netloc}"
        if self.cookie:
            headers["Cookie"] = self.cookie
        if self.api_key:
            headers["Authorization"] = f"Bearer {self.api_key}"
            headers.pop("Origin", None)
        if key:
            headers["Idempotency-Key"] = key
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        elif method == "POST":
            data = b""
        try:
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        cookie = response.getheader("Set-Cookie")
        if cookie:
            self.cookie = cookie.split(";")[0]
        value = json.loads(text) if text and "json" in (response.getheader("Content-Type") or "") else None
        return response.status, value, dict(response.getheaders())

    def ok(self, method, path, body=None, key=None):
        status, value, _ = self.call(method, path, body, key)
        assert status < 300, (method, path, status, value)
        return value


class Staff(Client):
    def __init__(self, serving, sign_in):
        super().__init__(serving)
        self.sign_in_data = sign_in
        self.used_step = -1
        self.ok("POST", "/api/v1/staff/sign-in", {"email": sign_in["email"], "password": sign_in["password"],
            "totp": self.code()})

    def code(self):
        """A code that was not used before: each works once, and the server allows one step ahead of its clock."""
        step = max(int(time.time() // 30), self.used_step + 1)
        eventually("a fresh one-time code", lambda: int(time.time() // 30) >= step - 1, 40)
        self.used_step = step
        return totp(self.sign_in_data["totp_secret"], step * 30)


def demo(data, database="sqlite", truth=None, transactions=400, tickets=4, customers=24):
    words = [OKPAY, "demo", "--data", str(data), "--database", database, "--json", "--domain", DOMAIN, "--customers",
        str(customers),
             "--transactions", str(transactions), "--tickets", str(tickets), "--log-level", "warn"]
    if truth:
        words += ["--truth", str(truth)]
    return json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout)


def verify(data, database="sqlite"):
    done = subprocess.run([OKPAY, "verify", "--data", str(data), "--database", database, "--json"], stdout=subprocess.PIPE)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    faults = [line for line in lines if line.get("details")]
    assert done.returncode == 0 and not faults, faults or lines
    return {line["check"]: line["looked_at"] for line in lines if "check" in line}, lines[-1]["head"]


def swaks(smtp, sender, recipient, eml_path):
    host, port = smtp.rsplit(":", 1)
    return subprocess.run(["swaks", "--server", host, "--port", port, "--from", sender, "--to", recipient, "--data",
        f"@{eml_path}",
                           "--hide-all", "--timeout", "60"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT).returncode


def eml(sender, subject, text, charset="utf-8", headers=None, to=f"support@{DOMAIN}", offset="+0800"):
    """Octets of a mail whose charset is what an old client would send, header words and body alike."""
    import base64
    import email.utils
    words = base64.b64encode(subject.encode(charset)).decode()
    lines = [f"From: <{sender}>", f"To: {to}", f"Subject: =?{charset}?B?{words}?=",
             "Date: " + time.strftime("%a, %d %b %Y %H:%M:%S ", time.gmtime(time.time() + 8 * 3600)) + offset,
             f"Message-ID: <{uuid.uuid4()}@client.example>", "MIME-Version: 1.0",
                 f"Content-Type: text/plain; charset={charset}",
             "Content-Transfer-Encoding: base64"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + base64.encodebytes(text.encode(charset)).replace(b"\n", b"\r\n")
