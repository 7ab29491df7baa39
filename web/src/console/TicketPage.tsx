// SPDX-License-Identifier: Apache-2.0
// One request: header, conversation, composer, and the context column, which is a drawer on narrow screens.
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { App, Drawer } from "antd";
import { useState, type ReactNode } from "react";
import { api, isCode } from "../api/client";
import { ledgerQuery, sideThreadsQuery, ticketQuery, useTicketChanged } from "../api/queries";
import type { RefundProposal, SideThread, Ticket, TicketState, View } from "../api/types";
import { isZero } from "../format/money";
import { promiseWordsOf } from "../i18n/promises";
import { sideWordsOf } from "../i18n/sides";
import { useWords } from "../i18n/words";
import { FactsStrip } from "./AskedFacts";
import { Composer } from "./Composer";
import { Conversation } from "./Conversation";
import { CustomerTab } from "./CustomerTab";
import { FollowButton, useSeen } from "./Following";
import { HistoryTab } from "./HistoryTab";
import { Icon } from "./icons";
import { IncidentStrip } from "./IncidentParts";
import { useShortcut } from "./keyboard";
import { LedgerTab } from "./LedgerTab";
import { useMe } from "./me";
import type { Mode } from "./ModeSwitch";
import {
  ClockLine,
  clocksOf,
  ErrorNote,
  IconButton,
  isSetAside,
  LoadFailed,
  Loading,
  useCopy,
  useNow,
  useWidth,
} from "./parts";
import { PromisesCard } from "./PromisesCard";
import { ProposeRefund } from "./ProposeRefund";
import { go, pathOf } from "./router";
import { SideComposer } from "./SideComposer";
import type { SideTarget } from "./sides";
import { SideThreadsCard } from "./SideThreads";
import { AsideStrip } from "./SetAside";
import { Sorting } from "./Sorting";
import { nextStates } from "./states";
import { TogetherStrip } from "./TogetherCard";

const noThreads: readonly SideThread[] = [];

export type Tab = "customer" | "ledger" | "history";
const tabs: readonly Tab[] = ["customer", "ledger", "history"];

export function TicketPage({ number, view }: { number: string; view: View }) {
  const { t } = useWords();
  const width = useWidth();
  const ticket = useQuery(ticketQuery(number));
  if (ticket.data !== undefined) return <Open ticket={ticket.data} view={view} />;
  const back = () => go(pathOf.view(view));
  const absent = isCode(ticket.error, "not_found");
  return (
    <>
      <section className="ticket" aria-label={number}>
        <div className="ticket-head">
          <div className="head-line">
            {width === "phone" && <IconButton icon="back" label={t.app.back} onClick={back} />}
            <span className="number">{number}</span>
          </div>
        </div>
        {ticket.isPending ? (
          <Loading />
        ) : absent ? (
          <div className="pad">
            <p role="alert">{t.ticket.notFound}</p>
            <button type="button" className="button" onClick={back}>
              {t.app.back}
            </button>
          </div>
        ) : (
          <LoadFailed error={ticket.error} retry={() => void ticket.refetch()} />
        )}
      </section>
      {width === "wide" && ticket.isPending && <aside className="context" aria-hidden="true" />}
    </>
  );
}

