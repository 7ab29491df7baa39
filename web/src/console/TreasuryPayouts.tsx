// SPDX-License-Identifier: Apache-2.0
// What banks were asked for and have not told of, and the payouts to merchants. Letters go to customers alone: what became
// of a payout stands here.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api } from "../api/client";
import { payoutsQuery, railCallsQuery } from "../api/queries";
import type { Payout, RailCall } from "../api/types";
import { shownMomentWithSeconds } from "../format/time";
import { useWords } from "../i18n/words";
import { useMe } from "./me";
import { ErrorNote, LoadFailed, Loading, Money } from "./parts";
import { Scrolls } from "./Treasury";
import { CodeField } from "./TreasuryAccount";
import { More, PaymentLink } from "./TreasuryJournal";
import { useAct } from "./useAct";

export function PayoutsPage() {
  const { t } = useWords();
  const words = t.treasury;
  const me = useMe();
  const list = useInfiniteQuery(payoutsQuery(null));
  const payouts = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {me.permissions.includes("read_books") && <OpenCalls />}
      <h2 className="panel-title">{words.payouts}</h2>
      {list.isPending ? (
        <Loading />
      ) : list.isError ? (
        <LoadFailed error={list.error} retry={() => void list.refetch()} />
      ) : payouts.length === 0 ? (
        <p className="quiet">{words.noPayouts}</p>
      ) : (
        <Payouts items={payouts} />
      )}
      <More list={list} />
    </>
  );
}

function Payouts({ items }: { items: readonly Payout[] }) {
  const { t } = useWords();
  const words = t.treasury;
  const colour = { succeeded: "done", failed: "over", returned: "over", unknown: "short" } as const;
  return (
    <div className="card books">
      <Scrolls label={words.payouts}>
        <table className="ledger-table">
          <thead>
            <tr>
              <th scope="col">{words.time}</th>
              <th scope="col">{words.merchant}</th>
              <th scope="col" className="figure">
                {words.amount}
              </th>
              <th scope="col">{words.toBank}</th>
              <th scope="col">{words.paymentState}</th>
              <th scope="col">{words.payment}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((payout) => (
              <tr key={payout.id}>
                <th scope="row">
                  <time className="num" dateTime={payout.created_at}>
                    {shownMomentWithSeconds(payout.created_at)}
                  </time>
                </th>
                <td>{payout.merchant?.name}</td>
                <td className="figure">
                  <Money of={payout.amount} />
                </td>
                <td>{payout.destination}</td>
                <td>
                  <span className={`badge ${colour[payout.state as keyof typeof colour] ?? "plain"}`}>
                    {t.api.paymentState[payout.state]}
                  </span>
                  {payout.refusal !== null && <span className="under-line">{t.api.refusal[payout.refusal]}</span>}
                  {payout.bank_state === "contradicted" && <span className="under-line">{words.contradicted}</span>}
                </td>
                <td>
                  <PaymentLink id={payout.id} at={{}} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolls>
    </div>
  );
}

function OpenCalls() {
  const { t } = useWords();
  const words = t.treasury;
  const list = useQuery(railCallsQuery);
  return (
    <>
      <h2 className="panel-title">{words.openCalls}</h2>
      {list.isPending ? (
        <Loading />
      ) : list.isError ? (
        <LoadFailed error={list.error} retry={() => void list.refetch()} />
      ) : list.data.items.length === 0 ? (
        <p className="quiet">{words.noOpenCalls}</p>
      ) : (
        list.data.items.map((call) => <OpenCall key={call.payment} call={call} />)
      )}
    </>
  );
}

function OpenCall({ call }: { call: RailCall }) {
  const { t } = useWords();
  const words = t.treasury;
  const me = useMe();
  const [open, setOpen] = useState(false);
  const [outcome, setOutcome] = useState("");
  const [note, setNote] = useState("");
  const [code, setCode] = useState("");
  const act = useAct(
    (asked: { outcome: "done" | "declined"; note: string; totp_code: string }) =>
      api.decideRailOutcome(call.payment, asked),
    () => setOpen(false),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (outcome === "" || act.isPending) return;
    act.mutate({ outcome: outcome as "done" | "declined", note: note.trim(), totp_code: code });
  };
  const waits = call.state === "unknown" && call.next_check_at === null;
  const what = call.direction === "collect" ? words.collects : call.merchant !== null ? words.paysOut : words.withdraws;
  return (
    <section className="card open-call" aria-label={`${what} ${call.payment}`}>
      <h3>
        {what} <Money of={call.amount} />{" "}
        <span className={`badge ${waits ? "over" : call.state === "unknown" ? "short" : "plain"}`}>
          {waits ? words.waitsForPerson : words.railState[call.state]}
        </span>
      </h3>
      <p>
        {call.customer?.name ?? call.merchant?.name} · {call.instrument} · <PaymentLink id={call.payment} at={{}} />
      </p>
      <p className="quiet small">
        {words.since(shownMomentWithSeconds(call.created_at))}
        {call.next_check_at !== null && ` · ${words.askedNext(shownMomentWithSeconds(call.next_check_at))}`}
        {call.inquiries > 0 && ` · ${words.askedInVain(call.inquiries)}`}
        {call.detail !== "" && ` · ${call.detail}`}
      </p>
      {me.permissions.includes("settle_unknown") && call.state === "unknown" && !open && (
        <button type="button" className={`button${waits ? " primary" : ""}`} onClick={() => setOpen(true)}>
          {words.sayOutcome}
        </button>
      )}
      {open && (
        <form onSubmit={submit}>
          <label className="field">
            <span>{words.outcome}</span>
            <select required value={outcome} onChange={(event) => setOutcome(event.target.value)}>
              <option value="">{words.choose}</option>
              <option value="done">{words.bankDidIt}</option>
              <option value="declined">{words.bankDidNot}</option>
            </select>
          </label>
          <label className="field">
            <span>{words.howKnown}</span>
            <textarea
              rows={2}
              required
              maxLength={500}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          </label>
          <CodeField code={code} setCode={setCode} />
          <ErrorNote error={act.error} />
          <div className="decision-buttons">
            <button
              type="submit"
              className="button primary"
              disabled={outcome === "" || note.trim() === "" || code.length !== 6 || act.isPending}
            >
              {words.settle}
            </button>
            <button type="button" className="button" onClick={() => setOpen(false)}>
              {t.app.cancel}
            </button>
          </div>
        </form>
      )}
    </section>
  );
}
