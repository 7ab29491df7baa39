// SPDX-License-Identifier: Apache-2.0
// A remedy as the approver must see it: what moves, from where to where, why, on what evidence, and how the accounts
// change. The server decides who may approve; here stands its reason in words. The approval screen lays the same pieces
// out in columns.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { ApiError, api } from "../api/client";
import { useTicketChanged } from "../api/queries";
import type { Remedy, Ticket } from "../api/types";
import { difference, isZero, sameAmount } from "../format/money";
import { accountName, instrumentName } from "../format/names";
import { useWords } from "../i18n/words";
import { CodeInput } from "./CodeInput";
import { Icon } from "./icons";
import { useMe } from "./me";
import { Pair } from "./Pair";
import { ErrorNote, Fact, Moment, Money, Shield } from "./parts";

export function RemedyCard({ remedy, ticket }: { remedy: Remedy; ticket: Ticket }) {
  const { t } = useWords();
  const live = remedy.state === "proposed" || remedy.state === "approved" || remedy.state === "executed";
  const [open, setOpen] = useState(live);
  return (
    <article
      className={`card remedy ${remedy.state}`}
      aria-label={`${t.api.remedyKind[remedy.kind]} ${t.api.remedyState[remedy.state]}`}
    >
      <RemedyHead remedy={remedy} />
      {!open && (
        <button type="button" className="link" onClick={() => setOpen(true)}>
          {t.ticket.review}
        </button>
      )}
      {open && (
        <>
          <RemedyMoney remedy={remedy} compact />
          <RemedyPeople remedy={remedy} />
        </>
      )}
      <Executed remedy={remedy} ticket={ticket} />
      <Decision remedy={remedy} number={ticket.number} />
    </article>
  );
}

export function RemedyHead({ remedy }: { remedy: Remedy }) {
  const { t } = useWords();
  return (
    <header>
      <h4>
        {t.api.remedyKind[remedy.kind]} <Money of={remedy.amount} />
      </h4>
      <span className={`remedy-state ${remedy.state}`}>{t.api.remedyState[remedy.state]}</span>
    </header>
  );
}

