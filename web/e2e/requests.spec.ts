// SPDX-License-Identifier: Apache-2.0
// Requests for money from one phone to another, transfers that are made later, and what is left of the limits.
import { expect, test, type Browser } from "@playwright/test";
import { dayWords } from "../src/account/parts";
import { words } from "../src/account/words";
import { requestWords } from "../src/account/words_requests";
import { digitsOf, fromMinor, shownAmount } from "../src/format/money";
import { customers, enterAccount, expectAccessible, expectFits, me, shot, type Customer } from "./desk";

// Two who have money in one currency; one minor unit above one, so that the amount is told from others.
async function pair(browser: Browser): Promise<{ payer: Customer; payee: Customer; currency: string; amount: string }> {
  const seen: { who: Customer; currency: string }[] = [];
  for (const who of customers()) {
    const page = await enterAccount(browser, who, "en", "desktop");
    const { wallets } = await me(page);
    await page.context().close();
    for (const { available } of wallets) {
      const digits = digitsOf(available.amount);
      const other = seen.find(({ currency }) => currency === available.currency);
      if (other !== undefined && Number(available.amount) >= 20 * (digits === 0 ? 100 : 1)) {
        const minor = digits === 0 ? 103n : 10n ** BigInt(digits) + 3n;
        return { payer: who, payee: other.who, currency: available.currency, amount: fromMinor(minor, digits) };
      }
      seen.push({ who, currency: available.currency });
    }
  }
  throw new Error("the demonstration needs two customers with money in one currency");
}

