// SPDX-License-Identifier: Apache-2.0
// Treasury: trial balance, chart of accounts, journal, each as of a place in the ledger that stands in the address, so that
// two who look at the same link see the same figures.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import type { AsOf } from "../api/client";
import { ledgerAccountsQuery, trialQuery } from "../api/queries";
import type { AccountKind, AccountState, Amount, LedgerAccountName, LedgerPlace, TrialSums } from "../api/types";
import { grouped, isZero } from "../format/money";
import { shownMomentWithSeconds } from "../format/time";
import { useWords } from "../i18n/words";
import { useMe } from "./me";
import { LoadFailed, Loading, useWidth } from "./parts";
import { go, pathOf, type TreasurySection } from "./router";
import { RailCalls } from "./RailCalls";
import { follow } from "./Shell";
import { CorrectionsPage } from "./TreasuryCorrections";
import { DisputesPage } from "./TreasuryDisputes";
import { AccountPage, JournalPage, PaymentPage } from "./TreasuryJournal";
import { PayoutsPage } from "./TreasuryPayouts";

const sections = ["balance", "accounts", "journal", "payouts", "corrections"] as const;

interface Props {
  section: TreasurySection;
  item: string | null;
  at: AsOf;
}

export function Treasury({ section, item, at }: Props) {
  const { t } = useWords();
  const me = useMe();
  const width = useWidth();
  if (!me.permissions.includes("read_ledger")) return <p className="quiet pad">{t.app.notPermitted}</p>;
  const here = section === "payments" ? "journal" : section;
  return (
    <section className="treasury" aria-label={t.treasury.title}>
      <header className="treasury-head">
        {width !== "phone" && <h1>{t.treasury.title}</h1>}
        <nav className="tabs-line" aria-label={t.treasury.sections}>
          {(
            [...sections, ...(me.permissions.includes("read_books") ? (["disputes", "rail"] as const) : [])] as const
          ).map((name) => {
            const path = pathOf.treasury(name, null, name === "rail" || name === "disputes" ? {} : at);
            return (
              <a
                key={name}
                href={path}
                aria-current={here === name ? "page" : undefined}
                onClick={(event) => follow(event, path)}
              >
                {t.treasury[name]}
              </a>
            );
          })}
        </nav>
        {section !== "payouts" && section !== "corrections" && section !== "disputes" && section !== "rail" && (
          <AsOfBar key={JSON.stringify(at)} at={at} choose={(next) => go(pathOf.treasury(section, item, next))} />
        )}
      </header>
      <div className="treasury-body" tabIndex={0} role="group" aria-label={t.treasury[here]}>
        {section === "balance" && <TrialBalance at={at} />}
        {section === "accounts" && item === null && <Accounts at={at} />}
        {section === "accounts" && item !== null && <AccountPage id={item} at={at} />}
        {section === "journal" && <JournalPage at={at} />}
        {section === "payouts" && <PayoutsPage />}
        {section === "corrections" && <CorrectionsPage />}
        {section === "disputes" && <DisputesPage />}
        {section === "rail" && <RailCalls />}
        {section === "payments" && <PaymentPage id={item ?? ""} at={at} />}
      </div>
    </section>
  );
}

