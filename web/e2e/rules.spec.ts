// SPDX-License-Identifier: Apache-2.0
// Rules: a supervisor writes one, tries it on the requests there are and lets it count only; what is missing is said while
// it is typed. In both languages, on a phone and at 1440.
import { expect, test } from "@playwright/test";
import { ruleWordsOf } from "../src/i18n/rules";
import { enter, expectAccessible, expectFits, openDesk, person, shot, type Size, type Tongue } from "./desk";

const told = [
  { tongue: "en", size: "desktop" },
  { tongue: "zh", size: "phone" },
  { tongue: "zh", size: "desktop" },
  { tongue: "en", size: "phone" },
] as const satisfies readonly { tongue: Tongue; size: Size }[];

for (const { tongue, size } of told) {
  const words = ruleWordsOf(tongue);

  test(`a rule is written, tried, and counts before it acts (${tongue}, ${size})`, async ({ browser }) => {
    const { page } = await openDesk(browser, tongue, size);
    const look = async (where: string) => {
      await shot(page, `rules-${where}-${tongue}-${size}`);
      await expectAccessible(page);
      await expectFits(page);
    };
    await enter(page, person("supervisor"), tongue);
    await page.goto("/console/rules");
    await expect(page.getByRole("heading", { level: 1, name: words.title })).toBeVisible();
    await look("list");

    await page.getByRole("link", { name: words.add }).click();
    const form = page.getByRole("form");
    // Nobody writes so: other stories' requests are left alone.
    const called = `Quiet ${tongue} ${size}`;
    await form.getByLabel(words.name, { exact: true }).fill(called);
    await form.getByRole("button", { name: words.addCondition }).click();
    const condition = form.getByRole("combobox", { name: words.conditions }).last();
    await condition.selectOption({ label: words.field.words });
    await form.getByRole("textbox", { name: words.values(words.field.words) }).fill("zeppelin");
    await expect(form.getByText(words.fault.nothing_done)).toBeVisible();
    await form.getByRole("button", { name: words.addAction }).click();
    await form.getByRole("combobox", { name: words.actions }).last().selectOption({ label: words.act.note });
    await form.getByRole("textbox", { name: words.value(words.act.note) }).fill("Look at the airship.");
    await look("write");
    await form.getByRole("button", { name: words.tryIt }).click();
    await expect(form.getByRole("region", { name: words.tryIt })).toContainText(words.tried(0, 1).replace(/^.*1/, ""));
    await form.getByRole("button", { name: words.save, exact: true }).click();
    await expect(page.getByRole("group", { name: words.modes(called) })).toBeVisible();
    await page
      .getByRole("group", { name: words.modes(called) })
      .getByRole("button", { name: words.mode.shadow ?? "", exact: true })
      .click();
    await expect(
      page
        .getByRole("group", { name: words.modes(called) })
        .getByRole("button", { name: words.mode.shadow ?? "", exact: true }),
    ).toHaveAttribute("aria-pressed", "true");
    await look("shadow");
    await page.context().close();
  });
}
