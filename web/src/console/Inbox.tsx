// SPDX-License-Identifier: Apache-2.0
// The list of a view, or what a search found, beside the open request. Rows are virtual; pages come by cursor; a new row
// never moves the cursor, which is a request number and not a place.
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { ticketQuery, ticketsQuery } from "../api/queries";
import type { TicketSummary, View } from "../api/types";
import { age } from "../format/time";
import { followWordsOf } from "../i18n/follow";
import { sortingWordsOf } from "../i18n/sorting";
import { useWords } from "../i18n/words";
import { UnseenBadge } from "./Following";
import { ClockBadge, IconButton, LoadFailed, Loading, Money, Shield, useNow, useWidth } from "./parts";
import { Icon } from "./icons";
import { useShortcut } from "./keyboard";
import { go, pathOf } from "./router";
import { SearchResults } from "./SearchResults";
import { SideBadge } from "./SideThreads";
import { follow } from "./Shell";
import { TicketPage } from "./TicketPage";

const rowHeight = 80;
const searchDelay = 250;

export function Inbox({ view, number }: { view: Exclude<View, "approvals">; number: string | null }) {
  const { t, language } = useWords();
  const follows = followWordsOf(language);
  const sorting = sortingWordsOf(language);
  const width = useWidth();
  const queries = useQueryClient();
  const [typed, setTyped] = useState("");
  const [search, setSearch] = useState("");
  const [cursor, setCursor] = useState<string | null>(number);
  const searchField = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), searchDelay);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    if (number !== null) setCursor(number);
  }, [number]);

  const list = useInfiniteQuery(ticketsQuery(view, ""));
  // A request that moved while pages were read may stand in two of them.
  const items = useMemo(() => {
    const seen = new Map<string, TicketSummary>();
    for (const page of list.data?.pages ?? [])
      for (const item of page.items) if (!seen.has(item.number)) seen.set(item.number, item);
    return [...seen.values()];
  }, [list.data]);

  const step = (by: 1 | -1) => {
    const at = items.findIndex((item) => item.number === cursor);
    const next = items[at < 0 ? 0 : Math.min(items.length - 1, Math.max(0, at + by))];
    if (next === undefined) return;
    setCursor(next.number);
    void queries.prefetchQuery(ticketQuery(next.number));
    if (number !== null) go(pathOf.ticket(view, next.number), "replace");
  };
  useShortcut("next", () => step(1));
  useShortcut("previous", () => step(-1));
  useShortcut("open", () => {
    if (cursor === null || cursor === number) return false;
    go(pathOf.ticket(view, cursor));
    return true;
  });
  useShortcut("back", () => go(pathOf.view(view)));
  useShortcut("search", () => searchField.current?.focus());

  const empty = {
    open: t.list.emptyOpen,
    mine: t.list.emptyMine,
    technical: sorting.emptyTechnical,
    risk: sorting.emptyRisk,
    unclear: sorting.emptyUnclear,
    spam: sorting.emptySpam,
    waiting: t.list.emptyWaiting,
    mentions: follows.emptyMentions,
    following: follows.emptyFollowing,
    snoozed: t.list.emptySnoozed,
    solved: t.list.emptySolved,
    all: t.list.emptySearch,
  }[view];
  const showList = width !== "phone" || number === null;
  return (
    <div className="inbox">
      {showList && (
        <section className="list" aria-label={t.list.label}>
          <div className="list-head">
            {width !== "phone" && <h1>{t.api.view[view]}</h1>}
            <div className="search" role="search">
              <Icon name="search" size={16} />
              <input
                ref={searchField}
                type="search"
                placeholder={t.list.search}
                aria-label={t.list.searchLabel}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                onKeyDown={(event) => {
                  if (event.key === "Escape") {
                    setTyped("");
                    event.currentTarget.blur();
                  }
                  // On to what was found: j and k are letters in here.
                  if (event.key === "Enter" && !event.nativeEvent.isComposing) event.currentTarget.blur();
                }}
              />
              {typed !== "" && <IconButton icon="close" label={t.list.clear} onClick={() => setTyped("")} />}
            </div>
          </div>
          {search !== "" ? (
            <SearchResults words={search} view={view} number={number} ask={setTyped} />
          ) : list.isPending ? (
            <Loading />
          ) : list.isError && items.length === 0 ? (
            <LoadFailed error={list.error} retry={() => void list.refetch()} />
          ) : items.length === 0 ? (
            <p className="quiet pad">{empty}</p>
          ) : (
            <Rows
              items={items}
              view={view}
              selected={number}
              cursor={cursor}
              more={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : null}
              prefetch={(wanted) => void queries.prefetchQuery(ticketQuery(wanted))}
            />
          )}
        </section>
      )}
      {number !== null ? (
        <TicketPage key={number} number={number} view={view} />
      ) : (
        width !== "phone" && <div className="nothing">{items.length > 0 && <p className="quiet">{t.list.pick}</p>}</div>
      )}
    </div>
  );
}

