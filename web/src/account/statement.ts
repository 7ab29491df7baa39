// SPDX-License-Identifier: Apache-2.0
// A statement to take away: one wallet, one month, for reading or for a spreadsheet.
import { ApiError, isCode } from "../api/http";
import { make } from "../dom";
import { own, type StatementAsked } from "./api";
import { button, field, sentenceFor, type Context } from "./context";

export interface Month {
  from: string; // days, 2026-11-01
  until: string; // the last one that counts; never in the future
}

const day = (year: number, month: number, date: number): string => {
  const at = new Date(Date.UTC(year, month, date));
  return at.toISOString().slice(0, 10);
};

// This month so far and the twelve before it, newest first.
export function monthsUpTo(today: Date): Month[] {
  const [year, month] = [today.getFullYear(), today.getMonth()];
  return Array.from({ length: 13 }, (_, back) => ({
    from: day(year, month - back, 1),
    until: back === 0 ? day(year, month, today.getDate()) : day(year, month - back + 1, 0),
  }));
}

// The browser keeps the file under the name that the server gave it.
export function fileName(disposition: string | null, asked: StatementAsked): string {
  const named = /filename="([A-Za-z0-9._-]+)"/.exec(disposition ?? "");
  return named?.[1] ?? `statement-${asked.from}-${asked.until}.${asked.format}`;
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const anchor = make("a", { href: url, download: name, hidden: "" });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  // Not at once: some browsers begin to read after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function statementForm(context: Context): HTMLElement | null {
  const { t } = context;
  const { wallets } = context.me;
  if (wallets.length === 0) return null;
  const months = monthsUpTo(new Date());
  const monthName = new Intl.DateTimeFormat(t.locale, { year: "numeric", month: "long", timeZone: "UTC" });
  const wallet = make("select", { id: "statement-wallet" });
  for (const one of wallets) wallet.append(make("option", { value: one.account }, one.currency));
  const month = make("select", { id: "statement-month" });
  months.forEach((one, i) => {
    const name = monthName.format(new Date(`${one.from}T00:00:00Z`));
    month.append(make("option", { value: String(i) }, i === 0 ? t.statement.soFar(name) : name));
  });
  month.value = "1"; // the last whole one
  const status = make("p", { class: "quiet", role: "status" });
  let waiting = false;

  const download = (format: "pdf" | "csv") => {
    const chosen = months[Number(month.value)];
    if (waiting || chosen === undefined) return;
    waiting = true;
    status.textContent = t.statement.making;
    const asked: StatementAsked = { account: wallet.value, from: chosen.from, until: chosen.until, format };
    own.statement(asked).then(
      ({ file, disposition }) => {
        waiting = false;
        save(file, fileName(disposition, asked));
        status.textContent = t.statement.done;
      },
      (error: unknown) => {
        waiting = false;
        status.textContent = "";
        if (isCode(error, "not_signed_in")) return context.sessionEnded(() => download(format));
        status.textContent = sentenceFor(error instanceof ApiError ? error : undefined, t);
      },
    );
  };
  return make(
    "details",
    { class: "statement" },
    make("summary", {}, t.statement.title),
    make(
      "div",
      { class: "filter-fields" },
      wallets.length > 1 ? field(t.statement.wallet, wallet).element : null,
      field(t.statement.month, month).element,
    ),
    make(
      "p",
      { class: "actions" },
      button("button", t.statement.pdf, () => download("pdf")),
      button("button", t.statement.csv, () => download("csv")),
    ),
    status,
  );
}
