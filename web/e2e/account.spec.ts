// SPDX-License-Identifier: Apache-2.0
// A customer's page: come in, be paid by a code, pay by it, once whatever happens, find it again and read what it says.
import { expect, test, type APIRequestContext, type Browser, type Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { words, type AccountWords } from "../src/account/words";
import type { Payment } from "../src/api/types";
import { digitsOf, fromMinor, shownAmount } from "../src/format/money";
import type { SiteLanguage } from "../src/i18n/choice";
import { customers, expectAccessible, expectFits, locales, me, shot, sizes, type Customer, type Size } from "./desk";
import { openPhone } from "./phone";

const shown = (amount: { amount: string; currency: string }, language: SiteLanguage) =>
  shownAmount(amount, language === "en" ? "en" : language === "zh-Hant" ? "zh-Hant" : "zh");

async function fillDoor(page: Page, who: Customer, t: AccountWords): Promise<void> {
  await page.getByLabel(t.signIn.email).fill(who.email);
  await page.getByLabel(t.signIn.password, { exact: true }).fill(who.password);
  await page.getByRole("button", { name: t.signIn.enter, exact: true }).click();
}

async function enter(page: Page, who: Customer, t: AccountWords): Promise<void> {
  await page.goto("/account");
  await fillDoor(page, who, t);
  await expect(page.getByRole("heading", { level: 1, name: who.name })).toBeVisible();
}

const history = async (request: APIRequestContext, query: string) =>
  ((await (await request.get(`/api/v1/me/payments?${query}`)).json()) as { items: Payment[] }).items;

// Two who have money in the same currency: the first can pay.
async function pair(browser: Browser): Promise<{ payer: Customer; payee: Customer; currency: string; digits: number }> {
  const seen: { who: Customer; currency: string; digits: number }[] = [];
  for (const who of customers()) {
    const page = await openPhone(browser, "en", "desktop");
    await enter(page, who, words.en);
    for (const { available } of (await me(page)).wallets) {
      const digits = digitsOf(available.amount);
      const other = seen.find(({ currency }) => currency === available.currency);
      const enough = Number(available.amount) >= 5 * (digits === 0 ? 100 : 1);
      if (enough && other !== undefined) {
        await page.context().close();
        return { payer: who, payee: other.who, currency: available.currency, digits };
      }
      seen.push({ who, currency: available.currency, digits });
    }
    await page.context().close();
  }
  throw new Error("the demonstration needs two customers with money in one currency");
}

// What a phone's camera would read.
function scanned(picture: Buffer): string {
  const file = join(mkdtempSync(join(tmpdir(), "okpay-code-")), "code.png");
  execFileSync("tee", [file], { input: picture, stdio: ["pipe", "ignore", "inherit"] });
  return execFileSync("zbarimg", ["--quiet", "--nodbus", "--raw", file], { encoding: "utf8" }).trim();
}

test("a statement is taken away, to read and for spreadsheets, in the reader's language", async ({ browser }) => {
  const who = customers().at(0)!;
  for (const language of ["en", "zh-Hant"] as const) {
    const t = words[language];
    const page = await openPhone(browser, language, "phone");
    await enter(page, who, t);
    await page.getByText(t.statement.title, { exact: true }).click();
    await expectFits(page);
    await expectAccessible(page);
    await shot(page, `account-statement-${language}`);
    for (const { name, ending, begins } of [
      { name: t.statement.pdf, ending: "pdf", begins: "%PDF-" },
      { name: t.statement.csv, ending: "csv", begins: '\ufeff"' },
    ]) {
      const begun = page.waitForEvent("download");
      await page.getByRole("button", { name }).click();
      const file = await begun;
      expect(file.suggestedFilename()).toMatch(new RegExp(`^statement-[A-Z]{3}-\\d+-[\\d-]+\\.${ending}$`));
      expect(readFileSync(await file.path(), "utf8").startsWith(begins)).toBe(true);
      await expect(page.getByText(t.statement.done)).toBeVisible();
    }
    await page.context().close();
  }
});

test("a person pays another by the code, once, and finds it again", async ({ browser }) => {
  const { payer, payee, currency, digits } = await pair(browser);
  const t = words.en;
  const amount = { amount: fromMinor(digits === 0 ? 101n : 10n ** BigInt(digits) + 1n, digits), currency };
  const note = `Lunch ${Date.now()}`;

  // The payee shows a code for that amount.
  const getting = await openPhone(browser, "zh-Hans", "phone");
  await enter(getting, payee, words["zh-Hans"]);
  const payeeId = (await me(getting)).id;
  await getting.getByRole("link", { name: words["zh-Hans"].receive, exact: true }).click();
  await getting.getByLabel(words["zh-Hans"].get.currency).selectOption(currency);
  await getting.getByLabel(words["zh-Hans"].get.amount).fill(amount.amount);
  const drawn = getting.waitForResponse(
    (answer) => answer.url().includes("/pay-code.svg") && answer.url().includes("note="),
  );
  await getting.getByLabel(words["zh-Hans"].get.note).fill(note);
  await getting.getByLabel(words["zh-Hans"].get.note).blur();
  await drawn;
  const code = getting.getByRole("img", { name: words["zh-Hans"].get.picture(payee.name) });
  await expect
    .poll(() => code.evaluate((image: HTMLImageElement) => image.complete && image.src.includes("note=")))
    .toBe(true);
  await shot(getting, "account-receive-zh-Hans-phone");
  await expectAccessible(getting);
  await expectFits(getting);
  const url = new URL(scanned(await code.screenshot()));
  expect(url.pathname).toBe("/account/pay");
  expect(Object.fromEntries(url.searchParams)).toEqual({ to: payeeId, ...amount, note });
  await getting.getByRole("button", { name: words["zh-Hans"].get.copy }).click();
  expect(await getting.evaluate(() => navigator.clipboard.readText())).toBe(url.href);

  // The payer opens it signed out: the door says why, and leads on to the payee.
  const page = await openPhone(browser, "en", "phone");
  await page.goto(url.pathname + url.search);
  await expect(page.getByText(t.signIn.toPay)).toBeVisible();
  await shot(page, "account-door-en-phone");
  await expectAccessible(page);
  await fillDoor(page, payer, t);
  await expect(page.getByText(payee.name, { exact: true })).toBeVisible();
  await expect(page.getByLabel(t.send.amount)).toHaveValue(amount.amount);
  await expect(page.getByLabel(t.send.note)).toHaveValue(note);
  await shot(page, "account-pay-en-phone");
  await expectAccessible(page);
  await page.getByRole("button", { name: t.send.next }).click();
  await expect(page.getByRole("heading", { level: 1, name: t.confirm.title })).toBeVisible();
  await shot(page, "account-confirm-en-phone");
  await expectAccessible(page);
  await expectFits(page);

  // A double click sends one payment; a reload of the page afterwards sends none.
  await page.getByRole("button", { name: t.confirm.pay(shown(amount, "en")) }).dblclick();
  await expect(
    page.getByRole("heading", { level: 1, name: t.confirm.done(shown(amount, "en"), payee.name) }),
  ).toBeVisible();
  await shot(page, "account-done-en-phone");
  await expectAccessible(page);
  await page.reload();
  await expect(
    page.getByRole("heading", { level: 1, name: t.confirm.done(shown(amount, "en"), payee.name) }),
  ).toBeVisible();
  const made = await history(page.request, `q=${encodeURIComponent(note)}`);
  expect(made).toHaveLength(1);

  // It stands in the history, is found by its note, and explains itself.
  await page.getByRole("link", { name: t.home }).click();
  const rows = page.getByRole("region", { name: t.history.title }).getByRole("listitem");
  await expect(rows.first()).toContainText(payee.name);
  await shot(page, "account-home-en-phone");
  await expectAccessible(page);
  await expectFits(page);
  await page.getByRole("searchbox", { name: t.history.search }).fill(note);
  await page.keyboard.press("Enter");
  await expect(rows).toHaveCount(1);
  await expect(page).toHaveURL(/q=Lunch/);
  await page
    .getByText(t.history.filterOn)
    .or(page.getByText(t.history.filter, { exact: true }))
    .first()
    .click();
  await page.getByLabel(t.history.kind).selectOption("refund");
  await expect(page.getByText(t.history.emptyFiltered)).toBeVisible();
  await page.getByLabel(t.history.kind).selectOption("person_to_person");
  await expect(rows).toHaveCount(1);
  const today = await page.evaluate(() => new Date().toLocaleDateString("en-CA"));
  await page.getByLabel(t.history.until, { exact: true }).fill(today);
  await expect(rows).toHaveCount(1);
  await page.getByLabel(t.history.until, { exact: true }).fill("2020-01-01");
  await expect(page.getByText(t.history.emptyFiltered)).toBeVisible();
  await shot(page, "account-filter-en-phone");
  await expectAccessible(page);
  await page.getByRole("button", { name: t.history.clear }).click();
  await rows.first().getByRole("link").click();
  await expect(page.getByText(t.explain.sent(shown(amount, "en"), payee.name))).toBeVisible();
  await expect(page.getByText(t.explain.finalSent)).toBeVisible();
  await expect(page.getByText(note)).toBeVisible();
  await shot(page, "account-payment-en-phone");
  await expectAccessible(page);
  await expectFits(page);
  await page.getByRole("button", { name: t.signOut }).click();
  await expect(page.getByText(t.signIn.signedOut)).toBeVisible();
  expect((await page.request.get("/api/v1/me")).status()).toBe(401);
});

test("a lost answer is not known yet, and asking again pays once", async ({ browser }) => {
  const { payer, payee, currency, digits } = await pair(browser);
  const t = words.en;
  const amount = { amount: fromMinor(digits === 0 ? 102n : 10n ** BigInt(digits) + 2n, digits), currency };
  const note = `Lost ${Date.now()}`;
  const page = await openPhone(browser, "en", "phone");
  await enter(page, payer, t);
  await page.getByRole("link", { name: t.pay, exact: true }).click();
  await page.getByLabel(t.send.to).fill(payee.email);
  await page.getByLabel(t.send.wallet).selectOption(currency);
  await page.getByLabel(t.send.amount).fill(amount.amount);
  await page.getByLabel(t.send.note).fill(note);
  await page.getByRole("button", { name: t.send.next }).click();
  await expect(page.getByText(t.confirm.addressOnly)).toBeVisible();

  // The first request reaches the server and its answer is lost; the next are lost on the way there.
  const keys = new Set<string>();
  let tries = 0;
  await page.route("**/api/v1/me/transfers", async (route) => {
    keys.add(route.request().headers()["idempotency-key"] ?? "");
    tries += 1;
    if (tries === 1) await route.fetch();
    await route.abort();
  });
  await page.getByRole("button", { name: t.confirm.pay(shown(amount, "en")) }).click();
  await expect(page.getByRole("heading", { level: 1, name: t.confirm.unknown })).toBeVisible();
  await expect(page.getByText(t.confirm.unknownLine)).toBeVisible();
  await shot(page, "account-unknown-en-phone");
  await expectAccessible(page);
  await page.goto("/account");
  await expect(page.getByText(t.unsettled.look)).toBeVisible();
  await shot(page, "account-unsettled-en-phone");
  await expectAccessible(page);
  await page.getByRole("link", { name: t.unsettled.look }).click();
  await expect.poll(() => tries).toBeGreaterThan(1);
  await page.reload();
  await expect.poll(() => tries).toBeGreaterThan(2);
  await page.unroute("**/api/v1/me/transfers");
  await expect(page.getByRole("heading", { level: 1, name: /paid to/ })).toBeVisible();
  expect(keys.size).toBe(1);
  expect(await history(page.request, `q=${encodeURIComponent(note)}`)).toHaveLength(1);
  await page.goto("/account");
  await expect(page.getByRole("heading", { level: 1, name: payer.name })).toBeVisible();
  await expect(page.getByText(t.unsettled.look)).toHaveCount(0);
  await page.context().close();
});

test("a session that ends keeps what was typed; a refusal says why", async ({ browser }) => {
  const { payer, payee, currency } = await pair(browser);
  const t = words["zh-Hans"];
  const page = await openPhone(browser, "zh-Hans", "desktop");
  await enter(page, payer, t);
  await shot(page, "account-home-zh-Hans-desktop");
  await page.getByRole("link", { name: t.pay, exact: true }).click();
  await page.getByLabel(t.send.to).fill("nobody@nowhere.example");
  await page.getByLabel(t.send.wallet).selectOption(currency);
  await page.getByLabel(t.send.amount).fill("1");
  await page.getByLabel(t.send.note).fill("午饭");
  await page.getByRole("button", { name: t.send.next }).click();
  await page.context().clearCookies();
  await page.getByRole("button", { name: /^确认付款/ }).click();
  await expect(page.getByText(t.signIn.ended)).toBeVisible();
  await shot(page, "account-ended-zh-Hans-desktop");
  await expectAccessible(page);
  await fillDoor(page, payer, t);
  await expect(page.getByRole("heading", { level: 1, name: t.confirm.title })).toBeVisible();
  await expect(page.getByText("午饭")).toBeVisible();
  await page.getByRole("button", { name: /^确认付款/ }).click();
  await expect(page.getByText(t.refusal.payee_cannot_receive ?? "?")).toBeVisible();
  await shot(page, "account-refused-zh-Hans-desktop");
  await expectAccessible(page);
  await page.getByRole("link", { name: t.confirm.retry }).click();
  await expect(page.getByLabel(t.send.to)).toHaveValue("nobody@nowhere.example");
  await page.getByLabel(t.send.to).fill(payee.email);
  await page.getByLabel(t.send.amount).fill("999999999");
  await page.getByRole("button", { name: t.send.next }).click();
  await expect(page.getByText(/^超过可用余额/)).toBeVisible();

  // Another person at the same browser sees nothing of it.
  await page.context().clearCookies();
  await page.goto("/account/pay");
  await fillDoor(page, payee, t);
  await expect(page.getByLabel(t.send.to)).toHaveValue("");
  await page.context().close();
});

for (const language of Object.keys(locales) as SiteLanguage[]) {
  for (const size of Object.keys(sizes) as Size[]) {
    test(`the account in ${language} on a ${size}`, async ({ browser }) => {
      const who = customers()[0];
      if (who === undefined) throw new Error("the demonstration needs customers");
      const t = words[language];
      for (const colorScheme of ["light", "dark"] as const) {
        const page = await openPhone(browser, language, size);
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await enter(page, who, t);
        await expect(page.locator("html")).toHaveAttribute("lang", language);
        const rows = page.getByRole("region", { name: t.history.title }).getByRole("listitem");
        await expect(rows.first()).toBeVisible();
        await shot(page, `account-${language}-${size}-${colorScheme}`);
        await expectAccessible(page);
        await expectFits(page);
        const loaded = await rows.count();
        await page.getByRole("button", { name: t.history.more }).click();
        await expect.poll(() => rows.count()).toBeGreaterThan(loaded);
        await rows.first().getByRole("link").click();
        await expect(page.getByRole("heading", { name: t.payment.what })).toBeVisible();
        await shot(page, `account-payment-${language}-${size}-${colorScheme}`);
        await expectAccessible(page);
        await expectFits(page);
        await page.context().close();
      }
    });
  }
}
