// SPDX-License-Identifier: Apache-2.0
// Reply or note. The colour and the words of the button tell them apart, so that a note is never sent by mistake. A reply
// carries the version its writer saw and the payments that its amounts are bound to.
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { api, isCode } from "../api/client";
import type { Payment, Ticket } from "../api/types";
import { maskedAddress } from "../format/address";
import { paymentName } from "../format/names";
import { shownMoment } from "../format/time";
import { useWords } from "../i18n/words";
import { Icon } from "./icons";
import { useShortcut } from "./keyboard";
import { useMe } from "./me";
import { ErrorNote, IconButton, Money } from "./parts";
import { mayBe } from "./states";

export type Mode = "reply" | "note";
type After = "open" | "pending_customer" | "solved";
const afters: readonly After[] = ["pending_customer", "solved", "open"]; // the first that may be is the usual one
const insertable = 12;
const draftLimit = 50_000;

interface Draft {
  text: string;
  figures: string[];
}
const emptyDraft: Draft = { text: "", figures: [] };

// Drafts live with the tab, per request and mode, and go at sign-out.
const draftKey = (number: string, mode: Mode) => `okpay.draft.${number}.${mode}`;
function readDraft(number: string, mode: Mode): Draft {
  try {
    const kept = sessionStorage.getItem(draftKey(number, mode));
    return kept === null ? emptyDraft : (JSON.parse(kept) as Draft);
  } catch {
    return emptyDraft;
  }
}
function keepDraft(number: string, mode: Mode, draft: Draft): void {
  try {
    if (draft.text === "") sessionStorage.removeItem(draftKey(number, mode));
    else sessionStorage.setItem(draftKey(number, mode), JSON.stringify(draft));
  } catch {
    // full or forbidden: the draft lives as long as the page
  }
}

const writesChinese = (text: string) => /\p{Script=Han}/u.test(text);

interface Props {
  ticket: Ticket;
  payments: Payment[];
  mode: Mode;
  setMode: (mode: Mode) => void;
  focused: number;
  close: (() => void) | null;
  done: (mode: Mode) => void;
}

