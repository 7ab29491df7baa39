// SPDX-License-Identifier: Apache-2.0
// Transfers: the whole journal, one account's entries with its running balance, one payment's own.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { AsOf } from "../api/client";
import { journalQuery, ledgerAccountQuery, ledgerPaymentQuery } from "../api/queries";
import type { JournalEntry } from "../api/types";
import { grouped } from "../format/money";
import { shownMomentWithSeconds } from "../format/time";
import { useWords } from "../i18n/words";
import { Fact, LoadFailed, Loading, Moment, Money } from "./parts";
import { pathOf } from "./router";
import { follow } from "./Shell";
import { AccountLink, Figure, Place, Scrolls, StateBadge } from "./Treasury";
import { AccountDesk } from "./TreasuryAccount";

const movesMoney = (entry: JournalEntry) => entry.kind === "single" || entry.kind === "post_pending";

function What({ entry }: { entry: JournalEntry }) {
  const { t } = useWords();
  return (
    <>
      {t.treasury.code[entry.code]}
      {entry.kind !== "single" && <span className="quiet"> · {t.treasury.transferKind[entry.kind]}</span>}
    </>
  );
}

export function PaymentLink({ id, at }: { id: string; at: AsOf }) {
  const path = pathOf.treasury("payments", id, at);
  return (
    <a className="mono short-id" href={path} title={id} onClick={(event) => follow(event, path)}>
      {id}
    </a>
  );
}

function Time({ iso }: { iso: string }) {
  return (
    <time className="num" dateTime={iso} title={iso}>
      {shownMomentWithSeconds(iso)}
    </time>
  );
}

// Both sides of each transfer.
function JournalTable({ entries, at, label }: { entries: readonly JournalEntry[]; at: AsOf; label: string }) {
  const { t } = useWords();
  const words = t.treasury;
  const side = (name: "debit" | "credit", entry: JournalEntry) => (
    <td>
      <AccountLink account={entry[name]} at={at} />
      <span className="under-line num">
        {words.balanceWord} <Figure of={name === "debit" ? entry.debit_after : entry.credit_after} quietZero={false} />
      </span>
    </td>
  );
  return (
    <div className="card books">
      <Scrolls label={label}>
        <table className="ledger-table">
          <thead>
            <tr>
              <th scope="col" className="figure">
                {words.transfer}
              </th>
              <th scope="col">{words.time}</th>
              <th scope="col">{words.what}</th>
              <th scope="col">{words.from}</th>
              <th scope="col">{words.to}</th>
              <th scope="col" className="figure">
                {words.amount}
              </th>
              <th scope="col">{words.payment}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.seq}>
                <th scope="row" className="figure">
                  {grouped(entry.seq)}
                </th>
                <td>
                  <Time iso={entry.at} />
                </td>
                <td>
                  <What entry={entry} />
                </td>
                {side("debit", entry)}
                {side("credit", entry)}
                <td className={`figure${movesMoney(entry) ? "" : " quiet"}`}>
                  <Money of={entry.amount} />
                </td>
                <td>
                  <PaymentLink id={entry.payment} at={at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolls>
    </div>
  );
}

export function JournalPage({ at }: { at: AsOf }) {
  const { t } = useWords();
  const list = useInfiniteQuery(journalQuery(at, null));
  if (list.isPending) return <Loading />;
  if (list.isError) return <LoadFailed error={list.error} retry={() => void list.refetch()} />;
  const first = list.data.pages[0];
  const entries = list.data.pages.flatMap((page) => page.items);
  return (
    <>
      {first !== undefined && <Place of={first} />}
      {entries.length === 0 ? (
        <p className="quiet">{t.treasury.noTransfers}</p>
      ) : (
        <JournalTable entries={entries} at={at} label={t.treasury.journal} />
      )}
      <More list={list} />
    </>
  );
}

export function More({
  list,
}: {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
}) {
  const { t } = useWords();
  if (!list.hasNextPage) return null;
  return (
    <button
      type="button"
      className="button"
      disabled={list.isFetchingNextPage}
      onClick={() => void list.fetchNextPage()}
    >
      {t.app.more}
    </button>
  );
}

