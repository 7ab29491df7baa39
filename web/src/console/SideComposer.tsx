// SPDX-License-Identifier: Apache-2.0
// A mail to a bank, a provider or a merchant. It carries what is typed and the payments that are chosen; the version its
// writer saw goes along, so that nobody writes past an answer.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { api, isCode } from "../api/client";
import { counterpartiesQuery, useTicketChanged } from "../api/queries";
import type { CounterpartyKind, Payment, SideThread, Ticket } from "../api/types";
import { paymentName } from "../format/names";
import { shownMoment } from "../format/time";
import { sideWordsOf } from "../i18n/sides";
import { togetherWordsOf } from "../i18n/together";
import { useWords } from "../i18n/words";
import { Icon } from "./icons";
import { useKeptDraft } from "./kept_draft";
import { useShortcut } from "./keyboard";
import { ModeSwitch, type Mode } from "./ModeSwitch";
import { ErrorNote, IconButton, Money } from "./parts";
import {
  addressOf,
  chosen,
  counterpartyKinds,
  emptySide,
  isReady,
  sideHours,
  sideLanguages,
  targetsOf,
  threadOf,
  type SideDraft,
  type SideLanguage,
  type SideTarget,
} from "./sides";

const textLimit = 50_000;
const subjectLimit = 200;
const paymentsMax = 10;
const offered = 12;

// The whole of it lives with the tab; the server keeps words and payments (kept_draft.ts).
const keyOf = (number: string) => `okpay.draft.${number}.side`;
function readDraft(number: string): SideDraft {
  try {
    const kept = sessionStorage.getItem(keyOf(number));
    return kept === null ? emptySide : { ...emptySide, ...(JSON.parse(kept) as Partial<SideDraft>) };
  } catch {
    return emptySide;
  }
}
function keepDraft(number: string, draft: SideDraft | null): void {
  try {
    if (draft === null) sessionStorage.removeItem(keyOf(number));
    else sessionStorage.setItem(keyOf(number), JSON.stringify(draft));
  } catch {
    // full or forbidden: the draft lives as long as the page
  }
}

interface Props {
  ticket: Ticket;
  threads: readonly SideThread[];
  payments: readonly Payment[];
  asked: SideTarget | null; // where somebody pressed "Write"
  setMode: (mode: Mode) => void;
  focused: number;
  close: (() => void) | null;
  done: () => void;
}

