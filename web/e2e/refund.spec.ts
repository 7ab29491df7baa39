// SPDX-License-Identifier: Apache-2.0
// A refund out of a mail, with two persons: an agent proposes and cannot approve, a supervisor approves with a second
// factor, the done refund and the answer that was sent are seen. In both languages, on a desk and on a phone.
import { expect, test, type Page } from "@playwright/test";
import {
  enter,
  expectAccessible,
  expectFits,
  nextCode,
  openDesk,
  shot,
  sizes,
  staff,
  wordsOf,
  type SignIn,
  type Size,
  type Tongue,
} from "./desk";

const permissions = async (page: Page): Promise<string[]> =>
  ((await (await page.request.get("/api/v1/staff/me")).json()) as { permissions: string[] }).permissions;

// An open request about a double charge whose ledger proves one, without a remedy so far.
async function doubleCharge(page: Page): Promise<string> {
  let cursor: string | null = "";
  while (cursor !== null) {
    const page_of = await page.request.get(`/api/v1/tickets?view=open&limit=100&cursor=${encodeURIComponent(cursor)}`);
    const list = (await page_of.json()) as {
      items: { number: string; category: string; open_remedy: unknown }[];
      next_cursor: string | null;
    };
    for (const { number, category, open_remedy } of list.items) {
      if (category !== "duplicate_charge" || open_remedy !== null) continue;
      const ledger = (await (await page.request.get(`/api/v1/tickets/${number}/ledger`)).json()) as {
        findings: { proposal: unknown }[];
      };
      if (ledger.findings.some(({ proposal }) => proposal !== null)) return number;
    }
    cursor = list.next_cursor;
  }
  throw new Error("the demonstration has no open request with a double charge left");
}

function people(): { proposer: SignIn; approver: SignIn } {
  const all = staff().filter(({ totp_secret }) => totp_secret !== undefined);
  const proposer = all.find(({ role }) => role === "agent");
  const approver = all.find(({ role }) => role === "supervisor") ?? all.find(({ role }) => role === "admin");
  if (proposer === undefined || approver === undefined)
    throw new Error("the demonstration needs an agent and a supervisor");
  return { proposer, approver };
}

for (const tongue of ["en", "zh"] as Tongue[]) {
  for (const size of Object.keys(sizes) as Size[]) {
    test(`two persons refund a double charge (${tongue}, ${size})`, async ({ browser }) => {
      const t = wordsOf[tongue];
      const { proposer, approver } = people();
      const name = (place: string) => `${place}-${tongue}-${size}`;

      // The agent opens the request and proposes what the finding suggests.
      const a = await openDesk(browser, tongue, size);
      await enter(a.page, proposer, tongue);
      await expect(a.page.getByRole("group", { name: t.list.label }).getByRole("link").first()).toBeVisible();
      await shot(a.page, name("inbox"));
      await expectAccessible(a.page);
      await expectFits(a.page);
      const number = await doubleCharge(a.page);
      await a.page.goto(`/console/open/${number}`);
      await expect(a.page.getByRole("log", { name: t.ticket.conversation }).getByRole("article").first()).toBeVisible();
      if (size === "phone") {
        await shot(a.page, name("request"));
        await expectAccessible(a.page);
        await expectFits(a.page);
        await a.page.getByRole("button", { name: t.context.ledger, exact: true }).click();
      }
      const propose = a.page.getByRole("button", { name: new RegExp(`^${t.ledger.propose}`) }).first();
      await expect(propose).toBeVisible();
      await shot(a.page, name("ledger"));
      await expectAccessible(a.page);
      await propose.click();
      const dialog = a.page.getByRole("dialog", { name: t.propose.title });
      await expect(dialog.getByRole("button", { name: new RegExp(t.propose.submitNone) })).toBeEnabled();
      await shot(a.page, name("propose"));
      await dialog.getByRole("button", { name: new RegExp(t.propose.submitNone) }).click();

      // Proposed: it stands in the ledger, and its proposer cannot approve and is told why.
      const card = a.page.getByRole("article", { name: new RegExp(t.api.remedyState.proposed) });
      await expect(card.getByRole("button", { name: t.remedy.approve, exact: true })).toBeDisabled();
      await expect(card.locator(".why-not")).not.toBeEmpty();
      await shot(a.page, name("proposed"));
      await expectAccessible(a.page);

      // The supervisor reviews and approves.
      const b = await openDesk(browser, tongue, size);
      await enter(b.page, approver, tongue);
      expect(await permissions(b.page)).toContain("approve_remedy");
      await b.page.goto("/console/approvals");
      await b.page.getByRole("link", { name: new RegExp(number) }).click();
      const review = b.page.getByRole("region", { name: new RegExp(`^${number}`) });
      await expect(review.getByRole("button", { name: t.remedy.approve, exact: true })).toBeEnabled();
      await shot(b.page, name("approval"));
      await expectAccessible(b.page);
      await expectFits(b.page);
      await review.getByRole("button", { name: t.remedy.approve, exact: true }).click();
      await review.getByLabel(t.remedy.code).fill(await nextCode(approver));
      await review.getByRole("button", { name: new RegExp(`^${t.remedy.approve}`) }).click();
      await expect(review.getByText(t.api.remedyState.executed, { exact: true })).toBeVisible();
      await expect(review.getByText(/^pay_/).first()).toBeVisible();
      await expect(review.getByText(t.remedy.answer)).toBeVisible();
      await review.getByText(t.remedy.answer).scrollIntoViewIfNeeded();
      await shot(b.page, name("executed"));
      await expectAccessible(b.page);

      // The agent sees it without reloading.
      const done = a.page.getByRole("article", { name: new RegExp(t.api.remedyState.executed) });
      await expect(done.getByText(/^pay_/).first()).toBeVisible();
      await shot(a.page, name("executed-live"));
      // A refund solves the request: what is written after it may leave it so.
      if (size === "desktop") await expect(a.page.locator(".after select")).toHaveValue("solved");
      await a.context.close();
      await b.context.close();
    });
  }
}
