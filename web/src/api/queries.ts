// SPDX-License-Identifier: Apache-2.0
// What the screens read, by key. Live events mark keys stale; see live.ts.
import { infiniteQueryOptions, queryOptions, useQueryClient } from "@tanstack/react-query";
import { api, type AsOf } from "./client";
import type { LockState, SearchKind, View } from "./types";

export const siteQuery = queryOptions({ queryKey: ["site"], queryFn: api.site, staleTime: Infinity });
export const meQuery = queryOptions({ queryKey: ["me"], queryFn: api.me, staleTime: Infinity, retry: false });

export const ticketsQuery = (view: View, q: string) =>
  infiniteQueryOptions({
    queryKey: ["tickets", view, q],
    queryFn: ({ pageParam }) => api.tickets(view, q, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const searchQuery = (q: string, kind: SearchKind | null) =>
  infiniteQueryOptions({
    queryKey: ["search", q, kind],
    queryFn: ({ pageParam }) => api.search(q, kind, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const ticketQuery = (number: string) =>
  queryOptions({ queryKey: ["ticket", number], queryFn: () => api.ticket(number) });

// Under the key of its request, so that what marks that stale marks this stale as well.
export const sideThreadsQuery = (number: string) =>
  queryOptions({ queryKey: ["ticket", number, "sides"], queryFn: () => api.sideThreads(number) });
export const counterpartiesQuery = queryOptions({
  queryKey: ["counterparties"],
  queryFn: api.counterparties,
  staleTime: 60_000,
});

export const colleaguesQuery = (number: string, q: string) =>
  queryOptions({ queryKey: ["colleagues", number, q], queryFn: () => api.colleagues(number, q), staleTime: 60_000 });

export const ticketChangesQuery = (number: string) =>
  queryOptions({ queryKey: ["ticket-changes", number], queryFn: () => api.ticketChanges(number) });

export const waitingChangesQuery = queryOptions({
  queryKey: ["ticket-changes", "waiting"],
  queryFn: api.waitingChanges,
  refetchInterval: 30_000,
});

export const waitingStaffQuery = queryOptions({
  queryKey: ["staff-approvals"],
  queryFn: api.waitingStaff,
  refetchInterval: 30_000,
});
export const staffMembersQuery = queryOptions({
  queryKey: ["staff-members"],
  queryFn: api.staffMembers,
  staleTime: 0, // who was approved a moment ago is shown so
  refetchInterval: 30_000,
});
export const erasuresQuery = queryOptions({ queryKey: ["erasures"], queryFn: api.erasures, refetchInterval: 30_000 });

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

export const verificationsQuery = infiniteQueryOptions({
  queryKey: ["verifications"],
  queryFn: ({ pageParam }) => api.verifications(pageParam),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
  refetchInterval: 30_000,
});
export const verificationQuery = (id: string) =>
  queryOptions({ queryKey: ["verification", id], queryFn: () => api.verification(id) });

export const railCallsQuery = () =>
  queryOptions({ queryKey: ["rail-calls"], queryFn: () => api.railCalls(), refetchInterval: 30_000 });
export const mailBrakesQuery = queryOptions({
  queryKey: ["mail", "brakes"],
  queryFn: api.mailBrakes,
  refetchInterval: 30_000,
});
export const quarantineQuery = queryOptions({ queryKey: ["mail", "quarantine"], queryFn: api.quarantine });
export const suppressedQuery = queryOptions({ queryKey: ["mail", "suppressed"], queryFn: api.suppressed });
export const mailBooksQuery = infiniteQueryOptions({
  queryKey: ["mail", "books"],
  queryFn: ({ pageParam }) => api.mailBooks(pageParam),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
});
export const triageFiguresQuery = (days: number) =>
  queryOptions({ queryKey: ["triage-figures", days], queryFn: () => api.triageFigures(days) });
export const trialQuery = (at: AsOf) => queryOptions({ queryKey: ["trial", at], queryFn: () => api.trialBalance(at) });

export const ledgerAccountQuery = (at: AsOf, id: string) =>
  queryOptions({ queryKey: ["ledger-account", at, id], queryFn: () => api.ledgerAccount(at, id) });

export const ledgerPaymentQuery = (id: string) =>
  queryOptions({ queryKey: ["ledger-payment", id], queryFn: () => api.ledgerPayment(id) });

// All pages of a list are as of the place of the first, whatever is posted meanwhile.
interface LedgerPage {
  cursor: string | null;
  seq: string;
}
const nextLedgerPage = (page: { next_cursor: string | null; as_of_seq: string }): LedgerPage | null =>
  page.next_cursor === null ? null : { cursor: page.next_cursor, seq: page.as_of_seq };
const placeOf = (at: AsOf, page: LedgerPage | null): AsOf => (page === null ? at : { as_of_seq: page.seq });

export const ledgerAccountsQuery = (at: AsOf, kind: string, currency: string) =>
  infiniteQueryOptions({
    queryKey: ["ledger-accounts", at, kind, currency],
    queryFn: ({ pageParam }) => api.ledgerAccounts(placeOf(at, pageParam), kind, currency, pageParam?.cursor ?? null),
    initialPageParam: null as LedgerPage | null,
    getNextPageParam: nextLedgerPage,
  });

export const journalQuery = (at: AsOf, account: string | null) =>
  infiniteQueryOptions({
    queryKey: ["journal", at, account],
    queryFn: ({ pageParam }) => api.journal(placeOf(at, pageParam), account, pageParam?.cursor ?? null),
    initialPageParam: null as LedgerPage | null,
    getNextPageParam: nextLedgerPage,
  });

export const accountQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["account", id],
    queryFn: ({ pageParam }) => api.account(id, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const merchantQuery = (id: string) =>
  queryOptions({ queryKey: ["merchant", id], queryFn: () => api.merchant(id) });

export const payoutsQuery = (merchant: string | null) =>
  infiniteQueryOptions({
    queryKey: ["payouts", merchant],
    queryFn: ({ pageParam }) => api.payouts(merchant, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 10_000, // a bank answers when it likes
  });

export const correctionsQuery = infiniteQueryOptions({
  queryKey: ["corrections"],
  queryFn: ({ pageParam }) => api.corrections(pageParam),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
});

export const disputesQuery = infiniteQueryOptions({
  queryKey: ["disputes"],
  queryFn: ({ pageParam }) => api.disputes(pageParam),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
});

export const locksQuery = (state: LockState | "") =>
  infiniteQueryOptions({
    queryKey: ["locks", state],
    queryFn: ({ pageParam }) => api.locks(state, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
export const lockQuery = (id: string) => queryOptions({ queryKey: ["lock", id], queryFn: () => api.lock(id) });

// Help articles: as everybody finds them, and as who may write on them.
export const faqSearchQuery = (q: string, language: string) =>
  queryOptions({ queryKey: ["faq", "search", q, language], queryFn: () => api.faqSearch(q, language) });
export const articlesQuery = queryOptions({ queryKey: ["faq", "articles"], queryFn: api.articles });
export const articleQuery = (slug: string) =>
  queryOptions({ queryKey: ["faq", "article", slug], queryFn: () => api.article(slug) });
export const incidentsQuery = (view: "standing" | "closed") =>
  infiniteQueryOptions({
    queryKey: ["incidents", view],
    queryFn: ({ pageParam }) => api.incidents(view, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
export const incidentQuery = (id: number) =>
  queryOptions({ queryKey: ["incidents", id], queryFn: () => api.incident(id) });
export const incidentRefundsQuery = (id: number) =>
  queryOptions({ queryKey: ["incident-refunds", id], queryFn: () => api.incidentRefunds(id) });
export const rulesQuery = queryOptions({ queryKey: ["rules"], queryFn: api.rules });
export const ruleQuery = (id: number) => queryOptions({ queryKey: ["rules", id], queryFn: () => api.rule(id) });
export const routingQuery = queryOptions({ queryKey: ["routing"], queryFn: api.routing });
export const macrosQuery = queryOptions({ queryKey: ["macros"], queryFn: api.macros });
export const macroQuery = (id: number) => queryOptions({ queryKey: ["macros", id], queryFn: () => api.macro(id) });
// The same text looks the same, whenever it is asked.
export const previewQuery = (body: string) =>
  queryOptions({
    queryKey: ["faq-preview", body],
    queryFn: () => api.previewArticle({ body }),
    staleTime: Infinity,
    gcTime: 60_000,
  });

// After something was posted or decided: all that shows the ledger.
export function useLedgerChanged(): () => void {
  const queries = useQueryClient();
  return () => {
    const keys = [
      "account",
      "ledger-account",
      "ledger-accounts",
      "journal",
      "trial",
      "merchant",
      "payouts",
      "rail-calls",
      "corrections",
      "disputes",
    ];
    for (const key of keys) void queries.invalidateQueries({ queryKey: [key] });
  };
}

// After somebody left: who is there, and the requests that were given back.
export function useStaffChanged(): () => void {
  const queries = useQueryClient();
  return () => {
    for (const key of ["staff-members", "staff-approvals", "tickets", "ticket", "routing", "colleagues"])
      void queries.invalidateQueries({ queryKey: [key] });
  };
}

// For whatever this page changed itself; the live event says the same a moment later.
export function useTicketChanged(number: string): () => void {
  const queries = useQueryClient();
  return () => {
    for (const queryKey of [["ticket", number], ["ledger", number], ["tickets"], ["approvals"]])
      void queries.invalidateQueries({ queryKey });
  };
}
