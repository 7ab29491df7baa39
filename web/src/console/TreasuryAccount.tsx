// SPDX-License-Identifier: Apache-2.0
// What can be done with an account as it is now: freeze, open, close; pay a merchant out; take a customer's statement.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api } from "../api/client";
import { accountQuery, merchantQuery } from "../api/queries";
import type { AccountKind, AccountState, LedgerAccount } from "../api/types";
import { fileName, monthsUpTo, save } from "../format/statement";
import { shownMomentWithSeconds } from "../format/time";
import { useWords } from "../i18n/words";
import { CodeInput } from "./CodeInput";
import { useMe } from "./me";
import { ErrorNote, LoadFailed, Loading } from "./parts";
import { StateBadge } from "./Treasury";
import { More } from "./TreasuryJournal";
import { useAct } from "./useAct";

const booksBanks: readonly AccountKind[] = [
  "settlement_bank",
  "fee_income",
  "suspense",
  "payout_in_transit",
  "acquirer_receivable",
];
const states = ["open", "debits_frozen", "credits_frozen", "frozen", "closed"] as const satisfies AccountState[];

export function AccountDesk({ account }: { account: LedgerAccount }) {
  const merchant = account.owner?.kind === "merchant" ? account.owner.id : null;
  const customer = account.owner?.kind === "customer" ? account.owner.id : null;
  return (
    <div className="account-desk">
      <StatePanel key={account.state} account={account} />
      {merchant !== null && <PayoutPanel merchant={merchant} currency={account.currency} />}
      {customer !== null && <StatementPanel customer={customer} account={account.id} />}
    </div>
  );
}

function StatePanel({ account }: { account: LedgerAccount }) {
  const { t } = useWords();
  const words = t.treasury;
  const me = useMe();
  const list = useInfiniteQuery(accountQuery(account.id));
  const [state, setState] = useState<AccountState | "">("");
  const [reason, setReason] = useState("");
  const act = useAct(
    (asked: { state: AccountState; reason: string }, key) => api.setAccountState(account.id, asked, key),
    () => {
      setState("");
      setReason("");
    },
  );
  const fixed = booksBanks.includes(account.kind);
  const choices = states.filter((one) => one !== account.state && (one !== "closed" || account.owner !== null));
  const mayChange = me.permissions.includes("change_accounts") && account.state !== "closed" && !fixed;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (state !== "" && !act.isPending) act.mutate({ state, reason: reason.trim() });
  };
  const events = list.data?.pages.flatMap((page) => page.events) ?? [];
  return (
    <section className="card" aria-label={words.stateTitle}>
      <h3>
        {words.stateTitle} <StateBadge state={account.state} />
      </h3>
      <p className="quiet">{fixed ? words.staysOpen : words.accountStateMeans[account.state]}</p>
      {mayChange && (
        <form onSubmit={submit}>
          <label className="field">
            <span>{words.changeTo}</span>
            <select required value={state} onChange={(event) => setState(event.target.value as AccountState | "")}>
              <option value="">{words.choose}</option>
              {choices.map((one) => (
                <option key={one} value={one}>
                  {words.accountState[one]}
                </option>
              ))}
            </select>
            {state !== "" && <small>{words.accountStateMeans[state]}</small>}
          </label>
          <ReasonField reason={reason} setReason={setReason} />
          <ErrorNote error={act.error} />
          <button
            type="submit"
            className={`button ${state === "closed" ? "amber" : "primary"}`}
            disabled={state === "" || reason.trim() === "" || act.isPending}
          >
            {state === "closed" ? words.closeForGood : words.setState}
          </button>
        </form>
      )}
      <h4>{words.events}</h4>
      {list.isPending ? (
        <Loading />
      ) : list.isError ? (
        <LoadFailed error={list.error} retry={() => void list.refetch()} />
      ) : events.length === 0 ? (
        <p className="quiet">{words.noEvents}</p>
      ) : (
        <ol className="account-events">
          {events.map((event) => (
            <li key={`${event.at} ${event.to} ${event.ledger_seq}`}>
              <p>
                {words.accountState[event.from]} → <strong>{words.accountState[event.to]}</strong>
              </p>
              <p>{event.reason}</p>
              <p className="quiet small">
                {event.by.name} · <time dateTime={event.at}>{shownMomentWithSeconds(event.at)}</time> ·{" "}
                {words.afterTransfer(event.ledger_seq)}
              </p>
            </li>
          ))}
        </ol>
      )}
      <More list={list} />
    </section>
  );
}