export function Composer({ ticket, payments, mode, setMode, focused, close, done }: Props) {
  const { t, money } = useWords();
  const me = useMe();
  const [draft, setDraft] = useState(() => readDraft(ticket.number, mode));
  const [wanted, setWanted] = useState<After | null>(null);
  const possible = afters.filter((state) => mayBe(ticket.state, state));
  const after = wanted !== null && possible.includes(wanted) ? wanted : (possible[0] ?? "open");
  const [inserting, setInserting] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const inserter = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!inserting) return;
    const elsewhere = (event: PointerEvent) => {
      if (event.target instanceof Node && !inserter.current?.contains(event.target)) setInserting(false);
    };
    document.addEventListener("pointerdown", elsewhere);
    return () => document.removeEventListener("pointerdown", elsewhere);
  }, [inserting]);

  // What the writer has seen. It follows the request while nobody else writes, or while nothing is written yet.
  const last = ticket.messages[ticket.messages.length - 1];
  const [seen, setSeen] = useState({ version: ticket.version, message: last?.id });
  const othersWrote = last?.id !== seen.message && last?.staff?.id !== me.id;
  useEffect(() => {
    if (ticket.version !== seen.version && (!othersWrote || draft.text === ""))
      setSeen({ version: ticket.version, message: last?.id });
  }, [ticket.version, seen.version, othersWrote, draft.text, last?.id]);

  const change = (next: Draft) => {
    setDraft(next);
    keepDraft(ticket.number, mode, next);
  };
  const choose = (next: Mode) => {
    setMode(next);
    field.current?.focus();
  };
  useEffect(() => setDraft(readDraft(ticket.number, mode)), [ticket.number, mode]);
  useEffect(() => {
    if (focused > 0) field.current?.focus();
  }, [focused, mode]);
  useEffect(() => {
    const box = field.current;
    if (box === null) return;
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, Math.round(window.innerHeight * 0.4))}px`;
  }, [draft.text, mode]);

  const send = useMutation({
    mutationFn: () =>
      mode === "note"
        ? api.addNote(ticket.number, { text: draft.text })
        : api.reply(ticket.number, {
            text: draft.text,
            state_after: after,
            version: seen.version,
            figures: draft.figures,
          }),
    onSuccess: (message) => {
      setSeen((before) => ({ ...before, message: message.id }));
      change(emptyDraft);
      done(mode);
    },
  });
  const stopped = mode === "reply" && othersWrote && draft.text !== "";
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!send.isPending && draft.text.trim() !== "" && !stopped) send.mutate();
  };
  useShortcut("send", () => {
    if (form.current === null || !form.current.contains(document.activeElement)) return false;
    submit();
    return true;
  });

  const insert = (payment: Payment) => {
    const box = field.current;
    const from = box?.selectionStart ?? draft.text.length;
    const to = box?.selectionEnd ?? from;
    const word = money(payment.amount);
    change({
      text: draft.text.slice(0, from) + word + draft.text.slice(to),
      figures: [...new Set([...draft.figures, payment.id])],
    });
    setInserting(false);
    send.reset();
    requestAnimationFrame(() => {
      box?.focus();
      box?.setSelectionRange(from + word.length, from + word.length);
    });
  };
  const shownError = isCode(send.error, "ticket_changed") && !othersWrote ? null : send.error;
  const afterWords: Record<After, string> = {
    pending_customer: t.compose.afterWaiting,
    solved: ticket.state === "solved" ? t.compose.afterStaysSolved : t.compose.afterSolved,
    open: ticket.state === "solved" ? t.compose.afterReopen : t.compose.afterOpen,
  };
  const chineseCustomer = ticket.language.startsWith("zh");
  const differs = mode === "reply" && draft.text.length > 20 && writesChinese(draft.text) !== chineseCustomer;
  const bound = draft.figures
    .map((id) => payments.find((payment) => payment.id === id))
    .filter((payment) => payment !== undefined);
  return (
    <form
      ref={form}
      className={`composer ${mode}`}
      onSubmit={submit}
      aria-label={mode === "reply" ? t.compose.replyLabel : t.compose.noteLabel}
    >
      <div className="composer-top">
        <div className="switch" role="group" aria-label={t.compose.mode}>
          <button type="button" aria-pressed={mode === "reply"} onClick={() => choose("reply")}>
            <Icon name="reply" size={15} /> {t.compose.reply}
          </button>
          <button type="button" aria-pressed={mode === "note"} onClick={() => choose("note")}>
            <Icon name="lock" size={15} /> {t.compose.note}
          </button>
        </div>
        {mode === "reply" && <span className="recipient">{maskedAddress(ticket.party_address)}</span>}
        {close !== null && <IconButton icon="close" label={t.compose.discard} onClick={close} />}
      </div>
      <textarea
        ref={field}
        rows={3}
        maxLength={draftLimit}
        value={draft.text}
        aria-label={mode === "reply" ? t.compose.replyLabel : t.compose.noteLabel}
        placeholder={mode === "reply" ? t.compose.replyPlaceholder : t.compose.notePlaceholder}
        aria-invalid={shownError !== null}
        aria-describedby="composer-problem"
        onChange={(event) => {
          change({ ...draft, text: event.target.value });
          if (send.isError) send.reset();
        }}
      />
      <div id="composer-problem">
        <ErrorNote error={shownError} />
        {stopped && (
          <p className="warn" role="status">
            {t.compose.changed}{" "}
            <button
              type="button"
              className="link"
              onClick={() => {
                setSeen({ version: ticket.version, message: last?.id });
                send.reset();
              }}
            >
              {t.compose.seen}
            </button>
          </p>
        )}
        {differs && <p className="warn">{chineseCustomer ? t.compose.languageDiffers : t.compose.languageDiffersEn}</p>}
      </div>
      {bound.length > 0 && (
        <ul className="bound" aria-label={t.compose.bound}>
          {bound.map((payment) => (
            <li key={payment.id}>
              <Money of={payment.amount} /> <span className="quiet">{paymentName(payment, t)}</span>
              <button
                type="button"
                aria-label={t.compose.unbind(money(payment.amount))}
                onClick={() => change({ ...draft, figures: draft.figures.filter((id) => id !== payment.id) })}
              >
                <Icon name="close" size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="composer-low">
        {mode === "reply" && (
          <div
            ref={inserter}
            className="insert"
            onKeyDown={(event) => {
              if (event.key !== "Escape" || !inserting) return;
              setInserting(false);
              inserter.current?.querySelector("button")?.focus();
            }}
          >
            <button
              type="button"
              className="icon-button"
              aria-label={t.compose.insert}
              title={t.compose.insert}
              aria-expanded={inserting}
              onClick={() => setInserting(!inserting)}
            >
              ￥
            </button>
            {inserting && (
              <ul className="insert-menu">
                {payments.length === 0 && <li className="quiet pad">{t.compose.noFigures}</li>}
                {payments.slice(0, insertable).map((payment) => (
                  <li key={payment.id}>
                    <button type="button" onClick={() => insert(payment)}>
                      <span>{paymentName(payment, t)}</span>
                      <Money of={payment.amount} />
                      <span className="quiet num">
                        {shownMoment(payment.created_at)} · {t.api.paymentKind[payment.kind]}
                        {payment.state !== "succeeded" && ` · ${t.api.paymentState[payment.state]}`}
                      </span>
                    </button>
                  </li>
                ))}
              </ul>
            )}
          </div>
        )}
        {mode === "reply" && (
          <label className="inline after">
            <span>{t.compose.after}</span>
            <select value={after} onChange={(event) => setWanted(event.target.value as After)}>
              {possible.map((state) => (
                <option key={state} value={state}>
                  {afterWords[state]}
                </option>
              ))}
            </select>
          </label>
        )}
        <button
          type="submit"
          className={`button ${mode === "reply" ? "primary" : "amber"} send`}
          disabled={send.isPending || draft.text.trim() === "" || stopped}
        >
          {mode === "reply" ? t.compose.sendTo(maskedAddress(ticket.party_address)) : t.compose.addNote}
        </button>
      </div>
    </form>
  );
}