export function RemedyMoney({ remedy, compact = false }: { remedy: Remedy; compact?: boolean }) {
  const { t } = useWords();
  const { payment } = remedy;
  const pair = remedy.duplicate_of;
  const [first, second] =
    pair !== null && Date.parse(pair.created_at) <= Date.parse(payment.created_at) ? [pair, payment] : [payment, pair];
  const from = payment.merchant?.name ?? remedy.before_after[0]?.owner ?? "OKPay";
  return (
    <>
      <dl className="facts">
        <Fact name={t.remedy.source}>{from}</Fact>
        <Fact name={t.remedy.destination}>
          {instrumentName(payment.instrument, t)} <span className="quiet">({t.remedy.originalSource})</span>
        </Fact>
        <Fact name={t.remedy.reason}>{t.api.refundReason[remedy.reason]}</Fact>
        {compact && pair !== null && (
          <Fact name={t.remedy.duplicateOf}>
            <span className="mono">{pair.id}</span>
          </Fact>
        )}
        <Fact name={t.remedy.original}>
          <span className="mono">{payment.id}</span>
        </Fact>
      </dl>
      {!compact && first !== null && second !== null && <Pair first={first} second={second} givesBack={payment.id} />}
      {remedy.before_after.length > 0 && (
        <table className="postings">
          <caption>{t.remedy.postings}</caption>
          <thead>
            <tr>
              <th scope="col">{t.remedy.account}</th>
              <th scope="col">{t.remedy.before}</th>
              <th scope="col">{t.remedy.after}</th>
            </tr>
          </thead>
          <tbody>
            {remedy.before_after.map((posting) => {
              const change = difference(posting.before, posting.after);
              return (
                <tr key={`${posting.account_kind}${posting.currency}`}>
                  <th scope="row">
                    {accountName(posting, t)}
                    {change !== null && !isZero(change) && (
                      <span className="change num">
                        {change.amount.startsWith("-") ? "" : "+"}
                        <Money of={change} />
                      </span>
                    )}
                  </th>
                  <td>
                    <Money of={posting.before} />
                  </td>
                  <td>
                    <Money of={posting.after} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </>
  );
}

export function RemedyWords({ remedy }: { remedy: Remedy }) {
  const { t, language } = useWords();
  const { evidence } = remedy;
  return (
    <>
      {evidence.customer_words !== "" && (
        <figure className="words">
          <figcaption>
            {t.remedy.words} <Shield level={evidence.assurance} />
          </figcaption>
          <blockquote>{evidence.customer_words}</blockquote>
        </figure>
      )}
      {evidence.explanation !== null && <p>{evidence.explanation[language]}</p>}
      {evidence.reasons.length > 0 && (
        <ul className="reasons" aria-label={t.ledger.why}>
          {evidence.reasons.map((reason) => (
            <li key={reason}>{t.api.reason[reason]}</li>
          ))}
        </ul>
      )}
    </>
  );
}

export function RemedyPeople({ remedy, explained = false }: { remedy: Remedy; explained?: boolean }) {
  const { t, language } = useWords();
  const { evidence } = remedy;
  return (
    <dl className="facts">
      {evidence.explanation !== null && !explained && (
        <Fact name={t.remedy.evidence}>{evidence.explanation[language]}</Fact>
      )}
      <Fact name={t.customer.assurance}>
        <Shield level={evidence.assurance} words />
      </Fact>
      <Fact name={t.remedy.proposedBy}>
        {remedy.proposer.name} <Moment at={remedy.proposed_at} />
      </Fact>
      {remedy.note !== "" && <Fact name={t.remedy.note}>{remedy.note}</Fact>}
      {remedy.decider !== null && (
        <Fact name={remedy.state === "executed" ? t.remedy.executedBy : t.remedy.decidedBy}>
          {remedy.decider.name} {remedy.decided_at !== null && <Moment at={remedy.decided_at} />}
        </Fact>
      )}
      {remedy.decision_note !== "" && <Fact name={t.remedy.sendBack}>{remedy.decision_note}</Fact>}
    </dl>
  );
}

// What the approver would check by hand, out of the remedy itself.
export function RemedyChecks({ remedy }: { remedy: Remedy }) {
  const { t } = useWords();
  const me = useMe();
  const proposed = remedy.state === "proposed";
  const checks: [string, boolean][] = [
    [t.remedy.checkSucceeded, remedy.payment.state === "succeeded"],
    ...(proposed
      ? [
          [t.remedy.checkRefundable, sameAmount(remedy.payment.refundable, remedy.expected_refundable)] as [
            string,
            boolean,
          ],
        ]
      : []),
    ...(proposed ? [[t.remedy.checkFirst, isZero(remedy.payment.refunded)] as [string, boolean]] : []),
    ...(remedy.duplicate_of !== null
      ? [
          [t.remedy.checkTwin, remedy.duplicate_of.state === "succeeded" && isZero(remedy.duplicate_of.refunded)] as [
            string,
            boolean,
          ],
        ]
      : []),
    [t.remedy.checkSender, remedy.evidence.assurance !== "a0"],
    ...(proposed ? [[t.remedy.checkOther, remedy.proposer.id !== me.id] as [string, boolean]] : []),
  ];
  return (
    <ul className="checks" aria-label={t.remedy.checks}>
      {checks.map(([name, holds]) => (
        <li key={name} className={holds ? "holds" : "fails"}>
          <Icon name={holds ? "tick" : "close"} size={15} />
          <span className="hidden-text">{holds ? t.remedy.yes : t.remedy.no}: </span>
          {name}
        </li>
      ))}
    </ul>
  );
}

export function Executed({ remedy, ticket }: { remedy: Remedy; ticket: Ticket | undefined }) {
  const { t } = useWords();
  if (remedy.state !== "executed") return null;
  const decided = Date.parse(remedy.decided_at ?? remedy.proposed_at);
  const answer =
    ticket?.messages.find((message) => message.id === remedy.answer) ??
    ticket?.messages.find((message) => message.direction === "outbound" && Date.parse(message.at) >= decided);
  return (
    <div className="outcome">
      <p>
        <Icon name="tick" size={16} /> {t.remedy.refundId} <span className="mono">{remedy.executed_payment}</span>
      </p>
      {answer === undefined ? (
        ticket !== undefined && <p className="quiet">{t.remedy.noAnswer}</p>
      ) : (
        <figure className="words">
          <figcaption>
            {t.remedy.answer}
            {answer.delivery !== null && (
              <span className={`delivery ${answer.delivery.state}`}>{t.api.delivery[answer.delivery.state]}</span>
            )}
          </figcaption>
          <blockquote lang={ticket?.language}>{answer.body}</blockquote>
        </figure>
      )}
    </div>
  );
}

export function Decision({
  remedy,
  number,
  decided,
}: {
  remedy: Remedy;
  number: string;
  decided?: (remedy: Remedy) => void;
}) {
  const { t, language, money } = useWords();
  const me = useMe();
  const queries = useQueryClient();
  const changed = useTicketChanged(number);
  const [step, setStep] = useState<"choose" | "approve" | "reject">("choose");
  const [code, setCode] = useState("");
  const [note, setNote] = useState("");
  const codeField = useRef<HTMLInputElement>(null);
  // Who steps back stands where they stepped in.
  const chosen = useRef<HTMLButtonElement>(null);
  const [left, setLeft] = useState<typeof step>("choose");
  useEffect(() => {
    if (step === "choose") chosen.current?.focus();
  }, [step]);

  const settle = (next: Remedy) => {
    queries.setQueryData<Ticket>(["ticket", number], (ticket) =>
      ticket === undefined
        ? ticket
        : { ...ticket, remedies: ticket.remedies.map((other) => (other.id === next.id ? next : other)) },
    );
    decided?.(next);
    setStep("choose");
    changed();
  };
  const failed = (error: unknown) => {
    setCode("");
    codeField.current?.focus();
    if (error instanceof ApiError && error.problem?.remedy !== undefined) settle(error.problem.remedy);
    else if (error instanceof ApiError && error.status === 409) changed();
  };
  const approve = useMutation({
    mutationFn: () => api.approve(remedy.id, { totp: code }),
    onSuccess: settle,
    onError: failed,
  });
  const reject = useMutation({
    mutationFn: () => api.reject(remedy.id, { note: note.trim() }),
    onSuccess: settle,
    onError: failed,
  });
  const error = <ErrorNote error={approve.error ?? reject.error} />;
  if (remedy.state !== "proposed") return error;

  const mayReject = me.permissions.includes("reject_remedy");
  const why = remedy.may_not_approve_because;
  const choose = (next: typeof step) => {
    setLeft(next === "choose" ? step : "choose");
    approve.reset();
    reject.reset();
    setStep(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (approve.isPending || reject.isPending) return;
    if (step === "approve") approve.mutate();
    else reject.mutate();
  };
  if (step === "choose") {
    return (
      <div className="decision">
        <div className="decision-buttons">
          <button
            ref={left === "approve" ? chosen : null}
            type="button"
            className="button primary"
            disabled={!remedy.may_approve}
            aria-describedby={remedy.may_approve ? undefined : `why-${remedy.id}`}
            onClick={() => choose("approve")}
          >
            {t.remedy.approve}
          </button>
          {mayReject && (
            <button
              ref={left === "reject" ? chosen : null}
              type="button"
              className="button"
              onClick={() => choose("reject")}
            >
              {t.remedy.sendBack}
            </button>
          )}
        </div>
        {!remedy.may_approve && (
          <p id={`why-${remedy.id}`} className="why-not">
            <Icon name="lock" size={14} /> {why === null ? t.api.error.not_permitted : why[language]}
          </p>
        )}
        {error}
      </div>
    );
  }
  return (
    <form className="decision" onSubmit={submit}>
      {step === "approve" ? (
        <label className="field">
          <span>{t.remedy.code}</span>
          <CodeInput code={code} setCode={setCode} field={codeField} autoFocus />
        </label>
      ) : (
        <label className="field">
          <span>{t.remedy.why}</span>
          <textarea
            rows={3}
            required
            maxLength={2000}
            autoFocus
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </label>
      )}
      {error}
      <div className="decision-buttons">
        <button
          type="submit"
          className="button primary"
          disabled={
            approve.isPending || reject.isPending || (step === "approve" ? code.length !== 6 : note.trim() === "")
          }
        >
          {step === "approve" ? t.remedy.approveAmount(money(remedy.amount)) : t.remedy.sendBack}
        </button>
        <button type="button" className="button" onClick={() => choose("choose")}>
          {t.app.cancel}
        </button>
      </div>
    </form>
  );
}
