// SPDX-License-Identifier: Apache-2.0
// Everybody on the staff: an administrator sees all colleagues and what it means to switch one off, is refused with a wrong
// code and lets it be. And the door: what it says to whom the house's provider sends back, with a provider and without.
import { expect, test, type Browser, type Locator, type Page } from "@playwright/test";
import type { ErrorCode, Site, Staff, StaffMember } from "../src/api/types";
import type { Told } from "../src/console/sign_on";
import { calledOf, maySwitchOff } from "../src/console/staff";
import { staffWordsOf } from "../src/i18n/staff";
import {
  codeAt,
  enter,
  expectAccessible,
  expectFits,
  openDesk,
  person,
  shot,
  wordsOf,
  type SignIn,
  type Size,
  type Tongue,
} from "./desk";

const looks = [
  { tongue: "en", size: "desktop" },
  { tongue: "zh", size: "phone" },
] as const satisfies readonly { tongue: Tongue; size: Size }[];

const read = async <T>(page: Page, path: string) => (await (await page.request.get(`/api/v1/${path}`)).json()) as T;
const everybody = async (page: Page) => (await read<{ items: StaffMember[] }>(page, "staff-members")).items;

// No code of now or of the minutes around.
function wrongCode({ totp_secret }: SignIn): string {
  const now = Math.floor(Date.now() / 30_000);
  const right = Array.from({ length: 9 }, (_, i) => codeAt(totp_secret ?? "", now - 4 + i));
  return Array.from({ length: 10 }, (_, i) => String(i).repeat(6)).find((code) => !right.includes(code)) ?? "";
}

// The site as it is, with a provider.
async function withProvider(page: Page, sign_on: Site["sign_on"]): Promise<void> {
  await page.route("**/api/v1/site", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...((await response.json()) as Site), sign_on } });
  });
}
const problem = (status: number, code: ErrorCode) => ({
  status,
  contentType: "application/problem+json",
  body: JSON.stringify({ type: "about:blank", title: code, status, code, detail: "" }),
});

