// SPDX-License-Identifier: Apache-2.0
// What was asked outside about a request: the threads beside the conversation, and their mails within it.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client";
import { useTicketChanged } from "../api/queries";
import type { SideMessage, SideThread, Ticket, TicketSummary } from "../api/types";
import { clockOf } from "../format/time";
import { sideWordsOf } from "../i18n/sides";
import { useWords } from "../i18n/words";
import { Delivery } from "./Delivery";
import { Icon } from "./icons";
import { useMe } from "./me";
import { MessageFiles } from "./MessageFiles";
import { SenderProof } from "./SenderProof";
import { ClockLine, ErrorNote, Moment, useNow } from "./parts";

const useSideWords = () => sideWordsOf(useWords().language);

interface CardProps {
  ticket: Ticket;
  threads: readonly SideThread[];
  write: (thread: SideThread) => void;
}

export function SideThreadsCard({ ticket, threads, write }: CardProps) {
  const w = useSideWords();
  if (threads.length === 0) return null;
  return (
    <section className="card side-card" aria-label={w.title}>
      <h3>{w.title}</h3>
      <ul>
        {threads.map((thread) => (
          <ThreadLine key={thread.number} ticket={ticket} thread={thread} write={() => write(thread)} />
        ))}
      </ul>
    </section>
  );
}

function ThreadLine({ ticket, thread, write }: { ticket: Ticket; thread: SideThread; write: () => void }) {
  const w = useSideWords();
  const now = useNow();
  const mayAct = useMe().permissions.includes("reply");
  const changed = useTicketChanged(ticket.number);
  const close = useMutation({
    mutationFn: () => api.closeSideThread(ticket.number, thread.number, { version: thread.version }),
    onSettled: changed,
  });
  return (
    <li className={`side-thread ${thread.state}`}>
      <p>
        <strong>{thread.counterparty.name}</strong>{" "}
        <span className="quiet small">{w.kind[thread.counterparty.kind]}</span>
      </p>
      <p className="small">
        <span className="number">{thread.number}</span> <span className="side-state">{w.state[thread.state]}</span>
        {thread.request !== null && (
          <>
            {" "}
            <a className="number" href={`/console/all/${thread.request}`}>
              {thread.request}
            </a>
          </>
        )}
      </p>
      <p className="quiet small">{thread.counterparty.address}</p>
      {thread.answer_due !== null && (
        <p className="small">
          <ClockLine name={w.due} clock={clockOf(thread.answer_due, null, now)} running />
        </p>
      )}
      {mayAct && (
        <div className="promise-acts">
          <button type="button" className="button" onClick={write}>
            {w.write}
          </button>
          {thread.state !== "closed" && (
            <button type="button" className="link" disabled={close.isPending} onClick={() => close.mutate()}>
              {w.close}
            </button>
          )}
        </div>
      )}
      <ErrorNote error={close.error} />
    </li>
  );
}

// A mail of a side thread in the line of time. It looks like no message of the customer's.
export function SideMessageCard({
  ticket,
  thread,
  message,
}: {
  ticket: Ticket;
  thread: SideThread;
  message: SideMessage;
}) {
  const { t } = useWords();
  const w = useSideWords();
  const [open, setOpen] = useState(false);
  const theirs = message.direction === "inbound";
  const author = message.staff?.name ?? message.from_address;
  const own = thread.request === null ? ticket : { ...ticket, number: thread.request };
  return (
    <article
      className={`message side ${theirs ? "theirs" : "ours"}`}
      aria-label={`${w.on(thread.counterparty.name)}: ${author}`}
    >
      <header>
        <Icon name="outside" size={14} />
        <strong>{author}</strong>
        <span className="side-word">
          {w.mode} · {thread.counterparty.name}
        </span>
        <span className="number">{thread.number}</span>
        {message.kind === "automatic" && <span className="badge plain">{w.automatic}</span>}
        <Moment at={message.at} />
      </header>
      {message.authentication !== null && <SenderProof proof={message.authentication} />}
      <div className="body" lang={thread.counterparty.language}>
        {message.body === "" ? <span className="quiet">{t.ticket.noNewText}</span> : message.body}
      </div>
      {message.quoted !== "" && (
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
          {open && <div className="body quoted">{message.quoted}</div>}
        </>
      )}
      {message.files !== null && <MessageFiles ticket={own.number} message={message.id} state={message.files} />}
      {message.delivery !== null && <Delivery delivery={message.delivery} ticket={own} message={message.id} />}
    </article>
  );
}

// In the row of a list: somebody outside has answered, and nobody has looked to it.
export function SideBadge({ item }: { item: TicketSummary }) {
  const w = useSideWords();
  if (item.side_threads.answered === 0) return null;
  return (
    <span className="badge side">
      <Icon name="outside" size={12} /> {w.answeredBadge(item.side_threads.answered)}
    </span>
  );
}
