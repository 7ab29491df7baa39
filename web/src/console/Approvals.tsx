// SPDX-License-Identifier: Apache-2.0
// The approval screen: left the customer's words, middle the money, right the people and the checks; the queue is ordered
// by the 48-hour clock. What was decided here stays in view until another proposal is chosen.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { approvalsQuery, ticketQuery, waitingChangesQuery } from "../api/queries";
import type { Answer, Approval, Remedy } from "../api/types";
import { useWords } from "../i18n/words";
import { AdminApprovals } from "./AdminApprovals";
import { useShortcut } from "./keyboard";
import { ClockBadge, IconButton, LoadFailed, Loading, Money, Shield, useNow, useWidth } from "./parts";
import { Decision, Executed, RemedyChecks, RemedyHead, RemedyMoney, RemedyPeople, RemedyWords } from "./RemedyCard";
import { go, pathOf } from "./router";
import { follow } from "./Shell";

export function Approvals({ remedy }: { remedy: string | null }) {
  const { t } = useWords();
  const width = useWidth();
  const now = useNow();
  const list = useInfiniteQuery(approvalsQuery);
  const waiting = useQuery(waitingChangesQuery);
  const changes = waiting.data?.items ?? [];
  const [held, setHeld] = useState<Approval | null>(null);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const listed = items.find((item) => item.id === remedy);
  const shown = held !== null && held.id === remedy ? held : listed;

  const step = (by: 1 | -1) => {
    const at = items.findIndex((item) => item.id === remedy);
    const next = items[at < 0 ? 0 : Math.min(items.length - 1, Math.max(0, at + by))];
    if (next !== undefined) go(pathOf.approval(next.id), remedy === null ? "push" : "replace");
  };
  useShortcut("next", () => step(1));
  useShortcut("previous", () => step(-1));
  useShortcut("back", () => go(pathOf.view("approvals")));
  useShortcut("open", () => {
    if (shown === undefined) return false;
    go(pathOf.ticket("all", shown.ticket.number));
    return true;
  });
  return (
    <div className="inbox">
      {(width !== "phone" || remedy === null) && (
        <section className="list" aria-label={t.approvals.list}>
          <div className="list-head">{width !== "phone" && <h1>{t.approvals.title}</h1>}</div>
          <WaitingChanges items={changes} />
          <AdminApprovals />
          {list.isPending ? (
            <Loading />
          ) : list.isError ? (
            <LoadFailed error={list.error} retry={() => void list.refetch()} />
          ) : items.length === 0 ? (
            <p className="quiet pad">{t.approvals.empty}</p>
          ) : (
            <div className="rows" tabIndex={0} role="group" aria-label={t.approvals.list}>
              <ul className="plain">
                {items.map((item) => (
                  <li key={item.id}>
                    <ApprovalRow item={item} selected={item.id === remedy} now={now} />
                  </li>
                ))}
              </ul>
              {list.hasNextPage && (
                <button type="button" className="link pad-link" onClick={() => void list.fetchNextPage()}>
                  {t.app.more}
                </button>
              )}
            </div>
          )}
        </section>
      )}
      {shown !== undefined ? (
        <Review key={shown.id} approval={shown} decided={(next) => setHeld({ ...next, ticket: shown.ticket })} />
      ) : (
        (width !== "phone" || remedy !== null) && (
          <div className="nothing">
            {width === "phone" && (
              <IconButton icon="back" label={t.app.back} onClick={() => go(pathOf.view("approvals"))} />
            )}
            {remedy !== null && !list.isPending ? (
              <p className="quiet">{t.api.error.not_found}</p>
            ) : (
              items.length > 0 && <p className="quiet">{t.approvals.pick}</p>
            )}
          </div>
        )
      )}
    </div>
  );
}

// Changes of a customer's address: decided in the request, where the proof stands.
function WaitingChanges({ items }: { items: Answer<"listWaitingChanges">["items"] }) {
  const { t } = useWords();
  if (items.length === 0) return null;
  return (
    <section aria-label={t.approvals.changes}>
      <h2 className="pad quiet small">{t.approvals.changes}</h2>
      <ul className="plain">
        {items.map((item) =>
          item.ticket === null ? null : (
            <li key={item.id}>
              <a
                className="row approval-row"
                href={pathOf.ticket("all", item.ticket)}
                onClick={(event) => follow(event, pathOf.ticket("all", item.ticket!))}
              >
                <span className="row-subject">
                  <span className="number">{item.ticket}</span> {item.proposer?.name}
                </span>
                <span className="row-low">
                  <span className="row-preview">{item.from}</span>
                </span>
                <span className="row-low">
                  <span className="row-preview">→ {item.to}</span>
                </span>
              </a>
            </li>
          ),
        )}
      </ul>
    </section>
  );
}

function ApprovalRow({ item, selected, now }: { item: Approval; selected: boolean; now: number }) {
  const { t } = useWords();
  const path = pathOf.approval(item.id);
  return (
    <a
      className={`row approval-row${selected ? " under" : ""}`}
      href={path}
      aria-current={selected ? "true" : undefined}
      onClick={(event) => follow(event, path)}
    >
      <span className="row-top">
        <Shield level={item.ticket.assurance} />
        <span className="row-name">{item.ticket.customer?.name ?? item.ticket.party_address}</span>
        <Money of={item.amount} className="row-amount" />
      </span>
      <span className="row-subject">
        <span className="number">{item.ticket.number}</span>{" "}
        <span lang={item.ticket.language}>{item.ticket.subject}</span>
      </span>
      <span className="row-low">
        <span className="row-preview">
          {t.api.refundReason[item.reason]} · {item.proposer.name}
        </span>
        <ClockBadge ticket={item.ticket} now={now} />
      </span>
    </a>
  );
}

function Review({ approval, decided }: { approval: Approval; decided: (remedy: Remedy) => void }) {
  const { t } = useWords();
  const width = useWidth();
  const number = approval.ticket.number;
  // The answer that went out stands in the request.
  const ticket = useQuery({ ...ticketQuery(number), enabled: approval.state === "executed" });
  const path = pathOf.ticket("all", number);
  return (
    <section className="review" aria-label={`${number} ${approval.ticket.subject}`}>
      <header className="ticket-head">
        <div className="head-line">
          {width === "phone" && (
            <IconButton icon="back" label={t.app.back} onClick={() => go(pathOf.view("approvals"))} />
          )}
          <a className="number" href={path} onClick={(event) => follow(event, path)} title={t.remedy.openTicket}>
            {number}
          </a>
          <h2 lang={approval.ticket.language}>{approval.ticket.subject}</h2>
        </div>
      </header>
      <div className="review-columns" tabIndex={0} role="group" aria-label={t.approvals.review}>
        <div className="review-column">
          <div className="card">
            <RemedyWords remedy={approval} />
          </div>
        </div>
        <div className="review-column">
          <article className="card remedy">
            <RemedyHead remedy={approval} />
            <RemedyMoney remedy={approval} />
          </article>
        </div>
        <div className="review-column">
          <div className="card">
            <h3>{t.remedy.checks}</h3>
            <RemedyChecks remedy={approval} />
            <h3>{t.approvals.people}</h3>
            <RemedyPeople remedy={approval} explained />
            <Executed remedy={approval} ticket={ticket.data} />
            <Decision remedy={approval} number={number} decided={decided} />
          </div>
        </div>
      </div>
    </section>
  );
}
