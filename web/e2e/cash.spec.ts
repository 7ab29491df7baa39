// SPDX-License-Identifier: Apache-2.0
// Money comes in and goes out by the sandbox bank, a wallet is exchanged, a charge that came twice is looked at, and the
// treasury sees what is open at the bank.
import { expect, test, type Browser } from "@playwright/test";
import { cashWords } from "../src/account/cash_words";
import { words } from "../src/account/words";
import type { Payment, RailCall } from "../src/api/types";
import { digitsOf, shownAmount } from "../src/format/money";
import type { SiteLanguage } from "../src/i18n/choice";
import { railEn, railZh } from "../src/i18n/rail";
import {
  customers,
  enterAccount,
  enter as enterDesk,
  expectAccessible,
  expectFits,
  me,
  openDesk,
  shot,
  staff,
  type Customer,
  type Size,
} from "./desk";

const ways: { language: SiteLanguage; size: Size }[] = [
  { language: "en", size: "phone" },
  { language: "zh-Hans", size: "desktop" },
  { language: "zh-Hant", size: "phone" },
];

const shown = (amount: { amount: string; currency: string }, language: SiteLanguage) =>
  shownAmount(amount, language === "en" ? "en" : language === "zh-Hant" ? "zh-Hant" : "zh");

async function rich(browser: Browser, wallets: number): Promise<Customer> {
  for (const who of customers()) {
    const page = await enterAccount(browser, who, "en", "desktop");
    const own = (await me(page)).wallets;
    await page.context().close();
    if (own.length >= wallets && own.some(({ available }) => Number(available.amount) >= 40)) return who;
  }
  throw new Error("the demonstration needs a customer with money in hand");
}

for (const { language, size } of ways) {
  test(`money comes in and goes out (${language}, ${size})`, async ({ browser }) => {
    const t = words[language];
    const cash = cashWords[language];
    const who = await rich(browser, 1);
    const page = await enterAccount(browser, who, language, size);
    const begin = async (way: "add" | "withdraw", amount: string, word: keyof typeof cash.sandbox) => {
      await page.goto("/account");
      await page.getByRole("link", { name: cash[way], exact: true }).click();
      await page.getByLabel(cash.amount).fill(amount);
      await page.getByLabel(cash.bank).selectOption(`sandbox:${word}`);
      await page.getByRole("button", { name: cash.look }).click();
      await expect(page.getByRole("heading", { level: 1, name: cash.right })).toBeVisible();
    };
    const state = page.locator(".told");

    // What is no amount goes nowhere.
    await page.getByRole("link", { name: cash.add, exact: true }).click();
    await page.getByLabel(cash.amount).fill("many");
    await page.getByRole("button", { name: cash.look }).click();
    await expect(page.getByLabel(cash.amount)).toHaveAttribute("aria-invalid", "true");
    await expectAccessible(page);
    await expectFits(page);
    await shot(page, `cash-add-${language}-${size}`);

    const first = (await me(page)).wallets[0]!;
    const whole = digitsOf(first.available.amount) === 0;
    const text = (minor: number) => (whole ? String(minor) : `${minor}.00`);
    const before = Number(first.available.amount);
    await begin("add", text(21), "ok");
    await shot(page, `cash-confirm-${language}-${size}`);
    await expectAccessible(page);
    await expectFits(page);
    const act = page.getByRole("button", {
      name: cash.addNow(shown({ amount: text(21), currency: first.currency }, language)),
    });
    await act.click({ clickCount: 2 }); // twice is once
    await expect(state.locator("p").first()).toHaveText(
      t.explain.toppedUp(shown({ amount: text(21), currency: first.currency }, language)),
    );
    expect(Number((await me(page)).wallets[0]!.available.amount)).toBeCloseTo(before + 21, 3);

    await begin("add", text(22), "decline");
    await page
      .getByRole("button", { name: cash.addNow(shown({ amount: text(22), currency: first.currency }, language)) })
      .click();
    await expect(page.locator(".told.failed")).toContainText(t.refusal.declined_by_issuer!);

    const amount = { amount: text(language === "en" ? 7 : language === "zh-Hans" ? 8 : 9), currency: first.currency };
    await begin("add", amount.amount, "never");
    await page.getByRole("button", { name: cash.addNow(shown(amount, language)) }).click();
    await expect(page.locator(".told.unknown")).toContainText(t.explain.toppingUpUnknown(shown(amount, language)));
    await shot(page, `cash-unknown-${language}-${size}`);
    await expectAccessible(page);
    // The same again is the same wish: it is refused, with its reason, and nothing is begun.
    await begin("add", amount.amount, "ok");
    await page.getByRole("button", { name: cash.addNow(shown(amount, language)) }).click();
    await expect(page.getByRole("alert")).toHaveText(t.refusal.attempt_unresolved!);
    await page.context().close();
  });

  test(`a charge that came twice is looked at (${language}, ${size})`, async ({ browser }) => {
    const t = words[language];
    const cash = cashWords[language];
    for (const who of customers()) {
      const page = await enterAccount(browser, who, language, size);
      const { items } = (await (
        await page.request.get("/api/v1/me/payments?kind=merchant_payment&state=succeeded&limit=20")
      ).json()) as { items: Payment[] };
      if (items.length === 0) {
        await page.context().close();
        continue;
      }
      await page.goto(`/account/payments/${items[0]!.id}`);
      await expect(page.getByRole("heading", { name: t.payment.what })).toBeVisible();
      await page.getByText(cash.twice).click();
      await page.getByRole("button", { name: cash.twiceLook }).click();
      const told = page.locator(".twice .stack");
      await expect(told).not.toContainText(cash.looking);
      await expect(told).not.toBeEmpty();
      const further = page.getByRole("button", { name: cash.stillWrong });
      if (await further.isVisible()) {
        await further.click();
        await page.getByRole("textbox", { name: cash.stillWrong }).fill("I bought it once. 我只买了一次。");
        await shot(page, `twice-${language}-${size}`);
        await expectAccessible(page);
        await expectFits(page);
        await page.getByRole("button", { name: cash.send }).click();
      }
      await expect(told).toContainText(/OK-/);
      await shot(page, `twice-opened-${language}-${size}`);
      await expectAccessible(page);
      await page.context().close();
      return;
    }
    throw new Error("the demonstration needs a customer who bought something");
  });
}

