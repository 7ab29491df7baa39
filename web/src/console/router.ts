// SPDX-License-Identifier: Apache-2.0
// Five addresses are too few for a routing library: /console/{view}, /console/{view}/{number}, /console/approvals/{remedy},
// /console/enrol#TOKEN.
import { useSyncExternalStore } from "react";
import type { View } from "../api/types";

export type Route =
  | { page: "enrol"; token: string }
  | { page: "approvals"; remedy: string | null }
  | { page: "inbox"; view: Exclude<View, "approvals">; number: string | null };

const inboxViews = ["open", "mine", "waiting", "solved", "all"] as const;

export function routeOf(path: string, hash: string): Route {
  const [view, item] = path.replace(/^\/console\/?/, "").split("/");
  const named = item ? decodeURIComponent(item) : null;
  if (view === "enrol") return { page: "enrol", token: hash.replace(/^#/, "") };
  if (view === "approvals") return { page: "approvals", remedy: named };
  const known = inboxViews.find((name) => name === view);
  return { page: "inbox", view: known ?? "open", number: known && named ? named.toUpperCase() : null };
}

export const pathOf = {
  view: (view: View) => `/console/${view}`,
  ticket: (view: View, number: string) => `/console/${view}/${encodeURIComponent(number)}`,
  approval: (remedy: string) => `/console/approvals/${encodeURIComponent(remedy)}`,
};

const listeners = new Set<() => void>();
const changed = () => listeners.forEach((listener) => listener());
window.addEventListener("popstate", changed);
window.addEventListener("hashchange", changed);

// `replace` where the step is not worth a place in the browser's history: j and k through the list.
export function go(path: string, how: "push" | "replace" = "push"): void {
  if (path === location.pathname) return;
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