function Open({ ticket, view }: { ticket: Ticket; view: View }) {
  const { t, money, language } = useWords();
  const me = useMe();
  const width = useWidth();
  const copy = useCopy();
  const { message } = App.useApp();
  const changed = useTicketChanged(ticket.number);
  useSeen(ticket);
  const mayReply = me.permissions.includes("reply");
  const mayPropose = me.permissions.includes("propose_remedy");
  const maySeeLedger = me.permissions.includes("read_customers");
  const [mode, setMode] = useState<Mode | null>(
    width === "phone" || ticket.state === "closed" || !mayReply ? null : "reply",
  );
  const [focused, setFocused] = useState(0); // raised to put the cursor into the composer
  const [sideTo, setSideTo] = useState<SideTarget | null>(null);
  const threads = useQuery(sideThreadsQuery(ticket.number)).data?.items ?? noThreads;
  const [tab, setTab] = useState<Tab>(maySeeLedger ? "ledger" : "customer");
  const [drawer, setDrawer] = useState(false);
  const [proposal, setProposal] = useState<RefundProposal | null>(null);
  const ledger = useInfiniteQuery({ ...ledgerQuery(ticket.number), enabled: maySeeLedger });

  const assign = useMutation({
    mutationFn: (staff: "me" | null) => api.assign(ticket.number, { staff }),
    onSettled: changed,
  });
  const setState = useMutation({
    mutationFn: (state: TicketState) => api.setState(ticket.number, { state, version: ticket.version }),
    onSettled: changed,
  });

  const show = (wanted: Tab) => {
    setTab(wanted);
    if (width !== "wide") setDrawer(true);
  };
  const write = (wanted: Mode) => {
    // What is under way with others goes on when the request is closed.
    if (!mayReply || (ticket.state === "closed" && (wanted !== "side" || threads.length === 0))) return;
    setMode(wanted);
    setFocused((n) => n + 1);
  };
  const resolve = () => {
    if (mayReply && nextStates[ticket.state].includes("solved")) setState.mutate("solved");
  };
  const first = ledger.data?.pages[0];
  const openRemedy = ticket.remedies.find((remedy) => remedy.state === "proposed" || remedy.state === "approved");
  const doneRemedy = ticket.remedies.find((remedy) => remedy.state === "executed");
  const suggestion = first?.findings.find((finding) => finding.proposal !== null)?.proposal ?? null;
  const propose = (wanted: RefundProposal | null) => {
    if (!mayPropose || openRemedy !== undefined || ticket.state === "closed") return show("ledger");
    if (wanted === null) return show("ledger");
    setProposal(wanted);
  };
  useShortcut("reply", () => write("reply"));
  useShortcut("note", () => write("note"));
  const writeOutside = () => {
    setSideTo(null);
    write("side");
  };
  useShortcut("side", writeOutside);
  const writeOn = (thread: SideThread) => {
    setSideTo(`thread:${thread.number}`);
    setDrawer(false);
    write("side");
  };
  useShortcut("resolve", resolve);
  useShortcut("assign", () => {
    if (mayReply) assign.mutate("me");
  });
  useShortcut("copy", () => copy(ticket.number));
  useShortcut("propose", () => propose(suggestion));
  useShortcut("tab_1", () => show("customer"));
  useShortcut("tab_2", () => show("ledger"));
  useShortcut("tab_3", () => show("history"));

  const context = (
    <Context tab={tab} setTab={setTab}>
      <PromisesCard ticket={ticket} />
      <SideThreadsCard ticket={ticket} threads={threads} write={writeOn} />
      {tab === "customer" && <CustomerTab ticket={ticket} ledger={first} />}
      {tab === "ledger" &&
        (maySeeLedger ? (
          <LedgerTab
            ticket={ticket}
            ledger={ledger}
            mayPropose={mayPropose && openRemedy === undefined && ticket.state !== "closed"}
            propose={propose}
          />
        ) : (
          <p className="quiet pad">{t.app.notPermitted}</p>
        ))}
      {tab === "history" && <HistoryTab ticket={ticket} />}
    </Context>
  );
  const now = useNow();
  const clocks = clocksOf(ticket, now);
  const ended = ticket.state === "solved" || ticket.state === "closed";
  const states = [ticket.state, ...nextStates[ticket.state]];
  return (
    <>
      <section className="ticket" aria-label={`${ticket.number} ${ticket.subject}`}>
        <header className="ticket-head">
          <div className="head-line">
            {width === "phone" && <IconButton icon="back" label={t.app.back} onClick={() => go(pathOf.view(view))} />}
            <button
              type="button"
              className="number number-button"
              title={t.ticket.copyNumber}
              aria-label={`${t.ticket.copyNumber} ${ticket.number}`}
              onClick={() => copy(ticket.number)}
            >
              {ticket.number} <Icon name="copy" size={13} />
            </button>
            <h2 lang={ticket.language} title={ticket.subject}>
              {ticket.subject}
            </h2>
            {width !== "wide" && <IconButton icon="details" label={t.ticket.details} onClick={() => setDrawer(true)} />}
          </div>
          <div className="head-line facts-line">
            <label className="inline">
              <span className="hidden-text">{t.ticket.state}</span>
              <select
                className={`state ${ticket.state}`}
                value={ticket.state}
                disabled={!mayReply || setState.isPending || states.length === 1}
                onChange={(event) => setState.mutate(event.target.value as TicketState)}
              >
                {states.map((state) => (
                  <option key={state} value={state}>
                    {t.api.state[state]}
                  </option>
                ))}
              </select>
            </label>
            <span className="assignee">
              <span className="hidden-text">{t.ticket.assignee}</span>
              <Icon name="mine" size={15} /> {ticket.assignee === null ? t.list.unassigned : ticket.assignee.name}
              {mayReply &&
                (ticket.assignee?.id === me.id
                  ? width !== "phone" && (
                      <button type="button" className="link" onClick={() => assign.mutate(null)}>
                        {t.ticket.giveBack}
                      </button>
                    )
                  : width !== "phone" && (
                      <button type="button" className="link" onClick={() => assign.mutate("me")}>
                        {t.ticket.takeIt}
                      </button>
                    ))}
            </span>
            <Sorting ticket={ticket} />
            <FollowButton ticket={ticket} />
            <span className="clocks">
              {!isSetAside(ticket) && (
                <ClockLine name={t.ticket[clocks.replyIs]} clock={clocks.reply} running={clocks.replyRuns} />
              )}
              {clocks.investigation !== null && (
                <ClockLine
                  name={t.ticket.investigation}
                  clock={clocks.investigation}
                  running={!ended && doneRemedy === undefined}
                />
              )}
              {clocks.promise !== null && (
                <ClockLine name={promiseWordsOf(language).clock} clock={clocks.promise} running />
              )}
            </span>
          </div>
          {openRemedy !== undefined && (
            <p className="strip waiting">
              <Icon name="approvals" size={16} /> {t.ticket.pending(money(openRemedy.amount))}
              <button type="button" className="link" onClick={() => show("ledger")}>
                {t.ticket.review}
              </button>
            </p>
          )}
          {openRemedy === undefined && doneRemedy !== undefined && !isZero(doneRemedy.amount) && (
            <p className="strip met">
              <Icon name="tick" size={16} /> {t.ticket.executed(money(doneRemedy.amount))}
              <button type="button" className="link" onClick={() => show("ledger")}>
                {t.ticket.review}
              </button>
            </p>
          )}
          <AsideStrip ticket={ticket} />
          <FactsStrip ticket={ticket} />
          <IncidentStrip ticket={ticket} />
          <TogetherStrip ticket={ticket} />
          <ErrorNote error={setState.error ?? assign.error} />
        </header>
        <Conversation ticket={ticket} threads={threads} showLedger={() => show("ledger")} />
        {mode === "side" ? (
          <SideComposer
            ticket={ticket}
            threads={threads}
            payments={ledger.data?.pages.flatMap((page) => page.payments) ?? []}
            asked={sideTo}
            setMode={setMode}
            focused={focused}
            close={width === "phone" || ticket.state === "closed" ? () => setMode(null) : null}
            done={() => {
              if (width === "phone") setMode(null);
              void message.success(sideWordsOf(language).sent);
            }}
          />
        ) : ticket.state === "closed" ? (
          <p className="quiet closed-note">{t.compose.closed}</p>
        ) : (
          mode !== null && (
            <Composer
              ticket={ticket}
              payments={ledger.data?.pages.flatMap((page) => page.payments) ?? []}
              mode={mode}
              setMode={setMode}
              focused={focused}
              close={width === "phone" ? () => setMode(null) : null}
              done={(what) => {
                changed();
                if (width === "phone") setMode(null);
                void message.success(what === "reply" ? t.compose.sent : t.compose.noted);
              }}
            />
          )
        )}
        {width === "phone" && mode === null && (
          <nav className="action-bar" aria-label={ticket.number}>
            <BarButton
              icon="reply"
              label={t.compose.reply}
              onClick={() => write("reply")}
              disabled={!mayReply || ticket.state === "closed"}
            />
            <BarButton
              icon="note"
              label={t.compose.note}
              onClick={() => write("note")}
              disabled={!mayReply || ticket.state === "closed"}
            />
            <BarButton
              icon="outside"
              label={sideWordsOf(language).mode}
              onClick={writeOutside}
              disabled={!mayReply || (ticket.state === "closed" && threads.length === 0)}
            />
            <BarButton
              icon="assign"
              label={ticket.assignee?.id === me.id ? t.ticket.giveBack : t.ticket.takeIt}
              disabled={!mayReply}
              onClick={() => assign.mutate(ticket.assignee?.id === me.id ? null : "me")}
            />
            <BarButton
              icon="resolve"
              label={t.ticket.resolve}
              onClick={resolve}
              disabled={!mayReply || !nextStates[ticket.state].includes("solved")}
            />
            <BarButton icon="money" label={t.context.ledger} onClick={() => show("ledger")} />
          </nav>
        )}
      </section>
      {width === "wide" ? (
        <aside className="context" aria-label={t.context.label}>
          {context}
        </aside>
      ) : (
        <Drawer
          open={drawer}
          onClose={() => setDrawer(false)}
          width={width === "phone" ? "100%" : 400}
          title={<span className="number">{ticket.number}</span>}
          closable={{ "aria-label": t.app.close }}
          styles={{ body: { padding: 0 } }}
        >
          <div className="context in-drawer">{context}</div>
        </Drawer>
      )}
      {proposal !== null && (
        <ProposeRefund
          ticket={ticket}
          proposal={proposal}
          payments={[
            ...(first?.findings ?? []).flatMap(({ first: a, second: b }) => [a, b]),
            ...(ledger.data?.pages ?? []).flatMap((page) => page.payments),
          ].filter((payment) => payment !== null)}
          close={() => setProposal(null)}
          done={() => {
            setProposal(null);
            changed();
            show("ledger");
            void message.success(t.propose.done);
          }}
          stale={(error) => {
            if (isCode(error, "refundable_changed") || isCode(error, "open_remedy_exists")) changed();
          }}
        />
      )}
    </>
  );
}

