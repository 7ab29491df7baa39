// SPDX-License-Identifier: Apache-2.0
import type { StatedAmount, Ticket, TicketLedger } from "../api/types";
import { maskedAddress } from "../format/address";
import { momentInZone } from "../format/time";
import { useWords } from "../i18n/words";
import { CaseCard } from "./CaseCard";
import { FollowersCard } from "./Following";
import { LockCustomer } from "./Locks";
import { TogetherCard } from "./TogetherCard";
import { Fact, Money, Shield, useNow } from "./parts";
import { ReadAs } from "./ReadAs";

const languageNames: Readonly<Record<string, string>> = { en: "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文" };

export function CustomerTab({ ticket, ledger }: { ticket: Ticket; ledger: TicketLedger | undefined }) {
  const { t, money } = useWords();
  const now = useNow();
  const customer = ledger?.customer ?? null;
  const { reading } = ticket;
  const amount = ({ value, currency }: StatedAmount) =>
    currency === null ? value : money({ amount: value, currency });
  /** A machine may misread a picture, so what stands there alone says so. */
  const shown = <T,>(facts: readonly T[], inPictures: readonly T[], text: (fact: T) => string = String) => {
    const apart = new Set(inPictures.map((fact) => text(fact)));
    return facts
      .map((fact) => text(fact))
      .map((one) => (apart.has(one) ? t.customer.inPicture(one) : one))
      .join(t.comma);
  };
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
              {customer.phone != null && (
                <Fact name={t.customer.phone}>
                  <span className="num">{customer.phone}</span>
                </Fact>
              )}
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
              <span className="num">{shown(reading.amounts, reading.in_pictures.amounts, amount)}</span>
            </Fact>
          )}
          {reading.datetimes.length > 0 && (
            <Fact name={t.customer.times}>
              <span className="num">
                {shown(reading.datetimes, reading.in_pictures.datetimes, (at) => at.replace("T", " "))}
              </span>
            </Fact>
          )}
          {reading.transaction_ids.length > 0 && (
            <Fact name={t.customer.transactions}>
              <span className="mono">{shown(reading.transaction_ids, reading.in_pictures.transaction_ids)}</span>
            </Fact>
          )}
          {reading.error_codes.length > 0 && (
            <Fact name={t.customer.errors}>
              <span className="mono">{shown(reading.error_codes, reading.in_pictures.error_codes)}</span>
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
        <ReadAs ticket={ticket} />
      </section>
    </>
  );
}