for (const { tongue, size } of looks) {
  const t = wordsOf[tongue];
  const w = staffWordsOf(tongue);
  const press = (target: Locator) => (size === "phone" ? target.tap() : target.click());
  const look = async (page: Page, where: string) => {
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await shot(page, `staff-${where}-${tongue}-${size}${scheme === "dark" ? "-dark" : ""}`);
      await expectAccessible(page);
    }
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await expectFits(page);
  };
  const door = async (browser: Browser, sign_on: Site["sign_on"], path: string) => {
    const { page } = await openDesk(browser, tongue, size);
    if (sign_on !== null) await withProvider(page, sign_on);
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1, name: t.signIn.title })).toBeVisible();
    return page;
  };

  test(`an administrator sees everybody and switches nobody off (${tongue}, ${size})`, async ({ browser }) => {
    const admin = person("admin");
    const { page } = await openDesk(browser, tongue, size);
    await enter(page, admin, tongue);
    await press(page.getByRole("navigation", { name: t.app.views }).getByRole("link", { name: w.title, exact: true }));
    await expect(page).toHaveURL(/\/console\/staff$/);
    await expect(page.getByRole("heading", { level: 1, name: w.title })).toBeVisible();
    const colleagues = await everybody(page);
    const me = await read<Staff>(page, "staff/me");
    for (const one of colleagues) await expect(page.getByText(one.email, { exact: true })).toBeVisible();
    await expect(page.getByText(w.you, { exact: true })).toBeVisible();
    await expect(page.getByRole("button", { name: w.offWhom(me.name), exact: true })).toHaveCount(0);
    await look(page, "list");

    const leaver = colleagues.find((one) => one.state === "active" && maySwitchOff(one, me.id));
    if (leaver === undefined) throw new Error("the demonstration needs a colleague of the administrator");
    const open = page.getByRole("button", { name: w.offWhom(calledOf(leaver)), exact: true });
    await press(open);
    const dialog = page.getByRole("dialog", { name: w.offTitle(calledOf(leaver)) });
    const off = dialog.getByRole("button", { name: w.off, exact: true });
    await expect(dialog.getByRole("list", { name: w.what })).toContainText(w.consequence.sessions(0));
    await expect(dialog).toContainText(leaver.email);
    await expect(off).toBeDisabled();
    await look(page, "dialog");
    await dialog.getByLabel(w.code).fill(wrongCode(admin));
    await expect(off).toBeDisabled();
    await dialog.getByLabel(w.reason).fill("Left the house.");
    await press(off);
    await expect(dialog.getByRole("alert")).toHaveText(t.api.error.totp_wrong);
    await expect(dialog.getByLabel(w.code)).toHaveValue("");
    await look(page, "refused");
    await press(dialog.getByRole("button", { name: t.app.cancel, exact: true }));
    await expect(dialog).toBeHidden();
    await expect(open).toBeVisible();
    expect((await everybody(page)).find((one) => one.id === leaver.id)?.state).toBe("active");
    await page.context().close();
  });

  test(`nobody else sees that page (${tongue}, ${size})`, async ({ browser }) => {
    const { page } = await openDesk(browser, tongue, size);
    await enter(page, person("agent"), tongue);
    await page.goto("/console/staff");
    await expect(page.getByText(t.app.notPermitted)).toBeVisible();
    const rail = page.getByRole("navigation", { name: t.app.views });
    await expect(rail.getByRole("link", { name: w.title, exact: true })).toHaveCount(0);
    await page.context().close();
  });

  test(`the door says how it was at the provider (${tongue}, ${size})`, async ({ browser }) => {
    const name = "Northlight";
    for (const said of Object.keys(w.told) as Told[]) {
      for (const sign_on of [null, { name, only: false }]) {
        const page = await door(browser, sign_on, `/console/#sign-on=${said}`);
        const words = page.getByText(w.told[said](sign_on?.name ?? w.provider), { exact: true });
        await expect(words).toBeVisible();
        await expect(page).toHaveURL(/\/console\/$/);
        await expect(page.getByRole("link", { name: w.signOn(name) })).toHaveCount(sign_on === null ? 0 : 1);
        await expect(page.getByLabel(t.signIn.email)).toBeVisible();
        await look(page, `door-${said}${sign_on === null ? "" : "-provider"}`);
        await page.reload();
        await expect(page.getByLabel(t.signIn.email)).toBeVisible();
        await expect(words).toHaveCount(0);
        await page.context().close();
      }
    }
  });

  test(`the provider comes first where passwords are for administrators (${tongue}, ${size})`, async ({ browser }) => {
    const name = tongue === "zh" ? "北光统一身份认证平台" : "The Northlight Group's Sign-in for All Employees";
    const page = await door(browser, { name, only: true }, "/console");
    const link = page.getByRole("link", { name: w.signOn(name) });
    await expect(link).toHaveAttribute("href", "/api/v1/staff/sign-on");
    await expect(page.getByLabel(t.signIn.email)).toBeHidden();
    await look(page, "door-only");
    await page.route("**/api/v1/staff/sign-in", (route) => route.fulfill(problem(403, "sign_on_required")));
    await press(page.getByText(w.forAdmins));
    await page.getByLabel(t.signIn.email).fill("agent@okpay.example");
    await page.getByLabel(t.signIn.password, { exact: true }).fill("a password of an agent");
    await press(page.getByRole("button", { name: t.signIn.next }));
    await expect(page.getByRole("alert")).toHaveText(t.api.error.sign_on_required);
    await expect(link).toHaveCount(2);
    await look(page, "door-required");
    await page.context().close();
  });

  test(`the second factor is asked for after the provider (${tongue}, ${size})`, async ({ browser }) => {
    const name = "Northlight";
    const page = await door(browser, { name, only: false }, "/console/mine");
    const answers: ErrorCode[] = ["totp_wrong", "sign_on_expired"];
    await page.route("**/api/v1/staff/sign-on", (route) =>
      route.request().method() === "GET"
        ? route.fulfill({ contentType: "text/html", body: "<title>Northlight</title>" })
        : route.fulfill(problem(401, answers.shift() ?? "unavailable")),
    );
    await press(page.getByRole("link", { name: w.signOn(name) }));
    await expect(page).toHaveTitle("Northlight");
    await page.goto("/console/#sign-on=code");
    await expect(page.getByText(w.proven(name))).toBeVisible();
    await expect(page).toHaveURL(/\/console\/mine$/); // where one wanted to go
    await expect(page.getByLabel(t.signIn.email)).toHaveCount(0);
    const code = page.getByLabel(t.signIn.code);
    await expect(code).toBeFocused();
    await look(page, "door-code");
    const send = page.getByRole("button", { name: t.signIn.enter, exact: true });
    await code.fill("123456");
    await press(send);
    await expect(page.getByRole("alert")).toHaveText(t.api.error.totp_wrong);
    await expect(code).toHaveValue("");
    await code.fill("654321");
    await press(send);
    await expect(page.getByRole("alert")).toHaveText(t.api.error.sign_on_expired);
    await expect(code).toHaveCount(0);
    await expect(page.getByRole("link", { name: w.signOn(name) })).toBeVisible();
    await look(page, "door-over");
    await press(page.getByRole("button", { name: t.signIn.again }));
    await expect(page.getByLabel(t.signIn.email)).toBeVisible();
    await page.context().close();
  });
}
