// SPDX-License-Identifier: Apache-2.0
// A mail as it was sent: its looks are there, nothing of it runs, nothing is loaded, and what was held back is said. In both
// languages, on a desk and on a phone. The mail is that of tests/story/browser.py.
import { expect, test } from "@playwright/test";
import type { TicketSummary } from "../src/api/types";
import { mailViewWords } from "../src/i18n/mail_view";
import { enter, expectFits, openDesk, person, shot, wordsOf, type Size, type Tongue } from "./desk";

const looks = [
  { tongue: "en", size: "desktop" },
  { tongue: "zh", size: "phone" },
] as const satisfies readonly { tongue: Tongue; size: Size }[];

for (const { tongue, size } of looks) {
  test(`a mail is looked at as it was sent (${tongue}, ${size})`, async ({ browser }) => {
    const words = mailViewWords[tongue];
    const agent = person("agent");
    const { page } = await openDesk(browser, tongue, size);
    const elsewhere: string[] = [];
    const said: string[] = [];
    page.on("request", (request) => {
      if (!["localhost", "127.0.0.1"].includes(new URL(request.url()).hostname)) elsewhere.push(request.url());
    });
    page.on("console", (message) => said.push(message.text()));
    await enter(page, agent, tongue);
    const found = await page.request.get("/api/v1/tickets?view=all&limit=100");
    const { items } = (await found.json()) as { items: TicketSummary[] };
    const number = items.find(({ subject }) => subject === "Looks of a mail")?.number ?? "";
    expect(number).not.toBe("");
    await page.goto(`/console/open/${number}`);
    const conversation = page.getByRole("log", { name: wordsOf[tongue].ticket.conversation });
    await conversation.getByRole("button", { name: words.asSent, exact: true }).click();

    const frame = conversation.frameLocator(`iframe[title="${words.frame}"]`);
    await expect(frame.getByRole("heading", { name: "My receipt / 收据" })).toBeVisible();
    await expect(frame.getByRole("cell", { name: "EUR 4.20" })).toBeVisible();
    await expect(frame.getByText("•••• 4242")).toBeVisible();
    await expect(frame.getByText("refund everything")).toHaveCount(0);
    await expect(conversation.getByText(words.hidden)).toBeVisible();
    await expect(conversation.getByText(words.deceives("https://www.okpay.example", "evil.example"))).toBeVisible();
    await conversation.getByText(words.remote(3)).click();
    await expect(conversation.getByText("canary.example")).toBeVisible();
    await frame.getByRole("heading").click();
    await shot(page, `mail-as-sent-${tongue}-${size}`);
    await expectFits(page);
    expect(elsewhere).toEqual([]);
    expect(said.filter((text) => text.includes("XSS"))).toEqual([]);
  });
}
