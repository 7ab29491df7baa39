# SPDX-License-Identifier: Apache-2.0
"""A security key for the stories: a P-256 key made and used by the openssl program, and the octets that a browser and an
authenticator would send (W3C Web Authentication level 2)."""
import base64
import hashlib
import json
import pathlib
import shutil
import struct
import subprocess
import tempfile


def url64(octets):
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def octets_of(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    if value < 256:
        return bytes([major << 5 | 24, value])
    return bytes([major << 5 | 25]) + struct.pack(">H", value)


def text(words):
    return head(3, len(words)) + words.encode()


def octets(value):
    return head(2, len(value)) + value


class Passkey:
    def __init__(self, credential_id=b"story key 000001"):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-passkey-"))
        self.key = self.directory / "key.pem"
        self.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", self.key)
        self.point = self.openssl("pkey", "-in", self.key, "-pubout", "-outform", "DER")[-64:]
        self.credential_id = credential_id
        self.count = 0
        self.user = b""

    def remove(self):
        shutil.rmtree(self.directory, ignore_errors=True)

    @staticmethod
    def openssl(*words, given=None):
        return subprocess.run(["openssl", *map(str, words)], input=given, check=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL).stdout

    @staticmethod
    def client_data(kind, challenge, origin):
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()

    def data(self, party, flags):
        self.count += 1
        return hashlib.sha256(party.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def made(self, question, origin):
        """The answer to what POST /me/passkeys/question asked."""
        self.user = octets_of(question["user"]["id"])
        cose = (head(5, 5) + head(0, 1) + head(0, 2) + head(0, 3) + head(1, 6) + head(1, 0) + head(0, 1)
                + head(1, 1) + octets(self.point[:32]) + head(1, 2) + octets(self.point[32:]))
        data = (self.data(question["rp"]["id"], 0x45) + bytes(16) + struct.pack(">H", len(self.credential_id))
                + self.credential_id + cose)
        attestation = (head(5, 3) + text("fmt") + text("none") + text("attStmt") + head(5, 0) + text("authData")
                       + octets(data))
        return {"client_data": url64(self.client_data("webauthn.create", question["challenge"], origin)),
                "attestation": url64(attestation)}

    def answer(self, question, origin, flags=0x05):
        client_data = self.client_data("webauthn.get", question["challenge"], origin)
        data = self.data(question["rpId"], flags)
        signature = self.openssl("dgst", "-sha256", "-sign", self.key,
                                 given=data + hashlib.sha256(client_data).digest())
        return {"credential_id": url64(self.credential_id), "client_data": url64(client_data),
                "authenticator_data": url64(data), "signature": url64(signature), "user_handle": url64(self.user)}


def origin_of(client):
    return f"{client.serving.http.scheme}://{client.serving.http.netloc}"


def add(client, key, name="Story key"):
    question = client.ok("POST", "/api/v1/me/passkeys/question", {})
    return client.ok("POST", "/api/v1/me/passkeys", {**key.made(question, origin_of(client)), "name": name})


def sign_in(client, key):
    question = client.ok("POST", "/api/v1/me/sign-in/passkey/question", {})
    return client.ok("POST", "/api/v1/me/sign-in/passkey", {"passkey": key.answer(question, origin_of(client))})


def step_up(client, key):
    question = client.ok("POST", "/api/v1/me/step-up/question", {})["passkey"]
    return client.ok("POST", "/api/v1/me/step-up", {"passkey": key.answer(question, origin_of(client))})
