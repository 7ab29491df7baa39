// SPDX-License-Identifier: Apache-2.0
// What the screens read, by key. Live events mark keys stale; see live.ts.
import { infiniteQueryOptions, queryOptions, useQueryClient } from "@tanstack/react-query";
import { api } from "./client";
import type { View } from "./types";

export const siteQuery = queryOptions({ queryKey: ["site"], queryFn: api.site, staleTime: Infinity });
export const meQuery = queryOptions({ queryKey: ["me"], queryFn: api.me, staleTime: Infinity, retry: false });

export const ticketsQuery = (view: View, q: string) =>
  infiniteQueryOptions({
    queryKey: ["tickets", view, q],
    queryFn: ({ pageParam }) => api.tickets(view, q, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const ticketQuery = (number: string) =>
  queryOptions({ queryKey: ["ticket", number], queryFn: () => api.ticket(number) });

export const ledgerQuery = (number: string) =>
  infiniteQueryOptions({
    queryKey: ["ledger", number],
    queryFn: ({ pageParam }) => api.ledger(number, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const approvalsQuery = infiniteQueryOptions({
  queryKey: ["approvals"],
  queryFn: ({ pageParam }) => api.approvals(pageParam),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
});

// For whatever this page changed itself; the live event says the same a moment later.
export function useTicketChanged(number: string): () => void {
  const queries = useQueryClient();
  return () => {
    for (const queryKey of [["ticket", number], ["ledger", number], ["tickets"], ["approvals"]])
      void queries.invalidateQueries({ queryKey });
  };
}