// "2026-11-05T09:30", as the field has it, in the reader's zone.
function localMinute(iso: string): string {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function AsOfBar({ at, choose }: { at: AsOf; choose: (at: AsOf) => void }) {
  const { t } = useWords();
  const [mode, setMode] = useState(at.as_of_seq !== undefined ? "seq" : at.as_of !== undefined ? "time" : "now");
  const [seq, setSeq] = useState(at.as_of_seq ?? "");
  const [time, setTime] = useState(at.as_of === undefined ? "" : localMinute(at.as_of));
  const [wrong, setWrong] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (mode !== "now" && at.as_of_seq === undefined && at.as_of === undefined) field.current?.focus();
  }, [mode, at]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const plain = seq.replace(/[\s,]/g, "");
    if (mode === "seq" && !/^\d{1,18}$/.test(plain)) return setWrong(t.treasury.badSeq);
    // A minute counts whole.
    const until = new Date(Date.parse(time) + 59_999);
    if (mode === "time" && Number.isNaN(until.getTime())) return setWrong(t.treasury.badTime);
    choose(mode === "seq" ? { as_of_seq: plain } : mode === "time" ? { as_of: until.toISOString() } : {});
  };
  return (
    <form className="as-of" onSubmit={submit} noValidate>
      <label>
        <span>{t.treasury.asOf}</span>
        <select
          value={mode}
          onChange={(event) => {
            setMode(event.target.value);
            setWrong("");
            if (event.target.value === "now") choose({});
          }}
        >
          <option value="now">{t.treasury.now}</option>
          <option value="seq">{t.treasury.bySeq}</option>
          <option value="time">{t.treasury.byTime}</option>
        </select>
      </label>
      {mode === "seq" && (
        <input
          ref={field}
          inputMode="numeric"
          className="num"
          size={12}
          value={seq}
          aria-label={t.treasury.bySeq}
          aria-invalid={wrong !== ""}
          onChange={(event) => setSeq(event.target.value)}
        />
      )}
      {mode === "time" && (
        <input
          ref={field}
          type="datetime-local"
          value={time}
          aria-label={t.treasury.byTime}
          aria-invalid={wrong !== ""}
          onChange={(event) => setTime(event.target.value)}
        />
      )}
      {mode !== "now" && (
        <button type="submit" className="button">
          {t.treasury.show}
        </button>
      )}
      {wrong !== "" && (
        <p className="error" role="alert">
          {wrong}
        </p>
      )}
    </form>
  );
}

// What the figures below are as of.
export function Place({ of }: { of: LedgerPlace }) {
  const { t } = useWords();
  const seq = grouped(of.as_of_seq);
  const at = of.as_of === null ? "" : shownMomentWithSeconds(of.as_of);
  const newest = of.as_of_seq === of.head_seq;
  const words =
    of.as_of === null ? t.treasury.placeNone : newest ? t.treasury.placeNow(seq, at) : t.treasury.place(seq, at);
  return (
    <p className="place num" role="status">
      {words}
      {!newest && ` · ${t.treasury.behind(grouped(of.head_seq))}`}
    </p>
  );
}

// The figure alone: the currency stands in the heading.
export function Figure({ of, quietZero = true }: { of: Amount; quietZero?: boolean }) {
  if (quietZero && isZero(of)) return <span className="quiet">–</span>;
  const negative = of.amount.startsWith("-");
  return (
    <>
      {negative && "−"}
      {grouped(negative ? of.amount.slice(1) : of.amount)}
    </>
  );
}

export function AccountLink({ account, at }: { account: LedgerAccountName; at: AsOf }) {
  const { t } = useWords();
  const path = pathOf.treasury("accounts", account.id, at);
  return (
    <a href={path} onClick={(event) => follow(event, path)} className="account-link">
      {account.owner?.name ?? t.treasury.accountKind[account.kind]}
    </a>
  );
}

export function StateBadge({ state, quietOpen = false }: { state: AccountState; quietOpen?: boolean }) {
  const { t } = useWords();
  if (quietOpen && state === "open") return null;
  const colour = { open: "done", debits_frozen: "short", credits_frozen: "short", frozen: "over", closed: "plain" }[
    state
  ];
  return <span className={`badge ${colour} account-state`}>{t.treasury.accountState[state]}</span>;
}

export function Scrolls({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="scrolls" tabIndex={0} role="group" aria-label={label}>
      {children}
    </div>
  );
}

const columns = [
  "debit_balances",
  "credit_balances",
  "debits_posted",
  "credits_posted",
  "debits_pending",
  "credits_pending",
] as const satisfies readonly (keyof TrialSums)[];