function PayoutPanel({ merchant, currency }: { merchant: string; currency: string }) {
  const { t } = useWords();
  const words = t.treasury;
  const me = useMe();
  const found = useQuery(merchantQuery(merchant));
  const [amount, setAmount] = useState("");
  const [done, setDone] = useState("");
  const act = useAct(
    (asked: { amount?: { amount: string; currency: string }; currency?: string }, key) =>
      api.payOut(merchant, asked, key),
    (payment) => {
      setAmount("");
      setDone(payment.id);
    },
  );
  if (found.isPending) return <Loading />;
  if (found.isError) return <LoadFailed error={found.error} retry={() => void found.refetch()} />;
  const bank = found.data.payout_accounts.find((one) => one.currency === currency);
  const may = me.permissions.includes("pay_out_merchants");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (act.isPending) return;
    setDone("");
    const plain = amount.trim();
    act.mutate(plain === "" ? { currency } : { amount: { amount: plain, currency } });
  };
  return (
    <section className="card" aria-label={words.payOutTitle}>
      <h3>{words.payOutTitle}</h3>
      <p>{bank === undefined ? words.noBank : words.goesTo(bank.destination, shownMomentWithSeconds(bank.set_at))}</p>
      {may && bank !== undefined && (
        <form onSubmit={submit}>
          <label className="field">
            <span>{words.amountIn(currency)}</span>
            <input
              inputMode="decimal"
              className="num"
              value={amount}
              placeholder={words.all}
              pattern="[0-9]+([.][0-9]{1,3})?"
              onChange={(event) => setAmount(event.target.value)}
            />
            <small>{words.allHelp}</small>
          </label>
          <ErrorNote error={act.error} />
          {done !== "" && (
            <p role="status" className="small">
              {words.payoutBegun} <span className="mono">{done}</span>
            </p>
          )}
          <button type="submit" className="button primary" disabled={act.isPending}>
            {words.payOut}
          </button>
        </form>
      )}
      {may && <BankForm merchant={merchant} currency={currency} first={bank === undefined} />}
    </section>
  );
}

function BankForm({ merchant, currency, first }: { merchant: string; currency: string; first: boolean }) {
  const { t } = useWords();
  const words = t.treasury;
  const [open, setOpen] = useState(first);
  const [destination, setDestination] = useState("");
  const [code, setCode] = useState("");
  const act = useAct(
    (asked: { currency: string; destination: string; totp_code: string }) => api.setPayoutAccount(merchant, asked),
    () => {
      setDestination("");
      setCode("");
      setOpen(false);
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!act.isPending) act.mutate({ currency, destination: destination.trim(), totp_code: code });
  };
  if (!open) {
    return (
      <p>
        <button type="button" className="link" onClick={() => setOpen(true)}>
          {words.changeBank}
        </button>
      </p>
    );
  }
  return (
    <form onSubmit={submit} className="bank-form">
      <label className="field">
        <span>{words.destination}</span>
        <input
          required
          value={destination}
          autoComplete="off"
          onChange={(event) => setDestination(event.target.value)}
        />
        <small>{words.destinationHelp}</small>
      </label>
      <CodeField code={code} setCode={setCode} />
      <ErrorNote error={act.error} />
      <button
        type="submit"
        className="button"
        disabled={destination.trim() === "" || code.length !== 6 || act.isPending}
      >
        {words.setBank}
      </button>
    </form>
  );
}

export function ReasonField({ reason, setReason }: { reason: string; setReason: (reason: string) => void }) {
  const words = useWords().t.treasury;
  return (
    <label className="field">
      <span>{words.reason}</span>
      <textarea rows={2} required maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      <small>{words.reasonKept}</small>
    </label>
  );
}

export function CodeField({ code, setCode }: { code: string; setCode: (code: string) => void }) {
  const { t } = useWords();
  return (
    <label className="field">
      <span>{t.remedy.code}</span>
      <CodeInput code={code} setCode={setCode} />
    </label>
  );
}

function StatementPanel({ customer, account }: { customer: string; account: string }) {
  const { t, language } = useWords();
  const words = t.treasury;
  const months = monthsUpTo(new Date());
  const [month, setMonth] = useState("1");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const name = new Intl.DateTimeFormat(language === "zh" ? "zh-Hans" : "en", {
    year: "numeric",
    month: "long",
    timeZone: "UTC",
  });
  const download = (format: "pdf" | "csv") => {
    const chosen = months[Number(month)];
    if (busy || chosen === undefined) return;
    setBusy(true);
    setError(null);
    const asked = { account, from: chosen.from, until: chosen.until, format };
    api
      .statement(customer, asked)
      .then(({ file, disposition }) => save(file, fileName(disposition, asked)), setError)
      .finally(() => setBusy(false));
  };
  return (
    <section className="card" aria-label={words.statement}>
      <h3>{words.statement}</h3>
      <label className="field">
        <span>{words.month}</span>
        <select value={month} onChange={(event) => setMonth(event.target.value)}>
          {months.map((one, i) => (
            <option key={one.from} value={String(i)}>
              {name.format(new Date(`${one.from}T00:00:00Z`))}
            </option>
          ))}
        </select>
      </label>
      <ErrorNote error={error} />
      <div className="decision-buttons">
        <button type="button" className="button" disabled={busy} onClick={() => download("pdf")}>
          PDF
        </button>
        <button type="button" className="button" disabled={busy} onClick={() => download("csv")}>
          CSV
        </button>
      </div>
    </section>
  );
}
