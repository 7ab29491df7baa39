// SPDX-License-Identifier: Apache-2.0
// Payments by card that a bank takes back: what the acquirer says is recorded, and answered in time.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api } from "../api/client";
import { disputesQuery } from "../api/queries";
import type { Body, Dispute } from "../api/types";
import { shownMomentWithSeconds } from "../format/time";
import { disputesEn, disputesZh } from "../i18n/disputes";
import { useWords } from "../i18n/words";
import { useMe } from "./me";
import { ErrorNote, LoadFailed, Loading, Moment, Money } from "./parts";
import { CodeField } from "./TreasuryAccount";
import { More, PaymentLink } from "./TreasuryJournal";
import { useAct } from "./useAct";

const useDisputesWords = () => (useWords().language === "zh" ? disputesZh : disputesEn);
const stages = ["inquiry", "chargeback", "pre_arbitration", "arbitration"] as const;
const said = ["needs_response", "under_review", "won", "lost", "withdrawn"] as const;

export function DisputesPage() {
  const words = useDisputesWords();
  const me = useMe();
  const list = useInfiniteQuery(disputesQuery);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <p className="quiet">{words.about}</p>
      {me.permissions.includes("settle_unknown") && <Record />}
      {list.isPending ? (
        <Loading />
      ) : list.isError ? (
        <LoadFailed error={list.error} retry={() => void list.refetch()} />
      ) : items.length === 0 ? (
        <p className="quiet">{words.none}</p>
      ) : (
        items.map((dispute) => <Card key={dispute.id} dispute={dispute} />)
      )}
      <More list={list} />
    </>
  );
}

