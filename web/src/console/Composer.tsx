// SPDX-License-Identifier: Apache-2.0
// Reply or note. The colour and the words of the button tell them apart, so that a note is never sent by mistake. A reply
// carries the version its writer saw and the payments that its amounts are bound to.
import { useMutation, useQuery } from "@tanstack/react-query";
import { App } from "antd";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { api, isCode } from "../api/client";
import { useTicketChanged } from "../api/queries";
import type { MacroPreview, Payment, Ticket } from "../api/types";
import { maskedAddress } from "../format/address";
import { paymentName } from "../format/names";
import { shownMoment } from "../format/time";
import { articleWordsOf } from "../i18n/articles";
import { followWordsOf } from "../i18n/follow";
import { togetherWordsOf } from "../i18n/together";
import { useWords } from "../i18n/words";
import { ArticlePicker } from "./ArticlePicker";
import { Icon } from "./icons";
import { articleToken, typedToken, withArticle, type Insertion, type Token } from "./insert_article";
import {
  typedMacro,
  usedMacro,
  withFigures,
  withMacro,
  withoutToken,
  type Token as MacroToken,
  type UsedMacro,
} from "./insert_macro";
import { useKeptDraft, type KeptDraft } from "./kept_draft";
import { useShortcut } from "./keyboard";
import { useActionWords, useMacroWords } from "./MacroParts";
import { MacroPicker } from "./MacroPicker";
import { useMe } from "./me";
import { MentionPicker } from "./MentionPicker";
import { ModeSwitch, type Mode as AnyMode } from "./ModeSwitch";
import { namedIn, typedMention, withMention, withNamed, type Named } from "./mentions";
import { ErrorNote, IconButton, Money } from "./parts";
import { PromiseChips } from "./PromiseChips";
import { confirmed, type Decisions, type Found } from "./promises";
import { mayBe } from "./states";

type Mode = Exclude<AnyMode, "side">;
type After = "open" | "pending_customer" | "solved";
const afters: readonly After[] = ["pending_customer", "solved", "open"]; // the first that may be is the usual one
const insertable = 12;
const draftLimit = 50_000;
const readAfter = 400; // milliseconds without a key: then a draft is read for promises
const nothingFound: readonly Found[] = [];
const nobody: readonly Named[] = [];

interface Draft extends KeptDraft {
  macro?: UsedMacro; // the last one that was put in: what it does is done with the reply
}
const emptyDraft: Draft = { text: "", figures: [], mentions: [] };
const keptOf = ({ text, figures, mentions }: Draft) => ({ text, figures, mentions: namedIn(text, mentions) });

