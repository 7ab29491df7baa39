// SPDX-License-Identifier: Apache-2.0
// What belongs to this request, and when it comes back: links, merge, split, snooze.
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api } from "../api/client";
import { useTicketChanged } from "../api/queries";
import type { Ticket } from "../api/types";
import { shownMoment } from "../format/time";
import { togetherWordsOf } from "../i18n/together";
import { useWords } from "../i18n/words";
import { Icon } from "./icons";
import { useMe } from "./me";
import { ErrorNote, IconButton } from "./parts";
import { runningDue, snoozeChoices } from "./snooze";

const useTogetherWords = () => togetherWordsOf(useWords().language);
const isOver = (ticket: Ticket) => ticket.state === "solved" || ticket.state === "closed";

// Above the conversation: where it goes on, or that it sleeps.
export function TogetherStrip({ ticket }: { ticket: Ticket }) {
  const words = useTogetherWords();
  const mayReply = useMe().permissions.includes("reply");
  const changed = useTicketChanged(ticket.number);
  const wake = useMutation({ mutationFn: () => api.wakeTicket(ticket.number), onSettled: changed });
  return (
    <>
      {ticket.merged_into !== null && (
        <p className="strip waiting">
          {words.mergedInto}{" "}
          <a className="number" href={`/console/all/${ticket.merged_into}`}>
            {ticket.merged_into}
          </a>
        </p>
      )}
      {ticket.snoozed_until !== null && (
        <p className="strip waiting">
          <Icon name="snoozed" size={16} /> {words.until(shownMoment(ticket.snoozed_until))}
          {mayReply && (
            <button type="button" className="link" disabled={wake.isPending} onClick={() => wake.mutate()}>
              {words.wake}
            </button>
          )}
        </p>
      )}
      <ErrorNote error={wake.error} />
    </>
  );
}

export function TogetherCard({ ticket }: { ticket: Ticket }) {
  const words = useTogetherWords();
  const mayReply = useMe().permissions.includes("reply");
  const changed = useTicketChanged(ticket.number);
  const [doing, setDoing] = useState<"link" | "split" | null>(null);
  const [made, setMade] = useState<string | null>(null);
  const unmerge = useMutation({ mutationFn: () => api.unmergeTicket(ticket.number), onSettled: changed });
  const unlink = useMutation({
    mutationFn: (link: Ticket["links"][number]) =>
      api.unlinkTicket(ticket.number, {
        other: link.number,
        kind: link.kind === "duplicate_of" ? "duplicate_of" : "related",
      }),
    onSettled: changed,
  });
  const merged = ticket.merged_into !== null;
  return (
    <section className="card" aria-label={words.title}>
      <h3>{words.title}</h3>
      {ticket.links.length > 0 && (
        <ul>
          {ticket.links.map((link) => (
            <li key={`${link.kind}${link.number}`}>
              {link.from_here ? words.here[link.kind] : words.there[link.kind]}{" "}
              <a className="number" href={`/console/all/${link.number}`}>
                {link.number}
              </a>
              {link.reason !== "" && <span className="quiet small"> · {link.reason}</span>}
              {mayReply && (link.kind === "related" || link.kind === "duplicate_of") && (
                <IconButton icon="close" label={words.remove(link.number)} onClick={() => unlink.mutate(link)} />
              )}
            </li>
          ))}
        </ul>
      )}
      {mayReply && merged && (
        <button type="button" className="button" disabled={unmerge.isPending} onClick={() => unmerge.mutate()}>
          {words.unmerge}
        </button>
      )}
      {mayReply && doing === null && (
        <p>
          <button type="button" className="button" onClick={() => setDoing("link")}>
            {words.add}
          </button>{" "}
          {!merged && (
            <button type="button" className="button" onClick={() => setDoing("split")}>
              {words.split}
            </button>
          )}
        </p>
      )}
      {doing === "link" && <LinkForm ticket={ticket} close={() => setDoing(null)} />}
      {doing === "split" && (
        <SplitForm
          ticket={ticket}
          close={(number) => {
            setDoing(null);
            setMade(number);
          }}
        />
      )}
      {made !== null && <p role="status">{words.made(made)}</p>}
      <ErrorNote error={unlink.error ?? unmerge.error} />
      {mayReply && !isOver(ticket) && ticket.snoozed_until === null && <Snooze ticket={ticket} />}
    </section>
  );
}

