// SPDX-License-Identifier: Apache-2.0
// The lock desk: what stands, why, and its way back. One person looks at everything on the checklist and proposes; another
// releases with a one-time code.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api } from "../api/client";
import { lockQuery, locksQuery } from "../api/queries";
import type { Lock, LockMessage, LockRelease, LockScope, LockState, ReleaseCheck } from "../api/types";
import { fromMinor, shownAmount } from "../format/money";
import { shownMomentWithSeconds } from "../format/time";
import { lockWordsOf } from "../i18n/locks";
import { useWords } from "../i18n/words";
import { useMe } from "./me";
import { ErrorNote, Fact, LoadFailed, Loading, Moment, useWidth } from "./parts";
import { pathOf } from "./router";
import { follow } from "./Shell";
import { CodeField, ReasonField } from "./TreasuryAccount";
import { More } from "./TreasuryJournal";
import { useAct } from "./useAct";

const useLockWords = () => lockWordsOf(useWords().language);
const colour = { active: "over", released: "done", expired: "plain", superseded: "plain" } as const;
const checks: readonly ReleaseCheck[] = [
  "customer_reached",
  "movements_confirmed",
  "contact_unchanged",
  "cause_understood",
];

export function Locks({ lock }: { lock: string | null }) {
  const words = useLockWords();
  const width = useWidth();
  return (
    <section className="treasury" aria-label={words.title}>
      {width !== "phone" && (
        <header className="treasury-head">
          <h1>{words.title}</h1>
        </header>
      )}
      <div className="treasury-body" tabIndex={0} role="group" aria-label={words.title}>
        {lock === null ? <List /> : <One id={lock} />}
      </div>
    </section>
  );
}

function List() {
  const words = useLockWords();
  const [state, setState] = useState<LockState | "">("active");
  const list = useInfiniteQuery(locksQuery(state));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <p className="quiet">{words.lead}</p>
      <label className="field lock-filter">
        <span>{words.filter}</span>
        <select value={state} onChange={(event) => setState(event.target.value as typeof state)}>
          {(["active", "released", "expired"] as const).map((name) => (
            <option key={name} value={name}>
              {words.state[name]}
            </option>
          ))}
          <option value="">{words.all}</option>
        </select>
      </label>
      {list.isPending ? (
        <Loading />
      ) : list.isError ? (
        <LoadFailed error={list.error} retry={() => void list.refetch()} />
      ) : items.length === 0 ? (
        <p className="quiet" role="status">
          {words.none}
        </p>
      ) : (
        items.map((item) => <Row key={item.id} lock={item} />)
      )}
      <More list={list} />
    </>
  );
}

function Row({ lock }: { lock: Lock }) {
  const words = useLockWords();
  const path = pathOf.locks(lock.id);
  const last = lock.releases.at(-1);
  return (
    <article className="card" aria-label={lock.customer.name}>
      <h3>
        <a href={path} onClick={(event) => follow(event, path)}>
          {lock.customer.name}
        </a>{" "}
        <span className={`badge ${colour[lock.state]}`}>{words.state[lock.state]}</span>{" "}
        {last?.state === "proposed" && <span className="badge short">{words.proposalState.proposed}</span>}
      </h3>
      <p>
        {words.scope[lock.scope]} · {words.source[lock.source]} · {words.message[lock.message_code]}
      </p>
      <p className="quiet small">
        <Moment at={lock.placed_at} />
        {lock.review_at !== null && lock.state === "active" && (
          <>
            {" · "}
            {words.review} <Moment at={lock.review_at} />
          </>
        )}
      </p>
    </article>
  );
}

function One({ id }: { id: string }) {
  const words = useLockWords();
  const found = useQuery(lockQuery(id));
  const list = pathOf.locks(null);
  return (
    <>
      <p>
        <a href={list} onClick={(event) => follow(event, list)}>
          ← {words.back}
        </a>
      </p>
      {found.isPending ? (
        <Loading />
      ) : found.isError ? (
        <LoadFailed error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Detail lock={found.data} />
      )}
    </>
  );
}

