// SPDX-License-Identifier: Apache-2.0
// A few addresses are too few for a routing library: /console/{view}, /console/{view}/{number}, /console/approvals/{remedy},
// /console/locks/{lock}, /console/mail, /console/webhooks, /console/enrol#TOKEN, /console/identity/{id},
// /console/articles/{slug}, /console/macros/{id}, /console/incidents/{id}, /console/counterparties, /console/rules/{id},
// /console/triage, /console/staff, /console/treasury/{section}/{item}, where #seq=… or #at=… says as of when.
import { useSyncExternalStore } from "react";
import type { AsOf } from "../api/client";
import type { View } from "../api/types";
import { asOfHash, hashOf } from "./as_of";

export type Route =
  | { page: "enrol"; token: string }
  | { page: "approvals"; remedy: string | null }
  | { page: "locks"; lock: string | null }
  | { page: "mail" }
  | { page: "webhooks" }
  | { page: "articles"; slug: string | null }
  | { page: "macros"; item: string | null }
  | { page: "incidents"; item: string | null }
  | { page: "counterparties" }
  | { page: "rules"; item: string | null }
  | { page: "triage" }
  | { page: "staff" }
  | { page: "identity"; item: string | null }
  | { page: "treasury"; section: TreasurySection; item: string | null; at: AsOf }
  | { page: "inbox"; view: Exclude<View, "approvals">; number: string | null };

const treasurySections = [
  "balance",
  "accounts",
  "journal",
  "payments",
  "payouts",
  "corrections",
  "disputes",
  "rail",
] as const;
export type TreasurySection = (typeof treasurySections)[number];

const inboxViews = [
  "open",
  "mine",
  "technical",
  "risk",
  "unclear",
  "spam",
  "mentions",
  "following",
  "waiting",
  "snoozed",
  "solved",
  "all",
] as const;

export function routeOf(path: string, hash: string): Route {
  const [view, item, third] = path.replace(/^\/console\/?/, "").split("/");
  const named = item ? decodeURIComponent(item) : null;
  if (view === "enrol") return { page: "enrol", token: hash.replace(/^#/, "") };
  if (view === "approvals") return { page: "approvals", remedy: named };
  if (view === "locks") return { page: "locks", lock: named };
  if (view === "mail") return { page: "mail" };
  if (view === "webhooks") return { page: "webhooks" };
  if (view === "articles") return { page: "articles", slug: named };
  if (view === "incidents") return { page: "incidents", item: named };
  if (view === "counterparties") return { page: "counterparties" };
  if (view === "macros") return { page: "macros", item: named };
  if (view === "rules") return { page: "rules", item: named };
  if (view === "triage") return { page: "triage" };
  if (view === "staff") return { page: "staff" };
  if (view === "identity") return { page: "identity", item: named };
  if (view === "treasury") {
    const section = treasurySections.find((name) => name === item) ?? "balance";
    return { page: "treasury", section, item: third ? decodeURIComponent(third) : null, at: asOfHash(hash) };
  }
  const known = inboxViews.find((name) => name === view);
  return { page: "inbox", view: known ?? "open", number: known && named ? named.toUpperCase() : null };
}

export const pathOf = {
  view: (view: View) => `/console/${view}`,
  ticket: (view: View, number: string) => `/console/${view}/${encodeURIComponent(number)}`,
  treasury: (section: TreasurySection, item: string | null, at: AsOf) =>
    `/console/treasury/${section}${item === null ? "" : `/${encodeURIComponent(item)}`}${hashOf(at)}`,
  locks: (lock: string | null) => `/console/locks${lock === null ? "" : `/${encodeURIComponent(lock)}`}`,
  mail: () => "/console/mail",
  webhooks: () => "/console/webhooks",
  articles: (slug: string | null) => `/console/articles${slug === null ? "" : `/${encodeURIComponent(slug)}`}`,
  macros: (item: string | null) => `/console/macros${item === null ? "" : `/${encodeURIComponent(item)}`}`,
  incidents: (item: string | null) => `/console/incidents${item === null ? "" : `/${encodeURIComponent(item)}`}`,
  counterparties: () => "/console/counterparties",
  rules: (item: string | null) => `/console/rules${item === null ? "" : `/${encodeURIComponent(item)}`}`,
  triage: () => "/console/triage",
  staff: () => "/console/staff",
  identity: (item: string | null) => `/console/identity${item === null ? "" : `/${encodeURIComponent(item)}`}`,
  approval: (remedy: string) => `/console/approvals/${encodeURIComponent(remedy)}`,
};

const listeners = new Set<() => void>();
const changed = () => listeners.forEach((listener) => listener());
window.addEventListener("popstate", changed);
window.addEventListener("hashchange", changed);

// `replace` where the step is not worth a place in the browser's history: j and k through the list.
export function go(path: string, how: "push" | "replace" = "push"): void {
  if (path === location.pathname + location.hash) return;
  history[how === "push" ? "pushState" : "replaceState"](null, "", path);
  changed();
}

export function useRoute(): Route {
  const place = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => location.pathname + location.hash,
  );
  const [path = "", hash = ""] = place.split("#");
  return routeOf(path, hash);
}
