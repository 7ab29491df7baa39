// SPDX-License-Identifier: Apache-2.0
// What the stories share: the staff of the demonstration, their one-time codes, signing in, screenshots, axe.
import { expect, test, type Browser, type BrowserContext, type Page } from "@playwright/test";
import { createHmac } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { words as accountWords } from "../src/account/words";
import type { CustomerWithWallets } from "../src/api/types";
import type { SiteLanguage } from "../src/i18n/choice";
import { en } from "../src/i18n/en";
import { zh } from "../src/i18n/zh";

export type Tongue = "en" | "zh";
export const wordsOf = { en, zh };
export const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
export type Size = keyof typeof sizes;

export interface SignIn {
  email: string;
  password: string;
  role: string;
  totp_secret?: string;
}

export interface Customer {
  email: string;
  password: string;
  name: string;
  language: string;
}

function signIns(): { staff: SignIn[]; customers: Customer[] } {
  const file = process.env["OKPAY_SIGNINS"];
  if (file === undefined) throw new Error("OKPAY_SIGNINS must name the file with the output of `okpay demo --json`");
  return JSON.parse(readFileSync(file, "utf8")) as ReturnType<typeof signIns>;
}
export const staff = (): SignIn[] => signIns().staff;

// One of the demonstration's staff who has joined.
export function person(role: string): SignIn {
  const found = staff().find((one) => one.role === role && one.totp_secret !== undefined);
  if (found === undefined) throw new Error(`the demonstration needs one with the role ${role}`);
  return found;
}
export const customers = (): Customer[] => signIns().customers;

// RFC 6238 with SHA-1, six digits, 30 s: what authenticator apps do.
const step = 30_000;
export function codeAt(secret: string, counter: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.toUpperCase().replace(/[\s=]/g, "")]
    .map((c) => alphabet.indexOf(c).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((octet) => parseInt(octet, 2)));
  const moving = Buffer.alloc(8);
  moving.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac("sha1", key).update(moving).digest();
  const offset = (mac[19] ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

// What outlives a worker, which ends with each failed story. `sessions` goes with the output folder at the next run.
function load<T>(file: string): Record<string, T> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, T>;
  } catch {
    return {};
  }
}
function keep(file: string, value: object): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(value));
}
// Of the project: the two may run at the same time, with colleagues of the same names in two worlds.
const spentFile = () => `${test.info().project.outputDir}-spent.json`;
const sessionsFile = () => join(test.info().project.outputDir, "sessions.json");

// A code is good once, so each use takes the next step of the clock; the server allows one step ahead.
export async function nextCode(person: SignIn): Promise<string> {
  if (person.totp_secret === undefined) throw new Error(`${person.email} has no totp_secret in OKPAY_SIGNINS`);
  const spent = load<number>(spentFile());
  const counter = Math.max(Math.floor(Date.now() / step), (spent[person.totp_secret] ?? 0) + 1);
  keep(spentFile(), { ...spent, [person.totp_secret]: counter });
  const early = (counter - 1) * step - Date.now(); // the server refuses what lies further ahead
  if (early > 0) await new Promise((resume) => setTimeout(resume, early + 500));
  return codeAt(person.totp_secret, counter);
}

export async function openDesk(
  browser: Browser,
  tongue: Tongue,
  size: Size,
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    viewport: sizes[size],
    locale: tongue === "zh" ? "zh-CN" : "en-GB",
    hasTouch: size === "phone",
    deviceScaleFactor: 1,
    // A notice is gone when its time is over, however busy the machine is with drawing it.
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  return { context, page: await context.newPage() };
}

type Cookies = Awaited<ReturnType<BrowserContext["cookies"]>>;

export async function signIn(page: Page, person: SignIn, tongue: Tongue): Promise<void> {
  const t = wordsOf[tongue];
  await page.goto("/console");
  await page.getByLabel(t.signIn.email).fill(person.email);
  await page.getByLabel(t.signIn.password, { exact: true }).fill(person.password);
  await page.getByRole("button", { name: t.signIn.next }).click();
  await page.getByLabel(t.signIn.code).fill(await nextCode(person));
  await page.getByRole("button", { name: t.signIn.enter, exact: true }).click();
  await expect(page.getByRole("navigation", { name: t.app.views })).toBeVisible();
  keep(sessionsFile(), { ...load<Cookies>(sessionsFile()), [person.email]: await page.context().cookies() });
}

// Signs in once for each person; later stories take up the session.
export async function enter(page: Page, person: SignIn, tongue: Tongue): Promise<void> {
  const kept = load<Cookies>(sessionsFile())[person.email];
  if (kept === undefined) return signIn(page, person, tongue);
  await page.context().addCookies(kept);
  await page.goto("/console");
  await expect(page.getByRole("navigation", { name: wordsOf[tongue].app.views })).toBeVisible();
}

const shots = process.env["OKPAY_SHOTS"] ?? join("test-results", "shots");
export async function shot(page: Page, name: string): Promise<void> {
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), animations: "disabled" });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
interface AxeResult {
  violations: { id: string; impact: string | null; help: string; nodes: { html: string; failureSummary?: string }[] }[];
}

// No serious or critical finding. evaluate() runs beside the page's content security policy.
export async function expectAccessible(page: Page): Promise<void> {
  // A notice that is fading has no contrast to measure.
  await expect(page.locator(".ant-message-notice")).toHaveCount(0);
  await page.evaluate(axeSource);
  const result = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<AxeResult> } };
    return axe.run({ resultTypes: ["violations"] });
  });
  const grave = result.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const words = grave.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes
        .slice(0, 4)
        .map(({ html, failureSummary }) => `  ${html.slice(0, 160)}\n    ${failureSummary ?? ""}`)
        .join("\n")}`,
  );
  expect(words, words.join("\n")).toEqual([]);
}

// The page does not scroll sideways.
export async function expectFits(page: Page): Promise<void> {
  const beyond = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll("body *")].filter(
      (element) => element.getBoundingClientRect().right > clientWidth,
    );
    return [`${scrollWidth - clientWidth} px`, ...wide.map(({ tagName, className }) => `${tagName}.${className}`)];
  });
  expect(beyond, "what is wider than the page").toEqual([]);
}

// --- the customer's page
export const locales: Record<SiteLanguage, string> = { en: "en-GB", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW" };

// Signed in as this customer on a device of its own.
export async function enterAccount(browser: Browser, who: Customer, language: SiteLanguage, size: Size): Promise<Page> {
  const context = await browser.newContext({
    viewport: sizes[size],
    locale: locales[language],
    hasTouch: size === "phone",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const t = accountWords[language];
  await page.goto("/account");
  await page.getByLabel(t.signIn.email).fill(who.email);
  await page.getByLabel(t.signIn.password, { exact: true }).fill(who.password);
  await page.getByRole("button", { name: t.signIn.enter, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: who.name })).toBeVisible();
  return page;
}
export const me = async (page: Page) => (await (await page.request.get("/api/v1/me")).json()) as CustomerWithWallets;
