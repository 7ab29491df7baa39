// SPDX-License-Identifier: Apache-2.0
// What a search found, the newest first: requests and messages open beside it, a payment in the ledger, a customer as a
// search of what is theirs.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { searchQuery } from "../api/queries";
import type { SearchHit, SearchKind } from "../api/types";
import { age } from "../format/time";
import { searchWordsOf } from "../i18n/search";
import { useWords } from "../i18n/words";
import { useShortcut } from "./keyboard";
import { useMe } from "./me";
import { LoadFailed, Loading, useNow } from "./parts";
import { go, pathOf, type Route } from "./router";
import "./search.css";

const kinds: readonly SearchKind[] = ["request", "message", "side_message", "customer", "payment"];
const keyOf = (hit: SearchHit) =>
  `${hit.kind} ${hit.message_id ?? hit.request_number ?? hit.customer_id ?? hit.payment_id ?? hit.title}`;

interface Props {
  words: string;
  view: Extract<Route, { page: "inbox" }>["view"];
  number: string | null;
  ask: (words: string) => void;
}

export function SearchResults({ words, view, number, ask }: Props) {
  const { t, language } = useWords();
  const w = searchWordsOf(language);
  const me = useMe();
  const now = useNow();
  const [kind, setKind] = useState<SearchKind | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const found = useInfiniteQuery(searchQuery(words, kind));
  const pages = found.data?.pages ?? [];
  const hits = pages.flatMap((page) => page.items);
  const leftOut = pages[0]?.not_understood ?? [];
  useEffect(() => setCursor(null), [words, kind]);
  useEffect(() => {
    list.current?.querySelector(".under")?.scrollIntoView({ block: "nearest" });
  }, [cursor]);

  const open = (hit: SearchHit) => {
    setCursor(keyOf(hit));
    if (hit.request_number !== null) go(pathOf.ticket(view, hit.request_number));
    else if (hit.customer_id !== null) ask(`customer:${hit.customer_id}`);
    else if (hit.payment_id !== null && me.permissions.includes("read_ledger"))
      go(pathOf.treasury("payments", hit.payment_id, {}));
  };
  const step = (by: 1 | -1) => {
    const at = hits.findIndex((hit) => keyOf(hit) === cursor);
    const next = hits[at < 0 ? 0 : Math.min(hits.length - 1, Math.max(0, at + by))];
    if (next === undefined) return;
    setCursor(keyOf(next));
    if (number !== null && next.request_number !== null) go(pathOf.ticket(view, next.request_number), "replace");
  };
  useShortcut("next", () => step(1));
  useShortcut("previous", () => step(-1));
  useShortcut("open", () => {
    const hit = hits.find((one) => keyOf(one) === cursor);
    if (hit === undefined) return false;
    open(hit);
    return true;
  });

  return (
    <div className="found">
      <div className="found-kinds" role="group" aria-label={w.kinds}>
        {[null, ...kinds].map((one) => (
          <button key={one ?? "all"} type="button" aria-pressed={kind === one} onClick={() => setKind(one)}>
            {one === null ? w.all : w.kind[one]}
          </button>
        ))}
      </div>
      {leftOut.length > 0 && <p className="quiet found-word">{w.leftOut(leftOut.join(" "))}</p>}
      {pages[0]?.complete === false && <p className="quiet found-word">{w.making}</p>}
      {found.isPending ? (
        <Loading />
      ) : found.isError && hits.length === 0 ? (
        <LoadFailed error={found.error} retry={() => void found.refetch()} />
      ) : (
        <>
          {hits.length === 0 && !found.hasNextPage && (
            <>
              <p className="quiet found-word">{w.none}</p>
              <p className="quiet found-word">{w.hint}</p>
            </>
          )}
          <ul ref={list} className="found-list" aria-label={w.title}>
            {hits.map((hit) => (
              <li key={keyOf(hit)}>
                <button
                  type="button"
                  className={`found-hit${keyOf(hit) === cursor ? " under" : ""}`}
                  aria-current={hit.request_number !== null && hit.request_number === number ? "true" : undefined}
                  onClick={() => open(hit)}
                >
                  <span className="found-top">
                    <span className="found-kind">{w.one[hit.kind]}</span>
                    {hit.request_number !== null && <span className="number">{hit.request_number}</span>}
                    {hit.request_state !== null && <span>{t.api.state[hit.request_state]}</span>}
                    <span className="found-age num">{age(hit.at, now, t.span)}</span>
                  </span>
                  <span className="found-title">{hit.title}</span>
                  <span className="found-text">
                    {hit.snippet.map((part, at) =>
                      part.marked ? <mark key={at}>{part.text}</mark> : <span key={at}>{part.text}</span>,
                    )}
                  </span>
                </button>
              </li>
            ))}
          </ul>
          {found.hasNextPage && (
            <button
              type="button"
              className="found-more"
              disabled={found.isFetchingNextPage}
              onClick={() => void found.fetchNextPage()}
            >
              {hits.length === 0 ? w.goOn : w.more}
            </button>
          )}
        </>
      )}
    </div>
  );
}
