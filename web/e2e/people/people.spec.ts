// SPDX-License-Identifier: Apache-2.0
// From the sign-up to the watch after a lock, as one person lives it: an account opened by letter, a passkey, payments of
// which one trips a rule, the lock with its reason on the page and in the mailbox, the answer by mail, the passport by the
// phone's camera, two reviews, the release by two persons, and money that goes again. The same mail from a stranger gets
// nothing.
import { expect, test, type Browser, type Page } from "@playwright/test";
import { factorWords } from "../../src/account/factor_words";
import { identityWords } from "../../src/account/identity_words";
import { words } from "../../src/account/words";
import { accessWords } from "../../src/account/words_access";
import { lockWords } from "../../src/account/words_locks";
import type { Answer } from "../../src/api/types";
import { shownAmount } from "../../src/format/money";
import type { SiteLanguage } from "../../src/i18n/choice";
import { identityEn, identityZh } from "../../src/i18n/identity";
import { lockWordsOf } from "../../src/i18n/locks";
import {
  enter,
  expectAccessible,
  expectFits,
  me,
  nextCode,
  openDesk,
  shot,
  staff,
  wordsOf,
  type Tongue,
} from "../desk";
import { openPhone, post, withPasskeys } from "../phone";
import { letter, lettersTo, linkTo, setting, writeMail } from "./letters";

const password = "ink walnut harbour seven";
const name = "Anna Maria Eriksson";
const ways: { language: SiteLanguage; tongue: Tongue }[] = [
  { language: "en", tongue: "en" },
  { language: "zh-Hans", tongue: "zh" },
];

const amountShown = (amount: string, language: SiteLanguage) =>
  shownAmount({ amount, currency: "CNY" }, language === "en" ? "en" : "zh");