// One account as it stood: its figures, then what made them, each line with the balance it left.
export function AccountPage({ id, at }: { id: string; at: AsOf }) {
  const { t } = useWords();
  const words = t.treasury;
  const account = useQuery(ledgerAccountQuery(at, id));
  const list = useInfiniteQuery(journalQuery(at, id));
  const back = pathOf.treasury("accounts", null, at);
  if (account.isPending || list.isPending) return <Loading />;
  if (account.isError) return <LoadFailed error={account.error} retry={() => void account.refetch()} />;
  if (list.isError) return <LoadFailed error={list.error} retry={() => void list.refetch()} />;
  const shown = account.data.account;
  const entries = list.data.pages.flatMap((page) => page.items);
  return (
    <>
      <p>
        <a href={back} onClick={(event) => follow(event, back)}>
          ‹ {words.back}
        </a>
      </p>
      <section className="card account-head">
        <h2>
          {shown.owner?.name ?? words.accountKind[shown.kind]}{" "}
          <span className="quiet">
            {words.accountKind[shown.kind]} · {shown.currency} · {words.number} {shown.id}
          </span>{" "}
          <StateBadge state={shown.state} />
        </h2>
        <p className="balance num">
          <Money of={shown.balance} />
        </p>
        <Place of={account.data} />
        <dl className="facts">
          <Fact name={words.debits}>
            <Money of={shown.debits_posted} />
          </Fact>
          <Fact name={words.credits}>
            <Money of={shown.credits_posted} />
          </Fact>
          <Fact name={words.heldDebits}>
            <Money of={shown.debits_pending} />
          </Fact>
          <Fact name={words.heldCredits}>
            <Money of={shown.credits_pending} />
          </Fact>
          <Fact name={words.entries}>{grouped(String(shown.entries))}</Fact>
        </dl>
        <p className="quiet small">{words.signs}</p>
      </section>
      {at.as_of_seq === undefined && at.as_of === undefined && <AccountDesk account={shown} />}
      <h3 className="panel-title">{words.history}</h3>
      {entries.length === 0 ? (
        <p className="quiet">{words.noTransfers}</p>
      ) : (
        <div className="card books">
          <Scrolls label={words.history}>
            <table className="ledger-table">
              <thead>
                <tr>
                  <th scope="col" className="figure">
                    {words.transfer}
                  </th>
                  <th scope="col">{words.time}</th>
                  <th scope="col">{words.what}</th>
                  <th scope="col">{words.other}</th>
                  <th scope="col" className="figure">
                    {words.debit}
                  </th>
                  <th scope="col" className="figure">
                    {words.credit}
                  </th>
                  <th scope="col" className="figure">
                    {words.balanceWord}
                  </th>
                  <th scope="col">{words.payment}</th>
                </tr>
              </thead>
              <tbody>
                {entries.map((entry) => {
                  const debited = entry.debit.id === shown.id;
                  const figure = `figure${movesMoney(entry) ? "" : " quiet"}`;
                  return (
                    <tr key={entry.seq}>
                      <th scope="row" className="figure">
                        {grouped(entry.seq)}
                      </th>
                      <td>
                        <Time iso={entry.at} />
                      </td>
                      <td>
                        <What entry={entry} />
                      </td>
                      <td>
                        <AccountLink account={debited ? entry.credit : entry.debit} at={at} />
                      </td>
                      <td className={figure}>{debited && <Figure of={entry.amount} />}</td>
                      <td className={figure}>{!debited && <Figure of={entry.amount} />}</td>
                      <td className="figure">
                        <Figure of={debited ? entry.debit_after : entry.credit_after} quietZero={false} />
                      </td>
                      <td>
                        <PaymentLink id={entry.payment} at={at} />
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </Scrolls>
        </div>
      )}
      <More list={list} />
    </>
  );
}

// A payment as the ledger knows it, now: each of its transfers, whenever it was made.
export function PaymentPage({ id, at }: { id: string; at: AsOf }) {
  const { t } = useWords();
  const words = t.treasury;
  const found = useQuery(ledgerPaymentQuery(id));
  const back = pathOf.treasury("journal", null, at);
  if (found.isPending) return <Loading />;
  if (found.isError) return <LoadFailed error={found.error} retry={() => void found.refetch()} />;
  const { payment, transfers } = found.data;
  return (
    <>
      <p>
        <a href={back} onClick={(event) => follow(event, back)}>
          ‹ {words.backToJournal}
        </a>
      </p>
      <section className="card account-head">
        <h2>
          {t.api.paymentKind[payment.kind]} <span className="quiet mono">{payment.id}</span>
        </h2>
        <p className="balance num">
          <Money of={payment.amount} />
        </p>
        <dl className="facts">
          <Fact name={words.paymentState}>
            {t.api.paymentState[payment.state]}
            {payment.refusal !== null && ` (${t.api.refusal[payment.refusal]})`}
          </Fact>
          <Fact name={words.time}>
            <Moment at={payment.created_at} />
          </Fact>
          {payment.merchant !== null && <Fact name={t.ledger.merchant}>{payment.merchant.name}</Fact>}
          {payment.order_ref !== "" && <Fact name={t.ledger.order}>{payment.order_ref}</Fact>}
          {payment.held_until !== null && payment.state === "requires_capture" && (
            <Fact name={words.heldUntil}>
              <Moment at={payment.held_until} />
            </Fact>
          )}
          <Fact name={t.ledger.refunded}>
            <Money of={payment.refunded} />
          </Fact>
        </dl>
      </section>
      <h3 className="panel-title">{words.transfersOf}</h3>
      {transfers.length === 0 ? (
        <p className="quiet">{words.noTransfers}</p>
      ) : (
        <JournalTable entries={transfers} at={at} label={words.transfersOf} />
      )}
    </>
  );
}
