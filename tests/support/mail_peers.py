# SPDX-License-Identifier: Apache-2.0
"""What others say of mails, for the tests of `mail`: one JSON document a run, from Debian's independent packages.

  spf_suite  the test suite of RFC 7208 (openspf.org), as python3-spf brings it: cases with the whole DNS they see
  signed     mails that python3-dkim signed with fresh keys (DKIM and ARC), with the keys' records and its own verdict
"""
import base64
import gzip
import json
import pathlib
import socket
import subprocess
import sys

SUITE = pathlib.Path("/usr/share/doc/python3-spf/rfc7208-tests.yml.gz")


def b64(octets):
    return base64.b64encode(octets).decode()


def records_of(entries):
    """The suite's way: a record of type SPF stands for a TXT record where the name has none of its own."""
    found, from_spf, own_txt = [], [], False
    for entry in entries:
        if entry == "TIMEOUT":
            found.append("TIMEOUT")
            continue
        for kind, value in entry.items():
            if kind in ("TXT", "SPF") and isinstance(value, str):
                value = [value]
            if kind == "TXT":
                own_txt = True
            if kind == "SPF":
                from_spf.append(("TXT", value))
            elif value != "NONE" and value != ["NONE"]:
                found.append((kind, value))
    return found if own_txt else found + from_spf


def octets_of(kind, value):
    if kind == "A":
        return socket.inet_aton(value)
    if kind == "AAAA":
        return socket.inet_pton(socket.AF_INET6, value)
    if kind == "MX":
        return value[1].rstrip(".").lower().encode()
    return b"".join(part.encode() for part in value)


def answer(zone, name, kind, depth=0):
    entries = zone.get(name.lower().rstrip("."))
    if entries is None:
        return "no_name", []
    found, silent, seen = [], False, False
    for entry in entries:
        if entry == "TIMEOUT":
            silent = True
            break
        this, value = entry
        if this == kind and value == "TIMEOUT":
            return "timed_out", []
        if this == kind:
            seen = True
            found.append(value)
        elif this == "CNAME" and depth == 0:
            status, more = answer(zone, value, kind, 1)
            if status != "found":
                return status, []
            return status, more
    if silent and not seen:
        return "timed_out", []
    if not found:
        return "no_data", []
    if kind == "MX":
        found.sort(key=lambda value: value[0])
    return "found", found


def spf_suite():
    import yaml
    cases = []
    for document in yaml.safe_load_all(gzip.open(SUITE, "rt", encoding="utf-8")):
        if not document:
            continue
        zone = {name.lower(): records_of(entries) for name, entries in document["zonedata"].items()}
        facts = []
        for name in zone:
            for kind in ("A", "AAAA", "MX", "TXT"):
                status, values = answer(zone, name, kind)
                facts.append([name, kind, status, [b64(octets_of(kind, value)) for value in values]])
        for case, data in document["tests"].items():
            results = data["result"] if isinstance(data["result"], list) else [data["result"]]
            cases.append({"id": case, "spec": str(data.get("spec", "")), "ip": data["host"], "helo": data["helo"],
                          "mail_from": data.get("mailfrom") or "", "results": results, "facts": facts})
    return cases


def key(kind, bits=2048):
    if kind == "ed25519":
        import nacl.signing
        private = nacl.signing.SigningKey.generate()
        return b64(bytes(private)).encode(), "v=DKIM1; k=ed25519; p=" + b64(bytes(private.verify_key))
    made = subprocess.run(["openssl", "genrsa", "-traditional", str(bits)], check=True, capture_output=True).stdout
    public = subprocess.run(["openssl", "rsa", "-pubout", "-outform", "DER"], input=made, check=True,
                            capture_output=True).stdout
    return made, "v=DKIM1; k=rsa; p=" + b64(public)


HEADER = (b"From: Li Wei <li@mail.example.com>\r\nTo: support@okpay.example\r\n"
          b"Subject:  charged   twice\r\n\tand  folded \r\nDate: Sat, 28 Nov 2026 09:00:00 +0800\r\n"
          b"Message-ID: <one@mail.example.com>\r\nMIME-Version: 1.0\r\n")
BODY = b" two  spaces \t here  \r\n\r\ntabs\tin the middle\t \r\n\r\n.dots and \xe4\xb8\xad\xe6\x96\x87\r\n\r\n \r\n\r\n"


