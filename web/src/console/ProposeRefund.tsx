// SPDX-License-Identifier: Apache-2.0
// A small form, prefilled from the finding. One key for one intention: sending twice proposes once.
import { useMutation } from "@tanstack/react-query";
import { Modal } from "antd";
import { useRef, useState, type FormEvent } from "react";
import { api, newKey } from "../api/client";
import type { Payment, RefundProposal, RefundReason, Ticket } from "../api/types";
import { readAmount, type AmountProblem } from "../format/money";
import { paymentName } from "../format/names";
import { useWords } from "../i18n/words";
import { ErrorNote, Fact, Moment, Money, useWidth } from "./parts";

interface Props {
  ticket: Ticket;
  proposal: RefundProposal;
  payments: Payment[];
  close: () => void;
  done: () => void;
  stale: (error: unknown) => void;
}
const reasons: readonly RefundReason[] = ["duplicate", "requested_by_customer", "error", "goodwill", "fraudulent"];

export function ProposeRefund({ ticket, proposal, payments, close, done, stale }: Props) {
  const { t, money } = useWords();
  const [key, setKey] = useState(newKey);
  const [typed, setTyped] = useState(proposal.amount.amount);
  const [reason, setReason] = useState<RefundReason>(
    proposal.duplicate_of !== null ? "duplicate" : "requested_by_customer",
  );
  const [note, setNote] = useState("");
  const amountField = useRef<HTMLInputElement>(null);
  const width = useWidth(); // on a phone the keyboard would cover what is proposed
  const read = readAmount(typed, proposal.expected_refundable);
  const propose = useMutation({
    mutationFn: (amount: RefundProposal["amount"]) =>
      api.propose(
        ticket.number,
        {
          kind: "refund",
          payment: proposal.payment,
          duplicate_of: proposal.duplicate_of,
          amount,
          expected_refundable: proposal.expected_refundable,
          reason,
          note: note.trim(),
        },
        key,
      ),
    onSuccess: done,
    onError: stale,
  });
  // Another intention needs another key: the server holds the first body to the first key.
  const edit = (apply: () => void) => {
    apply();
    if (propose.isError) {
      setKey(newKey());
      propose.reset();
    }
  };
  const problems: Record<AmountProblem, string> = {
    not_an_amount: t.propose.notAnAmount,
    not_positive: t.propose.notPositive,
    too_much: t.propose.tooMuch,
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if ("amount" in read && !propose.isPending) propose.mutate(read.amount);
  };
  const line = (id: string, label: string) => {
    const payment = payments.find((other) => other.id === id);
    return (
      <Fact name={label}>
        {payment === undefined ? (
          <span className="mono">{id}</span>
        ) : (
          <>
            {paymentName(payment, t)} · <Money of={payment.amount} />
            <br />
            <span className="quiet">
              <Moment at={payment.created_at} />
              {payment.order_ref !== "" && ` · ${payment.order_ref}`}
            </span>
          </>
        )}
      </Fact>
    );
  };
  return (
    <Modal
      open
      onCancel={close}
      title={t.propose.title}
      footer={null}
      width={480}
      destroyOnHidden
      closable={{ "aria-label": t.app.close }}
      afterOpenChange={(open) => {
        if (open && width !== "phone") amountField.current?.focus();
      }}
    >
      <form onSubmit={submit} className="propose">
        <dl className="facts">
          {line(proposal.payment, t.propose.givesBack)}
          {proposal.duplicate_of !== null && line(proposal.duplicate_of, t.propose.keeps)}
        </dl>
        <label className="field">
          <span>
            {t.propose.amount} ({proposal.amount.currency})
          </span>
          <input
            className="num amount-field"
            name="amount"
            inputMode="decimal"
            ref={amountField}
            value={typed}
            aria-invalid={"problem" in read}
            aria-describedby="amount-hint"
            onChange={(event) => edit(() => setTyped(event.target.value))}
          />
          <small id="amount-hint" className={"problem" in read ? "error" : ""}>
            {"problem" in read ? problems[read.problem] : t.propose.most(money(proposal.expected_refundable))}
          </small>
        </label>
        <label className="field">
          <span>{t.propose.reason}</span>
          <select
            name="reason"
            value={reason}
            onChange={(event) => edit(() => setReason(event.target.value as RefundReason))}
          >
            {reasons.map((name) => (
              <option key={name} value={name}>
                {t.api.refundReason[name]}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>{t.propose.note}</span>
          <textarea
            name="note"
            rows={2}
            maxLength={2000}
            value={note}
            onChange={(event) => edit(() => setNote(event.target.value))}
          />
        </label>
        <p className="quiet">{t.propose.explain}</p>
        <ErrorNote error={propose.error} />
        <div className="decision-buttons end">
          <button type="button" className="button" onClick={close}>
            {t.app.cancel}
          </button>
          <button type="submit" className="button primary" disabled={propose.isPending || "problem" in read}>
            {"amount" in read ? t.propose.submit(money(read.amount)) : t.propose.submitNone}
          </button>
        </div>
      </form>
    </Modal>
  );
}
