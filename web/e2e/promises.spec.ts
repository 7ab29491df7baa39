// SPDX-License-Identifier: Apache-2.0
// What a reply promises is shown below it, sent with it, stands beside the request, and is marked as done. In both
// languages, on a desk and on a phone.
import { expect, test, type Page } from "@playwright/test";
import type { Ticket, TicketSummary } from "../src/api/types";
import { promiseWordsOf } from "../src/i18n/promises";
import { enter, expectAccessible, expectFits, openDesk, person, shot, wordsOf, type Size, type Tongue } from "./desk";

const told = [
  { tongue: "en", size: "desktop", text: "We will write to you within 48 hours.", words: "within 48 hours" },
  { tongue: "zh", size: "phone", text: "我们将在48小时内答复您。", words: "48小时内" },
] as const satisfies readonly { tongue: Tongue; size: Size; text: string; words: string }[];

const read = async <T>(page: Page, path: string) => (await (await page.request.get(`/api/v1/${path}`)).json()) as T;

// One that no other story works on: of the open ones without money in it, each story takes another.
async function quietRequest(page: Page, nth: number): Promise<string> {
  const { items } = await read<{ items: TicketSummary[] }>(page, "tickets?view=open&limit=100");
  const quiet = items.filter((one) => one.category !== "duplicate_charge" && one.open_remedy === null);
  const found = quiet[quiet.length - 1 - nth];
  if (found === undefined) throw new Error("the demonstration has too few open requests");
  return found.number;
}

for (const [nth, { tongue, size, text, words: deadline }] of told.entries()) {
  test(`a promise is made with a reply and kept (${tongue}, ${size})`, async ({ browser }) => {
    const t = wordsOf[tongue];
    const words = promiseWordsOf(tongue);
    const agent = person("agent");
    const { page } = await openDesk(browser, tongue, size);
    await enter(page, agent, tongue);
    const number = await quietRequest(page, nth);
    await page.goto(`/console/open/${number}`);
    await expect(page.getByRole("log", { name: t.ticket.conversation }).getByRole("article").first()).toBeVisible();
    if (size === "phone") await page.getByRole("button", { name: t.compose.reply, exact: true }).click();

    const composer = page.getByRole("form", { name: t.compose.replyLabel });
    await composer.getByRole("textbox", { name: t.compose.replyLabel }).fill(text);
    const chip = composer.getByRole("checkbox", { name: new RegExp(deadline) });
    await expect(chip).toBeChecked();
    // A request with a promise is not solved by the reply that makes it.
    await composer.getByLabel(t.compose.after).selectOption("solved");
    await expect(composer.getByText(words.stays)).toBeVisible();
    await composer.getByLabel(t.compose.after).selectOption("pending_customer");
    await expect(composer.getByText(words.stays)).toBeHidden();
    await shot(page, `promise-chip-${tongue}-${size}`);
    await expectAccessible(page);
    await expectFits(page);
    await composer.locator("button[type=submit]").click();
    await expect.poll(async () => (await read<Ticket>(page, `tickets/${number}`)).promises.length).toBe(1);

    if (size === "phone") await page.getByRole("button", { name: t.context.ledger, exact: true }).click();
    const card = page.getByRole("region", { name: words.title });
    await expect(card.getByText(deadline)).toBeVisible();
    await expect(card.getByText(words.standing.open)).toBeVisible();
    await shot(page, `promise-card-${tongue}-${size}`);
    await expectAccessible(page);
    await card.getByRole("button", { name: words.done, exact: true }).click();
    await expect(card.getByText(words.standing.kept)).toBeVisible();
    const kept = (await read<Ticket>(page, `tickets/${number}`)).promises[0];
    expect(kept?.state).toBe("kept");
  });
}
