// SPDX-License-Identifier: Apache-2.0
// A new mail address, asked for by a mail: the mail alone changes nothing. The customer says in the account, with the
// passkey, that the request is theirs; one person proposes, another approves; the new address is confirmed, the change is
// held, both addresses are told, and the old one stops it.
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { factorWords } from "../../src/account/factor_words";
import { words } from "../../src/account/words";
import { changeWords } from "../../src/account/words_changes";
import type { Answer } from "../../src/api/types";
import type { SiteLanguage } from "../../src/i18n/choice";
import { casesEn, casesZh } from "../../src/i18n/cases";
import {
  customers,
  enter,
  expectAccessible,
  expectFits,
  nextCode,
  openDesk,
  shot,
  staff,
  wordsOf,
  type Tongue,
} from "../desk";
import { openPhone, signInTo, withPasskeys } from "../phone";
import { letter, lettersTo, linkTo, setting, writeMail } from "./letters";

const ways: { language: SiteLanguage; tongue: Tongue; customer: number }[] = [
  { language: "en", tongue: "en", customer: 0 },
  { language: "zh-Hant", tongue: "zh", customer: 1 },
];

for (const { language, tongue, customer } of ways) {
  test(`an address changes by a mail, two persons and a hold, and the old one stops it (${language})`, async ({
    browser,
  }) => {
    const w = changeWords[language];
    const c = tongue === "zh" ? casesZh : casesEn;
    const who = customers()[customer]!;
    const fresh = `fresh.${Math.random().toString(36).slice(2, 8)}@mail.example`;
    const page = await openPhone(browser, language);
    await withPasskeys(page);
    await signInTo(page, who, language);
    await page.goto("/account/two-step");
    await page.getByRole("button", { name: factorWords[language].passkeys.add }).click();
    await page.getByRole("button", { name: factorWords[language].recovery.kept }).click();

    const words_ = `Please change the mail address of my account to ${fresh}. I cannot read the old one any more.`;
    writeMail(who.email, setting("OKPAY_SUPPORT"), "New mail address", words_);
    await letter(who.email, "that the mail has arrived", ({ subject }) => /OK-[0-9A-Z]{7}/.test(subject));

    // In the account: the request, and the question whether it is the customer's.
    await page.goto("/account/requests");
    await page.getByRole("link", { name: "New mail address" }).first().click();
    await expect(page.getByText(words_)).toBeVisible();
    await expect(page.getByRole("heading", { name: w.requests.proofTitle })).toBeVisible();
    await shot(page, `people-request-own-${language}`);
    await expectAccessible(page);
    await expectFits(page);
    const number = new URL(page.url()).pathname.split("/").at(-1)!;
    expect(number).toMatch(/^OK-/);

    // At the desk nothing can be proposed before that.
    const { page: agent } = await openDesk(browser, tongue, "desktop");
    const person = (role: string) => staff().find((one) => one.role === role)!;
    await enter(agent, person("agent"), tongue);
    const tab = { name: wordsOf[tongue].context.customer };
    await agent.goto(`/console/all/${number}`);
    await agent.getByRole("tab", tab).click();
    const card = agent.getByRole("region", { name: c.title });
    await expect(card.getByText(c.needsProof)).toBeVisible();
    await page.getByRole("button", { name: w.requests.confirm }).click();
    await expect(page.getByText(w.requests.confirmed)).toBeVisible();
    await expect(page.getByRole("heading", { name: w.requests.proofTitle })).toHaveCount(0);

    await agent.reload();
    await agent.getByRole("tab", tab).click();
    await card.getByRole("button", { name: c.propose }).click();
    await card.getByLabel(c.newAddress).fill(fresh);
    await card.getByLabel(c.note).fill("asked by mail, shown with the passkey");
    await shot(agent, `people-change-proposed-${tongue}`);
    await card.getByRole("button", { name: c.send }).click();
    await expect(card.getByText(c.state.requested)).toBeVisible();
    await expect(card.getByRole("button", { name: c.approve })).toHaveCount(0);
    expect(lettersTo(fresh)).toEqual([]);

    const { page: risk } = await openDesk(browser, tongue, "desktop");
    await enter(risk, person("risk"), tongue);
    await risk.goto("/console/approvals");
    await expectAccessible(risk);
    await shot(risk, `people-change-waiting-${tongue}`);
    await risk.getByRole("region", { name: wordsOf[tongue].approvals.changes }).getByRole("link").click();
    await risk.getByRole("tab", tab).click();
    const decision = risk.getByRole("region", { name: c.title });
    await decision.getByLabel(c.code).fill(await nextCode(person("risk")));
    await decision.getByRole("button", { name: c.approve }).click();
    await expect(decision.getByText(c.state.proving)).toBeVisible();
    await shot(risk, `people-change-approved-${tongue}`);

    // The new address confirms: the change is held, and both are told.
    const asked = await letter(fresh, "the question to the new address", ({ text }) =>
      text.includes("confirm-address#"),
    );
    expect(asked.text).not.toContain(who.name);
    const other = await openPhone(browser, language);
    await other.goto(linkTo("confirm-address", asked));
    await shot(other, `people-confirm-address-${language}`);
    await expectAccessible(other);
    await other.getByRole("button", { name: w.confirm.act }).click();
    await expect(other.getByRole("heading", { name: w.confirm.done })).toBeVisible();
    await expect.poll(() => lettersTo(fresh).length).toBe(2);
    await page.goto("/account/details");
    await expect(page.locator(".change").first()).toContainText(w.details.state.held);
    const taken = page.waitForEvent("download");
    await page.getByRole("button", { name: w.details.copy.get }).click();
    const copy = readFileSync(await (await taken).path(), "utf8");
    expect(copy).toContain(who.email);
    expect(copy).toContain(fresh);
    expect(copy).not.toContain("shown with the passkey"); // what staff note among themselves
    await expect(page.getByText(words[language].statement.done)).toBeVisible();
    await shot(page, `people-details-${language}`);
    await expectAccessible(page);
    await expectFits(page);

    // The old address stops it, after the last of its letters; whoever was signed in is out.
    const held = () => lettersTo(who.email).filter(({ text }) => text.includes("/account/keep-address#"));
    await expect.poll(() => held().length).toBe(2);
    await other.goto(linkTo("keep-address", held().at(-1)!));
    await shot(other, `people-keep-address-${language}`);
    await expectAccessible(other);
    const before = await page.request.get("/api/v1/me/changes");
    expect(((await before.json()) as Answer<"listOwnChanges">).items[0]!.state).toBe("held"); // the link alone did nothing
    await other.getByRole("button", { name: w.keep.act }).click();
    await expect(other.getByRole("heading", { name: w.keep.done })).toBeVisible();
    expect((await page.request.get("/api/v1/me")).status()).toBe(401);
    await shot(other, `people-kept-${language}`);
    await risk.reload();
    await risk.getByRole("tab", tab).click();
    await expect(decision.getByText(c.state.canceled)).toBeVisible();
    for (const one of [page, agent, risk, other]) await one.context().close();
  });
}
