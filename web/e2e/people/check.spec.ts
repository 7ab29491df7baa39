// SPDX-License-Identifier: Apache-2.0
// Whoever has a mail of ours types its code, and is told that it is ours and whom it went to.
import { expect, test } from "@playwright/test";
import { checkWords } from "../../src/site/check_words";
import { customers, expectAccessible, expectFits, shot, sizes } from "../desk";
import { letter, setting, writeMail } from "./letters";

test("a mail is proven by its code, and a copied code is not (en, phone)", async ({ browser }) => {
  const t = checkWords.en;
  const person = customers()[0]!;
  writeMail(person.email, setting("OKPAY_SUPPORT"), "A question", "Good morning, do you have an office in Lisbon?");
  const ours = await letter(person.email, "the receipt", ({ text }) => /^Check: /m.test(text));
  const code = /^Check: (\S+)/m.exec(ours.text)![1]!;
  const context = await browser.newContext({ viewport: sizes.phone, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto("/check");
  const ask = async (address: string) => {
    await page.getByLabel(t.address).fill(address);
    await page.getByLabel(t.code, { exact: true }).fill(code.toLowerCase().replaceAll("-", " "));
    await page.getByRole("button", { name: t.ask, exact: true }).click();
  };
  await ask("");
  await expect(page.getByRole("status")).toContainText(t.yes);
  await expect(page.getByRole("status")).toContainText(t.compare);
  await expect(page.getByRole("status")).not.toContainText(person.email);
  await shot(page, "people-check-yes-en");
  await expectAccessible(page);
  await expectFits(page);
  await ask(person.email);
  await expect(page.getByRole("status")).toContainText(t.yes);
  await ask("someone.else@example.org");
  await expect(page.getByRole("status")).toContainText(t.elsewhere);
  await shot(page, "people-check-elsewhere-en");
  await context.close();
});
