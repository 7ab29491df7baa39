// SPDX-License-Identifier: Apache-2.0
// Sorting: an agent sets right what triage made of a request, by one digit and by touch, and hands it to the technical team
// with the form; it stands in that team's view, and a supervisor sees in the figures what was corrected.
import { expect, test, type Browser, type Locator, type Page } from "@playwright/test";
import type { Ticket, TicketSummary } from "../src/api/types";
import { atDigit, categoryChoices, reasonsOf, type HandOver } from "../src/console/sorting";
import { sortingWordsOf } from "../src/i18n/sorting";
import { triageWordsOf } from "../src/i18n/triage";
import { enter, expectAccessible, expectFits, openDesk, person, shot, wordsOf, type Size, type Tongue } from "./desk";

const told = [
  { tongue: "en", size: "desktop", what: "The page stays white after the bank's page.", how: "Pay by card, confirm." },
  { tongue: "zh", size: "phone", what: "银行页面之后一直白屏。", how: "用银行卡付款并确认。" },
] as const satisfies readonly { tongue: Tongue; size: Size; what: string; how: string }[];

async function desk(browser: Browser, role: string, tongue: Tongue, size: Size): Promise<Page> {
  const { page } = await openDesk(browser, tongue, size);
  await enter(page, person(role), tongue);
  return page;
}

const read = async <T>(page: Page, path: string) => (await (await page.request.get(`/api/v1/${path}`)).json()) as T;

// Other stories begin at the ends of the list, and look for double charges.
async function plainRequest(page: Page, nth: number): Promise<Ticket> {
  const { items } = await read<{ items: TicketSummary[] }>(page, "tickets?view=open&limit=100");
  const plain = items.filter(
    (one) =>
      !["duplicate_charge", "suspicious_activity", "spam", "auto_generated"].includes(one.category) &&
      !["technical_team", "risk_team"].includes(one.route) &&
      one.open_remedy === null,
  );
  const found = plain[Math.floor(plain.length / 2) + nth];
  if (found === undefined) throw new Error("the demonstration has too few open requests");
  return read<Ticket>(page, `tickets/${found.number}`);
}