async function openAccount(page: Page, email: string, language: SiteLanguage): Promise<void> {
  const w = accessWords[language];
  await page.goto("/account");
  await page.getByRole("button", { name: w.signUp.open }).click();
  await page.getByLabel(words[language].signIn.email).fill(email);
  await page.getByLabel(w.signUp.name).fill(name);
  await page.getByLabel(w.signUp.password, { exact: true }).fill("short");
  await page.getByRole("button", { name: w.signUp.send }).click();
  await expect(page.locator("#password-wrong")).toHaveText(w.passwordShort);
  await page.getByLabel(w.signUp.password, { exact: true }).fill(password);
  await shot(page, `people-sign-up-${language}`);
  await expectAccessible(page);
  await expectFits(page);
  await page.getByRole("button", { name: w.signUp.send }).click();
  await expect(page.getByRole("heading", { name: w.signUp.sent })).toBeVisible();
  await shot(page, `people-sign-up-sent-${language}`);
  const welcome = await letter(email, "the link of the sign-up", ({ text }) => text.includes("/account/welcome#"));
  await page.goto(linkTo("welcome", welcome));
  await page.getByLabel(words[language].signIn.password, { exact: true }).fill(password);
  await shot(page, `people-welcome-${language}`);
  await expectAccessible(page);
  await page.getByRole("button", { name: w.welcome.open }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

async function addPasskey(page: Page, language: SiteLanguage): Promise<void> {
  const w = factorWords[language];
  await page.goto("/account/two-step");
  await page.getByRole("button", { name: w.passkeys.add }).click();
  await page.getByRole("button", { name: w.recovery.kept }).click();
  await expect(page.getByText(w.section.on, { exact: true })).toBeVisible();
}

// What the page says in the end is the caller's to expect.
async function pay(page: Page, to: string, amount: string, language: SiteLanguage): Promise<void> {
  const t = words[language];
  await page.goto("/account/pay");
  await page.getByLabel(t.send.to).fill(to);
  await page.getByLabel(t.send.amount).fill(amount);
  await page.getByRole("button", { name: t.send.next }).click();
  await page.getByRole("button", { name: t.confirm.pay(amountShown(amount, language)) }).click();
}
const paid = (page: Page, amount: string, language: SiteLanguage) =>
  expect(page.getByRole("heading", { level: 1 })).toContainText(amountShown(amount, language));

async function handIn(page: Page, language: SiteLanguage): Promise<void> {
  const w = identityWords[language];
  await page.goto("/account");
  await page.getByRole("link", { name: w.link }).click();
  await shot(page, `people-identity-${language}`);
  await page.getByRole("button", { name: w.begin }).click();
  await page.getByLabel(w.form.document, { exact: true }).selectOption("passport");
  await page.getByLabel(w.form.country).selectOption("GBR");
  await page.getByLabel(w.form.birth).fill("1974-08-12");
  await page.getByLabel(w.form.number, { exact: true }).fill("L898902C3");
  await page.getByLabel(w.form.consent).check();
  await expect(page.getByLabel(w.form.name, { exact: true })).toHaveValue(name);
  await shot(page, `people-identity-form-${language}`);
  await expectAccessible(page);
  await expectFits(page);
  await page.getByRole("button", { name: w.form.go }).click();
  for (const [kind, file] of [
    ["document_front", "OKPAY_PASSPORT"],
    ["selfie", "OKPAY_FACE"],
  ] as const) {
    const card = page.getByRole("region", { name: w.file[kind].title, exact: true });
    await card.locator("input[type=file]").setInputFiles(setting(file));
    await expect(card.getByText(w.taken)).toBeVisible({ timeout: 60_000 });
  }
  await expectAccessible(page);
  await expectFits(page);
  await shot(page, `people-identity-pictures-${language}`);
  await page.getByRole("button", { name: w.submit }).click();
  await expect(page.getByRole("heading", { name: w.state.review })).toBeVisible({ timeout: 60_000 });
  await shot(page, `people-identity-review-${language}`);
}

const person = (role: string) => staff().find((one) => one.role === role)!;

async function asStaff(browser: Browser, role: string, tongue: Tongue): Promise<Page> {
  const { page } = await openDesk(browser, tongue, "desktop");
  await enter(page, person(role), tongue);
  return page;
}

// Opens the case, looks at each picture, and says that it is this person.
async function review(page: Page, role: string, tongue: Tongue, last: boolean): Promise<void> {
  const w = tongue === "zh" ? identityZh : identityEn;
  await page.goto("/console/identity");
  await page.getByRole("link", { name }).click();
  await page.getByLabel(w.reason).fill("from the queue");
  await page.getByRole("button", { name: w.open, exact: true }).click();
  for (const kind of ["document_front", "selfie"] as const) {
    await page.getByRole("button", { name: `${w.show}: ${w.file[kind]}` }).click();
    await expect(page.getByRole("img", { name: w.file[kind], exact: true })).toBeVisible({ timeout: 30_000 });
  }
  if (!last) await shot(page, `people-review-${tongue}`);
  await page.getByLabel(w.decision.verified).check();
  await page.getByLabel(w.note).fill("the face is that of the document");
  await page.getByLabel(w.totp).fill(await nextCode(person(role)));
  await page.getByRole("button", { name: w.send, exact: true }).click();
  await expect(page.getByText(last ? w.state.verified : w.reviews(1, 2), { exact: true })).toBeVisible();
}

for (const { language, tongue } of ways) {
  test(`from the sign-up over a lock to the watch (${language})`, async ({ browser }) => {
    test.setTimeout(300_000);
    const t = words[language];
    const l = lockWords[language];
    const desk = lockWordsOf(tongue);
    const id = Math.random().toString(36).slice(2, 8);
    const email = `anna.${id}@mail.example`;
    const page = await openPhone(browser, language);
    await withPasskeys(page);
    await openAccount(page, email, language);
    await addPasskey(page, language);

    // Money comes in; a usual payment goes, most of it to somebody new does not.
    const supervisor = await asStaff(browser, "supervisor", tongue);
    const payees: string[] = [];
    for (const who of ["friend", "dealer", "other"]) {
      const address = `${who}.${id}@mail.example`;
      payees.push(address);
      const made = { email: address, name: who, language: "en", zone: "UTC", currencies: ["CNY"] };
      await post(supervisor, "/api/v1/customers", made);
    }
    const { id: customer } = await me(page);
    const top = { amount: { amount: "5000.00", currency: "CNY" }, note: "opening" };
    await post(supervisor, `/api/v1/customers/${customer}/top-ups`, top);
    await pay(page, payees[0]!, "20.00", language);
    await paid(page, "20.00", language);
    await pay(page, payees[1]!, "3500.00", language);
    await expect(page.getByRole("heading", { name: t.confirm.refused })).toBeVisible();
    await expect(page.getByText(t.refusal["payer_locked"]!)).toBeVisible();
    await shot(page, `people-refused-${language}`);
    await expectAccessible(page);

    // The page says what is locked, why, and what to do.
    await page.getByRole("link", { name: t.confirm.whyLocked }).click();
    const banner = page.getByRole("region", { name: l.title });
    await expect(banner.getByText(l.message.unusual_payments)).toBeVisible();
    await expect(banner.getByText(l.safe)).toBeVisible();
    const { items } = (await (await page.request.get("/api/v1/me/locks")).json()) as Answer<"listOwnLocks">;
    const request = items[0]!.request_number!;
    await expect(banner.getByText(l.answer(request))).toBeVisible();
    await shot(page, `people-locked-${language}`);
    await expectAccessible(page);
    await expectFits(page);

    // So does the letter; the answer to it threads onto the request of the lock.
    const notice = await letter(email, "the notice of the lock", ({ subject }) => subject.includes(request));
    expect(notice.text).not.toContain("most_of_it"); // the rule is nobody's business
    const answer =
      language === "en" ? "Yes, that was me: I am buying a used car." : "是我本人操作的：我在买一辆二手车。";
    writeMail(email, notice.reply_to, `Re: ${notice.subject}`, answer, notice);

    // The same words from a stranger, who knows the number of the request and the letter.
    const stranger = `stranger.${id}@elsewhere.example`;
    writeMail(stranger, setting("OKPAY_SUPPORT"), `Re: ${notice.subject}`, `${answer} (stranger)`, notice);
    const strangers = await letter(stranger, "that the mail has arrived", () => true);
    expect(strangers.subject).not.toContain(request);
    for (const { text } of lettersTo(stranger))
      for (const told of [name, email, "3,500", "3500"]) expect(text).not.toContain(told);
    await supervisor.goto(`/console/open/${request}`);
    await expect(supervisor.getByText(answer, { exact: true }).first()).toBeVisible();
    const asked = await supervisor.request.get(`/api/v1/tickets/${request}`);
    const { messages } = (await asked.json()) as Answer<"getTicket">;
    expect(messages.filter(({ body }) => body.includes("(stranger)"))).toEqual([]);
    await shot(supervisor, `people-request-${tongue}`);

    await handIn(page, language);
    const risk = await asStaff(browser, "risk", tongue);
    await review(risk, "risk", tongue, false);
    await review(supervisor, "supervisor", tongue, true);
    await page.reload();
    await expect(page.getByRole("heading", { name: identityWords[language].state.verified })).toBeVisible();
    await shot(page, `people-verified-${language}`);
    expect((await me(page)).level).toBe(2);

    // One proposes to release, another does; still nothing goes before.
    const agent = await asStaff(browser, "agent", tongue);
    await agent.goto("/console/locks");
    await agent.getByRole("article", { name }).first().getByRole("link", { name }).click();
    await expect(agent.getByText("most_of_it_to_somebody_new").first()).toBeVisible();
    await agent.getByRole("button", { name: desk.release, exact: true }).click();
    for (const check of Object.values(desk.check)) await agent.getByLabel(check).check();
    await agent.getByLabel(desk.evidence).fill("The customer answered from the known address; the passport is theirs.");
    await shot(agent, `people-release-${tongue}`);
    await expectAccessible(agent);
    await agent.getByRole("button", { name: desk.propose }).click();
    await expect(agent.getByText(desk.proposalState.proposed)).toBeVisible();
    await expect(agent.getByRole("button", { name: desk.approve })).toHaveCount(0);
    await pay(page, payees[1]!, "3500.00", language);
    await expect(page.getByRole("heading", { name: t.confirm.refused })).toBeVisible();
    await risk.goto(new URL(agent.url()).pathname);
    await risk.getByRole("button", { name: desk.approve }).click();
    await expect(risk.getByText(desk.watched)).toBeVisible();
    await risk.getByLabel(wordsOf[tongue].remedy.code).fill(await nextCode(person("risk")));
    await risk.getByRole("button", { name: desk.approve }).click();
    await expect(risk.getByText(desk.state.released).first()).toBeVisible();
    await shot(risk, `people-released-${tongue}`);
    await letter(
      email,
      "that it is released",
      (one) => one.subject.includes(request) && one.message_id !== notice.message_id,
    );

    // Money goes again; while the account is watched, less than before is much.
    await page.goto("/account");
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(banner).toBeHidden();
    await pay(page, payees[1]!, "3500.00", language);
    await paid(page, "3500.00", language);
    await pay(page, payees[2]!, "740.00", language);
    await expect(page.getByText(t.refusal["payer_locked"]!)).toBeVisible();
    for (const one of [page, supervisor, agent, risk]) await one.context().close();
  });
}
