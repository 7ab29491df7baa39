// SPDX-License-Identifier: Apache-2.0
import type { Ticket, TicketLedger } from "../api/types";
import { maskedAddress } from "../format/address";
import { momentInZone } from "../format/time";
import { useWords } from "../i18n/words";
import { CaseCard } from "./CaseCard";
import { FollowersCard } from "./Following";
import { LockCustomer } from "./Locks";
import { TogetherCard } from "./TogetherCard";
import { Fact, Money, Shield, useNow } from "./parts";

const languageNames: Readonly<Record<string, string>> = { en: "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文" };

export function CustomerTab({ ticket, ledger }: { ticket: Ticket; ledger: TicketLedger | undefined }) {
  const { t, money } = useWords();
  const now = useNow();
  const customer = ledger?.customer ?? null;
  const { reading } = ticket;
  return (
    <>
      <section className="card">
        <h3>{ticket.customer?.name ?? maskedAddress(ticket.party_address)}</h3>
        {ticket.customer === null && <p className="warn">{t.customer.unknown}</p>}
        <dl className="facts">
          <Fact name={t.customer.assurance}>
            <Shield level={ticket.assurance} words />
          </Fact>
          <Fact name={t.customer.address}>{maskedAddress(ticket.party_address)}</Fact>
          {customer !== null && (
            <>
              <Fact name={t.customer.standing}>
                <span className={`standing ${customer.standing}`}>{t.api.standing[customer.standing]}</span>
              </Fact>
              <Fact name={t.customer.language}>{languageNames[customer.language] ?? customer.language}</Fact>
              <Fact name={t.customer.zone}>
                <span className="num">{momentInZone(new Date(now), customer.zone) ?? "—"}</span>{" "}
                <span className="quiet">{customer.zone}</span>
              </Fact>
            </>
          )}
        </dl>
        {customer !== null && <LockCustomer customer={customer.id} />}
      </section>
      {ticket.customer !== null && <CaseCard ticket={ticket} />}
      <TogetherCard ticket={ticket} />
      <FollowersCard ticket={ticket} />
      {customer !== null && customer.wallets.length > 0 && (
        <section className="card">
          <h3>{t.customer.wallets}</h3>
          <table className="money-table">
            <thead>
              <tr>
                <th scope="col">{t.customer.balance}</th>
                <th scope="col">{t.customer.available}</th>
              </tr>
            </thead>
            <tbody>
              {customer.wallets.map((wallet) => (
                <tr key={wallet.account}>
                  <td>
                    <Money of={wallet.balance} />
                  </td>
                  <td>
                    <Money of={wallet.available} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <section className="card">
        <h3>{t.customer.read}</h3>
        <dl className="facts">
          <Fact name={t.customer.category}>{t.api.category[ticket.category]}</Fact>
          <Fact name={t.customer.urgency}>{t.api.urgency[ticket.urgency]}</Fact>
          <Fact name={t.customer.route}>{t.api.route[ticket.route]}</Fact>
          {reading.amounts.length > 0 && (
            <Fact name={t.customer.amounts}>
              <span className="num">
                {reading.amounts
                  .map(({ value, currency }) => (currency === null ? value : money({ amount: value, currency })))
                  .join(t.comma)}
              </span>
            </Fact>
          )}
          {reading.datetimes.length > 0 && (
            <Fact name={t.customer.times}>
              <span className="num">{reading.datetimes.map((at) => at.replace("T", " ")).join(t.comma)}</span>
            </Fact>
          )}
          {reading.transaction_ids.length > 0 && (
            <Fact name={t.customer.transactions}>
              <span className="mono">{reading.transaction_ids.join(t.comma)}</span>
            </Fact>
          )}
          {reading.missing.length > 0 && (
            <Fact name={t.ticket.missing}>{reading.missing.map((name) => t.missing[name] ?? name).join(t.comma)}</Fact>
          )}
          {reading.flags.length > 0 && (
            <Fact name={t.ticket.flags}>
              <span className="flagged">{reading.flags.map((name) => t.readingFlag[name] ?? name).join(t.comma)}</span>
            </Fact>
          )}
        </dl>
      </section>
    </>
  );
}
