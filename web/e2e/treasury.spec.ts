// SPDX-License-Identifier: Apache-2.0
// An auditor at the books: they balance, now and at any place; an account's entries lead to its balance; an agent sees none
// of it.
import { expect, test, type Page } from "@playwright/test";
import type { LedgerAccount } from "../src/api/types";
import { grouped, shownAmount } from "../src/format/money";
import { enter, expectAccessible, expectFits, openDesk, person, shot, wordsOf, type Tongue } from "./desk";

const ledger = async <T>(page: Page, path: string) =>
  (await (await page.request.get(`/api/v1/ledger/${path}`)).json()) as T;

test("an auditor reads the books", async ({ browser }) => {
  const t = wordsOf.en.treasury;
  const { context, page } = await openDesk(browser, "en", "desktop");
  await enter(page, person("auditor"), "en");
  await page.getByRole("link", { name: t.title, exact: true }).click();
  await expect(page.getByText(t.balanced).first()).toBeVisible();
  await expect(page.getByText(t.unbalanced)).toHaveCount(0);
  await shot(page, "treasury-balance-en-desktop");
  await expectAccessible(page);
  await expectFits(page);

  // As of an earlier transfer the totals are others, and still balance; the link says the same to whoever opens it.
  const total = page.getByRole("region", { name: `${t.balance} CNY` }).getByRole("row", { name: t.total });
  const now = await total.innerText();
  await page.getByLabel(t.asOf).selectOption("seq");
  await page.getByRole("textbox", { name: t.bySeq }).fill("nothing");
  await page.getByRole("button", { name: t.show }).click();
  await expect(page.getByRole("alert")).toHaveText(t.badSeq);
  await page.getByRole("textbox", { name: t.bySeq }).fill("200");
  await page.getByRole("button", { name: t.show }).click();
  await expect(page.getByText(/^As of transfer 200,/)).toBeVisible();
  await expect(page.getByText(t.unbalanced)).toHaveCount(0);
  const then = await total.innerText();
  expect(then).not.toBe(now);
  await shot(page, "treasury-as-of-en-desktop");
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByText(/^As of transfer 200,/)).toBeVisible();
  expect(await total.innerText()).toBe(then);

  // The chart, one account, its entries: each line's balance is the next one's start.
  await page.getByLabel(t.asOf).selectOption("now");
  await page.getByRole("link", { name: t.accounts, exact: true }).click();
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  await page.getByLabel(t.kind).selectOption("settlement_bank");
  await expect(page.getByRole("row", { name: new RegExp(t.accountKind.settlement_bank) }).first()).toBeVisible();
  await expect(page.getByRole("cell", { name: t.accountKind.customer_wallet })).toHaveCount(0);
  await shot(page, "treasury-accounts-en-desktop");
  await expectAccessible(page);
  await page.getByLabel(t.kind).selectOption("customer_wallet");
  const { items } = await ledger<{ items: LedgerAccount[] }>(page, "accounts?kind=customer_wallet&limit=1");
  const wallet = items[0];
  if (wallet === undefined) throw new Error("the demonstration needs a wallet");
  await page
    .getByRole("link", { name: wallet.owner?.name ?? "", exact: true })
    .first()
    .click();
  await expect(page).toHaveURL(new RegExp(`/treasury/accounts/${wallet.id}$`));
  await expect(page.getByText(shownAmount(wallet.balance, "en"), { exact: true }).first()).toBeVisible();
  const rows = page.getByRole("group", { name: t.history }).getByRole("row");
  await expect(rows.nth(1)).toContainText(grouped(wallet.balance.amount));
  await shot(page, "treasury-account-en-desktop");
  await expectAccessible(page);
  await expectFits(page);

  // A line leads to its payment, and that to its transfers.
  await rows.nth(1).getByRole("link", { name: /^pay_/ }).click();
  await expect(page.getByRole("heading", { name: t.transfersOf })).toBeVisible();
  await expect(page.getByRole("group", { name: t.transfersOf }).getByRole("row").nth(1)).toBeVisible();
  await shot(page, "treasury-payment-en-desktop");
  await expectAccessible(page);

  await page.getByRole("link", { name: t.journal, exact: true }).first().click();
  const journal = page.getByRole("group", { name: t.journal, exact: true }).last().getByRole("row");
  await expect(journal.nth(1)).toBeVisible();
  const loaded = await journal.count();
  await page.getByRole("button", { name: wordsOf.en.app.more }).click();
  await expect.poll(() => journal.count()).toBeGreaterThan(loaded);
  await shot(page, "treasury-journal-en-desktop");
  await expectAccessible(page);
  await expectFits(page);
  await context.close();
});

for (const tongue of ["en", "zh"] as const satisfies readonly Tongue[]) {
  test(`treasury on a phone (${tongue})`, async ({ browser }) => {
    const t = wordsOf[tongue].treasury;
    const { context, page } = await openDesk(browser, tongue, "phone");
    await enter(page, person("auditor"), tongue);
    for (const section of ["balance", "accounts", "journal"] as const) {
      await page.goto(`/console/treasury/${section}`);
      await expect(page.getByRole("table").first()).toBeVisible();
      await expect(page.getByRole("heading", { level: 1, name: t.title })).toBeVisible();
      await shot(page, `treasury-${section}-${tongue}-phone`);
      await expectAccessible(page);
      await expectFits(page);
    }
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto("/console/treasury/balance");
    await expect(page.getByText(t.balanced).first()).toBeVisible();
    await shot(page, `treasury-balance-${tongue}-desktop-dark`);
    await expectAccessible(page);
    await context.close();
  });
}

test("an agent has no treasury", async ({ browser }) => {
  const t = wordsOf.en;
  const { context, page } = await openDesk(browser, "en", "desktop");
  await enter(page, person("agent"), "en");
  await expect(page.getByRole("link", { name: t.treasury.title, exact: true })).toHaveCount(0);
  await page.goto("/console/treasury/journal");
  await expect(page.getByText(t.app.notPermitted)).toBeVisible();
  expect((await page.request.get("/api/v1/ledger/journal")).status()).toBe(403);
  await context.close();
});
