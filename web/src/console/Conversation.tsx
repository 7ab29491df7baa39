// SPDX-License-Identifier: Apache-2.0
// What was said and what happened, in one line of time. Text arrives masked and plain, and is shown as text only.
import { useEffect, useMemo, useRef, useState } from "react";
import type { Amount, Message, SideMessage, SideThread, Ticket, TicketEvent } from "../api/types";
import { maskedAddress } from "../format/address";
import { shownMoment } from "../format/time";
import { askedWordsOf } from "../i18n/facts";
import { sortingWordsOf } from "../i18n/sorting";
import { togetherWordsOf } from "../i18n/together";
import { useWords } from "../i18n/words";
import { factsIn, namedBy, outcomeWords } from "./asked_facts";
import { Delivery, useMailWords } from "./Delivery";
import { Icon } from "./icons";
import { MailView, MailViewSwitch } from "./MailView";
import { useMe } from "./me";
import { partsOf } from "./mentions";
import { MessageFiles } from "./MessageFiles";
import { Moment, Money, Shield } from "./parts";
import { SenderProof } from "./SenderProof";
import { SideMessageCard } from "./SideThreads";

type Entry =
  | { at: string; message: Message }
  | { at: string; thread: SideThread; side: SideMessage }
  | { at: string; events: TicketEvent[] };

// A message says itself that it was written.
const saidByMessage = new Set(["replied", "noted", "side_mail_sent", "side_answered", "side_automatic"]);
export const isLedgerEvent = (event: TicketEvent) => event.kind.startsWith("remedy_");

export function entriesOf(
  messages: readonly Message[],
  events: readonly TicketEvent[],
  threads: readonly SideThread[] = [],
): Entry[] {
  const all: Entry[] = [
    ...messages.map((message) => ({ at: message.at, message })),
    ...threads.flatMap((thread) => thread.messages.map((side) => ({ at: side.at, thread, side }))),
    ...events.filter((event) => !saidByMessage.has(event.kind)).map((event) => ({ at: event.at, events: [event] })),
  ];
  // A stable sort: at one moment the message stands before what it caused.
  all.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const folded: Entry[] = [];
  for (const entry of all) {
    const before = folded[folded.length - 1];
    if (
      "events" in entry &&
      before !== undefined &&
      "events" in before &&
      ![...entry.events, ...before.events].some(isLedgerEvent)
    ) {
      before.events.push(...entry.events);
    } else {
      folded.push(entry);
    }
  }
  return folded;
}

interface ConversationProps {
  ticket: Ticket;
  threads: readonly SideThread[];
  showLedger: () => void;
}

export function Conversation({ ticket, threads, showLedger }: ConversationProps) {
  const { t } = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const entries = useMemo(
    () => entriesOf(ticket.messages, ticket.events, threads),
    [ticket.messages, ticket.events, threads],
  );
  const count = ticket.messages.length + threads.reduce((sum, thread) => sum + thread.messages.length, 0);
  const atEnd = useRef(true);
  const mark = (box: HTMLElement) => {
    atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 8;
  };
  const toEnd = () => scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  // The newest message is read from its beginning; a short one stands at the end.
  useEffect(() => {
    const box = scroller.current;
    const newest = [...(box?.querySelectorAll("article") ?? [])].pop();
    if (!box || newest === undefined) return;
    const begin = newest.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
    box.scrollTo({ top: begin - 12 });
    mark(box);
  }, [ticket.number, count]);
  // Who reads the end keeps it when an event comes or the composer grows.
  useEffect(() => {
    if (atEnd.current) toEnd();
  }, [entries.length]);
  useEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const size = new ResizeObserver(() => {
      if (atEnd.current) toEnd();
    });
    size.observe(box);
    return () => size.disconnect();
  }, []);
  return (
    <div
      ref={scroller}
      className="conversation"
      role="log"
      aria-label={t.ticket.conversation}
      tabIndex={0}
      onScroll={({ currentTarget }) => mark(currentTarget)}
    >
      <div className="conversation-column">
        {ticket.linked_to !== null && (
          <p className="system-line">
            {t.ticket.linkedTo}{" "}
            <a className="number" href={`/console/all/${ticket.linked_to}`}>
              {ticket.linked_to}
            </a>
          </p>
        )}
        {entries.map((entry) =>
          "message" in entry ? (
            <MessageCard key={entry.message.id} message={entry.message} ticket={ticket} />
          ) : "side" in entry ? (
            <SideMessageCard key={entry.side.id} ticket={ticket} thread={entry.thread} message={entry.side} />
          ) : (
            <Events key={`${entry.at}${entry.events[0]?.kind}`} events={entry.events} showLedger={showLedger} />
          ),
        )}
      </div>
    </div>
  );
}