function Context({ tab, setTab, children }: { tab: Tab; setTab: (tab: Tab) => void; children: ReactNode }) {
  const { t } = useWords();
  const move = (by: number) => {
    const wanted = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length] ?? tab;
    setTab(wanted);
    document.getElementById(`tab-${wanted}`)?.focus();
  };
  return (
    <>
      <div
        className="tabs"
        role="tablist"
        aria-label={t.context.label}
        onKeyDown={(event) => {
          if (event.key === "ArrowRight") move(1);
          else if (event.key === "ArrowLeft") move(-1);
        }}
      >
        {tabs.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={tab === name}
            aria-controls="context-panel"
            tabIndex={tab === name ? 0 : -1}
            onClick={() => setTab(name)}
          >
            {t.context[name]}
          </button>
        ))}
      </div>
      <div className="panel" role="tabpanel" id="context-panel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        {children}
      </div>
    </>
  );
}

function BarButton({
  icon,
  label,
  onClick,
  disabled = false,
}: {
  icon: Parameters<typeof Icon>[0]["name"];
  label: string;
  onClick: () => void;
  disabled?: boolean;
}) {
  return (
    <button type="button" className="bar-button" disabled={disabled} onClick={onClick}>
      <Icon name={icon} size={20} />
      <span>{label}</span>
    </button>
  );
}