test("a wallet is exchanged for what was shown", async ({ browser }) => {
  const cash = cashWords.en;
  const who = await rich(browser, 2);
  const page = await enterAccount(browser, who, "en", "phone");
  const [from, to] = [...(await me(page)).wallets].sort(
    (a, b) => Number(b.available.amount) - Number(a.available.amount),
  );
  const admin = staff().find((one) => one.role === "admin" && one.totp_secret !== undefined)!;
  const { context, page: desk } = await openDesk(browser, "en", "desktop");
  await enterDesk(desk, admin, "en");
  const set = await desk.request.post("/api/v1/exchange-rates", {
    headers: { Origin: new URL(desk.url()).origin, "Idempotency-Key": crypto.randomUUID() },
    data: { from: from!.currency, to: to!.currency, rate: "2.5" },
  });
  expect(set.status(), await set.text()).toBe(200);
  await context.close();
  await page.getByRole("link", { name: cash.exchange, exact: true }).click();
  await page.getByLabel(cash.youGive).fill("10");
  await page.getByRole("combobox", { name: cash.to }).selectOption(to!.currency);
  const got = { amount: digitsOf(to!.available.amount) === 0 ? "25" : "25.00", currency: to!.currency };
  await expect(page.getByText(shown(got, "en"), { exact: true })).toBeVisible();
  await shot(page, "cash-exchange-en-phone");
  await expectAccessible(page);
  await expectFits(page);
  await page.getByRole("button", { name: cash.look }).click();
  await page.getByRole("button", { name: /^Exchange/ }).click();
  await expect(page.locator(".told")).toContainText(shown(got, "en"));
  await page.context().close();
});

for (const [tongue, rail] of [
  ["en", railEn],
  ["zh", railZh],
] as const) {
  for (const size of ["desktop", "phone"] as const) {
    test(`what is open at the bank (${tongue}, ${size})`, async ({ browser }) => {
      const supervisor = staff().find((one) => one.role === "supervisor" && one.totp_secret !== undefined)!;
      const { context, page } = await openDesk(browser, tongue, size);
      await enterDesk(page, supervisor, tongue);
      const { items } = (await (await page.request.get("/api/v1/rail-calls")).json()) as { items: RailCall[] };
      expect(items.length, "the stories before left some").toBeGreaterThan(0);
      await page.goto("/console/treasury/rail");
      const call = page.getByRole("article", { name: items[0]!.payment });
      await expect(call).toBeVisible();
      await call.getByRole("button", { name: rail.decide }).click();
      await call.getByLabel(rail.outcome.declined).check();
      await shot(page, `rail-calls-${tongue}-${size}`);
      await expectAccessible(page);
      await expectFits(page);
      await context.close();
    });
  }
}
