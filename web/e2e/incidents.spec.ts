// SPDX-License-Identifier: Apache-2.0
// An incident that opened by itself (tests/story/browser.py sent the mails): its place in the rail, its requests, one text
// that is looked at and sent, what a request says of it, and its end. In both languages, on a phone and at 1440, light and
// dark.
import { expect, test, type Locator, type Page } from "@playwright/test";
import type { Incident, IncidentDetail } from "../src/api/types";
import { incidentWordsOf } from "../src/i18n/incidents";
import { enter, expectAccessible, expectFits, openDesk, person, shot, wordsOf, type Size, type Tongue } from "./desk";

const told = [
  { tongue: "en", size: "desktop" },
  { tongue: "zh", size: "phone" },
  { tongue: "zh", size: "desktop" },
  { tongue: "en", size: "phone" },
] as const satisfies readonly { tongue: Tongue; size: Size }[];

const read = async <T>(page: Page, path: string) => (await (await page.request.get(`/api/v1/${path}`)).json()) as T;

for (const [place, { tongue, size }] of told.entries()) {
  const words = incidentWordsOf(tongue);
  const t = wordsOf[tongue];
  const press = (what: Locator) => (size === "phone" ? what.tap() : what.click());
  const look = async (page: Page, where: string) => {
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await shot(page, `incident-${where}-${tongue}-${size}${scheme === "dark" ? "-dark" : ""}`);
      await expectAccessible(page);
    }
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await expectFits(page);
  };

  test(`many who write about one thing get one text (${tongue}, ${size})`, async ({ browser }) => {
    const { page } = await openDesk(browser, tongue, size);
    await enter(page, person("agent"), tongue);
    const code = `E-470${place + 1}`;
    const found = (await read<{ items: Incident[] }>(page, "incidents")).items.find((one) => one.about.thing === code);
    if (found === undefined) throw new Error(`nobody wrote about ${code}`);
    const rail = page.getByRole("navigation", { name: t.app.views }).getByRole("link", { name: words.title });
    await expect(rail.locator(".count")).not.toHaveText("0");
    await press(rail);
    await look(page, "list");
    await press(page.getByRole("link", { name: words.about.error_code(code) }));
    await expect(page.getByRole("heading", { name: words.about.error_code(code) })).toBeVisible();
    const { members } = await read<IncidentDetail>(page, `incidents/${found.id}`);
    const out = members[0]?.ticket.number ?? "";
    await press(page.getByRole("button", { name: words.remove(out) }));
    await expect(page.getByRole("listitem").filter({ hasText: out })).toContainText(words.leftOut.removed);

    // A figure is refused before anything is sent.
    await page.getByRole("textbox", { name: words.in.en }).fill("You get CNY 5 back.");
    await page.getByRole("textbox", { name: words.in["zh-Hans"] }).fill("我们已知悉此错误，正在处理。");
    await press(page.getByRole("button", { name: words.preview }));
    await expect(page.getByRole("alert")).toBeVisible();
    await page.getByRole("textbox", { name: words.in.en }).fill("We know of this error and are on it.");
    await look(page, "write");
    await press(page.getByRole("button", { name: words.preview }));
    await expect(page.getByText("我們已知悉此錯誤")).toBeVisible();
    await look(page, "preview");
    await press(page.getByRole("button", { name: words.send(members.length - 1) }));
    await expect(page.getByRole("heading", { name: words.sentText })).toBeVisible();
    await expect(async () => {
      expect((await read<IncidentDetail>(page, `incidents/${found.id}`)).told).toBe(members.length - 1);
    }).toPass();
    await look(page, "told");

    // The request says so, and leads back.
    const one = members[1]?.ticket.number ?? "";
    await page.goto(`/console/all/${one}`);
    await expect(page.getByText(words.stripTold)).toBeVisible();
    await look(page, "request");
    await press(page.getByRole("link", { name: words.look, exact: true }));
    await press(page.getByRole("button", { name: words.close }));
    await expect(page.getByRole("button", { name: words.reopen })).toBeVisible();
    await page.goto("/console/incidents");
    await expect(page.getByRole("link", { name: words.about.error_code(code) })).toHaveCount(0);
    await press(page.getByRole("button", { name: words.filters.closed }));
    await expect(page.getByRole("link", { name: words.about.error_code(code) })).toBeVisible();
    await page.context().close();
  });
}