function LinkForm({ ticket, close }: { ticket: Ticket; close: () => void }) {
  const words = useTogetherWords();
  const changed = useTicketChanged(ticket.number);
  const [how, setHow] = useState<"related" | "duplicate_of" | "merge">("related");
  const [number, setNumber] = useState("");
  const [reason, setReason] = useState("");
  const act = useMutation({
    mutationFn: async () => {
      const other = number.trim().toUpperCase();
      const why = reason.trim();
      if (how === "merge") await api.mergeTicket(ticket.number, { into: other, reason: why, version: ticket.version });
      else await api.linkTicket(ticket.number, { other, kind: how, reason: why });
    },
    onSuccess: close,
    onSettled: changed,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    act.mutate();
  };
  return (
    <form className="case-form" onSubmit={submit}>
      <label>
        {words.kind}
        <select value={how} onChange={(event) => setHow(event.target.value as typeof how)}>
          <option value="related">{words.here.related}</option>
          <option value="duplicate_of">{words.here.duplicate_of}</option>
          {ticket.merged_into === null && <option value="merge">{words.merge}</option>}
        </select>
      </label>
      <label>
        {words.number}
        <input
          maxLength={20}
          placeholder="OK-"
          autoCapitalize="characters"
          value={number}
          onChange={(event) => setNumber(event.target.value)}
        />
      </label>
      <label>
        {words.reason}
        <input maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
      {how === "merge" && <p className="quiet small">{words.mergeLine}</p>}
      <button type="submit" className="button primary" disabled={act.isPending || number.trim() === ""}>
        {how === "merge" ? words.doMerge : words.add}
      </button>
      <button type="button" className="link" onClick={close}>
        {words.cancel}
      </button>
      <ErrorNote error={act.error} />
    </form>
  );
}

function SplitForm({ ticket, close }: { ticket: Ticket; close: (made: string | null) => void }) {
  const words = useTogetherWords();
  const changed = useTicketChanged(ticket.number);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [subject, setSubject] = useState("");
  const split = useMutation({
    mutationFn: () =>
      api.splitTicket(ticket.number, {
        messages: [...chosen],
        version: ticket.version,
        ...(subject.trim() === "" ? {} : { subject: subject.trim() }),
      }),
    onSuccess: (made) => close(made.number),
    onSettled: changed,
  });
  const possible = ticket.messages.filter(
    (message) =>
      message.direction === "inbound" &&
      message.request === null &&
      message.went_on_in === null &&
      message.from_address === ticket.party_address,
  );
  const toggle = (id: string) =>
    setChosen((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id]));
  return (
    <form
      className="case-form"
      onSubmit={(event) => {
        event.preventDefault();
        split.mutate();
      }}
    >
      <p className="quiet small">{words.splitLine}</p>
      {possible.map((message) => (
        <label key={message.id} className="check">
          <input type="checkbox" checked={chosen.includes(message.id)} onChange={() => toggle(message.id)} />{" "}
          <span className="num quiet">{shownMoment(message.at)}</span>{" "}
          <span lang={ticket.language}>{message.body.slice(0, 80)}</span>
        </label>
      ))}
      <label>
        {words.splitSubject}
        <input maxLength={200} value={subject} onChange={(event) => setSubject(event.target.value)} />
      </label>
      <button type="submit" className="button primary" disabled={split.isPending || chosen.length === 0}>
        {words.doSplit}
      </button>
      <button type="button" className="link" onClick={() => close(null)}>
        {words.cancel}
      </button>
      <ErrorNote error={split.error} />
    </form>
  );
}

function Snooze({ ticket }: { ticket: Ticket }) {
  const words = useTogetherWords();
  const changed = useTicketChanged(ticket.number);
  const [typed, setTyped] = useState("");
  const snooze = useMutation({
    mutationFn: (until: Date) => api.snoozeTicket(ticket.number, { until: until.toISOString() }),
    onSettled: changed,
  });
  const picked = typed === "" ? null : new Date(typed);
  return (
    <div className="case-form" role="group" aria-label={words.snooze}>
      <h3>{words.snooze}</h3>
      <p className="quiet small">{words.snoozeLine}</p>
      <p>
        {snoozeChoices(new Date(), runningDue(ticket)).map(({ choice, until }) => (
          <button
            key={choice}
            type="button"
            className="button"
            disabled={snooze.isPending}
            onClick={() => snooze.mutate(until)}
          >
            {words[choice]}
          </button>
        ))}
      </p>
      <label>
        {words.pick}
        <input type="datetime-local" value={typed} onChange={(event) => setTyped(event.target.value)} />
      </label>
      <button
        type="button"
        className="button"
        disabled={snooze.isPending || picked === null || Number.isNaN(picked.getTime())}
        onClick={() => {
          if (picked !== null) snooze.mutate(picked);
        }}
      >
        {words.snooze}
      </button>
      <ErrorNote error={snooze.error} />
    </div>
  );
}
