// SPDX-License-Identifier: Apache-2.0
// What a guided case needs beside the conversation: the one-time link for who is locked out, and a change of the address by
// two persons.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, newKey } from "../api/client";
import { ticketChangesQuery, useTicketChanged } from "../api/queries";
import type { Answer, Ticket } from "../api/types";
import { casesEn, casesZh } from "../i18n/cases";
import { useWords } from "../i18n/words";
import { CodeInput } from "./CodeInput";
import { useMe } from "./me";
import { ErrorNote, Fact, Moment } from "./parts";

type Proposed = Answer<"listTicketChanges">["items"][number];
const useCaseWords = () => (useWords().language === "zh" ? casesZh : casesEn);

export function CaseCard({ ticket }: { ticket: Ticket }) {
  const words = useCaseWords();
  const me = useMe();
  const changed = useTicketChanged(ticket.number);
  const changes = useQuery(ticketChangesQuery(ticket.number));
  const [proposing, setProposing] = useState(false);
  const link = useMutation({ mutationFn: () => api.sendCaseLink(ticket.number), onSettled: changed });
  const mayReply = me.permissions.includes("reply") && ticket.state !== "closed";
  const mayPropose = me.permissions.includes("propose_remedy") && ticket.state !== "closed";
  const items = changes.data?.items ?? [];
  const open = items.some((item) => ["requested", "proving", "held"].includes(item.state));
  const proven = ticket.assurance === "a3" || ticket.assurance === "a4";
  if (!mayReply && items.length === 0) return null;
  return (
    <section className="card" aria-label={words.title}>
      <h3>{words.title}</h3>
      {items.map((item) => (
        <ChangeLine key={item.id} change={item} ticket={ticket.number} />
      ))}
      {mayReply && (
        <>
          <p className="quiet small">{words.linkLine}</p>
          <button type="button" className="button" disabled={link.isPending} onClick={() => link.mutate()}>
            {words.sendLink}
          </button>
          {link.isSuccess && <p role="status">{words.linkSent}</p>}
          <ErrorNote error={link.error} />
        </>
      )}
      {mayPropose &&
        !open &&
        (!proven ? (
          <p className="quiet small">{words.needsProof}</p>
        ) : proposing ? (
          <Propose ticket={ticket.number} close={() => setProposing(false)} />
        ) : (
          <button type="button" className="button" onClick={() => setProposing(true)}>
            {words.propose}
          </button>
        ))}
    </section>
  );
}

function useChangesChanged(ticket: string) {
  const client = useQueryClient();
  const changed = useTicketChanged(ticket);
  return () => {
    void client.invalidateQueries({ queryKey: ["ticket-changes", ticket] });
    changed();
  };
}

function ChangeLine({ change, ticket }: { change: Proposed; ticket: string }) {
  const words = useCaseWords();
  const { t } = useWords();
  const changed = useChangesChanged(ticket);
  const [code, setCode] = useState("");
  const [note, setNote] = useState<string | null>(null);
  const approve = useMutation({
    mutationFn: () => api.approveChange(change.id, { totp: code }),
    onSettled: () => {
      setCode(""); // a code works once
      changed();
    },
  });
  const reject = useMutation({
    mutationFn: (said: string) => api.rejectChange(change.id, { note: said }),
    onSettled: changed,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.length === 6) approve.mutate();
  };
  return (
    <div className="case-change">
      <p>
        {change.from} → <strong>{change.to}</strong>
      </p>
      <p className="quiet small">
        {words.state[change.state]}
        {change.due_at !== null && change.state !== "requested" && (
          <>
            {" · "}
            <Moment at={change.due_at} />
          </>
        )}
      </p>
      <dl className="facts">
        <Fact name={words.note}>{change.note}</Fact>
        {change.proposer !== null && <Fact name={words.proposedBy}>{change.proposer.name}</Fact>}
        {change.decider !== null && <Fact name={words.decidedBy}>{change.decider.name}</Fact>}
      </dl>
      {change.may_decide && note === null && (
        <form onSubmit={submit} className="case-form">
          <label>
            {words.code}
            <CodeInput code={code} setCode={setCode} />
          </label>
          <button type="submit" className="button primary" disabled={approve.isPending || code.length !== 6}>
            {words.approve}
          </button>
          <button type="button" className="button" onClick={() => setNote("")}>
            {words.reject}
          </button>
        </form>
      )}
      {change.may_decide && note !== null && (
        <form
          className="case-form"
          onSubmit={(event) => {
            event.preventDefault();
            reject.mutate(note);
          }}
        >
          <label>
            {words.rejectNote}
            <input maxLength={2000} value={note} onChange={(event) => setNote(event.target.value)} />
          </label>
          <button type="submit" className="button" disabled={reject.isPending || note.trim() === ""}>
            {words.reject}
          </button>
          <button type="button" className="link" onClick={() => setNote(null)}>
            {t.app.back}
          </button>
        </form>
      )}
      <ErrorNote error={approve.error ?? reject.error} />
    </div>
  );
}

function Propose({ ticket, close }: { ticket: string; close: () => void }) {
  const words = useCaseWords();
  const changed = useChangesChanged(ticket);
  const [email, setEmail] = useState("");
  const [note, setNote] = useState("");
  const [key, setKey] = useState(newKey);
  const propose = useMutation({
    mutationFn: () => api.proposeChange(ticket, { kind: "contact", email: email.trim(), note: note.trim() }, key),
    onSuccess: close,
    onSettled: changed,
  });
  const said = (set: (text: string) => void) => (text: string) => {
    set(text);
    setKey(newKey()); // reworded: another intention
  };
  return (
    <form
      className="case-form"
      onSubmit={(event) => {
        event.preventDefault();
        propose.mutate();
      }}
    >
      <label>
        {words.newAddress}
        <input type="email" maxLength={254} value={email} onChange={(event) => said(setEmail)(event.target.value)} />
      </label>
      <label>
        {words.note}
        <textarea rows={3} maxLength={2000} value={note} onChange={(event) => said(setNote)(event.target.value)} />
      </label>
      <button
        type="submit"
        className="button primary"
        disabled={propose.isPending || email.trim() === "" || note.trim() === ""}
      >
        {words.send}
      </button>
      <button type="button" className="link" onClick={close}>
        {words.cancel}
      </button>
      <ErrorNote error={propose.error} />
    </form>
  );
}
