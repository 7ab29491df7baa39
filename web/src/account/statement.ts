// SPDX-License-Identifier: Apache-2.0
// A statement to take away: one wallet, one month, for reading or for a spreadsheet.
import { ApiError, isCode } from "../api/http";
import { make } from "../dom";
import { fileName, monthsUpTo, save } from "../format/statement";
import { own, type StatementAsked } from "./api";
import { button, field, sentenceFor, type Context } from "./context";

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
