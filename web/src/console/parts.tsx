// SPDX-License-Identifier: Apache-2.0
// Small pieces that several screens share.
import { App } from "antd";
import { useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { ApiError } from "../api/client";
import type { Amount, Assurance, TicketSummary } from "../api/types";
import { clockOf, shownMoment, spanInMinutes, type Clock } from "../format/time";
import { promiseWordsOf } from "../i18n/promises";
import { useWords } from "../i18n/words";
import { Icon, type IconName } from "./icons";

export type Width = "phone" | "narrow" | "wide";
const wide = window.matchMedia("(min-width: 1100px)");
const phone = window.matchMedia("(max-width: 759px)");

export function useWidth(): Width {
  return useSyncExternalStore(
    (listener) => {
      wide.addEventListener("change", listener);
      phone.addEventListener("change", listener);
      return () => {
        wide.removeEventListener("change", listener);
        phone.removeEventListener("change", listener);
      };
    },
    () => (phone.matches ? "phone" : wide.matches ? "wide" : "narrow"),
  );
}

// The present, for ages and clocks; moves every half minute.
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export function useCopy(): (text: string) => void {
  const { message } = App.useApp();
  const { t } = useWords();
  return (text) => {
    navigator.clipboard?.writeText(text).then(
      () => void message.success(`${t.ticket.copied}: ${text}`),
      () => undefined,
    );
  };
}

export function Money({ of, className = "" }: { of: Amount; className?: string }) {
  const { money } = useWords();
  return <span className={`num ${className}`}>{money(of)}</span>;
}

export function Moment({ at }: { at: string }) {
  return (
    <time className="num" dateTime={at} title={at}>
      {shownMoment(at)}
    </time>
  );
}

// The sentence for a failure, by its code. What the server says of this occurrence follows where that tells more.
export function ErrorNote({ error, className = "" }: { error: unknown; className?: string }) {
  const { t } = useWords();
  if (error === null || error === undefined) return null;
  const known = error instanceof ApiError ? error : null;
  const more = known === null || known.detail === "" ? "" : (t.errorDetail[known.code]?.(known.detail) ?? "");
  const sentence = known === null ? t.api.error.unavailable : (t.api.error[known.code] ?? known.detail);
  return (
    <p className={`error ${className}`} role="alert">
      {sentence}
      {more !== "" && <span className="error-detail">{more}</span>}
    </p>
  );
}

export function Loading() {
  const { t } = useWords();
  return (
    <p className="quiet pad" role="status">
      {t.app.loading}
    </p>
  );
}

export function LoadFailed({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useWords();
  return (
    <div className="pad">
      <ErrorNote error={error} />
      <button type="button" className="button" onClick={retry}>
        {t.app.retry}
      </button>
    </div>
  );
}

export function IconButton({
  icon,
  label,
  onClick,
  className = "",
  pressed,
}: {
  icon: IconName;
  label: string;
  onClick: () => void;
  className?: string;
  pressed?: boolean;
}) {
  return (
    <button
      type="button"
      className={`icon-button ${className}`}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

// Named in the language it leads to.
export function LanguageButton() {
  const { t, language, switchLanguage } = useWords();
  return (
    <button
      type="button"
      className="link"
      lang={language === "en" ? "zh-Hans" : "en"}
      title={t.app.languageLabel}
      onClick={switchLanguage}
    >
      {t.app.language}
    </button>
  );
}

const trust: Record<Assurance, string> = { a0: "unproven", a1: "proven", a2: "proven", a3: "proven", a4: "proven" };

export function Shield({ level, words = false }: { level: Assurance; words?: boolean }) {
  const { t } = useWords();
  const meaning = t.api.assuranceMeans[level];
  return (
    <span className={`shield ${trust[level]}`} title={meaning}>
      <Icon name="shield" size={14} />
      <span aria-hidden={!words}>{t.api.assurance[level]}</span>
      {words ? <span className="shield-words">{meaning}</span> : <span className="hidden-text">{meaning}</span>}
    </span>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const isOver = (ticket: TicketSummary) => ticket.state === "solved" || ticket.state === "closed";

// Spam and machine mail, while nobody took it out: no clock of the house runs.
export const isSetAside = (ticket: TicketSummary) => ticket.route === "no_action" && !isOver(ticket);

// The clocks of a request. The investigation ends with the request or with a done remedy.
// Of the reply: the first one's, then, while somebody waits for it, the next one's.
interface Clocks {
  reply: Clock;
  replyIs: "firstReply" | "nextReply";
  replyRuns: boolean;
  investigation: Clock | null;
  promise: Clock | null; // the earliest that is not done; whoever's turn it is
}
export function clocksOf(ticket: TicketSummary, now: number): Clocks {
  const awaited = ticket.first_replied_at === null || isOver(ticket) ? null : ticket.next_reply_due;
  const ended = isOver(ticket) || ticket.open_remedy?.state === "executed" ? ticket.updated_at : null;
  const replied = ticket.first_replied_at ?? (isOver(ticket) ? ticket.updated_at : null);
  return {
    reply: awaited === null ? clockOf(ticket.first_reply_due, replied, now) : clockOf(awaited, null, now),
    replyIs: awaited === null ? "firstReply" : "nextReply",
    replyRuns: !isOver(ticket) && !isSetAside(ticket) && (ticket.first_replied_at === null || awaited !== null),
    investigation:
      ticket.investigation_due === null || isSetAside(ticket) ? null : clockOf(ticket.investigation_due, ended, now),
    promise: ticket.promise_due === null ? null : clockOf(ticket.promise_due, null, now),
  };
}

// Only when a running clock is short or over: a list full of fine clocks says nothing.
export function ClockBadge({ ticket, now }: { ticket: TicketSummary; now: number }) {
  const { t, language } = useWords();
  if (isOver(ticket)) return null;
  const { reply, replyIs, replyRuns, investigation, promise } = clocksOf(ticket, now);
  const running: { name: string; clock: Clock }[] = [];
  if (replyRuns) running.push({ name: t.list[replyIs], clock: reply });
  if (investigation !== null && ticket.open_remedy?.state !== "executed")
    running.push({ name: t.list.investigation, clock: investigation });
  if (promise !== null) running.push({ name: promiseWordsOf(language).clock, clock: promise });
  const worst = running
    .filter(({ clock }) => clock.state === "short" || clock.state === "over")
    .sort((a, b) => a.clock.left - b.clock.left)[0];
  if (worst === undefined) return null;
  const size = spanInMinutes(worst.clock.left, t.span);
  const words = worst.clock.state === "over" ? t.list.over(size) : t.list.left(size);
  return (
    <span className={`badge ${worst.clock.state} num`} title={`${worst.name}: ${words}`}>
      {words}
    </span>
  );
}

export function ClockLine({ name, clock, running }: { name: string; clock: Clock; running: boolean }) {
  const { t } = useWords();
  const size = spanInMinutes(clock.left, t.span);
  const words = !running
    ? clock.state === "over"
      ? t.ticket.metLate(size)
      : t.ticket.met
    : clock.state === "over"
      ? t.ticket.over(size)
      : t.ticket.left(size);
  return (
    <span className={`clock ${running || clock.state === "over" ? clock.state : "met"}`}>
      <span className="clock-name">{name}</span> <span className="num">{words}</span>
    </span>
  );
}
