# SPDX-License-Identifier: Apache-2.0
"""Debian's Dovecot on loopback for the stories: IMAP over TLS, sign-in by password and by tokens that it verifies itself."""
import base64
import getpass
import hashlib
import hmac
import imaplib
import json
import os
import pathlib
import pwd
import shutil
import socket
import ssl
import subprocess
import time

import house

DOVECOT = pathlib.Path("/usr/sbin/dovecot")
USER, PASSWORD = f"support@{house.DOMAIN}", "open sesame 4711"
TOKEN_KEY = b"a key of the story, known to Dovecot and to who makes tokens"


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def token(expires):
    """A JWT as an identity provider would make it."""
    head = base64url(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    body = base64url(json.dumps({"sub": USER, "exp": int(expires), "iat": int(time.time()) - 60}).encode())
    mark = hmac.new(TOKEN_KEY, f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{base64url(mark)}"


class Dovecot:
    def __init__(self, directory):
        self.root = directory / "dovecot"
        self.root.mkdir()
        self.port = house.free_port()
        self.process = None
        root_runs = os.geteuid() == 0
        self.owner = "mail" if root_runs else getpass.getuser()
        inner = "dovecot" if root_runs else self.owner
        unprivileged = "dovenull" if root_runs else self.owner
        for name in ("run", "state", "mail", "keys/default/HS256"):
            (self.root / name).mkdir(parents=True)
        self.certificate = self.root / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(self.root / "key.pem"),
                        "-out", str(self.certificate), "-days", "2", "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        (self.root / "keys/default/HS256/default").write_text(base64.b64encode(TOKEN_KEY).decode())
        (self.root / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        (self.root / "oauth2").write_text("introspection_mode = local\nusername_attribute = sub\n"
                                          f"local_validation_key_dict = fs:posix:prefix={self.root}/keys/\n")
        (self.root / "conf").write_text(f"""base_dir = {self.root}/run
state_dir = {self.root}/state
log_path = {self.root}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{self.certificate}
ssl_key = <{self.root}/key.pem
default_internal_user = {inner}
default_internal_group = {inner if root_runs else ''}
default_login_user = {unprivileged}
mail_uid = {self.owner}
mail_gid = {pwd.getpwnam(self.owner).pw_gid}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{self.root}/mail
mail_fsync = never
auth_mechanisms = plain oauthbearer xoauth2
passdb {{
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = {self.root}/oauth2
}}
passdb {{
  driver = passwd-file
  mechanisms = plain
  args = {self.root}/users
}}
userdb {{
  driver = static
  args = home={self.root}/mail
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  {'' if root_runs else 'chroot ='}
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {self.port}
  }}
}}
service anvil {{
  {'' if root_runs else 'chroot ='}
}}
""")
        if root_runs:
            for path in (directory, self.root):
                path.chmod(0o755)
            for path in [self.root / "mail", *(self.root / "mail").rglob("*")]:
                shutil.chown(path, self.owner)

    def start(self):
        self.process = subprocess.Popen([str(DOVECOT), "-F", "-c", str(self.root / "conf")], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)

        def answers():
            assert self.process.poll() is None, (self.root / "log").read_text()
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return True
            except OSError:
                return False
        house.eventually("Dovecot listens", answers)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
        self.process = None

    def client(self):
        """Another client of the same mailbox, signed in, with the INBOX open for changes."""
        client = imaplib.IMAP4_SSL("localhost", self.port, ssl_context=ssl.create_default_context(cafile=self.certificate))
        client.login(USER, PASSWORD)
        client.select("INBOX")
        return client

    def append(self, *mails, at=None):
        """`at`: when they came into the mailbox, in seconds since 1970; now without it."""
        client = self.client()
        date = imaplib.Time2Internaldate(at) if at else None
        try:
            for mail in mails:
                status, said = client.append("INBOX", None, date, mail)
                assert status == "OK", said
        finally:
            client.logout()

    def flags(self):
        """Of each mail in order, as they stand."""
        client = self.client()
        try:
            status, said = client.uid("FETCH", "1:*", "(FLAGS)")
            assert status == "OK", said
            return [imaplib.ParseFlags(line) for line in said if line]
        finally:
            client.logout()

    def number_anew(self):
        """As after a restore: the same mails under another UIDVALIDITY."""
        self.stop()
        for path in (self.root / "mail").glob("dovecot*"):
            path.unlink()
        for folder in ("cur", "new"):  # UIDs and sizes in names would survive
            for path in (self.root / "mail" / folder).iterdir():
                path.rename(path.with_name(path.name.split(",")[0]))
        self.start()
