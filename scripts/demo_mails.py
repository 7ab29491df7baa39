#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sends a handful of mails from demonstration customers through the SMTP port, as their mail programs would write them.

What they complain of is true of the demonstration world: the double charges come from the file that `okpay demo --truth`
wrote. Message-IDs are fixed, so that sending again makes duplicates, which the mail books count, and no second request.
"""
import argparse
import base64
import datetime
import email.policy
import email.utils
import hashlib
import json
import pathlib
import quopri
import smtplib
import sys
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from typing import Any, NamedTuple

CHINA = datetime.timezone(datetime.timedelta(hours=8))
SYMBOLS = {"CNY": "￥", "HKD": "HK$", "TWD": "NT$", "USD": "$", "EUR": "€", "GBP": "£"}


class Pair(NamedTuple):
    """A line of the truth file: two payments of one customer to one merchant that look alike (src/demo/truth.hpp)."""
    what: str
    doubled: bool
    refunded: bool
    customer: str
    merchant: str
    amount: str
    currency: str
    second: str
    first_at: datetime.datetime | None
    second_at: datetime.datetime | None

    @property
    def money(self) -> str: return SYMBOLS.get(self.currency, self.currency + " ") + self.amount

    @property
    def is_chinese(self) -> bool: return self.currency == "CNY"

    @property
    def is_english(self) -> bool: return self.currency in {"USD", "EUR", "GBP"}


def pairs_of(path: pathlib.Path) -> list[Pair]:
    def moment(row: dict[str, Any], key: str) -> datetime.datetime | None:
        return datetime.datetime.fromisoformat(row[key]) if row.get(key) else None

    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Pair(row["class"], row["doubled"], row["refunded"], row["customer"], row["merchant"], row["amount"]["amount"],
                 row["amount"]["currency"], row["second"], moment(row, "first_at"), moment(row, "second_at"))
            for row in rows if row["type"] == "duplicate" and row["second"]]


class Mail(NamedTuple):
    sender: str
    name: str
    subject: str
    text: str
    charset: str = "utf-8"
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def chinese_complaint(pair: Pair) -> Mail:
    when, times = "", f"第二笔的交易号是{pair.second}"
    if pair.first_at and pair.second_at:
        first, second = pair.first_at.astimezone(CHINA), pair.second_at.astimezone(CHINA)
        when = f"{first.month}月{first.day}日"
        same = first.strftime("%H:%M") == second.strftime("%H:%M")
        times = f"都是{first:%H:%M}" if same else f"一次是{first:%H:%M}，一次是{second:%H:%M}"
    return Mail(pair.customer, "", f"重复扣款：{pair.merchant} {pair.money}",
                f"客服您好，\n\n我{when}在{pair.merchant}只买了一单，但是钱包里扣了两次{pair.money}，{times}。\n"
                "麻烦核实一下，把多扣的那一笔退给我。\n\n谢谢！\n", charset="gb18030")


def english_complaint(pair: Pair) -> Mail:
    when = f" on {pair.first_at:%-d %B %Y}" if pair.first_at else ""
    text = (f"Hi,\n\nI bought one thing from {pair.merchant}{when} and was charged {pair.money} twice. The second one is "
            f"{pair.second} in my history. I only have one receipt.\n\n"
            "Could you please refund it?\n\nThanks a lot\n\nSent from my phone\n")
    return Mail(pair.customer, "", f"Charged twice by {pair.merchant}", text,
                html="<html><body>" + "".join(f"<p>{part}</p>" for part in text.strip().split("\n\n")) + "</body></html>")


def complaint(pair: Pair) -> Mail: return chinese_complaint(pair) if pair.is_chinese else english_complaint(pair)


def others(customers: list[str]) -> list[Mail]:
    """Everyday mail around the double charges: a question, a fault, a stranger, a machine."""
    someone = (customers * 3)[:3]
    mails = [
        Mail("lin.wei@mail.example", "林薇", "提现手续费是多少？", "你好，想问一下提现到银行卡手续费怎么收，多久能到账？\n"),
        Mail("stranger@elsewhere.example", "J. Doe", "charged twice", "you took my money two times, give it back\n"),
    ]
    if someone:
        mails += [
            Mail(someone[0], "", "Charged twice?", "Hello, I think I paid twice for something last week. Can you look?\n"),
            Mail(someone[1], "", "Payment fails with error E-4012",
                 "Hello,\n\nsince this morning my payments stop with \"E-4012 declined\". Balance is fine. What now?\n"),
            Mail(someone[2], "", "Automatic reply: out of office", "I am away until Monday and read no mail.\n",
                 headers=(("Auto-Submitted", "auto-replied"), ("Precedence", "bulk"))),
        ]
    return mails


def text_part(text: str, subtype: str, charset: str) -> MIMEPart:
    """As old and new mail programs do it: base64 for Chinese charsets, quoted-printable for the rest."""
    body = text.replace("\n", "\r\n").encode(charset)
    part = MIMEPart(policy=email.policy.SMTP)
    part["Content-Type"] = f'text/{subtype}; charset="{charset.upper()}"'
    if charset == "utf-8":
        part["Content-Transfer-Encoding"] = "quoted-printable"
        part.set_payload(quopri.encodestring(body).decode("ascii"))
    else:
        part["Content-Transfer-Encoding"] = "base64"
        part.set_payload(base64.encodebytes(body).decode("ascii"))
    return part


def header_text(text: str, charset: str) -> str:
    """RFC 2047 by hand: the library would choose UTF-8, and old Chinese programs did not."""
    if text.isascii():
        return text
    words = [text[start:start + 12] for start in range(0, len(text), 12)]  # 75 characters an encoded word at most
    return "\r\n ".join(f"=?{charset.upper()}?B?{base64.b64encode(word.encode(charset)).decode()}?=" for word in words)


def wire_form(mail: Mail, to: str, at: datetime.datetime) -> bytes:
    name = f"{header_text(mail.name, mail.charset)} " if mail.name and not mail.name.isascii() else ""
    sender = f"{name}<{mail.sender}>" if name else str(Address(mail.name, addr_spec=mail.sender))
    unique = hashlib.sha256(f"{mail.sender}{mail.subject}".encode()).hexdigest()[:24]
    head = [f"From: {sender}", f"To: <{to}>", f"Subject: {header_text(mail.subject, mail.charset)}",
            f"Date: {email.utils.format_datetime(at)}", f"Message-ID: <{unique}@{mail.sender.rpartition('@')[2]}>",
            "MIME-Version: 1.0", *(f"{name}: {value}" for name, value in mail.headers)]
    body = text_part(mail.text, "plain", mail.charset)
    if mail.html:
        whole = EmailMessage(policy=email.policy.SMTP)
        whole["Content-Type"] = 'multipart/alternative; boundary="=-okpay-demonstration"'
        whole.set_payload([body, text_part(mail.html, "html", mail.charset)])
        body = whole
    return "\r\n".join(head).encode("ascii") + b"\r\n" + body.as_bytes()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smtp", required=True, help="HOST:PORT")
    parser.add_argument("--to", required=True, help="the support address")
    parser.add_argument("--sign-ins", required=True, type=pathlib.Path, help="what `okpay demo --json` printed")
    parser.add_argument("--truth", required=True, type=pathlib.Path, help="what `okpay demo --truth` wrote")
    asked = parser.parse_args()

    customers = [who["email"] for who in json.loads(asked.sign_ins.read_text(encoding="utf-8"))["customers"]]
    pairs = [pair for pair in pairs_of(asked.truth) if pair.customer in customers and not pair.refunded]
    doubled = [pair for pair in pairs if pair.doubled]
    # Two in each language are right; one is wrong: the ledger knows better than the customer.
    telling = [pair for pair in doubled if pair.is_chinese][:2] + [pair for pair in doubled if pair.is_english][:2] + \
        [pair for pair in pairs if pair.what in {"two_coffees", "two_metro_rides", "two_vending"}][:1]
    mails = [complaint(pair) for pair in telling]
    writing = {mail.sender for mail in mails}
    mails += others([customer for customer in customers if customer not in writing])

    host, _, port = asked.smtp.rpartition(":")
    now = datetime.datetime.now(datetime.timezone.utc)
    with smtplib.SMTP(host.strip("[]"), int(port), timeout=30) as server:
        for mail in mails:
            server.sendmail(mail.sender, [asked.to], wire_form(mail, asked.to, now))
    print(f"sent {len(mails)} mails to {asked.to}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
