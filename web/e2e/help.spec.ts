// SPDX-License-Identifier: Apache-2.0
// The help pages, the page that says whether a mail is ours, and what the desk sees of its mail.
import { expect, test } from "@playwright/test";
import { mailEn, mailZh } from "../src/i18n/mail";
import type { SiteLanguage } from "../src/i18n/choice";
import { checkWords } from "../src/site/check_words";
import { helpWords } from "../src/site/help_words";
import { enter, expectAccessible, expectFits, openDesk, shot, sizes, staff, type Size, type Tongue } from "./desk";

const readers = [
  { language: "en", locale: "en-GB", size: "desktop", asks: "withdrawl", slug: "withdrawal-time" },
  { language: "zh-Hans", locale: "zh-CN", size: "phone", asks: "手续费", slug: "fees" },
  { language: "zh-Hant", locale: "zh-TW", size: "phone", asks: "手續費", slug: "fees" },
] as const satisfies readonly { language: SiteLanguage; locale: string; size: Size; asks: string; slug: string }[];

for (const { language, locale, size, asks, slug } of readers) {
  test(`help is found by who types, and rated (${language}, ${size})`, async ({ browser }) => {
    const t = helpWords[language];
    const context = await browser.newContext({ viewport: sizes[size], locale });
    const page = await context.newPage();
    const look = async (place: string) => {
      await shot(page, `help-${place}-${language}-${size}`);
      await expectAccessible(page);
      await expectFits(page);
    };
    await page.goto("/help");
    await expect(page.getByRole("heading", { level: 1, name: t.line })).toBeVisible();
    await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
    await look("all");
    await page.getByLabel(t.search).fill(asks);
    const hit = page.locator(`.hits a[href="/help/${slug}"]`);
    await expect(hit).toBeVisible();
    await look("found");
    await hit.click();
    await expect(page).toHaveURL(new RegExp(`/help/${slug}$`));
    await expect(page.getByRole("article")).toBeVisible();
    await look("article");
    await page.getByRole("group", { name: t.helped }).getByRole("button", { name: t.yes, exact: true }).click();
    await expect(page.getByText(t.thanks)).toBeVisible();
    await page.goBack();
    await expect(hit).toBeVisible();
    await page.getByLabel(t.search).fill("qqqqzzzz");
    await expect(page.getByText(t.none)).toBeVisible();
    await page.goto("/help/nothing-of-this-name");
    await expect(page.getByRole("alert")).toHaveText(t.missing);
    await context.close();
  });

  test(`what is typed while the page still loads stays (${language}, ${size})`, async ({ browser }) => {
    const t = helpWords[language];
    const context = await browser.newContext({ viewport: sizes[size], locale });
    const page = await context.newPage();
    let answer = () => {};
    const late = new Promise<void>((resolve) => (answer = resolve));
    for (const path of ["**/api/v1/site", "**/api/v1/faq?*"]) {
      await page.route(path, async (route) => {
        await late;
        await route.continue();
      });
    }
    await page.goto("/help");
    const field = page.getByLabel(t.search);
    await field.pressSequentially(asks.slice(0, 1));
    answer();
    await expect(page.locator(".address")).toBeVisible();
    await expect(page.locator("#results").getByRole("status")).not.toHaveText("…");
    await page.keyboard.type(asks.slice(1));
    await expect(field).toHaveValue(asks);
    await expect(page.locator(`.hits a[href="/help/${slug}"]`)).toBeVisible();
    await context.close();
  });

  test(`a code that is not ours is told from one that is mistyped (${language}, ${size})`, async ({ browser }) => {
    const t = checkWords[language];
    const context = await browser.newContext({ viewport: sizes[size], locale });
    const page = await context.newPage();
    await page.goto("/check");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.heading);
    await page.getByRole("button", { name: t.ask, exact: true }).click();
    await expect(page.getByRole("status")).toContainText(t.codeMissing);
    await page.getByLabel(t.code, { exact: true }).fill("1ABC-DEFG");
    await page.getByLabel(t.code, { exact: true }).press("Enter");
    await expect(page.getByRole("status")).toContainText(t.mistyped);
    await shot(page, `check-mistyped-${language}-${size}`);
    await expectAccessible(page);
    await expectFits(page);
    await context.close();
  });
}

for (const [tongue, size] of [
  ["en", "desktop"],
  ["zh", "phone"],
] as const satisfies readonly (readonly [Tongue, Size])[]) {
  test(`the desk sees how its mail is (${tongue}, ${size})`, async ({ browser }) => {
    const supervisor = staff().find((one) => one.role === "supervisor" && one.totp_secret !== undefined);
    if (supervisor === undefined) throw new Error("the demonstration needs a supervisor");
    const t = tongue === "zh" ? mailZh : mailEn;
    const { context, page } = await openDesk(browser, tongue, size);
    await enter(page, supervisor, tongue);
    await page.getByRole("link", { name: t.title }).click();
    await expect(page.getByRole("heading", { level: 1, name: t.title })).toBeVisible();
    await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
    await shot(page, `mail-health-${tongue}-${size}`);
    await expectAccessible(page);
    await expectFits(page);
    await context.close();
  });
}
