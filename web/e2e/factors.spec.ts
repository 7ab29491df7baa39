// SPDX-License-Identifier: Apache-2.0
// Two-step sign-in as a customer meets it, with Chromium's own virtual authenticator: a passkey is added, signs in alone,
// opens a withdrawal to a new account; an app's code is asked for, a recovery code stands in for it.
import { expect, test, type Browser, type Page } from "@playwright/test";
import { cashWords } from "../src/account/cash_words";
import { factorWords } from "../src/account/factor_words";
import { words } from "../src/account/words";
import type { Factors } from "../src/api/types";
import { digitsOf, shownAmount } from "../src/format/money";
import type { SiteLanguage } from "../src/i18n/choice";
import {
  codeAt,
  customers,
  enterAccount,
  expectAccessible,
  expectFits,
  me,
  shot,
  type Customer,
  type Size,
} from "./desk";
import { openPhone, withPasskeys } from "./phone";

const ways: { language: SiteLanguage; size: Size }[] = [
  { language: "en", size: "phone" },
  { language: "zh-Hans", size: "desktop" },
  { language: "zh-Hant", size: "phone" },
];

async function fillDoor(page: Page, who: Customer, language: SiteLanguage): Promise<void> {
  const t = words[language];
  await page.getByLabel(t.signIn.email).fill(who.email);
  await page.getByLabel(t.signIn.password, { exact: true }).fill(who.password);
  await page.getByRole("button", { name: t.signIn.enter, exact: true }).click();
}
const entered = (page: Page, who: Customer) =>
  expect(page.getByRole("heading", { level: 1, name: who.name })).toBeVisible();

// Somebody with money to withdraw, who never did: there is no account yet that is known.
async function rich(browser: Browser): Promise<Customer> {
  for (const who of customers()) {
    const page = await enterAccount(browser, who, "en", "desktop");
    const own = (await me(page)).wallets;
    const before = await page.request.get("/api/v1/me/payments?kind=withdrawal&limit=1");
    const { items } = (await before.json()) as { items: unknown[] };
    await page.context().close();
    if (items.length === 0 && own.some(({ available }) => Number(available.amount) >= 20)) return who;
  }
  throw new Error("the demonstration needs a customer with money in hand");
}

// The stories after this one sign the same people in by their password.
async function takeAway(page: Page): Promise<void> {
  const { passkeys, app_since } = await standing(page);
  const paths = passkeys.map(({ id }) => `passkeys/${id}/remove`);
  if (app_since !== null) paths.push("authenticator/remove");
  for (const path of paths) {
    const gone = await page.request.post(`/api/v1/me/${path}`, {
      headers: { Origin: new URL(page.url()).origin },
      data: {},
    });
    expect(gone.status(), await gone.text()).toBe(200);
  }
}

const standing = async (page: Page) => (await (await page.request.get("/api/v1/me/factors")).json()) as Factors;