function MessageCard({ message, ticket }: { message: Message; ticket: Ticket }) {
  const { t, language: shown } = useWords();
  const together = togetherWordsOf(shown);
  const { language } = ticket;
  const [open, setOpen] = useState(false);
  const [asSent, setAsSent] = useState(false);
  const note = message.direction === "note";
  // Who really sent it is known of what came by mail alone.
  const cameByMail = message.direction === "inbound" && message.authentication !== null;
  const side = note ? "note" : message.direction === "inbound" ? "theirs" : "ours";
  const author =
    message.staff?.name ?? (message.author === "system" ? t.ticket.system : maskedAddress(message.from_address));
  return (
    <article className={`message ${side}`} aria-label={author}>
      <header>
        {note && <Icon name="lock" size={14} />}
        <strong>{author}</strong>
        {note && <span className="note-word">{t.ticket.note}</span>}
        {message.direction === "inbound" && <Shield level={message.assurance} />}
        {message.author === "stranger" && (
          <span className="badge short">
            {message.from_address === ticket.party_address ? t.list.noCustomer : t.ticket.stranger}
          </span>
        )}
        {message.request !== null && <RequestBadge said={together.wroteOn} number={message.request} />}
        {message.went_on_in !== null && <RequestBadge said={together.wentOnIn} number={message.went_on_in} />}
        <Moment at={message.at} />
      </header>
      {message.authentication !== null && <SenderProof proof={message.authentication} />}
      {cameByMail && <MailViewSwitch asSent={asSent} choose={setAsSent} />}
      {asSent ? (
        <MailView ticket={ticket.number} message={message.id} />
      ) : (
        <div className="body" lang={note ? undefined : language}>
          {message.body === "" ? <span className="quiet">{t.ticket.noNewText}</span> : <Words message={message} />}
        </div>
      )}
      {!asSent && message.quoted !== "" && (
        <>
          <button
            type="button"
            className="fold"
            aria-expanded={open}
            aria-label={open ? t.ticket.unquote : t.ticket.quote}
            title={open ? t.ticket.unquote : t.ticket.quote}
            onClick={() => setOpen(!open)}
          >
            •••
          </button>
          {open && (
            <div className="body quoted" lang={language}>
              {message.quoted}
            </div>
          )}
        </>
      )}
      {message.files !== null && (
        <MessageFiles ticket={message.request ?? ticket.number} message={message.id} state={message.files} />
      )}
      {message.delivery !== null && (
        <Delivery
          delivery={message.delivery}
          ticket={message.request === null ? ticket : { ...ticket, number: message.request }}
          message={message.id}
        />
      )}
    </article>
  );
}

// A note's names stand out, one's own most.
function Words({ message }: { message: Message }) {
  const me = useMe().id;
  if (message.mentions.length === 0) return <>{message.body}</>;
  return (
    <>
      {partsOf(message.body, message.mentions).map((part, place) =>
        typeof part === "string" ? (
          part
        ) : (
          <span
            key={place}
            className={`mention${message.mentions.some((one) => one.id === me && one.name === part.name) ? " me" : ""}`}
          >
            @{part.name}
          </span>
        ),
      )}
    </>
  );
}

function RequestBadge({ said, number }: { said: string; number: string }) {
  return (
    <a className="badge plain" href={`/console/all/${number}`}>
      {said} <span className="number">{number}</span>
    </a>
  );
}

