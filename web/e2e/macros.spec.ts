// SPDX-License-Identifier: Apache-2.0
// Macros: a supervisor writes one, what cannot be filled in is said while it is typed, a colleague is quicker; an agent puts
// it into a reply by keyboard and sends it. In both languages, on a phone and at 1440.
import { expect, test, type Browser, type Page } from "@playwright/test";
import type { Macro, MacroDetail, Ticket, TicketSummary } from "../src/api/types";
import { macroWordsOf } from "../src/i18n/macros";
import { enter, expectAccessible, expectFits, openDesk, person, shot, wordsOf, type Size, type Tongue } from "./desk";

// Each with a macro of its own: what one does is not in another's way.
const told = [
  { tongue: "en", size: "desktop" },
  { tongue: "zh", size: "phone" },
] as const satisfies readonly { tongue: Tongue; size: Size }[];

async function desk(browser: Browser, role: string, tongue: Tongue, size: Size): Promise<Page> {
  const { page } = await openDesk(browser, tongue, size);
  await enter(page, person(role), tongue);
  return page;
}

const read = async <T>(page: Page, path: string) => (await (await page.request.get(`/api/v1/${path}`)).json()) as T;

for (const { tongue, size } of told) {
  const words = macroWordsOf(tongue);
  const t = wordsOf[tongue];
  const called = `Greeting ${tongue} ${size}`;
  const place = (where: string) => `macros-${where}-${tongue}-${size}`;
  const look = async (page: Page, where: string) => {
    await shot(page, place(where));
    await expectAccessible(page);
    await expectFits(page);
  };

  test(`a macro is written, and goes into a reply by keyboard (${tongue}, ${size})`, async ({ browser }) => {
    const boss = await desk(browser, "supervisor", tongue, size);
    await boss.getByRole("link", { name: words.title }).click();
    await expect(boss.getByRole("heading", { level: 1, name: words.title })).toBeVisible();
    await look(boss, "list");
    await boss.getByRole("link", { name: words.add }).click();
    const form = boss.getByRole("form", { name: words.add });
    await form.getByLabel(words.name, { exact: true }).fill(called);
    await form.getByRole("textbox", { name: words.text.en }).fill("Hello {customer}, we look at it now.");
    await expect(form.getByText(words.fault.stray("{customer}"))).toBeVisible();
    await expect(form.getByRole("button", { name: words.save, exact: true })).toBeDisabled();
    await form.getByRole("textbox", { name: words.text.en }).fill("Hello , we look at it now.");
    await form
      .getByRole("textbox", { name: words.text.en })
      .evaluate((box: HTMLTextAreaElement) => box.setSelectionRange(6, 6));
    await form
      .getByRole("group", { name: `${words.places}: ${words.text.en}` })
      .getByRole("button", { name: words.place.customer_name })
      .click();
    await expect(form.getByRole("textbox", { name: words.text.en })).toHaveValue(
      "Hello {customer_name}, we look at it now.",
    );
    await expect(form.getByText(words.fault.language_missing("zh"))).toBeVisible();
    await form.getByRole("textbox", { name: words.text.zh }).fill("{customer_name}，您好：我们现在查看。退还 50 元。");
    // It stays open: other stories need requests that are.
    await form.getByLabel(words.state).selectOption("open");
    await form.getByLabel(words.assign).selectOption("me");
    await form.getByLabel(words.hours).fill("half a day");
    await expect(form.getByText(words.fault.hours_wrong(""))).toBeVisible();
    await form.getByLabel(words.hours).fill("");
    await form.getByRole("button", { name: words.save, exact: true }).click();
    await expect(form.getByRole("alert")).toContainText(t.api.error.macro_says_amount);
    await look(boss, "amount");
    await form.getByRole("textbox", { name: words.text.zh }).fill("{customer_name}，您好：我们现在查看。");
    await form.getByRole("button", { name: words.save, exact: true }).click();
    await expect(boss.getByRole("heading", { level: 1, name: called })).toBeVisible();

    // A colleague was quicker: nothing of what was typed is lost.
    const known = (await read<{ items: Macro[] }>(boss, "macros")).items.find((one) => one.name === called);
    if (known === undefined) throw new Error("it was not saved");
    const detail = await read<MacroDetail>(boss, `macros/${known.id}`);
    const meanwhile = await boss.request.post(`/api/v1/macros/${known.id}`, {
      headers: { Origin: new URL(boss.url()).origin },
      data: {
        name: called,
        text_en: "Hello {customer_name}, a colleague was quicker.",
        text_zh: detail.text_zh,
        state_after: "open",
        assign_to: "me",
        snooze_hours: 0,
        version: detail.version,
      },
    });
    expect(meanwhile.ok(), await meanwhile.text()).toBe(true);
    const edit = boss.getByRole("form", { name: called });
    await edit.getByRole("textbox", { name: words.text.en }).fill("Hello {customer_name}, we looked at it.");
    await edit.getByRole("button", { name: words.save, exact: true }).click();
    await expect(edit.getByRole("alert")).toContainText(words.conflict);
    await expect(edit.getByRole("textbox", { name: words.text.en })).toHaveValue(
      "Hello {customer_name}, we looked at it.",
    );
    await look(boss, "overtaken");
    await edit.getByRole("button", { name: words.onTop }).click();
    await edit.getByRole("button", { name: words.save, exact: true }).click();
    await boss.getByText(words.history).click();
    await expect(boss.getByText("Hello {customer_name}, a colleague was quicker.")).toBeVisible();
    await look(boss, "history");

    const agent = await desk(browser, "agent", tongue, size);
    await expect(agent.getByRole("link", { name: words.title })).toHaveCount(0);
    const { items } = await read<{ items: TicketSummary[] }>(agent, "tickets?view=open&limit=100");
    // Double charges are what the story of the refund needs.
    const ours = items.filter((one) => one.language === (tongue === "zh" ? "zh-Hans" : "en"));
    const request = ours.find((one) => one.category !== "duplicate_charge") ?? ours[0];
    if (request === undefined) throw new Error(`the demonstration needs an open request in ${tongue}`);
    await agent.goto(`/console/open/${request.number}`);
    await expect(agent.getByRole("log")).toBeVisible();
    await agent.keyboard.press("r");
    const reply = agent.getByRole("textbox", { name: t.compose.replyLabel });
    await expect(reply).toBeFocused();
    await agent.keyboard.type("and/or "); // within a line it is a stroke
    await expect(agent.getByRole("combobox", { name: words.search })).toHaveCount(0);
    await reply.fill("");

    // As each keyboard has it.
    await agent.keyboard.type(tongue === "zh" ? "、" : "/");
    const field = agent.getByRole("combobox", { name: words.search });
    await expect(field).toBeFocused();
    await agent.keyboard.type("zzqqxx");
    await expect(agent.getByText(words.notFound)).toBeVisible();
    await field.fill(called);
    const options = agent.getByRole("listbox", { name: words.results }).getByRole("option");
    await expect(options).toHaveCount(1);
    await expect(options.first()).toContainText(words.does.me);
    await look(agent, "picker");
    await agent.keyboard.press("Enter");
    await expect(reply).toBeFocused();
    await expect(reply).toHaveValue(tongue === "zh" ? /您好：我们现在查看。$/ : /^Hello .+, we looked at it\.$/);
    await expect(reply).not.toHaveValue(/[{}/、]/);
    const along = agent.getByRole("list", { name: words.along });
    await expect(along).toContainText(words.does.me);
    await look(agent, "reply");
    await agent.keyboard.press("Control+Enter");
    const said = tongue === "zh" ? "您好：我们现在查看。" : "we looked at it.";
    await expect(agent.getByRole("log").getByText(said)).toBeVisible();
    await expect(along).toHaveCount(0);
    const sent = await read<Ticket>(agent, `tickets/${request.number}`);
    expect(sent.state).toBe("open");
    expect(sent.assignee).not.toBeNull();
    expect(sent.events.some((event) => event.kind === "macro_applied" && event.detail["name"] === called)).toBe(true);
    await agent.context().close();

    await boss.getByRole("button", { name: words.retire, exact: true }).click();
    await expect(boss.getByRole("button", { name: words.restore, exact: true })).toBeVisible();
    await boss.context().close();
  });
}

test("who may not write macros sees none of it", async ({ browser }) => {
  const page = await desk(browser, "agent", "en", "desktop");
  await page.goto("/console/macros");
  await expect(page.getByText(wordsOf.en.app.notPermitted)).toBeVisible();
  await expect(page.getByRole("form")).toHaveCount(0);
  await page.context().close();
});