for (const { language, size } of ways) {
  test(`a passkey signs in and opens a new account (${language}, ${size})`, async ({ browser }) => {
    const t = words[language];
    const w = factorWords[language];
    const cash = cashWords[language];
    const who = await rich(browser);
    const page = await openPhone(browser, language, size);
    await withPasskeys(page);
    await page.goto("/account");
    await fillDoor(page, who, language);
    await entered(page, who);

    // Without a factor money goes to no new account; the page leads on.
    const wallet = [...(await me(page)).wallets].sort(
      (a, b) => Number(b.available.amount) - Number(a.available.amount),
    )[0]!;
    const text = digitsOf(wallet.available.amount) === 0 ? "1" : "1.00";
    const withdraw = async () => {
      await page.goto("/account/withdraw");
      await page.getByLabel(cash.wallet).selectOption(wallet.currency);
      await page.getByLabel(cash.amount).fill(text);
      await page.getByRole("button", { name: cash.look }).click();
      const shown = shownAmount({ amount: text, currency: wallet.currency }, language === "zh-Hans" ? "zh" : language);
      await page.getByRole("button", { name: cash.withdrawNow(shown) }).click();
    };
    await withdraw();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("heading", { name: w.none.title })).toBeVisible();
    await shot(page, `factors-none-${language}-${size}`);
    await expectAccessible(page);
    await dialog.getByRole("link", { name: w.none.go }).click();

    await expect(page.getByRole("heading", { name: w.section.title }).last()).toBeVisible();
    await expect(page.getByText(w.section.off, { exact: true })).toBeVisible();
    await shot(page, `factors-off-${language}-${size}`);
    await expectAccessible(page);
    await expectFits(page);
    await page.getByLabel(w.passkeys.name).fill("测试 phone");
    await page.getByRole("button", { name: w.passkeys.add }).click();
    await expect(page.getByRole("heading", { name: w.recovery.shown })).toBeVisible();
    await expect(page.locator(".codes li")).toHaveCount(10);
    await shot(page, `factors-codes-${language}-${size}`);
    await expectAccessible(page);
    await expectFits(page);
    const code = (await page.locator(".codes li").first().textContent())!;
    await page.getByRole("button", { name: w.recovery.kept }).click();
    await expect(page.locator(".codes")).toHaveCount(0);
    await expect(page.getByText("测试 phone")).toBeVisible();
    await shot(page, `factors-on-${language}-${size}`);

    // Out, and in by the passkey alone.
    await page.getByRole("button", { name: t.signOut }).click();
    await page.getByRole("button", { name: w.byPasskey }).click();
    await entered(page, who);
    expect((await standing(page)).passkeys[0]!.last_used_at).not.toBeNull();

    // A passkey that signed in alone has just shown what the withdrawal asks for.
    await withdraw();
    await expect(page.locator(".told")).toBeVisible();

    // Out again, and in by the password with the passkey behind it; then by a recovery code, once.
    await page.goto("/account");
    await page.getByRole("button", { name: t.signOut }).click();
    await fillDoor(page, who, language);
    await expect(page.getByRole("heading", { name: w.second.title })).toBeVisible();
    await shot(page, `factors-second-${language}-${size}`);
    await expectAccessible(page);
    await expectFits(page);
    await page.getByRole("button", { name: w.second.usePasskey }).click();
    await entered(page, who);
    await page.getByRole("button", { name: t.signOut }).click();
    await fillDoor(page, who, language);
    await page.getByRole("button", { name: w.second.useRecovery }).click();
    await page.getByLabel(w.second.recovery).fill(code);
    await page.getByRole("button", { name: w.second.go }).click();
    await entered(page, who);
    expect((await standing(page)).recovery_codes_left).toBe(9);

    // Removed by the page: asked first; the recovery code was the second factor just now.
    await page.goto("/account/two-step");
    const passkeys = page.locator(".factor").filter({ hasText: "测试 phone" });
    await passkeys.getByRole("button", { name: w.passkeys.remove }).click();
    await expect(dialog.getByRole("heading", { name: w.passkeys.sure("测试 phone") })).toBeVisible();
    await shot(page, `factors-sure-${language}-${size}`);
    await expectAccessible(page);
    await dialog.getByRole("button", { name: t.leaveIt }).click();
    await expect(dialog).toHaveCount(0); // it names the passkey too
    await expect(passkeys).toBeVisible();
    await passkeys.getByRole("button", { name: w.passkeys.remove }).click();
    await dialog.getByRole("button", { name: w.passkeys.remove }).click();
    await expect(page.getByText(w.section.off, { exact: true })).toBeVisible();
    await page.context().close();
  });
}

test("a passkey is offered in the address field (en, phone)", async ({ browser }) => {
  const w = factorWords.en;
  const who = customers().at(-1)!;
  const page = await openPhone(browser, "en", "phone");
  await withPasskeys(page, true);
  await page.goto("/account");
  await fillDoor(page, who, "en");
  await entered(page, who);
  await page.goto("/account/two-step");
  await page.getByRole("button", { name: w.passkeys.add }).click();
  await page.getByRole("button", { name: w.recovery.kept }).click();
  await page.getByRole("button", { name: words.en.signOut }).click();
  await entered(page, who); // the one entry of the list is taken
  await takeAway(page);
  await page.context().close();
});

test("an authenticator app is set up from its key, asked for, and steps up (en, phone)", async ({ browser }) => {
  const w = factorWords.en;
  const who = customers().at(-1)!;
  const page = await openPhone(browser, "en", "phone");
  await page.goto("/account");
  await fillDoor(page, who, "en");
  await entered(page, who);
  await page.getByRole("link", { name: w.section.title }).click();
  await page.getByRole("button", { name: w.app.begin }).click();
  const key = (await page.locator(".key").textContent())!.replaceAll(" ", "");
  await page.locator(".qr").scrollIntoViewIfNeeded();
  await shot(page, "factors-app-en-phone");
  await expectAccessible(page);
  await expectFits(page);
  await page.getByLabel(w.second.code).fill("000000");
  await page.getByRole("button", { name: w.app.confirm }).click();
  await expect(page.getByRole("alert").filter({ hasText: words.en.error["totp_wrong"]! })).toBeVisible();
  const first = Math.floor(Date.now() / 30_000);
  await page.getByLabel(w.second.code).fill(codeAt(key, first));
  await page.getByRole("button", { name: w.app.confirm }).click();
  await page.getByRole("button", { name: w.recovery.kept }).click();
  await expect(page.getByText(w.section.on, { exact: true })).toBeVisible();

  await page.getByRole("button", { name: words.en.signOut }).click();
  await fillDoor(page, who, "en");
  const field = page.getByLabel(w.second.code);
  await expect(field).toHaveAttribute("autocomplete", "one-time-code");
  await expect(field).toBeFocused();
  await shot(page, "factors-second-code-en-phone");
  await field.fill(codeAt(key, first));
  await page.getByRole("button", { name: w.second.go }).click();
  await expect(page.getByRole("alert")).toHaveText(words.en.error["totp_wrong"]!); // it was used
  await field.fill(codeAt(key, first + 1)); // the server allows one step ahead
  await page.getByRole("button", { name: w.second.go }).click();
  await entered(page, who);
  await takeAway(page);
  await page.context().close();
});
