# SPDX-License-Identifier: Apache-2.0
"""An OpenID provider on loopback whose word can be bent: for what an honest one never says. Signed by Debian's
python3-cryptography, so that what the program checks was not made by its own code."""
import base64
import hashlib
import http.server
import json
import secrets
import threading
import time
import urllib.parse

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils


def b64(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def number(value, size):
    return b64(value.to_bytes(size, "big"))


class Key:
    def __init__(self, algorithm, name):
        self.algorithm, self.name = algorithm, name
        if algorithm == "ES256":
            self.private = ec.generate_private_key(ec.SECP256R1())
        elif algorithm == "EdDSA":
            self.private = ed25519.Ed25519PrivateKey.generate()
        else:
            self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def jwk(self):
        public = self.private.public_key()
        if self.algorithm == "ES256":
            numbers = public.public_numbers()
            key = {"kty": "EC", "crv": "P-256", "x": number(numbers.x, 32), "y": number(numbers.y, 32)}
        elif self.algorithm == "EdDSA":
            raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            key = {"kty": "OKP", "crv": "Ed25519", "x": b64(raw)}
        else:
            numbers = public.public_numbers()
            key = {"kty": "RSA", "n": number(numbers.n, 256), "e": number(numbers.e, 3)}
        return {**key, "kid": self.name, "use": "sig"}

    def sign(self, octets):
        if self.algorithm == "EdDSA":
            return self.private.sign(octets)
        if self.algorithm == "ES256":
            r, s = utils.decode_dss_signature(self.private.sign(octets, ec.ECDSA(hashes.SHA256())))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        if self.algorithm == "PS256":
            return self.private.sign(octets, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
        return self.private.sign(octets, padding.PKCS1v15(), hashes.SHA256())


class Provider:
    CLIENT, SECRET = "okpay", "a secret: with% signs"

    def __init__(self, algorithm="RS256"):
        self.key = Key(algorithm, "first")
        self.issuer_said = None  # in the discovery document; None: the true one
        self.header, self.claims, self.sign = {}, {}, None  # what a token says instead
        self.codes = {}  # code -> (query of the authorization request, subject, address, verified)
        self.asked = []  # paths
        self.up = True
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                provider.asked.append(self.path)
                if not provider.up:
                    return self.say(503, {})
                if self.path == "/realm/.well-known/openid-configuration":
                    base = provider.issuer
                    return self.say(200, {
                        "issuer": provider.issuer_said or base, "authorization_endpoint": base + "/authorize?tenant=7",
                        "token_endpoint": base + "/token", "jwks_uri": base + "/keys",
                        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"]})
                if self.path == "/realm/keys":
                    return self.say(200, {"keys": [{"kty": "oct", "k": "AAAA", "kid": "other"}, provider.key.jwk()]})
                return self.say(404, {})

            def do_POST(self):
                provider.asked.append(self.path)
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                self.say(*provider.token(form, self.headers.get("Authorization", "")))

            def say(self, status, value):
                octets = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(octets)))
                self.end_headers()
                self.wfile.write(octets)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/realm"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def approve(self, url, subject, address, verified=True):
        """Whoever is sent to `url` signs in here: the code with which they go back."""
        code = secrets.token_urlsafe(24)
        self.codes[code] = (dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query)), subject, address, verified)
        return code

    def token(self, form, authorization):
        basic = base64.b64decode(authorization.removeprefix("Basic ")).decode().split(":")
        if [urllib.parse.unquote(part) for part in basic] != [self.CLIENT, self.SECRET]:
            return 401, {"error": "invalid_client"}
        asked, subject, address, verified = self.codes.pop(form.get("code"), (None,) * 4)  # each works once
        challenge = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (asked is None or form.get("grant_type") != "authorization_code" or asked["code_challenge_method"] != "S256"
                or asked["code_challenge"] != challenge or form.get("redirect_uri") != asked["redirect_uri"]):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": subject, "aud": self.CLIENT, "iat": now, "exp": now + 300,
                  "nonce": asked["nonce"], "email": address, "email_verified": verified, **self.claims}
        header = {"alg": self.key.algorithm, "typ": "JWT", "kid": self.key.name, **self.header}
        said = b64(json.dumps(header).encode()) + "." + b64(json.dumps(claims).encode())
        signature = (self.sign or self.key.sign)(said.encode())
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": said + "." + b64(signature)}

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
