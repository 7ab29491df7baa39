// SPDX-License-Identifier: Apache-2.0
// Side threads: a supervisor adds a bank to the book; an agent writes to it by keyboard and by touch, sees the mail in the
// line of time and the thread beside it, writes on and closes. In both languages, on a phone and at 1440, light and dark.
import { expect, test, type Browser, type Locator, type Page } from "@playwright/test";
import type { SideThread, TicketSummary } from "../src/api/types";
import { sideWordsOf } from "../src/i18n/sides";
import { enter, expectAccessible, expectFits, openDesk, person, shot, wordsOf, type Size, type Tongue } from "./desk";

const told = [
  { tongue: "en", size: "desktop" },
  { tongue: "zh", size: "phone" },
  { tongue: "zh", size: "desktop" },
  { tongue: "en", size: "phone" },
] as const satisfies readonly { tongue: Tongue; size: Size }[];

async function desk(browser: Browser, role: string, tongue: Tongue, size: Size): Promise<Page> {
  const { page } = await openDesk(browser, tongue, size);
  await enter(page, person(role), tongue);
  return page;
}

const read = async <T>(page: Page, path: string) => (await (await page.request.get(`/api/v1/${path}`)).json()) as T;

for (const [place, { tongue, size }] of told.entries()) {
  const w = sideWordsOf(tongue);
  const t = wordsOf[tongue];
  const touch = size === "phone";
  const press = (what: Locator) => (touch ? what.tap() : what.click());
  const look = async (page: Page, where: string) => {
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await shot(page, `sides-${where}-${tongue}-${size}${scheme === "dark" ? "-dark" : ""}`);
      await expectAccessible(page);
    }
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await expectFits(page);
  };

  test(`a bank is asked, and the customer sees nothing of it (${tongue}, ${size})`, async ({ browser }) => {
    const bank = `Bank ${tongue} ${size}`;
    const address = `disputes.${tongue}.${size}@bank.example`;
    const boss = await desk(browser, "supervisor", tongue, size);
    await boss.goto("/console/counterparties");
    await press(boss.getByRole("button", { name: w.add }));
    await boss.getByLabel(w.name).fill(bank);
    await boss.getByLabel(w.address).fill("no address");
    await expect(boss.getByRole("button", { name: w.save })).toBeDisabled();
    await boss.getByLabel(w.address).fill(address);
    await look(boss, "book");
    await press(boss.getByRole("button", { name: w.save }));
    await expect(boss.getByText(bank)).toBeVisible();
    await expect(boss.getByText(address)).toBeVisible();

    const agent = await desk(browser, "agent", tongue, size);
    const { items } = await read<{ items: TicketSummary[] }>(agent, "tickets?view=open&limit=100");
    const open = items.filter((one) => one.category !== "duplicate_charge");
    const number = open[open.length - 1 - place]?.number;
    if (number === undefined) throw new Error("the demonstration needs as many open requests as there are stories");
    await agent.goto(`/console/open/${number}`);
    await expect(agent.getByRole("log")).toBeVisible();
    const form = agent.getByRole("form", { name: w.label });
    const text = form.getByRole("textbox", { name: w.label });
    if (touch) {
      await agent.getByRole("navigation", { name: number }).getByRole("button", { name: w.mode }).tap();
    } else {
      await agent.keyboard.press("f");
      await expect(text).toBeFocused();
    }
    const send = form.locator("button[type=submit]");
    await form.getByRole("combobox", { name: w.to }).selectOption({ label: w.other });
    await expect(form.getByText(w.typedWarning)).toBeVisible();
    await expect(send).toBeDisabled();
    await look(agent, "typed");
    await form.getByRole("combobox", { name: w.to }).selectOption({ label: `${bank} · ${w.kind.bank}` });
    await expect(send).toHaveText(w.sendTo(address));
    await form.getByLabel(w.subject, { exact: true }).fill("A payment");
    await text.fill("Send CNY 99.99 back.");
    await press(send);
    await expect(form.getByRole("alert")).toBeVisible(); // an amount of no payment
    await text.fill("Please look at this payment.");
    await look(agent, "written");
    if (touch) await send.tap();
    else await agent.keyboard.press("Control+Enter");

    const mail = agent.getByRole("log").getByRole("article", { name: new RegExp(`^${w.on(bank)}`) });
    await expect(mail).toHaveCount(1);
    await expect(mail).toContainText("Please look at this payment.");
    const [thread] = (await read<{ items: SideThread[] }>(agent, `tickets/${number}/side-threads`)).items;
    if (thread === undefined) throw new Error("there is no side thread");
    expect(thread.counterparty.address).toBe(address);
    await expect(mail).toContainText(thread.number);
    await agent.reload();
    await expect(mail).toHaveCount(1);
    if (touch) await agent.getByRole("button", { name: t.ticket.details }).tap();
    const card = agent.getByRole("region", { name: w.title });
    await expect(card).toContainText(thread.number);
    await expect(card).toContainText(w.state.waiting);
    await expect(card).toContainText(w.due);
    await look(agent, "thread");
    await press(card.getByRole("button", { name: w.write }));
    await expect(form.getByRole("combobox", { name: w.to })).toHaveValue(`thread:${thread.number}`);
    await expect(form.getByLabel(w.subject, { exact: true })).toHaveCount(0);
    await text.fill("Is there any news?");
    await press(send);
    await expect(mail).toHaveCount(2);
    if (touch) await agent.getByRole("button", { name: t.ticket.details }).tap();
    await press(card.getByRole("button", { name: w.close }));
    await expect(card).toContainText(w.state.closed);
    await expect(card.getByRole("button", { name: w.close })).toHaveCount(0);
  });
}
