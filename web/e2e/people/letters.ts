// SPDX-License-Identifier: Apache-2.0
// Mail as people have it: the letters that the house sent (files of the smart host, OKPAY_LETTERS) and mails written to it
// over SMTP (OKPAY_SMTP, by swaks).
import { expect } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Letter {
  to: string[];
  subject: string;
  text: string;
  reply_to: string;
  message_id: string;
}

export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: tests/story/browser_people_test.py starts these stories`);
  return value;
}

export function lettersTo(address: string): Letter[] {
  const directory = setting("OKPAY_LETTERS");
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(directory, name), "utf8")) as Letter)
    .filter(({ to }) => to.includes(address));
}

// The newest letter to the address that fits, once there is one.
export async function letter(address: string, what: string, fits: (letter: Letter) => boolean): Promise<Letter> {
  const found = () => lettersTo(address).filter(fits).at(-1);
  await expect
    .poll(() => found() !== undefined, { message: `a letter to ${address}: ${what}`, timeout: 30_000 })
    .toBe(true);
  return found()!;
}

// Where the letter's link to this page leads: path and fragment.
export function linkTo(page: string, { text }: Letter): string {
  const url = new RegExp(`https?://\\S+/account/${page}#\\S+`).exec(text)?.[0];
  if (url === undefined) throw new Error(`no link to ${page} in: ${text}`);
  const { pathname, hash } = new URL(url);
  return pathname + hash;
}

const encodedWord = (text: string) => `=?utf-8?B?${Buffer.from(text).toString("base64")}?=`;

export function writeMail(from: string, to: string, subject: string, text: string, answers?: Letter): void {
  const [host, port] = setting("OKPAY_SMTP").split(":");
  const lines = [
    `From: <${from}>`,
    `To: <${to}>`,
    `Subject: ${encodedWord(subject)}`,
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${randomUUID()}@client.example>`,
    ...(answers === undefined ? [] : [`In-Reply-To: ${answers.message_id}`, `References: ${answers.message_id}`]),
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "",
    Buffer.from(text).toString("base64"),
    "",
  ];
  const file = join(mkdtempSync(join(tmpdir(), "okpay-mail-")), "mail.eml");
  writeFileSync(file, lines.join("\r\n"));
  execFileSync("swaks", [
    ...["--server", host!, "--port", port!, "--from", from, "--to", to, "--data", `@${file}`],
    ...["--hide-all", "--timeout", "60"],
  ]);
}