interface RowsProps {
  items: TicketSummary[];
  view: View;
  selected: string | null;
  cursor: string | null;
  more: (() => void) | null;
  prefetch: (number: string) => void;
}

function Rows({ items, view, selected, cursor, more, prefetch }: RowsProps) {
  const { t } = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow();
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    getItemKey: (index) => items[index]?.number ?? index,
  });
  const rows = virtual.getVirtualItems();
  const last = rows[rows.length - 1]?.index ?? 0;
  useEffect(() => {
    if (more !== null && last >= items.length - 10) more();
  }, [last, items.length, more]);
  const place = items.findIndex((item) => item.number === cursor);
  useEffect(() => {
    if (place >= 0) virtual.scrollToIndex(place, { align: "auto" });
    // only when the cursor moves: a row that arrives must not scroll the list
  }, [cursor]);
  return (
    <div ref={scroller} className="rows" tabIndex={0} role="group" aria-label={t.list.label}>
      <ul style={{ height: virtual.getTotalSize() }}>
        {rows.map((row) => {
          const item = items[row.index];
          return item === undefined ? null : (
            <li
              key={row.key}
              style={{ transform: `translateY(${row.start}px)`, height: rowHeight }}
              aria-setsize={items.length}
              aria-posinset={row.index + 1}
            >
              <Row
                item={item}
                path={pathOf.ticket(view, item.number)}
                selected={item.number === selected}
                under={item.number === cursor}
                now={now}
                prefetch={prefetch}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Row({
  item,
  path,
  selected,
  under,
  now,
  prefetch,
}: {
  item: TicketSummary;
  path: string;
  selected: boolean;
  under: boolean;
  now: number;
  prefetch: (number: string) => void;
}) {
  const { t } = useWords();
  const urgent = item.urgency === "critical" || item.urgency === "high";
  return (
    <a
      className={`row${under ? " under" : ""}${item.state === "new" ? " fresh" : ""}${item.unseen > 0 ? " unseen" : ""}`}
      href={path}
      aria-current={selected ? "true" : undefined}
      onMouseEnter={() => prefetch(item.number)}
      onFocus={() => prefetch(item.number)}
      onClick={(event) => follow(event, path)}
    >
      <span className="row-top">
        <Shield level={item.assurance} />
        <span className="row-name">{item.customer?.name ?? item.party_address}</span>
        <span className="row-age num">{age(item.updated_at, now, t.span)}</span>
      </span>
      <span className="row-subject">
        <span className="number">{item.number}</span> <span lang={item.language}>{item.subject}</span>
      </span>
      <span className="row-low">
        <span className="row-preview" lang={item.language}>
          {item.preview}
        </span>
        <UnseenBadge item={item} />
        <SideBadge item={item} />
        {urgent && (
          <span className={`badge ${item.urgency === "critical" ? "over" : "short"}`}>
            {t.api.urgency[item.urgency]}
          </span>
        )}
        <ClockBadge ticket={item} now={now} />
        {item.open_remedy?.amount && (
          <span
            className={`badge ${item.open_remedy.state === "executed" ? "done" : "plain"}`}
            title={t.api.remedyState[item.open_remedy.state]}
          >
            <Money of={item.open_remedy.amount} />
          </span>
        )}
      </span>
    </a>
  );
}
