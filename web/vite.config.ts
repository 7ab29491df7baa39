// SPDX-License-Identifier: Apache-2.0
// Four pages in one build: the public site, its help pages and the customer's account (no framework), and the staff
// workspace.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    // The server's content security policy allows no data: scripts or styles; small files stay files.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      input: { site: "index.html", help: "help.html", account: "account.html", console: "console.html" },
    },
  },
  test: { include: ["src/**/*.test.ts"] },
});
