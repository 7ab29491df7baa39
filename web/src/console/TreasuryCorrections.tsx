// SPDX-License-Identifier: Apache-2.0
// Corrections of the books: one person proposes, another approves with a one-time code, and only then is it posted.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api } from "../api/client";
import { correctionsQuery } from "../api/queries";
import type { Body, Correction } from "../api/types";
import { shownMomentWithSeconds } from "../format/time";
import { useWords } from "../i18n/words";
import { useMe } from "./me";
import { ErrorNote, LoadFailed, Loading, Money } from "./parts";
import { AccountLink } from "./Treasury";
import { CodeField, ReasonField } from "./TreasuryAccount";
import { More, PaymentLink } from "./TreasuryJournal";
import { useAct } from "./useAct";

export function CorrectionsPage() {
  const { t } = useWords();
  const words = t.treasury;
  const me = useMe();
  const list = useInfiniteQuery(correctionsQuery);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <p className="quiet">{words.correctionsAre}</p>
      {me.permissions.includes("propose_correction") && <Propose />}
      {list.isPending ? (
        <Loading />
      ) : list.isError ? (
        <LoadFailed error={list.error} retry={() => void list.refetch()} />
      ) : items.length === 0 ? (
        <p className="quiet">{words.noCorrections}</p>
      ) : (
        items.map((correction) => <Card key={correction.id} correction={correction} />)
      )}
      <More list={list} />
    </>
  );
}

