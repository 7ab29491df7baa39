// SPDX-License-Identifier: Apache-2.0
// Somebody else knows the password: the letter of the new device says so, its page locks and signs out at once (the link
// alone does nothing), a new password comes by letter, and the lock stays until persons of the house have looked.
import { expect, test } from "@playwright/test";
import { words } from "../../src/account/words";
import { accessWords } from "../../src/account/words_access";
import { lockWords } from "../../src/account/words_locks";
import type { SiteLanguage } from "../../src/i18n/choice";
import { customers, expectAccessible, expectFits, shot, type Size } from "../desk";
import { openPhone, signInTo } from "../phone";
import { letter, linkTo } from "./letters";

const ways: { language: SiteLanguage; size: Size; customer: number }[] = [
  { language: "zh-Hant", size: "phone", customer: 2 },
  { language: "en", size: "desktop", customer: 3 },
];

for (const { language, size, customer } of ways) {
  test(`"this was not me" locks, signs out and leads to a new password (${language}, ${size})`, async ({ browser }) => {
    const t = words[language];
    const w = accessWords[language];
    const l = lockWords[language];
    const who = customers()[customer]!;
    const page = await openPhone(browser, language, size);
    await signInTo(page, who, language);

    // A phrase for the letters, and where one is signed in.
    await page.goto("/account/security");
    await page.getByLabel(w.security.phraseField).fill("藍色的茶壺");
    await page.getByRole("button", { name: w.security.phraseSave }).click();
    await expect(page.getByText(w.security.phraseSet)).toBeVisible();
    const thief = await openPhone(browser, language, size === "phone" ? "desktop" : "phone");
    await signInTo(thief, who, language);
    await page.reload();
    await expect(page.getByRole("button", { name: w.security.endOthers })).toBeVisible();
    await shot(page, `people-security-${language}-${size}`);
    await expectAccessible(page);
    await expectFits(page);

    const isAlert = ({ text }: { text: string }) => text.includes("/account/not-me#");
    const alert = await letter(
      who.email,
      "of the new device",
      (one) => isAlert(one) && one.text.includes("藍色的茶壺"),
    );
    const from = await openPhone(browser, language, size);
    await from.goto(linkTo("not-me", alert));
    await expect(from.getByRole("heading", { name: w.notMe.title })).toBeVisible();
    await shot(from, `people-not-me-${language}-${size}`);
    await expectAccessible(from);
    await expectFits(from);
    expect((await thief.request.get("/api/v1/me")).status()).toBe(200); // looking changed nothing
    await from.getByRole("button", { name: w.notMe.press }).click();
    await expect(from.getByRole("heading", { name: w.notMe.done })).toBeVisible();
    await shot(from, `people-secured-${language}-${size}`);
    for (const one of [page, thief]) expect((await one.request.get("/api/v1/me")).status()).toBe(401);

    // The old password opens nothing; the new one comes by letter.
    await thief.goto("/account");
    await thief.getByLabel(t.signIn.email).fill(who.email);
    await thief.getByLabel(t.signIn.password, { exact: true }).fill(who.password);
    await thief.getByRole("button", { name: t.signIn.enter, exact: true }).click();
    await expect(thief.getByText(t.error["sign_in_failed"]!)).toBeVisible();
    await from.getByRole("button", { name: w.newPassword.title }).click();
    await from.getByLabel(t.signIn.email).fill(who.email);
    await from.getByRole("button", { name: w.forgotten.send }).click();
    await expect(from.getByRole("heading", { name: w.forgotten.sent })).toBeVisible();
    const link = await letter(who.email, "with the new password's link", ({ text }) => text.includes("/new-password#"));
    expect(link.text).toContain("藍色的茶壺");
    await from.goto(linkTo("new-password", link));
    await from.getByLabel(w.security.newPassword, { exact: true }).fill("quiet marble under the stairs");
    await shot(from, `people-new-password-${language}-${size}`);
    await expectAccessible(from);
    await from.getByRole("button", { name: w.newPassword.set }).click();
    await expect(from.getByText(w.newPassword.done)).toBeVisible();
    await signInTo(from, { ...who, password: "quiet marble under the stairs" }, language);

    // What was reported stays locked, and the customer alone does not end it.
    const banner = from.getByRole("region", { name: l.title });
    await expect(banner.getByText(l.message.not_me)).toBeVisible();
    await expect(banner.getByRole("button")).toHaveCount(0);
    await shot(from, `people-not-me-locked-${language}-${size}`);
    await expectAccessible(from);
    for (const one of [page, thief, from]) await one.context().close();
  });
}
