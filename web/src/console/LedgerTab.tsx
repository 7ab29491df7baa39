// SPDX-License-Identifier: Apache-2.0
// The customer's own ledger beside the mail: the remedy that stands, what explains "charged twice", then the payments.
import type { UseInfiniteQueryResult, InfiniteData } from "@tanstack/react-query";
import { useState } from "react";
import type { Finding, Payment, RefundProposal, Ticket, TicketLedger } from "../api/types";
import { isZero } from "../format/money";
import { instrumentName, paymentName } from "../format/names";
import { useWords } from "../i18n/words";
import { Icon } from "./icons";
import { Pair } from "./Pair";
import { LoadFailed, Loading, Moment, Money, useCopy } from "./parts";
import { RemedyCard } from "./RemedyCard";

interface Props {
  ticket: Ticket;
  ledger: UseInfiniteQueryResult<InfiniteData<TicketLedger>>;
  mayPropose: boolean;
  propose: (proposal: RefundProposal) => void;
}

export function LedgerTab({ ticket, ledger, mayPropose, propose }: Props) {
  const { t } = useWords();
  const [all, setAll] = useState(false);
  if (ledger.isPending) return <Loading />;
  const pages = ledger.data?.pages ?? [];
  const first = pages[0];
  if (first === undefined) return <LoadFailed error={ledger.error} retry={() => void ledger.refetch()} />;
  const payments = pages.flatMap((page) => page.payments);
  const shown = all ? first.findings : first.findings.slice(0, 1);
  return (
    <>
      {ticket.remedies.map((remedy) => (
        <RemedyCard key={remedy.id} remedy={remedy} ticket={ticket} />
      ))}
      {first.customer === null ? (
        <p className="quiet pad">{t.customer.unknown}</p>
      ) : (
        <>
          <section aria-label={t.ledger.findings}>
            <h3 className="panel-title">{t.ledger.findings}</h3>
            {first.findings.length === 0 && <p className="quiet pad">{t.ledger.noFindings}</p>}
            {shown.map((finding) => (
              <FindingCard
                key={`${finding.class}${finding.first?.id}${finding.second?.id}`}
                finding={finding}
                propose={mayPropose ? propose : null}
              />
            ))}
            {!all && first.findings.length > 1 && (
              <button type="button" className="link pad-link" onClick={() => setAll(true)}>
                {t.ledger.others(first.findings.length - 1)}
              </button>
            )}
          </section>
          <section aria-label={t.ledger.payments}>
            <h3 className="panel-title">{t.ledger.payments}</h3>
            {payments.length === 0 ? (
              <p className="quiet pad">{t.ledger.noPayments}</p>
            ) : (
              <ul className="payments">
                {payments.map((payment) => (
                  <PaymentRow key={payment.id} payment={payment} propose={mayPropose ? propose : null} />
                ))}
              </ul>
            )}
            {ledger.hasNextPage && (
              <button
                type="button"
                className="link pad-link"
                disabled={ledger.isFetchingNextPage}
                onClick={() => void ledger.fetchNextPage()}
              >
                {t.app.more}
              </button>
            )}
          </section>
        </>
      )}
    </>
  );
}

function FindingCard({ finding, propose }: { finding: Finding; propose: ((proposal: RefundProposal) => void) | null }) {
  const { t, language } = useWords();
  const { first, second, proposal } = finding;
  return (
    <article className={`card finding${proposal !== null ? " ends-in-refund" : ""}`}>
      <header>
        <h4>{t.api.pairClass[finding.class]}</h4>
        {first !== null && (
          <span className="score num" title={t.ledger.score}>
            <span className="hidden-text">{t.ledger.score} </span>
            {finding.score} %
          </span>
        )}
      </header>
      <p>{finding.explanation[language]}</p>
      {first !== null && second !== null && (
        <Pair first={first} second={second} givesBack={proposal?.payment ?? null} />
      )}
      {first !== null && finding.reasons.length > 0 && (
        <ul className="reasons" aria-label={t.ledger.why}>
          {finding.reasons.map((reason) => (
            <li key={reason}>{t.api.reason[reason]}</li>
          ))}
        </ul>
      )}
      {proposal !== null && propose !== null && (
        <button type="button" className="button primary wide-button" onClick={() => propose(proposal)}>
          {t.ledger.propose} · <Money of={proposal.amount} />
        </button>
      )}
    </article>
  );
}

function PaymentRow({ payment, propose }: { payment: Payment; propose: ((proposal: RefundProposal) => void) | null }) {
  const { t } = useWords();
  const copy = useCopy();
  const kind = t.api.paymentKind[payment.kind];
  const name = paymentName(payment, t);
  const refundable =
    payment.kind === "merchant_payment" && payment.state === "succeeded" && !isZero(payment.refundable);
  return (
    <li>
      <span className="payment-name">{name}</span>
      <span className={`payment-amount num ${payment.direction}`}>
        {payment.direction === "in" ? "+" : "−"}
        <Money of={payment.amount} />
      </span>
      <span className="payment-low">
        <Moment at={payment.created_at} /> · {name === kind ? instrumentName(payment.instrument, t) : kind}
        {payment.kind === "person_to_person" && payment.memo !== "" && ` · ${payment.memo}`}
        {payment.state !== "succeeded" && (
          <span className={`payment-state ${payment.state}`}> · {t.api.paymentState[payment.state]}</span>
        )}
        {payment.refusal !== null && ` (${t.api.refusal[payment.refusal]})`}
        {!isZero(payment.refunded) && (
          <>
            {" "}
            · {t.ledger.refunded} <Money of={payment.refunded} />
          </>
        )}
      </span>
      <span className="payment-tools">
        <button
          type="button"
          className="link"
          aria-label={`${t.ledger.copyId} ${payment.id}`}
          title={`${t.ledger.copyId} ${payment.id}`}
          onClick={() => copy(payment.id)}
        >
          <Icon name="copy" size={14} />
        </button>
        {refundable && propose !== null && (
          <button
            type="button"
            className="link"
            aria-label={t.ledger.proposeThis}
            title={t.ledger.proposeThis}
            onClick={() =>
              propose({
                payment: payment.id,
                duplicate_of: null,
                amount: payment.refundable,
                expected_refundable: payment.refundable,
              })
            }
          >
            <Icon name="refund" size={15} />
          </button>
        )}
      </span>
    </li>
  );
}