export function SideComposer({ ticket, threads, payments, asked, setMode, focused, close, done }: Props) {
  const { t, money, language } = useWords();
  const w = sideWordsOf(language);
  const changed = useTicketChanged(ticket.number);
  const book = useQuery(counterpartiesQuery).data?.items ?? [];
  const [kept, setKept] = useState(() => readDraft(ticket.number));
  const [naming, setNaming] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = { ...kept, target: chosen(kept.target, threads, book) };
  const thread = threadOf(draft.target, threads);
  const address = addressOf(draft, threads, book);
  const choices = targetsOf(threads, book);

  const server = useKeptDraft(ticket.number, "side", (found) => {
    if (readDraft(ticket.number).text === "") setKept((now) => ({ ...now, text: found.text, payments: found.figures }));
  });
  const change = (more: Partial<SideDraft>) => {
    const next = { ...draft, ...more };
    setKept(next);
    keepDraft(ticket.number, next);
    server.keep({ text: next.text, figures: next.payments, mentions: [] });
    if (send.isError) send.reset();
  };
  useEffect(() => setKept(readDraft(ticket.number)), [ticket.number]);
  useEffect(() => {
    if (asked !== null) setKept((now) => ({ ...now, target: asked }));
  }, [asked, focused]);
  useEffect(() => {
    if (focused > 0) field.current?.focus();
  }, [focused]);

  // What the writer has seen: it follows while nothing is written yet. A side thread goes by its own version, a new one by
  // the last word on the request.
  const last = ticket.messages[ticket.messages.length - 1]?.id ?? "";
  const there = thread === null ? last : `${thread.number} ${thread.version}`;
  const [seen, setSeen] = useState(there);
  const stopped = seen !== there && draft.text !== "";
  useEffect(() => {
    if (draft.text === "") setSeen(there);
  }, [there, draft.text]);
  const choose = (target: SideTarget) => {
    const next = threadOf(target, threads);
    setSeen(next === null ? last : `${next.number} ${next.version}`);
    change({ target });
  };

  const send = useMutation({
    mutationFn: async () => {
      await server.stop(); // a draft that is under way would come after the mail that removes it
      const mail = { text: draft.text, payments: draft.payments, answer_within_hours: draft.hours };
      if (thread !== null) return api.writeSideMail(ticket.number, thread.number, { ...mail, version: thread.version });
      const party = book.find(({ id }) => draft.target === `book:${id}`);
      const to =
        party === undefined
          ? { to: { address, kind: draft.kind, language: draft.language } }
          : { counterparty: party.id };
      return api.openSideThread(ticket.number, { ...mail, ...to, subject: draft.subject, version: ticket.version });
    },
    onError: () => server.keep({ text: draft.text, figures: draft.payments, mentions: [] }),
    onSuccess: (made) => {
      setSeen(`${made.number} ${made.version}`);
      const next: SideDraft = { ...emptySide, target: `thread:${made.number}` };
      setKept(next);
      keepDraft(ticket.number, null);
      done();
    },
    onSettled: changed,
  });
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!send.isPending && !stopped && isReady(draft, threads, book)) send.mutate();
  };
  useShortcut("send", () => {
    if (form.current === null || !form.current.contains(document.activeElement)) return false;
    submit();
    return true;
  });

  const named = draft.payments
    .map((id) => payments.find((payment) => payment.id === id))
    .filter((payment) => payment !== undefined);
  const error = isCode(send.error, "ticket_changed") && stopped ? null : send.error;
  return (
    <form ref={form} className="composer side" onSubmit={submit} aria-label={w.label}>
      <div className="composer-top">
        <ModeSwitch mode="side" choose={setMode} />
        {close !== null && <IconButton icon="close" label={t.compose.discard} onClick={close} />}
      </div>
      <div className="side-fields">
        <label className="inline">
          <span>{w.to}</span>
          <select value={draft.target} onChange={(event) => choose(event.target.value as SideTarget)}>
            {choices.threads.length > 0 && (
              <optgroup label={w.goOn}>
                {choices.threads.map((one) => (
                  <option key={one.number} value={`thread:${one.number}`}>
                    {one.number} · {one.counterparty.name} · {w.state[one.state]}
                  </option>
                ))}
              </optgroup>
            )}
            <optgroup label={w.fresh}>
              {choices.book.map((party) => (
                <option key={party.id} value={`book:${party.id}`}>
                  {party.name} · {w.kind[party.kind]}
                </option>
              ))}
              <option value="typed">{w.other}</option>
            </optgroup>
          </select>
        </label>
        {thread === null && draft.target === "typed" && (
          <>
            <input
              type="email"
              value={draft.address}
              maxLength={254}
              aria-label={w.address}
              placeholder={w.address}
              autoComplete="off"
              onChange={(event) => change({ address: event.target.value })}
            />
            <select
              value={draft.kind}
              aria-label={w.kindLabel}
              onChange={(event) => change({ kind: event.target.value as CounterpartyKind })}
            >
              {counterpartyKinds.map((kind) => (
                <option key={kind} value={kind}>
                  {w.kind[kind]}
                </option>
              ))}
            </select>
            <select
              value={draft.language}
              aria-label={w.language}
              onChange={(event) => change({ language: event.target.value as SideLanguage })}
            >
              {sideLanguages.map((one) => (
                <option key={one} value={one} lang={one}>
                  {w.languages[one]}
                </option>
              ))}
            </select>
            <p className="warn">{w.typedWarning}</p>
          </>
        )}
        {thread === null && (
          <input
            type="text"
            className="side-subject"
            value={draft.subject}
            maxLength={subjectLimit}
            aria-label={w.subject}
            placeholder={w.subject}
            onChange={(event) => change({ subject: event.target.value })}
          />
        )}
      </div>
      <textarea
        ref={field}
        rows={4}
        maxLength={textLimit}
        value={draft.text}
        aria-label={w.label}
        placeholder={w.placeholder}
        aria-invalid={error !== null}
        aria-describedby="side-problem"
        onChange={(event) => change({ text: event.target.value })}
      />
      <div id="side-problem">
        <ErrorNote error={error} />
        {stopped && (
          <p className="warn" role="status">
            {w.changed}{" "}
            <button type="button" className="link" onClick={() => setSeen(there)}>
              {t.compose.seen}
            </button>
          </p>
        )}
        {!server.kept && <p className="warn">{togetherWordsOf(language).draftLost}</p>}
      </div>
      {named.length > 0 && (
        <ul className="bound" aria-label={w.payments}>
          {named.map((payment) => (
            <li key={payment.id}>
              <Money of={payment.amount} /> <span className="quiet">{paymentName(payment, t)}</span>
              <button
                type="button"
                aria-label={w.dropPayment(money(payment.amount))}
                onClick={() => change({ payments: draft.payments.filter((id) => id !== payment.id) })}
              >
                <Icon name="close" size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="composer-low">
        <div
          className="insert"
          onKeyDown={(event) => {
            if (event.key === "Escape") setNaming(false);
          }}
        >
          <button
            type="button"
            className="icon-button"
            aria-label={w.addPayment}
            title={w.addPayment}
            aria-expanded={naming}
            onClick={() => setNaming(!naming)}
          >
            ￥
          </button>
          {naming && (
            <ul className="insert-menu">
              {payments.length === 0 && <li className="quiet pad">{t.compose.noFigures}</li>}
              {payments.slice(0, offered).map((payment) => (
                <li key={payment.id}>
                  <button
                    type="button"
                    onClick={() => {
                      change({ payments: [...new Set([...draft.payments, payment.id])].slice(0, paymentsMax) });
                      setNaming(false);
                    }}
                  >
                    <span>{paymentName(payment, t)}</span>
                    <Money of={payment.amount} />
                    <span className="quiet num">{shownMoment(payment.created_at)}</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </div>
        <label className="inline after">
          <span>{w.expect}</span>
          <select value={draft.hours} onChange={(event) => change({ hours: Number(event.target.value) })}>
            {sideHours.map((hours) => (
              <option key={hours} value={hours}>
                {w.within(hours)}
              </option>
            ))}
          </select>
        </label>
        <button
          type="submit"
          className="button side send"
          title={w.private}
          disabled={send.isPending || stopped || !isReady(draft, threads, book)}
        >
          {w.sendTo(address === "" ? "…" : address)}
        </button>
      </div>
    </form>
  );
}
