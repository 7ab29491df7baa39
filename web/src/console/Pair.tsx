// SPDX-License-Identifier: Apache-2.0
// Two payments side by side, so that what is equal and what differs is seen at once.
import type { ReactNode } from "react";
import type { Payment } from "../api/types";
import { isZero } from "../format/money";
import { instrumentName, paymentName } from "../format/names";
import { shownMomentWithSeconds, span } from "../format/time";
import { useWords } from "../i18n/words";
import { Money } from "./parts";

export function Pair({ first, second, givesBack }: { first: Payment; second: Payment; givesBack: string | null }) {
  const { t } = useWords();
  const state = (payment: Payment) => (
    <span className={`payment-state ${payment.state}`}>
      {t.api.paymentState[payment.state]}
      {payment.refusal !== null && ` (${t.api.refusal[payment.refusal]})`}
    </span>
  );
  const apart = Math.abs(Date.parse(second.created_at) - Date.parse(first.created_at));
  const rows: [string, (payment: Payment) => ReactNode][] = [
    [t.ledger.merchant, (payment) => paymentName(payment, t)],
    [
      t.ledger.order,
      (payment) =>
        payment.order_ref === "" ? (
          <span className="quiet">{t.ledger.noOrder}</span>
        ) : (
          <span className="mono">{payment.order_ref}</span>
        ),
    ],
    [t.ledger.amount, (payment) => <Money of={payment.amount} />],
    [t.ledger.time, (payment) => <span className="num">{shownMomentWithSeconds(payment.created_at)}</span>],
    [t.ledger.instrument, (payment) => instrumentName(payment.instrument, t)],
    [t.ledger.status, state],
    [t.ledger.refundable, (payment) => <Money of={payment.refundable} />],
  ];
  if (!isZero(first.disputed) || !isZero(second.disputed))
    rows.push([t.ledger.disputed, (payment) => <Money of={payment.disputed} />]);
  const head = (payment: Payment, title: string) => (
    <th scope="col" className={payment.id === givesBack ? "gives-back" : undefined}>
      {title}
      {payment.id === givesBack && <span className="tag">{t.propose.givesBack}</span>}
    </th>
  );
  return (
    <table className="pair">
      <thead>
        <tr>
          <td className="apart num">{t.ledger.apart(span(apart, t.span))}</td>
          {head(first, t.ledger.first)}
          {head(second, t.ledger.second)}
        </tr>
      </thead>
      <tbody>
        {rows.map(([label, cell]) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td className={first.id === givesBack ? "gives-back" : undefined}>{cell(first)}</td>
            <td className={second.id === givesBack ? "gives-back" : undefined}>{cell(second)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
