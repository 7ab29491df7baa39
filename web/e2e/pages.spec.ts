// SPDX-License-Identifier: Apache-2.0
// The public page and the doors: they say what they must, in each language, and are usable by everyone.
import { expect, test } from "@playwright/test";
import { words } from "../src/site/words";
import type { SiteLanguage } from "../src/i18n/choice";
import { enter, expectAccessible, expectFits, openDesk, person, shot, sizes, wordsOf, type Size } from "./desk";

const locales: Record<SiteLanguage, string> = { en: "en-GB", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW" };

for (const language of Object.keys(locales) as SiteLanguage[]) {
  for (const size of Object.keys(sizes) as Size[]) {
    test(`the website follows the browser (${language}, ${size})`, async ({ browser }) => {
      for (const colorScheme of ["light", "dark"] as const) {
        const context = await browser.newContext({ viewport: sizes[size], locale: locales[language], colorScheme });
        const page = await context.newPage();
        const site = (await (await page.request.get("/api/v1/site")).json()) as {
          support_address: string;
          demonstration: boolean;
        };
        await page.goto("/");
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(words[language].line);
        await expect(page.getByRole("link", { name: site.support_address })).toHaveAttribute(
          "href",
          `mailto:${site.support_address}`,
        );
        await expect(page.getByText(words[language].demonstration)).toHaveCount(site.demonstration ? 1 : 0);
        await expect(page.locator("html")).toHaveAttribute("lang", language);
        await shot(page, `site-${language}-${size}${colorScheme === "dark" ? "-dark" : ""}`);
        await expectAccessible(page);
        await expectFits(page);
        await context.close();
      }
    });
  }
}

test("the website remembers the chosen language", async ({ browser }) => {
  const { context, page } = await openDesk(browser, "en", "phone");
  await page.goto("/");
  await page.getByRole("button", { name: words["zh-Hant"].name }).click();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(words["zh-Hant"].line);
  await context.close();
});

test("the console's door", async ({ browser }) => {
  for (const tongue of ["en", "zh"] as const) {
    const { context, page } = await openDesk(browser, tongue, "phone");
    const t = wordsOf[tongue];
    await page.goto("/console");
    await shot(page, `sign-in-${tongue}`);
    await expectAccessible(page);
    await page.getByLabel(t.signIn.email).fill("nobody@nowhere.example");
    await page.getByLabel(t.signIn.password, { exact: true }).fill("not the password of anybody");
    await page.getByRole("button", { name: t.signIn.next }).click();
    await expect(page.getByRole("alert")).toHaveText(t.api.error.sign_in_failed);
    await page.goto("/console/enrol");
    await expect(page.getByRole("alert")).toHaveText(t.enrol.noToken);
    await page.goto("/console/enrol#NOTATOKEN");
    await expect(page.getByLabel(t.enrol.again)).toBeVisible();
    await shot(page, `enrol-${tongue}`);
    await expectAccessible(page);
    await context.close();
  }
});

test("the desk by keyboard", async ({ browser }) => {
  const agent = person("agent");
  const t = wordsOf.en;
  const { context, page } = await openDesk(browser, "en", "desktop");
  await enter(page, agent, "en");
  await expect(page.getByRole("group", { name: t.list.label }).getByRole("link").first()).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/console\/open\/OK-/);
  const second = page.url();
  await expect(page.getByRole("log")).toBeVisible();
  await page.keyboard.press("k");
  await expect(page).not.toHaveURL(second);
  const number = page.url().split("/").pop() ?? "";
  await expect(page.getByRole("region", { name: new RegExp(number) })).toBeVisible();
  await page.keyboard.press("3");
  await expect(page.getByRole("tab", { name: t.context.history })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("1");
  await expect(page.getByRole("tab", { name: t.context.customer })).toHaveAttribute("aria-selected", "true");
  await shot(page, "customer-en-desktop");
  await page.keyboard.press(".");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(number);

  // A note: keys inside the field are text; Ctrl+Enter sends it.
  const words = `Looked at by keyboard at ${Date.now()}: j k e 1 2 3 ? $ .`;
  await page.keyboard.press("n");
  await expect(page.getByRole("textbox", { name: t.compose.noteLabel })).toBeFocused();
  await page.keyboard.type(words);
  await shot(page, "note-en-desktop");
  await expectAccessible(page);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("log").getByText(words)).toBeVisible();

  // An amount without a ledger row does not leave the house; the refusal stands beside the text.
  await page.keyboard.press("Escape");
  await page.keyboard.press("r");
  await expect(page.getByRole("textbox", { name: t.compose.replyLabel })).toBeFocused();
  await page.keyboard.type("We have refunded CNY 98765.43 to you.");
  await page.keyboard.press("Control+Enter");
  await expect(page.locator("#composer-problem").getByRole("alert")).toContainText(t.api.error.unbound_amount);
  await expect(page.locator("#composer-problem").getByRole("alert")).toContainText("“CNY 98765.43”");
  await shot(page, "unbound-en-desktop");
  await page.getByRole("textbox", { name: t.compose.replyLabel }).fill("");
  await page.getByRole("textbox", { name: t.compose.replyLabel }).blur();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: t.keys.title })).toBeVisible();
  await shot(page, "keys-en-desktop");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  // Two keys are one only within a second, which a busy machine may miss.
  await expect(async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    await expect(page).toHaveURL(/\/console\/approvals/, { timeout: 2_000 });
  }).toPass();
  await context.close();
});

test("a tablet gets the context as a drawer", async ({ browser }) => {
  const agent = person("agent");
  const t = wordsOf.zh;
  const { context, page } = await openDesk(browser, "zh", "desktop");
  await page.setViewportSize({ width: 900, height: 900 });
  await enter(page, agent, "zh");
  await page.getByRole("group", { name: t.list.label }).getByRole("link").first().click();
  await expect(page.getByRole("log")).toBeVisible();
  await expect(page.getByRole("tablist")).toHaveCount(0);
  await shot(page, "tablet-zh");
  await page.getByRole("button", { name: t.ticket.details }).click();
  await expect(page.getByRole("tab", { name: t.context.customer })).toBeVisible();
  await shot(page, "tablet-drawer-zh");
  await expectAccessible(page);
  await expectFits(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize(sizes.desktop);
  await expect(page.getByRole("tablist")).toBeVisible();
  await shot(page, "dark-zh-desktop");
  await expectAccessible(page);
  await context.close();
});
