// SPDX-License-Identifier: Apache-2.0
// Help articles: a supervisor writes on one side of a pair, a colleague is quicker, it is published, the other side
// follows; an agent puts an article into a reply without leaving the keyboard. In both languages, on a phone and at 1280.
import { expect, test, type Browser, type Page } from "@playwright/test";
import type { FaqArticle, FaqPairDetail, TicketSummary } from "../src/api/types";
import { articleWordsOf } from "../src/i18n/articles";
import { enter, expectAccessible, expectFits, openDesk, person, shot, wordsOf, type Size, type Tongue } from "./desk";

// Each with an article of its own: what one does is not in another's way.
const told = [
  { tongue: "en", size: "desktop", slug: "fees" },
  { tongue: "zh", size: "phone", slug: "limits" },
] as const satisfies readonly { tongue: Tongue; size: Size; slug: string }[];

async function desk(browser: Browser, role: string, tongue: Tongue, size: Size): Promise<Page> {
  const { page } = await openDesk(browser, tongue, size);
  if (size === "desktop") await page.setViewportSize({ width: 1280, height: 800 });
  await enter(page, person(role), tongue);
  return page;
}

const read = async <T>(page: Page, path: string) => (await (await page.request.get(`/api/v1/${path}`)).json()) as T;

for (const { tongue, size, slug } of told) {
  const name = (place: string) => `articles-${place}-${tongue}-${size}`;
  const words = articleWordsOf(tongue);

  test(`an article is written, published and followed (${tongue}, ${size})`, async ({ browser }) => {
    const page = await desk(browser, "supervisor", tongue, size);
    const look = async (place: string) => {
      await shot(page, name(place));
      await expectAccessible(page);
      await expectFits(page);
    };
    await page.getByRole("link", { name: words.title }).click();
    await expect(page.getByRole("heading", { level: 1, name: words.title })).toBeVisible();
    const before = await read<FaqPairDetail>(page, `faq-articles/${slug}`);
    const english = before.sides.find((side) => side.language === "en");
    if (english === undefined) throw new Error(`the demonstration needs the article ${slug}`);
    await look("list");
    await page.getByLabel(words.find).fill(slug);
    await page.getByRole("link", { name: english.title }).click();
    await expect(page.getByRole("heading", { level: 1, name: english.title })).toBeVisible();
    const side = page.getByRole("form", { name: words.language.en });
    const body = side.getByLabel(words.body, { exact: true });
    await expect(body).toHaveValue(english.body);
    await look("pair");

    // What the server does not know is named with its line while it is typed.
    const added = `Asked again in ${tongue} on a ${size}.`;
    const lines = english.body.trimEnd().split("\n").length;
    await body.fill(`${english.body.trimEnd()}\n\n<b>${added}</b>`);
    await expect(side.getByText(words.line(lines + 2, ""))).toBeVisible();
    await body.fill(`${english.body.trimEnd()}\n\n**${added}**`);
    await expect(side.getByText(words.line(lines + 2, ""))).toBeHidden();
    if (size === "phone") await side.getByText(words.preview).click();
    await expect(side.locator("strong", { hasText: added })).toBeVisible();
    await expect(side.getByLabel(words.standings.ahead)).toBeChecked();

    // A colleague was quicker: nothing of what was typed is lost.
    const meanwhile = await page.request.post(`/api/v1/faq-articles/${slug}`, {
      headers: { Origin: new URL(page.url()).origin },
      data: {
        language: "en",
        category: english.category,
        title: english.title,
        body: `${english.body.trimEnd()}\n\nA colleague was quicker.`,
        questions: english.questions,
        standing: "keep",
        version: english.version,
      },
    });
    expect(meanwhile.ok(), await meanwhile.text()).toBe(true);
    await side.getByRole("button", { name: words.save, exact: true }).click();
    await expect(side.getByRole("alert")).toContainText(words.conflict);
    await expect(body).toHaveValue(new RegExp(added.replaceAll(".", "\\.")));
    await side.getByText(words.theirs).click();
    await expect(side.getByText("A colleague was quicker.")).toBeVisible();
    await side.getByRole("alert").scrollIntoViewIfNeeded();
    await look("overtaken");
    await page.reload(); // not even then
    await expect(body).toHaveValue(new RegExp(added.replaceAll(".", "\\.")));
    await side.getByRole("button", { name: words.onTop }).click();
    await side.getByRole("button", { name: words.save, exact: true }).click();

    await expect(side.getByText(words.shown.edited)).toBeVisible();
    await expect(page.getByText(words.behind(words.language["zh-Hans"])).first()).toBeVisible();
    const shown = async () => (await read<FaqArticle>(page, `faq/${slug}?language=en`)).text;
    expect(await shown()).not.toContain(added);
    await side.getByRole("button", { name: words.publish, exact: true }).click();
    await expect(side.getByRole("button", { name: words.withdraw, exact: true })).toBeVisible();
    await expect(side.getByText(words.shown.edited)).toBeHidden();
    expect(await shown()).toContain(added);
    await look("published");

    // The Chinese side says it already.
    const chinese = page.getByRole("form", { name: words.language["zh-Hans"] });
    await chinese.getByRole("button", { name: words.agrees }).click();
    await chinese.getByRole("button", { name: words.publish, exact: true }).click();
    await expect(chinese.getByRole("button", { name: words.withdraw, exact: true })).toBeVisible();
    await expect(page.getByText(words.behind(words.language["zh-Hans"]))).toHaveCount(0);

    // Withdrawn it is nowhere; published again it is back.
    await chinese.getByRole("button", { name: words.withdraw, exact: true }).click();
    await chinese.getByRole("button", { name: words.withdrawNow }).click();
    await expect(chinese.getByText(words.shown.unseen)).toBeVisible();
    expect((await read<FaqArticle>(page, `faq/${slug}?language=zh-Hans`)).language).toBe("en");
    await chinese.getByRole("button", { name: words.publish, exact: true }).click();
    await expect(chinese.getByText(words.shown.unseen)).toBeHidden();
    await chinese.getByText(words.history).click();
    await expect(chinese.getByRole("listitem").filter({ hasText: words.version(1) })).toBeVisible();
    await chinese.getByText(words.history).scrollIntoViewIfNeeded();
    await look("history");
    await page.context().close();
  });

  test(`an article goes into a reply by keyboard (${tongue}, ${size})`, async ({ browser }) => {
    const t = wordsOf[tongue];
    const page = await desk(browser, "agent", tongue, size);
    await expect(page.getByRole("link", { name: words.title })).toHaveCount(0);
    const { items } = await read<{ items: TicketSummary[] }>(page, "tickets?view=open&limit=100");
    // Double charges are what the story of the refund needs.
    const ours = items.filter((one) => one.language === (tongue === "zh" ? "zh-Hans" : "en"));
    const request = ours.find((one) => one.category !== "duplicate_charge") ?? ours[0];
    if (request === undefined) throw new Error(`the demonstration needs an open request in ${tongue}`);
    await page.goto(`/console/open/${request.number}`);
    await expect(page.getByRole("log")).toBeVisible();
    await page.keyboard.press("r");
    const reply = page.getByRole("textbox", { name: t.compose.replyLabel });
    await expect(reply).toBeFocused();

    // As each keyboard has it.
    await page.keyboard.type(tongue === "zh" ? "您好，请看【【" : "Hello, please see [[");
    const field = page.getByRole("combobox", { name: words.search });
    await expect(field).toBeFocused();
    const options = page.getByRole("listbox", { name: words.results }).getByRole("option");
    await expect(options.first()).toHaveAttribute("aria-selected", "true");
    await shot(page, name("picker"));
    await expectAccessible(page);
    await expectFits(page);
    await page.keyboard.press("ArrowUp");
    await expect(options.last()).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("ArrowDown");

    // Enter is faster than the search: what is inserted is what was looked for.
    await page.keyboard.type(tongue === "zh" ? "提现" : "withdrawal");
    await page.keyboard.press("Enter");
    await expect(reply).toBeFocused();
    const link = new RegExp(`\\S+ ${new URL(page.url()).origin}/help/withdrawal-time\\?language=${request.language}$`);
    await expect(reply).toHaveValue(link);
    await expect(reply).not.toHaveValue(/\[\[|【【/);

    await page.keyboard.type(" [[");
    await expect(field).toBeFocused();
    await page.keyboard.type("zzqqxx");
    await expect(page.getByText(words.notFound)).toBeVisible();
    await shot(page, name("none"));
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(field).toHaveCount(0);
    await expect(reply).toBeFocused();
    await expect(reply).toHaveValue(/ \[\[$/); // what was typed stays typed

    // The button takes up what stands before the cursor.
    await page.keyboard.type(tongue === "zh" ? "退款" : "refund");
    await page.getByRole("button", { name: words.insert }).press("Enter");
    await expect(field).toHaveValue(tongue === "zh" ? "退款" : "refund");
    await page.keyboard.press("Shift+Enter");
    await expect(reply).toBeFocused();
    const slug = (
      await read<{ items: { slug: string }[] }>(
        page,
        `faq/search?q=${encodeURIComponent(tongue === "zh" ? "退款" : "refund")}&language=${request.language}`,
      )
    ).items[0]?.slug;
    const article = await read<FaqArticle>(page, `faq/${slug}?language=${request.language}`);
    expect(await reply.inputValue()).toContain(`\n\n${article.text.trim()}\n`);
    await shot(page, name("reply"));
    await expectAccessible(page);
    await expectFits(page);
    await page.keyboard.press("Control+Enter");
    await expect(page.getByRole("log").getByText("/help/withdrawal-time")).toBeVisible();
    await page.context().close();
  });
}

test("who may not write articles sees none of it", async ({ browser }) => {
  const page = await desk(browser, "agent", "en", "desktop");
  await page.goto("/console/articles/fees");
  await expect(page.getByText(wordsOf.en.app.notPermitted)).toBeVisible();
  await expect(page.getByRole("form")).toHaveCount(0);
  await page.context().close();
});

test("a new article begins with a name and one side", async ({ browser }) => {
  const words = articleWordsOf("en");
  const page = await desk(browser, "supervisor", "en", "desktop");
  await page.goto("/console/articles");
  await page.getByRole("button", { name: words.add }).click();
  await page.getByLabel(words.name).fill("Gift cards");
  await page.getByRole("button", { name: words.begin }).click();
  await expect(page.getByRole("alert")).toHaveText(words.nameWrong);
  await page.getByLabel(words.name).fill("gift-cards");
  await page.getByRole("button", { name: words.begin }).click();
  await expect(page.getByText(words.fresh)).toBeVisible();
  const side = page.getByRole("form", { name: words.language.en });
  await side.getByLabel(words.category).selectOption("card");
  await side.getByLabel(words.titleField).fill("Are there gift cards?");
  await expect(side.getByText(words.fault.body_missing(0))).toBeVisible();
  await expect(side.getByRole("button", { name: words.save, exact: true })).toBeDisabled();
  await side.getByLabel(words.body, { exact: true }).fill("Not yet.");
  await shot(page, "articles-new-en-desktop");
  await expectAccessible(page);
  await side.getByRole("button", { name: words.save, exact: true }).click();
  await expect(side.getByText(words.shown.unseen)).toBeVisible();
  await expect(page.getByText(words.notYet)).toBeVisible(); // the Chinese side
  await page.goto("/console/articles");
  await expect(page.getByText(words.missing(words.language["zh-Hans"]))).toBeVisible();
  await page.getByRole("button", { name: words.filters.waiting }).click();
  await expect(page.getByRole("link", { name: "Are there gift cards?" })).toBeVisible();
  await page.context().close();
});