function TrialBalance({ at }: { at: AsOf }) {
  const { t } = useWords();
  const trial = useQuery(trialQuery(at));
  if (trial.isPending) return <Loading />;
  if (trial.isError) return <LoadFailed error={trial.error} retry={() => void trial.refetch()} />;
  const words = t.treasury;
  const heads = [
    words.debitBalance,
    words.creditBalance,
    words.debits,
    words.credits,
    words.heldDebits,
    words.heldCredits,
  ];
  return (
    <>
      <Place of={trial.data} />
      {trial.data.currencies.length === 0 && <p className="quiet">{words.noBooks}</p>}
      {trial.data.currencies.map(({ currency, balanced, lines, total }) => (
        <section key={currency} className="card books" aria-label={`${words.balance} ${currency}`}>
          <header>
            <h2>{currency}</h2>
            <span className={`badge ${balanced ? "done" : "over"}`}>
              {balanced ? words.balanced : words.unbalanced}
            </span>
          </header>
          <Scrolls label={`${words.balance} ${currency}`}>
            <table className="ledger-table">
              <thead>
                <tr>
                  <th scope="col">{words.kind}</th>
                  <th scope="col" className="figure">
                    {words.count}
                  </th>
                  {heads.map((head) => (
                    <th scope="col" className="figure" key={head}>
                      {head}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {lines.map((line) => (
                  <tr key={line.kind}>
                    <th scope="row">{words.accountKind[line.kind]}</th>
                    <td className="figure">{grouped(String(line.accounts))}</td>
                    {columns.map((column) => (
                      <td className="figure" key={column}>
                        <Figure of={line[column]} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
              <tfoot>
                <tr>
                  <th scope="row">{words.total}</th>
                  <td className="figure">{grouped(String(total.accounts))}</td>
                  {columns.map((column) => (
                    <td className="figure" key={column}>
                      <Figure of={total[column]} quietZero={false} />
                    </td>
                  ))}
                </tr>
              </tfoot>
            </table>
          </Scrolls>
        </section>
      ))}
    </>
  );
}

const currencies = [
  "AUD",
  "BHD",
  "CAD",
  "CHF",
  "CNY",
  "EUR",
  "GBP",
  "HKD",
  "JPY",
  "KRW",
  "MOP",
  "SGD",
  "TWD",
  "USD",
] as const;

function Accounts({ at }: { at: AsOf }) {
  const { t } = useWords();
  const words = t.treasury;
  const [kind, setKind] = useState("");
  const [currency, setCurrency] = useState("");
  const list = useInfiniteQuery(ledgerAccountsQuery(at, kind, currency));
  const first = list.data?.pages[0];
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <div className="filters">
        <label>
          <span className="hidden-text">{words.kind}</span>
          <select value={kind} onChange={(event) => setKind(event.target.value)}>
            <option value="">{words.anyKind}</option>
            {(Object.keys(words.accountKind) as AccountKind[]).map((name) => (
              <option key={name} value={name}>
                {words.accountKind[name]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="hidden-text">{words.currency}</span>
          <select value={currency} onChange={(event) => setCurrency(event.target.value)}>
            <option value="">{words.anyCurrency}</option>
            {currencies.map((code) => (
              <option key={code}>{code}</option>
            ))}
          </select>
        </label>
      </div>
      {first !== undefined && <Place of={first} />}
      {list.isPending ? (
        <Loading />
      ) : list.isError ? (
        <LoadFailed error={list.error} retry={() => void list.refetch()} />
      ) : items.length === 0 ? (
        <p className="quiet">{words.noAccounts}</p>
      ) : (
        <div className="card books">
          <p className="quiet small">{words.signs}</p>
          <Scrolls label={words.accounts}>
            <table className="ledger-table">
              <thead>
                <tr>
                  <th scope="col" className="figure">
                    {words.number}
                  </th>
                  <th scope="col">{words.account}</th>
                  <th scope="col">{words.kind}</th>
                  <th scope="col">{words.currency}</th>
                  <th scope="col" className="figure">
                    {words.balanceWord}
                  </th>
                  <th scope="col" className="figure">
                    {words.heldDebits}
                  </th>
                  <th scope="col" className="figure">
                    {words.heldCredits}
                  </th>
                  <th scope="col" className="figure">
                    {words.entries}
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((account) => (
                  <tr key={account.id}>
                    <td className="figure">{account.id}</td>
                    <th scope="row">
                      <AccountLink account={account} at={at} />
                      <StateBadge state={account.state} quietOpen />
                    </th>
                    <td>{words.accountKind[account.kind]}</td>
                    <td>{account.currency}</td>
                    <td className="figure">
                      <Figure of={account.balance} quietZero={false} />
                    </td>
                    <td className="figure">
                      <Figure of={account.debits_pending} />
                    </td>
                    <td className="figure">
                      <Figure of={account.credits_pending} />
                    </td>
                    <td className="figure">{grouped(String(account.entries))}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolls>
        </div>
      )}
      {list.hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t.app.more}
        </button>
      )}
    </>
  );
}