test("one asks, the other pays, and both see it", async ({ browser }) => {
  const { payer, payee, currency, amount } = await pair(browser);
  const zh = requestWords["zh-Hans"];
  const en = requestWords.en;
  const asking = await enterAccount(browser, payee, "zh-Hans", "phone");
  await asking.getByRole("link", { name: zh.ask, exact: true }).click();
  await expect(asking.getByRole("heading", { level: 1, name: zh.ask })).toBeVisible();
  await expectAccessible(asking);
  await expectFits(asking);
  await asking.getByLabel(words["zh-Hans"].get.currency).selectOption(currency);
  await asking.getByLabel(words["zh-Hans"].send.amount).fill("zero");
  await asking.getByRole("button", { name: zh.form.make }).click();
  await expect(asking.getByText(words["zh-Hans"].send.notAnAmount)).toBeVisible();
  await asking.getByLabel(words["zh-Hans"].send.amount).fill(amount);
  await asking.getByLabel(zh.form.payer).fill(payer.email);
  await asking.getByLabel(zh.form.note).fill("Friday's dinner");
  await shot(asking, "account-request-form-zh-Hans-phone");
  await asking.getByRole("button", { name: zh.form.make }).click();
  await expect(asking.getByText(zh.request.youAsk(payer.email))).toBeVisible();
  await expect(asking.getByRole("img", { name: zh.request.picture })).toBeVisible();
  await expectAccessible(asking);
  await expectFits(asking);
  await shot(asking, "account-request-mine-zh-Hans-phone");

  const paying = await enterAccount(browser, payer, "en", "phone");
  const shown = shownAmount({ amount, currency }, "en");
  await expect(paying.getByText(en.askedOfYou(payee.name, shown)).first()).toBeVisible();
  await shot(paying, "account-request-asked-en-phone");
  await paying.getByText(en.askedOfYou(payee.name, shown)).first().getByRole("link").click();
  await expect(paying.getByText(en.request.theirWords)).toBeVisible();
  await expect(paying.getByText("Friday's dinner")).toBeVisible();
  await expectAccessible(paying);
  await expectFits(paying);
  await shot(paying, "account-request-look-en-phone");
  // The answer gets lost; what the page says afterwards is how the request stands.
  await paying.route("**/pay", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await paying.getByRole("button", { name: en.request.pay(shown) }).click();
  await expect(paying.getByText(en.request.unknown)).toBeVisible();
  await expect(paying.getByText(en.request.paid)).toBeVisible();
  await expect(paying.getByRole("button", { name: en.request.pay(shown) })).toHaveCount(0);
  await shot(paying, "account-request-paid-en-phone");
  await asking.reload();
  await expect(asking.getByText(zh.request.paidBy(payer.name))).toBeVisible();
  await paying.context().close();
  await asking.context().close();
});

test("an open link is looked at behind the door, and declined by nobody", async ({ browser }) => {
  const { payer, payee, currency, amount } = await pair(browser);
  const en = requestWords.en;
  const asking = await enterAccount(browser, payee, "en", "desktop");
  await asking.goto("/account/request");
  await asking.getByLabel(words.en.get.currency).selectOption(currency);
  await asking.getByLabel(words.en.send.amount).fill(amount);
  await asking.getByRole("button", { name: en.form.make }).click();
  await expect(asking.getByText(en.request.youAsk(null))).toBeVisible();
  const link = asking.url();
  await shot(asking, "account-request-mine-en-desktop");

  const paying = await enterAccount(browser, payer, "zh-Hant", "phone");
  await paying.context().clearCookies();
  await paying.goto(link);
  const t = words["zh-Hant"];
  await expect(paying.getByText(t.signIn.toPay)).toBeVisible();
  await paying.getByLabel(t.signIn.email).fill(payer.email);
  await paying.getByLabel(t.signIn.password, { exact: true }).fill(payer.password);
  await paying.getByRole("button", { name: t.signIn.enter, exact: true }).click();
  const zh = requestWords["zh-Hant"];
  await expect(paying.getByText(zh.request.asks(payee.name))).toBeVisible();
  await expect(paying.getByRole("button", { name: zh.request.decline })).toHaveCount(0);
  await expectAccessible(paying);
  await shot(paying, "account-request-open-zh-Hant-phone");
  await asking.getByRole("button", { name: en.request.cancel }).click();
  await expect(asking.getByText(en.state.canceled)).toBeVisible();
  await paying.getByRole("button", { name: /^支付/ }).click();
  await expect(paying.getByText(t.refusal.request_not_open ?? "?")).toBeVisible();
  await paying.context().close();
  await asking.context().close();
});

for (const [language, size] of [
  ["en", "phone"],
  ["zh-Hans", "desktop"],
] as const) {
  test(`a transfer is scheduled and ended, and limits are shown, in ${language} on a ${size}`, async ({ browser }) => {
    const { payer, payee, currency } = await pair(browser);
    const w = requestWords[language];
    const t = words[language];
    const page = await enterAccount(browser, payer, language, size);
    await page.getByRole("link", { name: w.later, exact: true }).click();
    const tomorrow = new Date(Date.now() + 36 * 3_600_000);
    const two = (n: number) => String(n).padStart(2, "0");
    const day = [tomorrow.getFullYear(), two(tomorrow.getMonth() + 1), two(tomorrow.getDate())].join("-");
    await page.getByLabel(t.send.to).fill(payee.email);
    await page.getByLabel(t.get.currency).selectOption(currency);
    await page.getByLabel(t.send.amount).fill("1");
    await page.getByLabel(w.schedule.first).fill(day);
    await page.getByLabel(w.schedule.times).fill("0");
    await page.getByRole("button", { name: w.schedule.make }).click();
    await expect(page.getByText(w.schedule.badTimes)).toBeVisible();
    await page.getByLabel(w.schedule.times).fill("12");
    await page.getByRole("button", { name: w.schedule.make }).click();
    const row = page.getByRole("listitem").filter({ hasText: w.schedule.next(dayWords(day, t.locale)) });
    await expect(row.first()).toContainText(payee.name);
    await expectAccessible(page);
    await expectFits(page);
    await shot(page, `account-schedules-${language}-${size}`);
    await row.first().getByRole("button").click();
    await expect(page.getByText(w.schedule.state.ended).first()).toBeVisible();
    await page.getByRole("link", { name: t.home }).click();
    await page.getByRole("link", { name: w.limits, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: w.limits })).toBeVisible();
    const { level } = (await (await page.request.get("/api/v1/me/limits")).json()) as { level: number };
    await expect(page.getByText(w.limit.line(level))).toBeVisible();
    await expectAccessible(page);
    await expectFits(page);
    await shot(page, `account-limits-${language}-${size}`);
    await page.context().close();
  });
}