function Events({ events, showLedger }: { events: TicketEvent[]; showLedger: () => void }) {
  const { t } = useWords();
  const [open, setOpen] = useState(events.length < 3);
  const first = events[0];
  if (first === undefined) return null;
  if (isLedgerEvent(first)) {
    const amount = amountIn(first);
    return (
      <button type="button" className={`ledger-line ${first.kind}`} onClick={showLedger}>
        <Icon name="refund" size={15} />
        <span>
          <EventWords event={first} />
        </span>
        {amount !== null && <Money of={amount} className="amount" />}
        <Moment at={first.at} />
      </button>
    );
  }
  if (!open)
    return (
      <button type="button" className="system-line fold-events" onClick={() => setOpen(true)}>
        {t.ticket.events(events.length)}
      </button>
    );
  return (
    <>
      {events.map((event, place) => (
        <p key={`${event.at}${event.kind}${place}`} className="system-line">
          <EventWords event={event} /> · <Moment at={event.at} />
        </p>
      ))}
    </>
  );
}

export function amountIn(event: TicketEvent): Amount | null {
  const amount = event.detail["amount"] as Partial<Amount> | undefined;
  return typeof amount?.amount === "string" && typeof amount.currency === "string"
    ? { amount: amount.amount, currency: amount.currency }
    : null;
}

const namesRequest = new Set([
  "linked",
  "unlinked",
  "merged_into",
  "merged_here",
  "unmerged",
  "split_from",
  "split_off",
]);

// Setting right is a sentence of its own: who, what, and from what to what.
function SortedWords({ event, what }: { event: TicketEvent; what: "category" | "urgency" | "team" }) {
  const { t, language } = useWords();
  const words = sortingWordsOf(language);
  const { was, became } = event.detail;
  const names: Record<string, string> = { category: t.api.category, urgency: t.api.urgency, team: t.api.route }[what];
  const named = (value: unknown) => names[String(value)] ?? String(value);
  if (event.kind === "raised") return <>{words.raised(what, named(became))}</>;
  const who = event.actor.kind === "system" ? t.ticket.system : event.actor.name;
  return <>{words.sorted(who, what, named(was), named(became))}</>;
}

export function EventWords({ event }: { event: TicketEvent }) {
  const { t, language } = useWords();
  const mail = useMailWords();
  const named = t.eventKind[event.kind] ?? event.kind;
  const who = event.actor.kind === "system" ? "" : event.actor.name;
  const text = (key: string) => (typeof event.detail[key] === "string" ? event.detail[key] : null);
  const states = t.api.state as Record<string, string>;
  const to = text("to");
  const routingWhy = (why: string | null) =>
    why === "waited_longest" ? t.routingWhy.waited_longest : t.routingWhy.fewest_open;
  let more = "";
  if (event.kind === "state_changed" && to !== null) more = `: ${states[to] ?? to}`;
  if (event.kind === "assigned") more = `: ${to ?? t.app.nobody}`;
  if (event.kind === "rule_applied" || event.kind === "rules_stopped") more = `: ${text("name") ?? ""}`;
  if (event.kind === "routed" || event.kind === "routing_proposed")
    more = `: ${to ?? ""} (${routingWhy(text("why"))}${text("open") ?? ""}/${text("open_max") ?? ""})`;
  if (event.kind === "macro_applied") more = `: ${text("name") ?? ""}`;
  if (namesRequest.has(event.kind)) more = ` ${text("number") ?? ""}`;
  const sideThread = text("side_thread");
  if (sideThread !== null) more = ` ${sideThread}`;
  const until = text("until");
  if (event.kind === "snoozed" && until !== null) more = `: ${shownMoment(until)}`;
  const why = text("reason");
  if (why !== null && (event.kind === "mail_bounced" || event.kind === "address_suppressed"))
    more = `: ${(mail.reason as Record<string, string>)[why] ?? why}`;
  const found = text("found");
  if (event.kind === "file_infected" && found !== null) more = `: ${found}`;
  const category = text("category");
  if (event.kind === "triaged" && category !== null)
    more = `: ${(t.api.category as Record<string, string>)[category] ?? category}`;
  const facts = namedBy(t.missing, t.comma);
  if (event.kind === "facts_asked") more = `: ${facts(factsIn(event, "facts"))}`;
  if (event.kind === "facts_given")
    more = ` · ${outcomeWords(factsIn(event, "facts"), factsIn(event, "missing"), facts, askedWordsOf(language))}`;
  const what = event.kind === "sorted" || event.kind === "raised" ? text("what") : null;
  if (what === "category" || what === "urgency" || what === "team") return <SortedWords event={event} what={what} />;
  return (
    <>
      {named}
      {more}
      {who !== "" && ` · ${who}`}
    </>
  );
}
