// SPDX-License-Identifier: Apache-2.0
// What was promised on a request: what is to be done by when, done or taken back here.
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api } from "../api/client";
import { useTicketChanged } from "../api/queries";
import type { Promised, Ticket } from "../api/types";
import { shortBelow, spanInMinutes } from "../format/time";
import { promiseWordsOf } from "../i18n/promises";
import { useWords } from "../i18n/words";
import { useMe } from "./me";
import { ErrorNote, Moment, useNow } from "./parts";
import { inOrder, isDone, standingOf } from "./promises";

const reasonLimit = 500;

export function PromisesCard({ ticket }: { ticket: Ticket }) {
  const { language } = useWords();
  const words = promiseWordsOf(language);
  const me = useMe();
  if (ticket.promises.length === 0) return null;
  return (
    <section className="card promises-card" aria-label={words.title}>
      <h3>{words.title}</h3>
      <ul>
        {inOrder(ticket.promises).map((promise) => (
          <PromiseLine
            key={promise.no}
            number={ticket.number}
            promise={promise}
            mayAct={me.permissions.includes("reply")}
          />
        ))}
      </ul>
    </section>
  );
}

function PromiseLine({ number, promise, mayAct }: { number: string; promise: Promised; mayAct: boolean }) {
  const { t, language } = useWords();
  const words = promiseWordsOf(language);
  const now = useNow();
  const changed = useTicketChanged(number);
  const [reason, setReason] = useState<string | null>(null); // while it is being withdrawn
  const keep = useMutation({ mutationFn: () => api.keepPromise(number, promise.no), onSettled: changed });
  const withdraw = useMutation({
    mutationFn: (why: string) => api.withdrawPromise(number, promise.no, { reason: why }),
    onSuccess: () => setReason(null),
    onSettled: changed,
  });
  const standing = standingOf(promise, now, shortBelow);
  const left = Date.parse(promise.due) - now;
  const size = spanInMinutes(left, t.span);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason !== null && reason.trim() !== "") withdraw.mutate(reason.trim());
  };
  return (
    <li className={`promise ${standing}`}>
      <p>
        <q>{promise.text}</q> <span className="promise-standing">{words.standing[standing]}</span>
      </p>
      <p className="quiet small">
        {words.due} <Moment at={promise.due} />
        {!isDone(standing) && <span className="num"> · {left > 0 ? t.list.left(size) : t.list.over(size)}</span>} ·{" "}
        {words.by(promise.made_by.name)}
      </p>
      {promise.reason !== "" && <p className="small">{promise.reason}</p>}
      {mayAct && !isDone(standing) && reason === null && (
        <div className="promise-acts">
          <button type="button" className="button" disabled={keep.isPending} onClick={() => keep.mutate()}>
            {words.done}
          </button>
          {standing !== "over" && (
            <button type="button" className="link" onClick={() => setReason("")}>
              {words.withdraw}
            </button>
          )}
        </div>
      )}
      {reason !== null && !isDone(standing) && (
        <form onSubmit={submit}>
          <label>
            <span className="small">{words.why}</span>
            <input
              type="text"
              autoFocus
              value={reason}
              maxLength={reasonLimit}
              onChange={(event) => setReason(event.target.value)}
            />
          </label>
          <p className="quiet small">{words.tell}</p>
          <div className="promise-acts">
            <button type="submit" className="button" disabled={withdraw.isPending || reason.trim() === ""}>
              {words.withdraw}
            </button>
            <button type="button" className="link" onClick={() => setReason(null)}>
              {words.cancel}
            </button>
          </div>
        </form>
      )}
      <ErrorNote error={keep.error ?? withdraw.error} />
    </li>
  );
}