// Drafts live with the tab, per request and mode, and go at sign-out; the server keeps them too (kept_draft.ts).
const draftKey = (number: string, mode: Mode) => `okpay.draft.${number}.${mode}`;
function readDraft(number: string, mode: Mode): Draft {
  try {
    const kept = sessionStorage.getItem(draftKey(number, mode));
    return kept === null ? emptyDraft : { ...emptyDraft, ...(JSON.parse(kept) as Partial<Draft>) };
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
  setMode: (mode: AnyMode) => void;
  focused: number;
  close: (() => void) | null;
  done: (mode: Mode) => void;
}

export function Composer({ ticket, payments, mode, setMode, focused, close, done }: Props) {
  const { t, money, language } = useWords();
  const articleWords = articleWordsOf(language);
  const macroWords = useMacroWords();
  const followWords = followWordsOf(language);
  const actionWords = useActionWords();
  const { message } = App.useApp();
  const changed = useTicketChanged(ticket.number);
  const me = useMe();
  const [draft, setDraft] = useState(() => readDraft(ticket.number, mode));
  const [wanted, setWanted] = useState<After | null>(null);
  const possible = afters.filter((state) => mayBe(ticket.state, state));
  const after = wanted !== null && possible.includes(wanted) ? wanted : (possible[0] ?? "open");
  const [inserting, setInserting] = useState(false);
  const [picking, setPicking] = useState<Token | null>(null); // the place for a help article that is looked for
  const [macroAt, setMacroAt] = useState<MacroToken | null>(null); // the same for a macro
  const [mentionAt, setMentionAt] = useState<MacroToken | null>(null); // and for a colleague whom a note names
  const [cursor, setCursor] = useState<{ at: number } | null>(null); // where it goes once the text stands there
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

  useEffect(() => {
    if (cursor === null) return;
    field.current?.focus();
    field.current?.setSelectionRange(cursor.at, cursor.at);
  }, [cursor]);

  // What this tab has goes before what another left on the server.
  const server = useKeptDraft(ticket.number, mode, (found) => {
    if (readDraft(ticket.number, mode).text !== "") return;
    setDraft(found);
    keepDraft(ticket.number, mode, found);
  });
  const change = (next: Draft) => {
    setDraft(next);
    keepDraft(ticket.number, mode, next);
    server.keep(keptOf(next));
  };
  const choose = (next: AnyMode) => {
    setMode(next);
    field.current?.focus();
  };
  useEffect(() => {
    setDraft(readDraft(ticket.number, mode));
    setPicking(null);
    setMacroAt(null);
    setMentionAt(null);
  }, [ticket.number, mode]);
  useEffect(() => {
    if (focused > 0) field.current?.focus();
  }, [focused, mode]);
  useEffect(() => {
    const box = field.current;
    if (box === null) return;
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, Math.round(window.innerHeight * 0.4))}px`;
  }, [draft.text, mode]);

  // What it promises is read when its writer pauses. What was not shown yet is never sent along.
  const [toRead, setToRead] = useState("");
  const [decisions, setDecisions] = useState<Decisions>({});
  useEffect(() => {
    const timer = setTimeout(() => setToRead(mode === "reply" ? draft.text : ""), readAfter);
    return () => clearTimeout(timer);
  }, [draft.text, mode]);
  useEffect(() => setDecisions({}), [ticket.number]);
  const promised = useQuery({
    queryKey: ["promises", ticket.number, toRead],
    queryFn: () => api.findPromises(ticket.number, { text: toRead }),
    enabled: toRead.trim() !== "",
    placeholderData: (previous, query) => (query?.queryKey[1] === ticket.number ? previous : undefined),
    retry: false,
  });
  const found = mode === "reply" ? (promised.data?.items ?? nothingFound) : nothingFound;

  const named = mode === "note" ? namedIn(draft.text, draft.mentions) : nobody;
  const send = useMutation({
    mutationFn: async () => {
      await server.stop(); // a draft that is under way would come after the answer that removes it
      return mode === "note"
        ? api.addNote(ticket.number, { text: draft.text, mentions: named.map(({ id }) => id) })
        : api.reply(ticket.number, {
            text: draft.text,
            state_after: after,
            version: seen.version,
            figures: draft.figures,
            promises: confirmed(found, draft.text, decisions, Date.now()),
            macro: draft.macro === undefined ? null : { id: draft.macro.id, version: draft.macro.version },
          });
    },
    onError: () => server.keep(keptOf(draft)),
    onSuccess: (message) => {
      setSeen((before) => ({ ...before, message: message.id }));
      setDecisions({});
      setDraft(emptyDraft);
      keepDraft(ticket.number, mode, emptyDraft);
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
      ...draft, // with the macro that goes along
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
  const pick = () => {
    const box = field.current;
    const from = box?.selectionStart ?? draft.text.length;
    const to = box?.selectionEnd ?? from;
    setPicking((from === to ? articleToken(draft.text, to) : null) ?? { from, to, words: "" });
  };
  const backToText = (at: number) => {
    setPicking(null);
    setCursor({ at });
  };
  // False where the reply would be longer than may be.
  const insertArticle = (what: Insertion): boolean => {
    if (picking === null) return true;
    const next = withArticle(draft.text, picking, what);
    if (next.text.length > draftLimit) return false;
    change({ ...draft, text: next.text });
    if (send.isError) send.reset();
    backToText(next.cursor);
    return true;
  };
  const pickMacro = () => {
    const from = field.current?.selectionStart ?? draft.text.length;
    setMacroAt({ from, to: from });
  };
  // False where the reply would be longer than may be.
  const insertMacro = (preview: MacroPreview): boolean => {
    if (macroAt === null) return true;
    const next = withMacro(draft.text, macroAt, preview.text);
    if (next.text.length > draftLimit) return false;
    const figures = withFigures(draft.figures, preview.figures);
    change({ text: next.text, figures, mentions: draft.mentions, macro: usedMacro(preview) });
    if (preview.actions.state_after !== null) setWanted(preview.actions.state_after);
    if (send.isError) send.reset();
    setMacroAt(null);
    setCursor({ at: next.cursor });
    return true;
  };
  const pickMention = () => {
    const to = field.current?.selectionStart ?? draft.text.length;
    setMentionAt({ from: /[@＠]/.test(draft.text.charAt(to - 1)) ? to - 1 : to, to }); // a sign that stands there is used
  };
  // False where the note would be longer than may be.
  const insertMention = (colleague: Named): boolean => {
    if (mentionAt === null) return true;
    const next = withMention(draft.text, mentionAt, colleague.name);
    if (next.text.length > draftLimit) return false;
    change({ ...draft, text: next.text, mentions: withNamed(draft.mentions, colleague) });
    if (send.isError) send.reset();
    setMentionAt(null);
    setCursor({ at: next.cursor });
    return true;
  };
  // It was asked for by a "/" that is no part of the reply.
  const macroApplied = (name: string, here: boolean) => {
    if (here && macroAt !== null) {
      change({ ...draft, text: withoutToken(draft.text, macroAt) });
      setCursor({ at: macroAt.from });
    }
    if (here) setMacroAt(null);
    changed();
    void message.success(macroWords.applied(name));
  };
  const withoutMacro = () => {
    const { macro: _, ...rest } = draft;
    change(rest);
    if (send.isError) send.reset();
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
        <ModeSwitch mode={mode} choose={choose} />
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
          const { value, selectionEnd } = event.target;
          const composing = event.nativeEvent instanceof InputEvent && event.nativeEvent.isComposing;
          if (mode === "reply" && !composing) {
            setPicking(typedToken(draft.text, value, selectionEnd));
            setMacroAt(typedMacro(draft.text, value, selectionEnd));
          }
          if (mode === "note" && !composing) setMentionAt(typedMention(draft.text, value, selectionEnd));
          change({ ...draft, text: value });
          if (send.isError) send.reset();
        }}
        onCompositionEnd={(event) => {
          const { value, selectionEnd } = event.currentTarget;
          if (mode === "reply" && event.data.endsWith("【")) setPicking(typedToken("", value, selectionEnd));
          if (mode === "reply" && event.data === "、") setMacroAt(typedMacro("", value, selectionEnd));
          if (mode === "note" && event.data.endsWith("＠")) setMentionAt(typedMention("", value, selectionEnd));
        }}
      />
      {picking !== null && (
        <ArticlePicker
          key={picking.from}
          language={ticket.language}
          category={ticket.category}
          words={picking.words}
          insert={insertArticle}
          close={() => backToText(picking.to)}
          leave={() => setPicking(null)}
        />
      )}
      {macroAt !== null && (
        <MacroPicker
          key={macroAt.from}
          number={ticket.number}
          version={seen.version}
          payments={payments}
          insert={insertMacro}
          applied={(macro, here) => macroApplied(macro.name, here)}
          close={() => {
            setCursor({ at: macroAt.to });
            setMacroAt(null);
          }}
          leave={() => setMacroAt(null)}
        />
      )}
      {mentionAt !== null && (
        <MentionPicker
          key={mentionAt.from}
          number={ticket.number}
          insert={insertMention}
          close={() => {
            setCursor({ at: mentionAt.to });
            setMentionAt(null);
          }}
          leave={() => setMentionAt(null)}
        />
      )}
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
        {!server.kept && <p className="warn">{togetherWordsOf(language).draftLost}</p>}
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
      {named.length > 0 && (
        <ul className="bound named" aria-label={followWords.named} title={followWords.named}>
          {named.map((one) => (
            <li key={one.id}>
              @{one.name}
              <button
                type="button"
                aria-label={followWords.unname(one.name)}
                onClick={() => {
                  change({ ...draft, mentions: draft.mentions.filter(({ id }) => id !== one.id) });
                  if (send.isError) send.reset();
                }}
              >
                <Icon name="close" size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {mode === "reply" && draft.macro !== undefined && (
        <ul className="bound" aria-label={macroWords.along}>
          <li>
            <Icon name="macro" size={13} /> {[draft.macro.name, ...actionWords(draft.macro.actions, false)].join(" · ")}
            <button type="button" aria-label={macroWords.drop(draft.macro.name)} onClick={withoutMacro}>
              <Icon name="close" size={12} />
            </button>
          </li>
        </ul>
      )}
      <PromiseChips
        found={found}
        draft={draft.text}
        decisions={decisions}
        decide={(words, yes) => {
          setDecisions({ ...decisions, [words]: yes });
          if (send.isError) send.reset();
        }}
        solves={after === "solved"}
      />
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
          <>
            <IconButton icon="article" className="insert-article" label={articleWords.insert} onClick={pick} />
            <IconButton icon="macro" className="insert-article" label={macroWords.insert} onClick={pickMacro} />
          </>
        )}
        {mode === "note" && (
          <IconButton icon="mentions" className="insert-article" label={followWords.insert} onClick={pickMention} />
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