function Record() {
  const words = useDisputesWords();
  const [open, setOpen] = useState(false);
  const [payment, setPayment] = useState("");
  const [reference, setReference] = useState("");
  const [stage, setStage] = useState<(typeof stages)[number]>("chargeback");
  const [status, setStatus] = useState<(typeof said)[number]>("needs_response");
  const [reason, setReason] = useState<keyof typeof words.reason>("other");
  const [amount, setAmount] = useState("");
  const [currency, setCurrency] = useState("");
  const [due, setDue] = useState("");
  const [code, setCode] = useState("");
  const act = useAct(
    (asked: Body<"reportDispute">) => api.reportDispute(asked),
    () => {
      for (const empty of [setPayment, setReference, setAmount, setDue, setCode]) empty("");
      setOpen(false);
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (act.isPending) return;
    act.mutate({
      payment: payment.trim(),
      reference: reference.trim(),
      stage,
      status,
      reason,
      amount: { amount: amount.trim(), currency: currency.trim().toUpperCase() },
      totp_code: code,
      ...(status === "needs_response" && { answer_by: new Date(due).toISOString() }),
    });
    setCode(""); // a code works once
  };
  if (!open) {
    return (
      <p>
        <button type="button" className="button primary" onClick={() => setOpen(true)}>
          {words.record}
        </button>
      </p>
    );
  }
  const text = (label: string, value: string, set: (value: string) => void, more = {}) => (
    <label className="field">
      <span>{label}</span>
      <input required value={value} onChange={(event) => set(event.target.value)} {...more} />
    </label>
  );
  const choice = <Name extends string>(
    label: string,
    names: Record<Name, string>,
    among: readonly Name[],
    value: Name,
    set: (value: Name) => void,
  ) => (
    <label className="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => set(event.target.value as Name)}>
        {among.map((name) => (
          <option key={name} value={name}>
            {names[name]}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <form className="card correction-form" onSubmit={submit} aria-label={words.record}>
      {text(words.payment, payment, setPayment, { pattern: "pay_[0-9A-Za-z]+" })}
      {text(words.reference, reference, setReference, { maxLength: 100 })}
      <div className="correction-fields">
        {choice(words.stageField, words.stage, stages, stage, setStage)}
        {choice(words.statusField, words.status, said, status, setStatus)}
        {choice(words.reasonField, words.reason, Object.keys(words.reason) as (typeof reason)[], reason, setReason)}
        {text(words.amount, amount, setAmount, {
          inputMode: "decimal",
          pattern: "[0-9]+([.][0-9]{1,3})?",
          className: "num",
        })}
        {text(words.currency, currency, setCurrency, { pattern: "[A-Za-z]{3}", maxLength: 3 })}
        {status === "needs_response" && text(words.answerBy, due, setDue, { type: "datetime-local" })}
      </div>
      <CodeField code={code} setCode={setCode} />
      <ErrorNote error={act.error} />
      <div className="decision-buttons">
        <button type="submit" className="button primary" disabled={act.isPending}>
          {words.save}
        </button>
        <button type="button" className="button" onClick={() => setOpen(false)}>
          {words.cancel}
        </button>
      </div>
    </form>
  );
}

const colour = {
  needs_response: "short",
  under_review: "plain",
  won: "done",
  withdrawn: "done",
  lost: "over",
  accepted: "over",
  expired: "over",
} as const;

function Card({ dispute }: { dispute: Dispute }) {
  const words = useDisputesWords();
  const me = useMe();
  const asked = dispute.status === "needs_response";
  return (
    <section className="card" aria-label={dispute.reference}>
      <h3>
        <Money of={dispute.amount} />{" "}
        <span className={`badge ${colour[dispute.status]}`}>
          {words.stage[dispute.stage]} · {words.status[dispute.status]}
        </span>
      </h3>
      <p>
        {dispute.payment.merchant?.name} · {words.reason[dispute.reason]} · {dispute.reference}
      </p>
      {asked && dispute.answer_by !== null && (
        <p>
          {words.answerBy}: <Moment at={dispute.answer_by} />
        </p>
      )}
      {dispute.borne_by === "house" && <p className="quiet">{words.house}</p>}
      {dispute.answer !== "" && (
        <p>
          {words.answered}: {dispute.answer}
        </p>
      )}
      <ul className="quiet small">
        {dispute.steps.map((step) => (
          <li key={`${step.at} ${step.stage} ${step.status}`}>
            {shownMomentWithSeconds(step.at)} · {words.stage[step.stage]} · {words.status[step.status]}
            {step.moved !== "none" && ` · ${words.moved[step.moved]}`} · {step.by?.name ?? words.byTime}
          </li>
        ))}
      </ul>
      <p>
        <PaymentLink id={dispute.payment.id} at={{}} /> ·{" "}
        <a href={api.disputeEvidence(dispute.id)} download={`${dispute.reference}.json`}>
          {words.evidence}
        </a>
      </p>
      {asked && me.permissions.includes("settle_unknown") && <Answer dispute={dispute} />}
    </section>
  );
}

function Answer({ dispute }: { dispute: Dispute }) {
  const words = useDisputesWords();
  const [how, setHow] = useState<"contest" | "accept" | null>(null);
  const [text, setText] = useState("");
  const [code, setCode] = useState("");
  const act = useAct(
    (asked: Body<"answerDispute">) => api.answerDispute(dispute.id, asked),
    () => setHow(null),
  );
  if (how === null) {
    return (
      <div className="decision-buttons">
        <button type="button" className="button primary" onClick={() => setHow("contest")}>
          {words.contest}
        </button>
        <button type="button" className="button" onClick={() => setHow("accept")}>
          {words.accept}
        </button>
      </div>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (act.isPending) return;
    act.mutate({ with: how, text: text.trim(), totp_code: code });
    setCode(""); // a code works once
  };
  return (
    <form className="decision" onSubmit={submit}>
      {how === "accept" && <p>{words.acceptMeans}</p>}
      <label className="field">
        <span>{words.text}</span>
        <textarea rows={3} required maxLength={16384} value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <CodeField code={code} setCode={setCode} />
      <ErrorNote error={act.error} />
      <div className="decision-buttons">
        <button type="submit" className="button primary" disabled={act.isPending || text.trim() === ""}>
          {words[how]}
        </button>
        <button type="button" className="button" onClick={() => setHow(null)}>
          {words.cancel}
        </button>
      </div>
    </form>
  );
}
