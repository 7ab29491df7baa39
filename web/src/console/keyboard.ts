// SPDX-License-Identifier: Apache-2.0
// Single keys outside fields. Which action a key means is a pure function; handlers are registered by the screens, the
// newest first, so that a dialog's handler comes before the page's.
import { useEffect, useRef } from "react";

export const actions = [
  "next",
  "previous",
  "open",
  "back",
  "reply",
  "note",
  "side",
  "resolve",
  "assign",
  "propose",
  "sort",
  "go_mine",
  "go_approvals",
  "go_open",
  "go_treasury",
  "go_articles",
  "help",
  "send",
  "copy",
  "tab_1",
  "tab_2",
  "tab_3",
  "search",
  "leave",
] as const;
export type Action = (typeof actions)[number];

// For the help page; "g m" is one key after the other.
export const keysOf: Readonly<Record<Action, readonly string[]>> = {
  next: ["j"],
  previous: ["k"],
  open: ["Enter", "o"],
  back: ["u"],
  reply: ["r"],
  note: ["n"],
  side: ["f"],
  resolve: ["e"],
  assign: ["i"],
  propose: ["$"],
  sort: ["s"],
  go_mine: ["g m"],
  go_approvals: ["g a"],
  go_open: ["g o"],
  go_treasury: ["g t"],
  go_articles: ["g h"],
  help: ["?"],
  send: ["Ctrl+Enter"],
  copy: ["."],
  tab_1: ["1"],
  tab_2: ["2"],
  tab_3: ["3"],
  search: ["/"],
  leave: ["Esc"],
};

export interface Press {
  key: string;
  ctrl: boolean; // Ctrl or Cmd
  alt: boolean;
  composing: boolean; // an input method is at work
  inField: boolean; // text field, select or editable
  onControl: boolean; // button or link: Enter belongs to it
}

const single: Readonly<Record<string, Action>> = {
  j: "next",
  k: "previous",
  o: "open",
  Enter: "open",
  u: "back",
  r: "reply",
  n: "note",
  f: "side",
  e: "resolve",
  i: "assign",
  $: "propose",
  "￥": "propose",
  s: "sort",
  "?": "help",
  "？": "help",
  ".": "copy",
  "。": "copy",
  "1": "tab_1",
  "2": "tab_2",
  "3": "tab_3",
  "/": "search",
};
const afterG: Readonly<Record<string, Action>> = {
  m: "go_mine",
  a: "go_approvals",
  o: "go_open",
  t: "go_treasury",
  h: "go_articles",
};

// The action a press means, "prefix" for the first of two keys, null for none. `afterPrefix`: "g" came just before.
export function actionOf(press: Press, afterPrefix: boolean): Action | "prefix" | null {
  if (press.composing || press.key === "Process") return null;
  if (press.ctrl) return press.key === "Enter" && !press.alt ? "send" : null;
  if (press.inField && press.key === "Escape") return "leave";
  if (press.alt || press.inField) return null;
  if (press.key === "Enter" && press.onControl) return null;
  if (afterPrefix) return afterG[press.key] ?? null;
  if (press.key === "g") return "prefix";
  return single[press.key] ?? null;
}

type Handler = () => boolean | void; // false: not mine, ask the next
const handlers = new Map<Action, Handler[]>();
const prefixLasts = 1200;
const settingKey = "okpay.keys";
let enabled = ((): boolean => {
  try {
    return localStorage.getItem(settingKey) !== "off";
  } catch {
    return true;
  }
})();

export const keysEnabled = () => enabled;
export function enableKeys(on: boolean): void {
  enabled = on;
  try {
    localStorage.setItem(settingKey, on ? "on" : "off");
  } catch {
    // holds for this page then
  }
}

export function useShortcut(action: Action, handler: Handler, active = true): void {
  const latest = useRef(handler);
  latest.current = handler;
  useEffect(() => {
    if (!active) return;
    const mine: Handler = () => latest.current();
    const stack = handlers.get(action) ?? [];
    handlers.set(action, [mine, ...stack]);
    return () =>
      void handlers.set(
        action,
        (handlers.get(action) ?? []).filter((other) => other !== mine),
      );
  }, [action, active]);
}

let prefixAt = -Infinity;
function onKeyDown(event: KeyboardEvent): void {
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (document.querySelector(".ant-modal-wrap:not([style*='display: none'])") !== null && event.key !== "?") return;
  const press: Press = {
    key: event.key,
    ctrl: event.ctrlKey || event.metaKey,
    alt: event.altKey,
    composing: event.isComposing || event.keyCode === 229,
    inField: target !== null && (target.isContentEditable || target.matches("input, textarea, select")),
    onControl: target !== null && target.closest("button, a, summary") !== null,
  };
  const action = actionOf(press, event.timeStamp - prefixAt < prefixLasts);
  prefixAt = -Infinity;
  if (action === "leave") target?.blur();
  if (action === null || (!enabled && action !== "send")) return;
  if (action === "prefix") {
    prefixAt = event.timeStamp;
    return;
  }
  for (const handler of handlers.get(action) ?? []) {
    if (handler() !== false) {
      event.preventDefault();
      return;
    }
  }
}

export function listenToKeys(): () => void {
  window.addEventListener("keydown", onKeyDown);
  return () => window.removeEventListener("keydown", onKeyDown);
}
