// SPDX-License-Identifier: Apache-2.0
// What banks were asked and have not settled. Where no inquiry brought an answer a person finds out, and says how they know.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api } from "../api/client";
import { railCallsQuery } from "../api/queries";
import type { RailCall } from "../api/types";
import { useWords } from "../i18n/words";
import { railEn, railZh } from "../i18n/rail";
import { CodeInput } from "./CodeInput";
import { useMe } from "./me";
import { ErrorNote, Fact, LoadFailed, Loading, Moment, Money } from "./parts";
import { pathOf } from "./router";
import { follow } from "./Shell";

const useRailWords = () => (useWords().language === "zh" ? railZh : railEn);
const waitsForPerson = (call: RailCall) => call.next_check_at === null;

export function RailCalls() {
  const words = useRailWords();
  const calls = useQuery(railCallsQuery());
  if (calls.isPending) return <Loading />;
  if (calls.isError) return <LoadFailed error={calls.error} retry={() => void calls.refetch()} />;
  const waiting = calls.data.items.filter(waitsForPerson);
  const asked = calls.data.items.filter((call) => !waitsForPerson(call));
  return (
    <div className="rail-calls">
      <p className="quiet">{words.lead}</p>
      {calls.data.items.length === 0 && <p role="status">{words.none}</p>}
      {[
        { name: words.waits, items: waiting },
        { name: words.asked, items: asked },
      ]
        .filter(({ items }) => items.length > 0)
        .map(({ name, items }) => (
          <section key={name} aria-label={name}>
            <h2>
              {name} <span className="badge plain">{items.length}</span>
            </h2>
            {items.map((call) => (
              <Call key={call.payment} call={call} />
            ))}
          </section>
        ))}
    </div>
  );
}

function Call({ call }: { call: RailCall }) {
  const words = useRailWords();
  const me = useMe();
  const [open, setOpen] = useState(false);
  const ticket = call.ticket === null ? null : pathOf.ticket("all", call.ticket);
  const payment = pathOf.treasury("payments", call.payment, {});
  return (
    <article className={`card rail-call ${waitsForPerson(call) ? "waits" : ""}`} aria-label={call.payment}>
      <header>
        <h3>
          {words[call.direction]} <Money of={call.amount} />
        </h3>
        <a href={payment} className="mono" onClick={(event) => follow(event, payment)}>
          {call.payment}
        </a>
      </header>
      <dl className="facts">
        <Fact name={call.merchant === null ? words.customer : words.merchant}>
          {call.customer?.name ?? call.merchant?.name}
        </Fact>
        <Fact name={words.instrument}>{call.instrument}</Fact>
        <Fact name={words.since}>
          <Moment at={call.created_at} />
        </Fact>
        <Fact name={words.inquiries}>{String(call.inquiries)}</Fact>
        <Fact name={words.next}>{call.next_check_at === null ? words.nobody : <Moment at={call.next_check_at} />}</Fact>
        {call.detail !== "" && <Fact name={words.lastWord}>{call.detail}</Fact>}
        {call.rail_reference !== "" && (
          <Fact name={words.reference}>
            <span className="mono">{call.rail_reference}</span>
          </Fact>
        )}
        {ticket !== null && (
          <Fact name={words.request}>
            <a href={ticket} onClick={(event) => follow(event, ticket)}>
              {call.ticket}
            </a>
          </Fact>
        )}
      </dl>
      {!me.permissions.includes("settle_unknown") ? (
        <p className="quiet small">{words.notYours}</p>
      ) : open ? (
        <Decide call={call} close={() => setOpen(false)} />
      ) : (
        <button type="button" className="button" onClick={() => setOpen(true)}>
          {words.decide}
        </button>
      )}
    </article>
  );
}

type Outcome = keyof typeof railEn.outcome;

function Decide({ call, close }: { call: RailCall; close: () => void }) {
  const words = useRailWords();
  const client = useQueryClient();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [note, setNote] = useState("");
  const [code, setCode] = useState("");
  const [wrong, setWrong] = useState("");
  const settle = useMutation({
    mutationFn: (chosen: Outcome) =>
      api.decideRailOutcome(call.payment, { outcome: chosen, note: note.trim(), totp_code: code }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["rail-calls"] }),
    onError: () => setCode(""), // a code works once
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (outcome === null) return setWrong(words.what);
    if (note.trim() === "") return setWrong(words.needNote);
    if (!/^\d{6}$/.test(code)) return setWrong(words.needCode);
    setWrong("");
    settle.mutate(outcome);
  };
  return (
    <form className="rail-decide" onSubmit={submit} noValidate>
      <fieldset>
        <legend>{words.what}</legend>
        {(Object.keys(words.outcome) as Outcome[])
          .filter((name) => name !== "returned" || call.direction === "pay_out")
          .map((name) => (
            <label key={name} className="choice">
              <input
                type="radio"
                name={`outcome-${call.payment}`}
                checked={outcome === name}
                onChange={() => setOutcome(name)}
              />
              <span>
                {words.outcome[name]}
                <span className="quiet small"> {words.moves[call.direction][name]}</span>
              </span>
            </label>
          ))}
      </fieldset>
      <label>
        <span>{words.note}</span>
        <textarea rows={2} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
        <span className="quiet small">{words.noteHint}</span>
      </label>
      <label>
        <span>{words.code}</span>
        <CodeInput code={code} setCode={setCode} required={false} />
      </label>
      {wrong !== "" && (
        <p className="error" role="alert">
          {wrong}
        </p>
      )}
      <ErrorNote error={settle.error} />
      <p className="actions">
        <button type="submit" className="button primary" disabled={settle.isPending || outcome === null}>
          {words.settle}
        </button>
        <button type="button" className="button" onClick={close}>
          {words.cancel}
        </button>
      </p>
    </form>
  );
}