function Propose() {
  const { t } = useWords();
  const words = t.treasury;
  const [open, setOpen] = useState(false);
  const [how, setHow] = useState<"accounts" | "transfer">("accounts");
  const [debit, setDebit] = useState("");
  const [credit, setCredit] = useState("");
  const [amount, setAmount] = useState("");
  const [currency, setCurrency] = useState("");
  const [reverses, setReverses] = useState("");
  const [reason, setReason] = useState("");
  const act = useAct(
    (asked: Body<"proposeCorrection">, key) => api.proposeCorrection(asked, key),
    () => {
      for (const empty of [setDebit, setCredit, setAmount, setReverses, setReason]) empty("");
      setOpen(false);
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (act.isPending) return;
    const said = reason.trim();
    if (how === "transfer") act.mutate({ reverses: reverses.trim(), reason: said });
    else {
      const sum = { amount: amount.trim(), currency: currency.trim().toUpperCase() };
      act.mutate({ debit: debit.trim(), credit: credit.trim(), amount: sum, reason: said });
    }
  };
  if (!open) {
    return (
      <p>
        <button type="button" className="button primary" onClick={() => setOpen(true)}>
          {words.propose}
        </button>
      </p>
    );
  }
  const number = (value: string, set: (value: string) => void, label: string) => (
    <label className="field">
      <span>{label}</span>
      <input
        required
        inputMode="numeric"
        pattern="[0-9]{1,18}"
        className="num"
        value={value}
        onChange={(event) => set(event.target.value)}
      />
    </label>
  );
  return (
    <form className="card correction-form" onSubmit={submit} aria-label={words.propose}>
      <label className="field">
        <span>{words.kindOfCorrection}</span>
        <select value={how} onChange={(event) => setHow(event.target.value as typeof how)}>
          <option value="accounts">{words.betweenAccounts}</option>
          <option value="transfer">{words.reverseTransfer}</option>
        </select>
      </label>
      {how === "transfer" ? (
        number(reverses, setReverses, words.transferNumber)
      ) : (
        <div className="correction-fields">
          {number(debit, setDebit, words.debitAccount)}
          {number(credit, setCredit, words.creditAccount)}
          <label className="field">
            <span>{words.amount}</span>
            <input
              required
              inputMode="decimal"
              pattern="[0-9]+([.][0-9]{1,3})?"
              className="num"
              value={amount}
              onChange={(event) => setAmount(event.target.value)}
            />
          </label>
          <label className="field">
            <span>{words.currency}</span>
            <input
              required
              pattern="[A-Za-z]{3}"
              maxLength={3}
              value={currency}
              onChange={(event) => setCurrency(event.target.value)}
            />
          </label>
        </div>
      )}
      <ReasonField reason={reason} setReason={setReason} />
      <ErrorNote error={act.error} />
      <div className="decision-buttons">
        <button type="submit" className="button primary" disabled={reason.trim() === "" || act.isPending}>
          {words.propose}
        </button>
        <button type="button" className="button" onClick={() => setOpen(false)}>
          {t.app.cancel}
        </button>
      </div>
    </form>
  );
}

function Card({ correction }: { correction: Correction }) {
  const { t } = useWords();
  const words = t.treasury;
  const colour = { proposed: "short", executed: "done", rejected: "plain", voided: "plain", failed: "over" } as const;
  return (
    <section className="card" aria-label={`${words.correction} ${correction.id}`}>
      <h3>
        <Money of={correction.amount} />{" "}
        <span className={`badge ${colour[correction.state]}`}>{words.correctionState[correction.state]}</span>
      </h3>
      <p>
        {words.from} <AccountLink account={correction.debit} at={{}} /> → {words.to}{" "}
        <AccountLink account={correction.credit} at={{}} />
        {correction.reverses !== null && ` · ${words.reversesTransfer(correction.reverses)}`}
      </p>
      <p>{correction.reason}</p>
      <p className="quiet small">
        {words.proposedBy(correction.proposed_by.name, shownMomentWithSeconds(correction.proposed_at))}
        {correction.decided_by !== null &&
          correction.decided_at !== null &&
          ` · ${words.decidedBy(correction.decided_by.name, shownMomentWithSeconds(correction.decided_at))}`}
        {correction.note !== "" && ` · ${correction.note}`}
      </p>
      {correction.payment !== null && (
        <p>
          <PaymentLink id={correction.payment} at={{}} />
        </p>
      )}
      {correction.state === "proposed" && <Decide correction={correction} />}
    </section>
  );
}

function Decide({ correction }: { correction: Correction }) {
  const { t, money } = useWords();
  const words = t.treasury;
  const me = useMe();
  const own = correction.proposed_by.id === me.id;
  const [step, setStep] = useState<"choose" | "approve" | "reject">("choose");
  const [code, setCode] = useState("");
  const [note, setNote] = useState("");
  const done = () => setStep("choose");
  const approve = useAct((totp_code: string) => api.approveCorrection(correction.id, { totp_code }), done);
  const reject = useAct((said: string) => api.rejectCorrection(correction.id, { note: said }), done);
  const mayApprove = me.permissions.includes("approve_correction") && !own;
  const mayReject = own ? me.permissions.includes("propose_correction") : mayApprove;
  const busy = approve.isPending || reject.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (step === "approve") approve.mutate(code);
    else reject.mutate(note.trim());
  };
  if (step === "choose") {
    return (
      <div className="decision">
        <ErrorNote error={approve.error ?? reject.error} />
        <div className="decision-buttons">
          {mayApprove && (
            <button type="button" className="button primary" onClick={() => setStep("approve")}>
              {words.approve}
            </button>
          )}
          {mayReject && (
            <button type="button" className="button" onClick={() => setStep("reject")}>
              {own ? words.takeBack : words.sendBack}
            </button>
          )}
        </div>
        {own && <p className="why-not">{t.api.error.proposer_cannot_approve}</p>}
      </div>
    );
  }
  return (
    <form className="decision" onSubmit={submit}>
      {step === "approve" ? (
        <CodeField code={code} setCode={setCode} />
      ) : (
        <label className="field">
          <span>{words.whyNot}</span>
          <textarea rows={2} required maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
        </label>
      )}
      <ErrorNote error={approve.error ?? reject.error} />
      <div className="decision-buttons">
        <button
          type="submit"
          className="button primary"
          disabled={busy || (step === "approve" ? code.length !== 6 : note.trim() === "")}
        >
          {step === "approve" ? words.approveAmount(money(correction.amount)) : own ? words.takeBack : words.sendBack}
        </button>
        <button type="button" className="button" onClick={() => setStep("choose")}>
          {t.app.cancel}
        </button>
      </div>
    </form>
  );
}