function Detail({ lock }: { lock: Lock }) {
  const words = useLockWords();
  const ticket = lock.request_number === null ? null : pathOf.ticket("all", lock.request_number);
  return (
    <>
      <section className="card" aria-label={lock.customer.name}>
        <h2>
          {lock.customer.name} <span className={`badge ${colour[lock.state]}`}>{words.state[lock.state]}</span>
        </h2>
        <dl className="facts">
          <Fact name={words.stops}>{words.scope[lock.scope]}</Fact>
          <Fact name={words.by}>{words.source[lock.source]}</Fact>
          <Fact name={words.told}>{words.message[lock.message_code]}</Fact>
          <Fact name={words.reason}>{lock.reason}</Fact>
          <Fact name={words.placed}>
            <Moment at={lock.placed_at} />
          </Fact>
          {lock.review_at !== null && (
            <Fact name={words.review}>
              <Moment at={lock.review_at} />
            </Fact>
          )}
          {lock.expires_at !== null && (
            <Fact name={words.expires}>
              <Moment at={lock.expires_at} />
            </Fact>
          )}
          {ticket !== null && (
            <Fact name={words.request}>
              <a href={ticket} onClick={(event) => follow(event, ticket)}>
                {lock.request_number}
              </a>
            </Fact>
          )}
        </dl>
      </section>
      {lock.releases.map((release) => (
        <Proposal key={release.id} lock={lock} release={release} />
      ))}
      {lock.state === "active" && <Propose lock={lock} />}
      {lock.decisions.length > 0 && (
        <section className="card" aria-label={words.judged}>
          <h3>{words.judged}</h3>
          {lock.decisions.map((decision) => (
            <div key={decision.at + decision.rules}>
              <p>
                <strong className="mono">{decision.rules}</strong>{" "}
                <span className="quiet small">{words.ruleset(decision.ruleset)}</span>
              </p>
              <Inputs of={decision.inputs} />
            </div>
          ))}
        </section>
      )}
      <section className="card" aria-label={words.history}>
        <h3>{words.history}</h3>
        <ol className="account-events">
          {lock.events.map((event) => (
            <li key={event.at + event.to}>
              <p>
                {words.state[event.to]} <span className="quiet">{event.actor}</span>
              </p>
              <p className="quiet small">
                {shownMomentWithSeconds(event.at)} · {event.reason}
              </p>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

// What the monitor had before it; what is nothing, false or unknown says nothing.
function Inputs({ of }: { of: Lock["decisions"][number]["inputs"] }) {
  const words = useLockWords();
  const { language } = useWords();
  const money = (minor: number) => {
    const { currency } = of;
    if (currency === "") return String(minor);
    const digits = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
    return shownAmount({ amount: fromMinor(BigInt(minor), digits ?? 2), currency }, language);
  };
  const since = (ms: number | null) => (ms === null ? null : words.minutes(Math.round(ms / 60_000)));
  const count = (value: number) => (value === 0 ? null : String(value));
  const flag = (value: boolean) => (value ? words.yes : null);
  const shown: Record<keyof typeof words.input, string | null> = {
    operation: words.operation[of.operation],
    amount: of.currency === "" ? null : money(of.amount_minor),
    available: of.currency === "" ? null : money(of.available_minor),
    entries: count(of.entries),
    moved: of.moved_minor === 0 ? null : money(of.moved_minor),
    out_ten_minutes: count(of.out_ten_minutes),
    out_hour: count(of.out_hour),
    out_hour_minor: of.out_hour_minor === 0 ? null : money(of.out_hour_minor),
    new_payee: flag(of.new_payee),
    new_device: flag(of.new_device),
    since_new_device: since(of.since_new_device_ms),
    since_change: since(of.since_change_ms),
    failed_sign_ins: count(of.failed_sign_ins),
    watched: flag(of.watched),
  };
  return (
    <dl className="facts">
      {(Object.keys(shown) as (keyof typeof words.input)[]).map(
        (name) =>
          shown[name] !== null && (
            <Fact key={name} name={words.input[name]}>
              <span className="num">{shown[name]}</span>
            </Fact>
          ),
      )}
    </dl>
  );
}

function useLockChanged(): () => void {
  const queries = useQueryClient();
  return () => {
    for (const key of ["lock", "locks", "tickets", "ticket"]) void queries.invalidateQueries({ queryKey: [key] });
  };
}

function Propose({ lock }: { lock: Lock }) {
  const words = useLockWords();
  const { t } = useWords();
  const me = useMe();
  const changed = useLockChanged();
  const [open, setOpen] = useState(false);
  const [ticked, setTicked] = useState<ReleaseCheck[]>([]);
  const [evidence, setEvidence] = useState("");
  const propose = useMutation({
    mutationFn: () => api.proposeLockRelease(lock.id, { checklist: ticked, evidence: evidence.trim() }),
    onSuccess: () => setOpen(false),
    onSettled: changed,
  });
  if (lock.message_code === "own_wish") return <p className="quiet">{words.ofCustomer}</p>;
  if (lock.releases.at(-1)?.state === "proposed") return null;
  if (!me.permissions.includes("manage_locks")) return <p className="quiet small">{words.notYours}</p>;
  if (!open) {
    return (
      <p>
        <button type="button" className="button primary" onClick={() => setOpen(true)}>
          {words.release}
        </button>
      </p>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!propose.isPending) propose.mutate();
  };
  return (
    <form className="card" onSubmit={submit} aria-label={words.release}>
      <fieldset className="lock-checks">
        <legend>{words.checklist}</legend>
        {checks.map((name) => (
          <label key={name} className="choice">
            <input
              type="checkbox"
              checked={ticked.includes(name)}
              onChange={(event) =>
                setTicked(event.target.checked ? [...ticked, name] : ticked.filter((one) => one !== name))
              }
            />
            <span>{words.check[name]}</span>
          </label>
        ))}
      </fieldset>
      <label className="field">
        <span>{words.evidence}</span>
        <textarea
          rows={3}
          required
          maxLength={500}
          value={evidence}
          onChange={(event) => setEvidence(event.target.value)}
        />
        <small>{words.evidenceHint}</small>
      </label>
      <ErrorNote error={propose.error} />
      <div className="decision-buttons">
        <button
          type="submit"
          className="button primary"
          disabled={ticked.length !== checks.length || evidence.trim() === "" || propose.isPending}
        >
          {words.propose}
        </button>
        <button type="button" className="button" onClick={() => setOpen(false)}>
          {t.app.cancel}
        </button>
      </div>
    </form>
  );
}

const shades = { proposed: "short", executed: "done", rejected: "plain", voided: "plain" } as const;

function Proposal({ lock, release }: { lock: Lock; release: LockRelease }) {
  const words = useLockWords();
  const decided = release.decided_by !== null && release.decided_at !== null;
  return (
    <section className="card" aria-label={`${words.proposal} ${release.id}`}>
      <h3>
        {words.proposal} <span className={`badge ${shades[release.state]}`}>{words.proposalState[release.state]}</span>
      </h3>
      <ul className="lock-ticked">
        {release.checklist.map((name) => (
          <li key={name}>{words.check[name]}</li>
        ))}
      </ul>
      <p>{release.evidence}</p>
      <p className="quiet small">
        {words.proposedBy(release.proposed_by.name, shownMomentWithSeconds(release.proposed_at))}
        {decided &&
          ` · ${words.decidedBy(release.decided_by?.name ?? "", shownMomentWithSeconds(release.decided_at ?? ""))}`}
        {release.note !== "" && ` · ${release.note}`}
      </p>
      {release.state === "proposed" && lock.state === "active" && <Decide release={release} />}
    </section>
  );
}

function Decide({ release }: { release: LockRelease }) {
  const words = useLockWords();
  const { t } = useWords();
  const me = useMe();
  const changed = useLockChanged();
  const [step, setStep] = useState<"choose" | "approve" | "reject">("choose");
  const [code, setCode] = useState("");
  const [note, setNote] = useState("");
  const own = release.proposed_by.id === me.id;
  const decide = useMutation({
    mutationFn: () =>
      step === "approve"
        ? api.approveLockRelease(release.id, { totp_code: code })
        : api.rejectLockRelease(release.id, { note: note.trim() }),
    onError: () => setCode(""), // a code works once
    onSettled: changed,
  });
  const mayApprove = me.permissions.includes("decide_locks") && !own;
  const mayReject = own ? me.permissions.includes("manage_locks") : mayApprove;
  if (!mayApprove && !mayReject) return <p className="quiet small">{words.notYours}</p>;
  if (step === "choose") {
    return (
      <div className="decision">
        <ErrorNote error={decide.error} />
        <div className="decision-buttons">
          {mayApprove && (
            <button type="button" className="button primary" onClick={() => setStep("approve")}>
              {words.approve}
            </button>
          )}
          <button type="button" className="button" onClick={() => setStep("reject")}>
            {own ? words.takeBack : words.sendBack}
          </button>
        </div>
        {own && <p className="why-not">{t.api.error.proposer_cannot_approve}</p>}
      </div>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!decide.isPending) decide.mutate();
  };
  return (
    <form className="decision" onSubmit={submit}>
      {step === "approve" ? (
        <>
          <p className="quiet small">{words.watched}</p>
          <CodeField code={code} setCode={setCode} />
        </>
      ) : (
        <label className="field">
          <span>{words.whyNot}</span>
          <textarea rows={2} required maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
        </label>
      )}
      <ErrorNote error={decide.error} />
      <div className="decision-buttons">
        <button
          type="submit"
          className="button primary"
          disabled={decide.isPending || (step === "approve" ? code.length !== 6 : note.trim() === "")}
        >
          {step === "approve" ? words.approve : own ? words.takeBack : words.sendBack}
        </button>
        <button type="button" className="button" onClick={() => setStep("choose")}>
          {t.app.cancel}
        </button>
      </div>
    </form>
  );
}

const scopes: readonly LockScope[] = ["payouts", "debits", "sign_in", "full"];
const messages: readonly LockMessage[] = [
  "under_review",
  "unusual_payments",
  "not_me",
  "stolen_or_lost",
  "identity_check",
  "legal_order",
];

// Beside a request: the customer is stopped from here on.
export function LockCustomer({ customer }: { customer: string }) {
  const words = useLockWords();
  const { t } = useWords();
  const me = useMe();
  const changed = useLockChanged();
  const [open, setOpen] = useState(false);
  const [scope, setScope] = useState<LockScope>("debits");
  const [message, setMessage] = useState<LockMessage>("under_review");
  const [reason, setReason] = useState("");
  const act = useAct(
    (asked: { scope: LockScope; message_code: LockMessage; reason: string; legal: boolean }, key) =>
      api.placeLock(customer, asked, key),
    () => {
      setOpen(false);
      setReason("");
      changed();
    },
  );
  if (!me.permissions.includes("manage_locks")) return null;
  if (!open) {
    return (
      <p>
        <button type="button" className="button" onClick={() => setOpen(true)}>
          {words.lock}
        </button>
      </p>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (act.isPending) return;
    act.mutate({ scope, message_code: message, reason: reason.trim(), legal: message === "legal_order" });
  };
  return (
    <form onSubmit={submit} aria-label={words.lock}>
      <label className="field">
        <span>{words.stops}</span>
        <select value={scope} onChange={(event) => setScope(event.target.value as LockScope)}>
          {scopes.map((name) => (
            <option key={name} value={name}>
              {words.scope[name]}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{words.told}</span>
        <select value={message} onChange={(event) => setMessage(event.target.value as LockMessage)}>
          {messages.map((name) => (
            <option key={name} value={name}>
              {words.message[name]}
            </option>
          ))}
        </select>
      </label>
      <ReasonField reason={reason} setReason={setReason} />
      <ErrorNote error={act.error} />
      <div className="decision-buttons">
        <button type="submit" className="button amber" disabled={reason.trim() === "" || act.isPending}>
          {words.place}
        </button>
        <button type="button" className="button" onClick={() => setOpen(false)}>
          {t.app.cancel}
        </button>
      </div>
    </form>
  );
}