for (const [nth, { tongue, size, what, how }] of told.entries()) {
  const w = sortingWordsOf(tongue);
  const figures = triageWordsOf(tongue);
  const t = wordsOf[tongue];
  const touch = size === "phone";
  const press = (target: Locator) => (touch ? target.tap() : target.click());
  const look = async (page: Page, where: string) => {
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await shot(page, `sorting-${where}-${tongue}-${size}${scheme === "dark" ? "-dark" : ""}`);
      await expectAccessible(page);
    }
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await expectFits(page);
  };

  test(`a request is sorted again and handed over (${tongue}, ${size})`, async ({ browser }) => {
    const agent = await desk(browser, "agent", tongue, size);
    const { name } = await read<{ name: string }>(agent, "staff/me");
    const ticket = await plainRequest(agent, nth);
    await agent.goto(`/console/open/${ticket.number}`);
    await expect(agent.getByRole("log").getByRole("article").first()).toBeVisible();

    // The category, by what its digit is or by touch. Double charges are what another story counts.
    const choices = categoryChoices;
    const wanted = choices
      .slice(0, 9)
      .find((one) => !([ticket.category, "duplicate_charge", "suspicious_activity", "spam"] as string[]).includes(one));
    if (wanted === undefined) throw new Error("nine categories are offered");
    const digit = String(choices.indexOf(wanted) + 1);
    expect(atDigit(digit, choices)).toBe(wanted);
    const sort = agent.getByRole("button", { name: new RegExp(`^${w.sort} `) });
    const dialog = agent.getByRole("dialog", { name: w.title });
    const said = (words: string) => agent.getByRole("status").filter({ hasText: words });
    const categories = dialog.getByRole("group", { name: t.customer.category });
    await expect(sort).toContainText(t.api.category[ticket.category]);
    if (touch) await sort.tap();
    else await agent.keyboard.press("s");
    await expect(categories.getByRole("radio", { name: t.api.category[ticket.category], exact: true })).toBeChecked();
    await look(agent, "dialog");
    if (touch) {
      await categories.getByRole("radio", { name: t.api.category[wanted], exact: true }).tap();
      await dialog.getByRole("button", { name: w.save, exact: true }).tap();
    } else await agent.keyboard.press(digit);
    await expect(dialog).toBeHidden();
    await expect(said(w.done.category(t.api.category[wanted]))).toBeVisible();
    await expect(sort).toContainText(t.api.category[wanted]);

    const tab = async (which: "customer" | "history") => {
      if (touch) await agent.getByRole("button", { name: t.ticket.details }).tap();
      await press(agent.getByRole("tab", { name: t.context[which] }));
    };
    await tab("history");
    const line = w.sorted(name, "category", t.api.category[ticket.category], t.api.category[wanted]);
    await expect(agent.getByRole("tabpanel").getByText(line)).toBeVisible();
    await look(agent, "history");
    await press(agent.getByRole("tab", { name: t.context.customer }));
    const because = agent.getByRole("tabpanel").getByRole("list", { name: w.because });
    if (reasonsOf(ticket.reading.because).length > 0) {
      await because.scrollIntoViewIfNeeded();
      await look(agent, "why");
    } else await expect(because).toHaveCount(0);
    if (touch) await agent.getByRole("dialog").getByRole("button", { name: t.app.close }).tap();

    // To the technical team: it needs the form, and what is typed there outlives the dialog.
    const team = async () => {
      if (touch) await sort.tap();
      else await agent.keyboard.press("s");
      await press(dialog.getByRole("radio", { name: t.api.route.technical_team, exact: true }));
    };
    await team();
    const field = (which: keyof HandOver) => dialog.getByRole("textbox", { name: w.field[which], exact: true });
    const over = dialog.getByRole("button", { name: w.handOver, exact: true });
    await expect(over).toBeDisabled();
    await field("what_happens").fill(what);
    await field("error_code").fill("");
    await expect(over).toBeDisabled();
    await agent.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await team();
    await expect(field("what_happens")).toHaveValue(what);
    await field("steps").fill(how);
    await expect(over).toBeEnabled();
    await look(agent, "form");
    if (touch) await over.tap();
    else await agent.keyboard.press("Control+Enter");
    await expect(dialog).toBeHidden();
    await expect(said(w.withTeam["technical_team"] ?? "?")).toBeVisible();
    const note = agent.getByRole("log").locator("article.note").last();
    await expect(note).toContainText(what);
    await expect(note).toContainText(how);
    await look(agent, "handed-over");

    await agent.goto("/console/technical");
    await expect(agent.getByRole("link", { name: ticket.number })).toBeVisible();
    const view = agent.getByRole("navigation", { name: t.app.views }).getByRole("link", { name: t.api.view.technical });
    await expect(view.locator(".count")).not.toHaveText("0");
    await look(agent, "view");
    await agent.goto("/console/triage");
    await expect(agent.getByText(t.app.notPermitted)).toBeVisible();
    await agent.context().close();

    const boss = await desk(browser, "supervisor", tongue, size);
    await boss.goto("/console/triage");
    await expect(boss.getByRole("heading", { level: 1, name: figures.title })).toBeVisible();
    const corrected = boss.getByRole("region", { name: figures.categories }).getByRole("row");
    await expect(corrected.filter({ hasText: t.api.category[wanted] }).first()).toBeVisible();
    await look(boss, "figures");
    await press(boss.getByRole("button", { name: figures.days(7) }));
    await expect(boss.getByRole("region", { name: figures.weeks }).getByRole("row").nth(1)).toBeVisible();
    await boss.context().close();
  });

  test(`what was set aside is taken out (${tongue}, ${size})`, async ({ browser }) => {
    const agent = await desk(browser, "agent", tongue, size);
    const { items } = await read<{ items: TicketSummary[] }>(agent, "tickets?view=spam&limit=100");
    const aside = items.at(-1);
    if (aside === undefined) throw new Error("the demonstration has too little spam");
    await agent.goto("/console/spam");
    await expect(agent.getByRole("link", { name: aside.number })).toBeVisible();
    await look(agent, "spam");
    await agent.goto(`/console/spam/${aside.number}`);
    const head = agent.locator(".ticket-head");
    await expect(head.getByText(w.setAside)).toBeVisible();
    await expect(head.getByText(t.ticket.firstReply, { exact: true })).toHaveCount(0);
    await look(agent, "set-aside");
    await press(agent.getByRole("button", { name: w.takeOut, exact: true }));
    await expect(agent.getByText(w.setAside)).toHaveCount(0);
    await expect(agent.getByRole("button", { name: new RegExp(`^${w.sort} `) })).toContainText(t.api.route.agent);
    expect((await read<Ticket>(agent, `tickets/${aside.number}`)).category).toBe("unclear");
    const left = await read<{ items: TicketSummary[] }>(agent, "tickets?view=spam&limit=100");
    expect(left.items.map((one) => one.number)).not.toContain(aside.number);
    await agent.context().close();
  });
}
