// SPDX-License-Identifier: Apache-2.0
// Colleagues on a request: an agent names a supervisor in a note, by keyboard and by touch; the supervisor hears of it at
// once, finds it under "For me", opens it and follows on, until no longer. In both languages, on a phone and at 1440, light
// and dark.
import { expect, test, type Browser, type Locator, type Page } from "@playwright/test";
import type { Ticket, TicketSummary } from "../src/api/types";
import { followWordsOf } from "../src/i18n/follow";
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
const move = async (page: Page, number: string, what: string, data?: object) => {
  const headers = { Origin: new URL(page.url()).origin };
  const answer = await page.request.post(`/api/v1/tickets/${number}/${what}`, { headers, data: data ?? {} });
  expect(answer.ok(), await answer.text()).toBe(true);
};

for (const [place, { tongue, size }] of told.entries()) {
  const words = followWordsOf(tongue);
  const t = wordsOf[tongue];
  const touch = size === "phone";
  const press = (what: Locator) => (touch ? what.tap() : what.click());
  const look = async (page: Page, where: string) => {
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await shot(page, `follow-${where}-${tongue}-${size}${scheme === "dark" ? "-dark" : ""}`);
      await expectAccessible(page);
    }
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await expectFits(page);
  };

  test(`a note names a colleague, who finds the request and follows it (${tongue}, ${size})`, async ({ browser }) => {
    const boss = await desk(browser, "supervisor", tongue, size);
    const agent = await desk(browser, "agent", tongue, size);
    const { name } = await read<{ name: string }>(boss, "staff/me");
    const { items } = await read<{ items: TicketSummary[] }>(agent, "tickets?view=open&limit=100");
    const number = items.filter((one) => one.category !== "duplicate_charge")[place]?.number ?? items[place]?.number;
    if (number === undefined) throw new Error("the demonstration needs as many open requests as there are stories");
    const place_in = (view: "mentions" | "following", page: Page) =>
      page.getByRole("navigation", { name: t.app.views }).getByRole("link", { name: t.api.view[view] });
    await expect(place_in("mentions", boss)).toBeVisible();

    await agent.goto(`/console/open/${number}`);
    await expect(agent.getByRole("log")).toBeVisible();
    const note = agent.getByRole("textbox", { name: t.compose.noteLabel });
    const field = agent.getByRole("combobox", { name: words.search });
    const options = agent.getByRole("listbox", { name: words.results }).getByRole("option");
    if (touch) {
      await agent.getByRole("navigation", { name: number }).getByRole("button", { name: t.compose.note }).tap();
      await note.tap();
      await agent.getByRole("button", { name: words.insert }).tap();
      await expect(options.first()).toBeVisible();
      await look(agent, "picker");
      await options.filter({ hasText: name }).tap();
      await expect(note).toHaveValue(`@${name} `);
    } else {
      await agent.keyboard.press("n");
      await expect(note).toBeFocused();
      await agent.keyboard.type("mail a@b, ask "); // an address names nobody
      await expect(field).toHaveCount(0);
      await agent.keyboard.type("@");
      await expect(field).toBeFocused();
      await agent.keyboard.press("Escape");
      await expect(note).toBeFocused();
      await expect(note).toHaveValue("mail a@b, ask @");
      await note.fill("");
      await agent.keyboard.type("@");
      await expect(options.first()).toHaveAttribute("aria-selected", "true");
      await agent.keyboard.press("ArrowDown");
      await expect(options.nth(1)).toHaveAttribute("aria-selected", "true");
      await look(agent, "picker");
      await agent.keyboard.type("zzqqxx");
      await expect(agent.getByText(words.notFound)).toBeVisible();
      await field.fill(name);
      await expect(options).toHaveCount(1);
      await agent.keyboard.press("Enter");
      await expect(note).toBeFocused();
      await expect(note).toHaveValue(`@${name} `);
    }
    await agent.keyboard.type(tongue === "zh" ? "请看一下这笔提现。" : "please look at this withdrawal.");
    const named = agent.getByRole("list", { name: words.named });
    await expect(named).toContainText(name);
    await look(agent, "note");

    // On another device it is there, with whom it names.
    await expect(async () => {
      const drafts = await read<{ items: { mentions: { name: string }[] }[] }>(agent, `tickets/${number}/drafts`);
      expect(drafts.items[0]?.mentions[0]?.name).toBe(name);
    }).toPass();
    const other = await desk(browser, "agent", tongue, "desktop");
    await other.goto(`/console/open/${number}`);
    await expect(other.getByRole("log")).toBeVisible();
    await other.keyboard.press("n");
    await expect(other.getByRole("list", { name: words.named })).toContainText(name);
    await other.context().close();

    if (touch) await agent.getByRole("button", { name: t.compose.addNote }).tap();
    else await agent.keyboard.press("Control+Enter");
    const mention = agent
      .getByRole("log")
      .locator(".mention")
      .filter({ hasText: `@${name}` });
    await expect(mention).toBeVisible();

    // It is told to the open workspace.
    await expect(place_in("mentions", boss).locator(".count")).toHaveText("1");
    await press(place_in("mentions", boss));
    const row = boss.getByRole("link", { name: number });
    await expect(row).toContainText(words.fresh(1));
    await look(boss, "for-me");
    await press(row);
    await expect(boss.getByRole("log").locator(".mention.me")).toBeVisible();
    await expect(place_in("mentions", boss).locator(".count")).toHaveCount(0);
    const follow = boss.getByRole("button", { name: new RegExp(`^${words.following}`) });
    await expect(follow).toHaveAttribute("aria-pressed", "true");
    await look(boss, "request");
    await boss.goto("/console/following");
    await expect(boss.getByRole("link", { name: number })).not.toContainText(words.fresh(1));

    // What happens later marks it.
    const seen = await read<Ticket>(agent, `tickets/${number}`);
    await move(agent, number, "notes", { text: "No answer yet.", mentions: [] });
    expect(seen.following.followers.map((one) => one.name)).toEqual([name]);
    await expect(boss.getByRole("link", { name: number })).toContainText(words.fresh(1));
    await expect(place_in("following", boss).locator(".count")).toHaveText("1");
    await look(boss, "following");
    await press(boss.getByRole("link", { name: number }));
    await expect(follow).toBeVisible();
    if (touch) {
      await boss.getByRole("button", { name: t.ticket.details }).tap();
      await boss.getByRole("tab", { name: t.context.customer }).tap();
    } else await boss.getByRole("tab", { name: t.context.customer }).click();
    const card = boss.getByRole("region", { name: words.followers });
    await expect(card.getByRole("listitem")).toHaveText([`${name} (${words.you})`]);
    await card.scrollIntoViewIfNeeded();
    await look(boss, "card");
    await press(card.getByRole("button", { name: words.unfollow }));
    await expect(card).toContainText(words.nobody);
    await boss.goto("/console/following");
    await expect(boss.getByText(words.emptyFollowing)).toBeVisible();
    await boss.context().close();
    await agent.context().close();
  });
}
