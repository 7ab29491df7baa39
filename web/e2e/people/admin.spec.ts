// SPDX-License-Identifier: Apache-2.0
// Who joins the staff with a say in approvals waits for an administrator: one is let in, another is refused.
import { expect, test } from "@playwright/test";
import { adminWordsEn, adminWordsZh } from "../../src/i18n/admin";
import { enter, expectAccessible, expectFits, nextCode, openDesk, shot, staff, type Tongue } from "../desk";
import { setting } from "./letters";

const ways: { tongue: Tongue; size: "desktop" | "phone"; email: number }[] = [
  { tongue: "en", size: "desktop", email: 0 },
  { tongue: "zh", size: "phone", email: 1 },
];

for (const { tongue, size, email } of ways) {
  test(`an administrator decides about a new colleague (${tongue}, ${size})`, async ({ browser }) => {
    const w = tongue === "zh" ? adminWordsZh : adminWordsEn;
    const address = setting("OKPAY_NEW_STAFF").split(" ")[email]!;
    const admin = staff().find((one) => one.role === "admin")!;
    const { page } = await openDesk(browser, tongue, size);
    await enter(page, admin, tongue);
    await page.goto("/console/approvals");
    const waiting = page.getByRole("region", { name: w.staff }).locator("form").filter({ hasText: address });
    await expect(waiting).toBeVisible();
    await shot(page, `people-new-staff-${tongue}-${size}`);
    await expectAccessible(page);
    await expectFits(page);
    if (tongue === "zh") {
      await waiting.getByRole("button", { name: w.reject }).click();
    } else {
      await waiting.getByLabel(w.code).fill("000000");
      await waiting.getByRole("button", { name: w.approve }).click();
      await expect(waiting.getByRole("alert")).toBeVisible();
      await waiting.getByLabel(w.code).fill(await nextCode(admin));
      await waiting.getByRole("button", { name: w.approve }).click();
    }
    await expect(waiting).toHaveCount(0);
    await page.context().close();
  });
}
