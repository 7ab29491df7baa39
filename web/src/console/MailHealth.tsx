// SPDX-License-Identifier: Apache-2.0
// Mail as a whole: what is held back and why, what could not be read, addresses that nothing is sent to, and the books.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { api } from "../api/client";
import { mailBooksQuery, mailBrakesQuery, quarantineQuery, suppressedQuery } from "../api/queries";
import { useWords } from "../i18n/words";
import { useMailWords } from "./Delivery";
import { useMe } from "./me";
import { ErrorNote, LoadFailed, Loading, Moment, useWidth } from "./parts";
import { pathOf } from "./router";
import { follow } from "./Shell";

export function MailHealth() {
  const words = useMailWords();
  const readsBooks = useMe().permissions.includes("read_books");
  const width = useWidth();
  return (
    <div className="mail-health pad">
      {width !== "phone" && <h1>{words.title}</h1>}
      {readsBooks && <Brakes />}
      {readsBooks && <Quarantine />}
      <Suppressed />
      {readsBooks && <Books />}
    </div>
  );
}

// A question with a reason, asked only once it is wanted.
function WithReason({ name, act }: { name: string; act: (reason: string) => Promise<unknown> }) {
  const words = useMailWords();
  const client = useQueryClient();
  const [reason, setReason] = useState<string | null>(null);
  const done = useMutation({ mutationFn: act, onSuccess: () => client.invalidateQueries({ queryKey: ["mail"] }) });
  if (reason === null)
    return (
      <button type="button" className="button" onClick={() => setReason("")}>
        {name}
      </button>
    );
  return (
    <form
      className="case-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() !== "") done.mutate(reason.trim());
      }}
    >
      <label>
        {words.reason_}
        <input maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} autoFocus />
      </label>
      <button type="submit" className="button primary" disabled={done.isPending || reason.trim() === ""}>
        {name}
      </button>
      <ErrorNote error={done.error} />
    </form>
  );
}

function Act({ name, act }: { name: string; act: () => Promise<unknown> }) {
  const client = useQueryClient();
  const done = useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries({ queryKey: ["mail"] }) });
  return (
    <>
      <button type="button" className="button" disabled={done.isPending} onClick={() => done.mutate()}>
        {name}
      </button>
      <ErrorNote error={done.error} />
    </>
  );
}

function RequestLink({ number }: { number: string | null }) {
  if (number === null) return null;
  const path = pathOf.ticket("all", number);
  return (
    <a className="number" href={path} onClick={(event) => follow(event, path)}>
      {number}
    </a>
  );
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section aria-label={name}>
      <h2>{name}</h2>
      {children}
    </section>
  );
}

function Brakes() {
  const words = useMailWords();
  const manages = useMe().permissions.includes("manage_mail");
  const report = useQuery(mailBrakesQuery);
  if (report.isPending) return <Loading />;
  if (report.isError) return <LoadFailed error={report.error} retry={() => void report.refetch()} />;
  const { brakes, held, held_count } = report.data;
  const standing = brakes.filter((brake) => brake.ended_at === null);
  return (
    <Part name={words.brakes}>
      {standing.length === 0 && <p role="status">{words.noBrake}</p>}
      {standing.map((brake) => (
        <article key={brake.id} className="card" role="alert">
          <p>
            <strong>{words.brake[brake.kind]}</strong> · <Moment at={brake.since} />
            <br />
            {brake.why}
            {brake.next_try !== null && (
              <>
                <br />
                {words.nextTry}: <Moment at={brake.next_try} />
              </>
            )}
          </p>
          {manages && <WithReason name={words.release} act={(reason) => api.releaseBrake(brake.id, { reason })} />}
        </article>
      ))}
      {held_count > 0 && <p>{words.held(held_count)}</p>}
      {held.map((mail) => (
        <article key={mail.id} className="card">
          <p>
            {mail.recipient} · <Moment at={mail.written_at} /> <RequestLink number={mail.ticket} />
            <br />
            <span className="quiet">{words.why[mail.why]}</span>
          </p>
          {manages && <Act name={words.send} act={() => api.sendHeldMail(mail.id)} />}
        </article>
      ))}
    </Part>
  );
}

function Quarantine() {
  const words = useMailWords();
  const manages = useMe().permissions.includes("manage_mail");
  const mails = useQuery(quarantineQuery);
  if (mails.isPending) return <Loading />;
  if (mails.isError) return <LoadFailed error={mails.error} retry={() => void mails.refetch()} />;
  return (
    <Part name={words.quarantine}>
      {mails.data.items.length === 0 && <p role="status">{words.quarantineNone}</p>}
      {mails.data.items.map((mail) => (
        <article key={mail.id} className="card">
          <p>
            {mail.sender} · {mail.channel} · <Moment at={mail.received_at} />
            <br />
            <span className="quiet">{mail.reason}</span>
          </p>
          {manages && mail.channel !== "import" && <Act name={words.retry} act={() => api.retryQuarantined(mail.id)} />}
        </article>
      ))}
    </Part>
  );
}

function Suppressed() {
  const words = useMailWords();
  const replies = useMe().permissions.includes("reply");
  const addresses = useQuery(suppressedQuery);
  if (addresses.isPending) return <Loading />;
  if (addresses.isError) return <LoadFailed error={addresses.error} retry={() => void addresses.refetch()} />;
  return (
    <Part name={words.suppressed}>
      {addresses.data.items.length === 0 && <p role="status">{words.suppressedNone}</p>}
      {addresses.data.items.map((one) => (
        <article key={one.id} className="card">
          <p>
            <strong>{one.address}</strong> · {words.reason[one.reason]} · <Moment at={one.since} />{" "}
            <RequestLink number={one.ticket} />
            {one.answer !== "" && (
              <>
                <br />
                <span className="quiet">{one.answer}</span>
              </>
            )}
          </p>
          {replies && <WithReason name={words.lift} act={(reason) => api.liftSuppressed(one.id, { reason })} />}
        </article>
      ))}
    </Part>
  );
}

const counts = [
  "accepted",
  "parsed",
  "quarantined",
  "duplicates",
  "waiting",
  "sent",
  "queued",
  "uncertain",
  "failed",
  "suppressed",
] as const;

function Books() {
  const words = useMailWords();
  const { t } = useWords();
  const books = useInfiniteQuery(mailBooksQuery);
  if (books.isPending) return <Loading />;
  if (books.isError) return <LoadFailed error={books.error} retry={() => void books.refetch()} />;
  const rows = books.data.pages.flatMap((page) => page.items);
  return (
    <Part name={words.books}>
      <p className="quiet">{words.booksLead}</p>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={words.books}>
        <table className="num">
          <thead>
            <tr>
              <th scope="col">{words.column.hour}</th>
              <th scope="col">{words.column.channel}</th>
              {counts.map((name) => (
                <th key={name} scope="col">
                  {words.column[name]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.hour}${row.channel}`}>
                <th scope="row">
                  <Moment at={row.hour} />
                </th>
                <td>{row.channel === "out" ? words.out : row.channel}</td>
                {counts.map((name) => (
                  <td key={name}>{row[name] === 0 ? "" : row[name]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {books.hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={books.isFetchingNextPage}
          onClick={() => void books.fetchNextPage()}
        >
          {t.app.more}
        </button>
      )}
    </Part>
  );
}
