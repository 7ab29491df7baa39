// SPDX-License-Identifier: Apache-2.0
// A customer's telephone, and what is asked of the server beside the pages.
import { expect, type Browser, type Page } from "@playwright/test";
import { randomUUID } from "node:crypto";
import type { SiteLanguage } from "../src/i18n/choice";
import { words } from "../src/account/words";
import { locales, sizes, type Customer, type Size } from "./desk";

export async function openPhone(browser: Browser, language: SiteLanguage, size: Size = "phone"): Promise<Page> {
  const context = await browser.newContext({
    viewport: sizes[size],
    locale: locales[language],
    hasTouch: size === "phone",
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  return context.newPage();
}

// Chromium's virtual authenticator: somebody whose finger is always on it. What the address field offers would be taken at
// once, so it offers nothing where a story is about the buttons.
export async function withPasskeys(page: Page, offersInField = false): Promise<void> {
  if (!offersInField) {
    await page.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
    });
  }
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

export async function signInTo(page: Page, who: Customer, language: SiteLanguage): Promise<void> {
  const t = words[language];
  await page.goto("/account");
  await page.getByLabel(t.signIn.email).fill(who.email);
  await page.getByLabel(t.signIn.password, { exact: true }).fill(who.password);
  await page.getByRole("button", { name: t.signIn.enter, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: who.name })).toBeVisible();
}

// As whoever is signed in on that page.
export async function post(page: Page, path: string, data: object): Promise<void> {
  const headers = { Origin: new URL(page.url()).origin, "Idempotency-Key": randomUUID() };
  const answer = await page.request.post(path, { headers, data });
  expect(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
}