def signed():
    import dkim
    cases = []
    keys = {"rsa": key("rsa"), "weak": key("rsa", 1024), "short": key("rsa", 768), "ed": key("ed25519"),
            "other": key("rsa"), "forwarder": key("rsa")}
    dns = {f"{name}._domainkey.example.com": record for name, (_, record) in keys.items() if name != "forwarder"}
    dns["forwarder._domainkey.lists.example"] = keys["forwarder"][1]
    dns["other._domainkey.example.net"] = keys["other"][1]
    dns["revoked._domainkey.example.com"] = "v=DKIM1; p="

    def asked(name, timeout=5):
        record = dns.get(name.decode().rstrip("."))
        return record.encode() if record else None

    def sign(message, selector, domain="example.com", form="relaxed/relaxed", algorithm=None, **more):
        pair = keys["rsa" if selector == "revoked" else selector]
        algorithm = algorithm or ("ed25519-sha256" if selector == "ed" else "rsa-sha256")
        header, body = (part.encode() for part in form.split("/"))
        return dkim.sign(message, selector.encode(), domain.encode(), pair[0], canonicalize=(header, body),
                         signature_algorithm=algorithm.encode(), **more) + message

    def case(name, message, outcome, why="", arc=None):
        theirs = None
        if outcome in ("pass", "fail"):
            theirs = bool(dkim.verify(message, dnsfunc=asked))
        cases.append({"name": name, "mail": b64(message), "outcome": outcome, "why": why, "theirs": theirs, "arc": arc})

    plain = HEADER + b"\r\n" + BODY
    for form in ("simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed"):
        case(form, sign(plain, "rsa", form=form), "pass")
        case("no body " + form, sign(HEADER + b"\r\n", "rsa", form=form), "pass")
        case("empty lines alone " + form, sign(HEADER + b"\r\n\r\n\r\n", "rsa", form=form), "pass")
        changed = sign(plain, "rsa", form=form)
        case("body changed " + form, changed.replace(b"dots", b"dogs"), "fail", "body_changed")
        case("subject changed " + form, changed.replace(b"twice", b"thrice"), "fail", "signature_wrong")
        case("Ed25519 " + form, sign(plain, "ed", form=form), "pass")
    case("spaces do not count", sign(plain, "rsa").replace(b"two  spaces", b"two \t  spaces"), "pass")
    case("spaces count", sign(plain, "rsa", form="simple/simple").replace(b"two  spaces", b"two   spaces"), "fail",
         "body_changed")
    case("a field added above", b"X-Seen: yes\r\n" + sign(plain, "rsa"), "pass")
    oversigned = sign(plain, "rsa", include_headers=[b"from", b"subject", b"subject"])
    case("a second Subject added", b"Subject: other\r\n" + oversigned, "fail", "signature_wrong")
    case("weak key", sign(plain, "weak"), "pass", "weak_key")
    case("short key", sign(plain, "short"), "policy", "key_too_short")
    case("partial body", sign(plain, "rsa", length=True), "policy", "partial_body")
    case("SHA-1", sign(plain, "rsa", algorithm="rsa-sha1"), "policy", "sha1")
    case("revoked", sign(plain, "revoked"), "policy", "key_revoked")
    case("no key", sign(plain, "rsa").replace(b"s=rsa;", b"s=none;"), "permerror", "no_key")
    case("key of another", sign(plain, "rsa").replace(b"s=rsa;", b"s=other;"), "fail", "signature_wrong")

    results = b"Authentication-Results: lists.example; dmarc=pass header.from=mail.example.com\r\n"
    forwarded = results + sign(plain, "rsa").replace(b"Subject:  charged", b"Subject: [list] charged")
    def sealed(message):
        fields = dkim.arc_sign(message, b"forwarder", b"lists.example", keys["forwarder"][0], b"lists.example")
        return b"".join(fields) + message

    def chain(name, message, why, instances):
        theirs = dkim.arc_verify(message, dnsfunc=asked)[0].decode()
        case(name, message, "fail", why, {"instances": instances, "theirs": theirs})

    once = sealed(forwarded)
    chain("forwarded", once, "signature_wrong", 1)
    twice = sealed(results.replace(b"dmarc=pass", b"arc=pass; dmarc=fail") + once)
    chain("forwarded twice", twice, "signature_wrong", 2)
    chain("forwarded and changed", twice.replace(b"two  spaces", b"three"), "body_changed", 2)
    return {"dns": dns, "cases": cases}


if __name__ == "__main__":
    json.dump({"spf_suite": spf_suite, "signed": signed}[sys.argv[1]](), sys.stdout)
