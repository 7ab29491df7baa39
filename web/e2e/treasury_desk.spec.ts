// SPDX-License-Identifier: Apache-2.0
// Treasury at work: an account is frozen with a reason and opened again, a merchant is paid out, a correction is proposed
// by one person and approved by another.
import { expect, test, type Page } from "@playwright/test";
import type { LedgerAccount } from "../src/api/types";
import { enter, expectAccessible, expectFits, nextCode, openDesk, person, shot, wordsOf, type Tongue } from "./desk";

const read = async <T>(page: Page, path: string) => (await (await page.request.get(`/api/v1/${path}`)).json()) as T;
async function accountOf(page: Page, kind: string): Promise<LedgerAccount> {
  const { items } = await read<{ items: LedgerAccount[] }>(page, `ledger/accounts?kind=${kind}&limit=1`);
  if (items[0] === undefined) throw new Error(`the demonstration needs an account of the kind ${kind}`);
  return items[0];
}

test("an account is frozen, and opened again", async ({ browser }) => {
  const t = wordsOf.en.treasury;
  const { context, page } = await openDesk(browser, "en", "desktop");
  await enter(page, person("supervisor"), "en");
  const wallet = await accountOf(page, "customer_wallet");
  await page.goto(`/console/treasury/accounts/${wallet.id}`);
  const panel = page.getByRole("region", { name: t.stateTitle, exact: true });
  await expect(panel.getByText(t.noEvents)).toBeVisible();
  for (const [state, reason] of [
    ["debits_frozen", "A card was reported stolen"],
    ["open", "The customer found it"],
  ] as const) {
    await panel.getByLabel(t.changeTo).selectOption(state);
    await panel.getByRole("textbox", { name: t.reason }).fill(reason);
    await panel.getByRole("button", { name: t.setState }).click();
    await expect(panel.getByText(reason)).toBeVisible();
    await expect(panel.getByRole("heading", { name: t.stateTitle })).toContainText(t.accountState[state]);
    if (state === "debits_frozen") {
      await shot(page, "treasury-frozen-en-desktop");
      await expectAccessible(page);
      await expectFits(page);
    }
  }
  // With money on it, it is not closed; the page says why and stays as it is.
  await panel.getByLabel(t.changeTo).selectOption("closed");
  await panel.getByRole("textbox", { name: t.reason }).fill("x");
  await panel.getByRole("button", { name: t.closeForGood }).click();
  await expect(panel.getByRole("alert")).toHaveText(wordsOf.en.api.error.account_not_empty);

  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("region", { name: t.statement }).getByRole("button", { name: "CSV" }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^statement-.*\.csv$/);

  const bank = await accountOf(page, "settlement_bank");
  await page.goto(`/console/treasury/accounts/${bank.id}`);
  await expect(page.getByText(t.staysOpen)).toBeVisible();
  await expect(page.getByRole("button", { name: t.setState })).toHaveCount(0);
  await context.close();
});

test("a correction takes two persons", async ({ browser }) => {
  const t = wordsOf.en.treasury;
  const first = await openDesk(browser, "en", "desktop");
  await enter(first.page, person("supervisor"), "en");
  const fees = await accountOf(first.page, "fee_income");
  const { items } = await read<{ items: LedgerAccount[] }>(
    first.page,
    `ledger/accounts?kind=settlement_bank&currency=${fees.currency}`,
  );
  const bank = items[0]?.id ?? "";
  await first.page.goto("/console/treasury/corrections");
  await first.page.getByRole("button", { name: t.propose }).click();
  await first.page.getByLabel(t.debitAccount).fill(fees.id);
  await first.page.getByLabel(t.creditAccount).fill(bank);
  await first.page.getByLabel(t.amount, { exact: true }).fill("1");
  await first.page.getByLabel(t.currency).fill(fees.currency);
  await first.page.getByRole("textbox", { name: t.reason }).fill("As the bank's statement of November says");
  await shot(first.page, "treasury-propose-en-desktop");
  await expectAccessible(first.page);
  await first.page.getByRole("form", { name: t.propose }).getByRole("button", { name: t.propose }).click();
  await expect(first.page.getByText(t.correctionState.proposed)).toBeVisible();
  await expect(first.page.getByText(wordsOf.en.api.error.proposer_cannot_approve)).toBeVisible();
  await expect(first.page.getByRole("button", { name: t.approve, exact: true })).toHaveCount(0);

  const second = await openDesk(browser, "en", "desktop");
  await enter(second.page, person("admin"), "en");
  await second.page.goto("/console/treasury/corrections");
  await second.page.getByRole("button", { name: t.approve, exact: true }).click();
  await second.page.getByLabel(wordsOf.en.remedy.code).fill(await nextCode(person("admin")));
  await second.page.getByRole("button", { name: /^Approve/ }).click();
  await expect(second.page.getByText(t.correctionState.executed)).toBeVisible();
  await shot(second.page, "treasury-corrections-en-desktop");
  await expectAccessible(second.page);
  await first.context.close();
  await second.context.close();
});

test("a merchant is paid out all there is", async ({ browser }) => {
  const t = wordsOf.en.treasury;
  const { context, page } = await openDesk(browser, "en", "desktop");
  await enter(page, person("supervisor"), "en");
  const { items } = await read<{ items: LedgerAccount[] }>(page, "ledger/accounts?kind=merchant_payable&limit=100");
  const payable = items.find((one) => Number(one.balance.amount) > 0);
  if (payable === undefined) throw new Error("the demonstration needs a merchant to whom something is owed");
  await page.goto(`/console/treasury/accounts/${payable.id}`);
  const panel = page.getByRole("region", { name: t.payOutTitle });
  await expect(panel.getByText(t.noBank)).toBeVisible();
  await panel.getByLabel(t.destination).fill("sandbox:ok");
  await panel.getByLabel(wordsOf.en.remedy.code).fill(await nextCode(person("supervisor")));
  await panel.getByRole("button", { name: t.setBank }).click();
  await panel.getByRole("button", { name: t.payOut, exact: true }).click();
  await expect(panel.getByText(t.payoutBegun)).toBeVisible();
  await shot(page, "treasury-payable-en-desktop");
  await expectAccessible(page);
  await page.goto("/console/treasury/payouts");
  const row = page.getByRole("group", { name: t.payouts, exact: true }).last().getByRole("row").nth(1);
  await expect(row).toContainText(wordsOf.en.api.paymentState.succeeded, { timeout: 40_000 });
  await shot(page, "treasury-payouts-en-desktop");
  await expectAccessible(page);
  await context.close();
});

for (const tongue of ["en", "zh"] as const satisfies readonly Tongue[]) {
  test(`treasury at work on a phone (${tongue})`, async ({ browser }) => {
    const t = wordsOf[tongue].treasury;
    const { context, page } = await openDesk(browser, tongue, "phone");
    await enter(page, person("supervisor"), tongue);
    const wallet = await accountOf(page, "customer_wallet");
    for (const path of [`accounts/${wallet.id}`, "payouts", "corrections"]) {
      await page.goto(`/console/treasury/${path}`);
      await expect(page.getByRole("heading", { level: 1, name: t.title })).toBeVisible();
      await expect(page.getByText(wordsOf[tongue].app.loading)).toHaveCount(0);
      await shot(page, `treasury-${path.replace(/\/.*/, "-desk")}-${tongue}-phone`);
      await expectAccessible(page);
      await expectFits(page);
    }
    await context.close();
  });
}
