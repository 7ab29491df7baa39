// SPDX-License-Identifier: Apache-2.0
// Browser stories against a running server: OKPAY_URL its address, OKPAY_SIGNINS the file with `okpay demo --json`.
import { defineConfig } from "@playwright/test";

const ofStaff = [
  "articles",
  "cash",
  "follow",
  "incidents",
  "macros",
  "mail_view",
  "promises",
  "refund",
  "sides",
  "sorting",
  "staff",
  "treasury",
  "rules",
  "treasury_desk",
].map((name) => `${name}.spec.ts`);

export default defineConfig({
  testDir: "e2e",
  // Each against a server of its own: `people` needs rules that stop, and the letters that were sent; what staff do and what
  // else there is take long enough for two.
  projects: [
    { name: "house", testIgnore: ["people/**", ...ofStaff], outputDir: "test-results/house" },
    { name: "desk", testMatch: ofStaff, outputDir: "test-results/desk" },
    { name: "people", testMatch: "people/**/*.spec.ts", outputDir: "test-results/people" },
  ],
  // One story after the other: they share the staff, and a one-time code is good once.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    baseURL: process.env["OKPAY_URL"] ?? "http://localhost:8080",
    browserName: "chromium",
    timezoneId: "Asia/Shanghai",
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    // Recording each step costs a third of the time: OKPAY_TRACE=1 where a failure is to be looked into.
    trace: process.env["OKPAY_TRACE"] ? "retain-on-failure" : "off",
    launchOptions: {
      executablePath: process.env["OKPAY_CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
