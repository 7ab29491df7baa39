// SPDX-License-Identifier: Apache-2.0
// Incidents: which stand, and one of them with its requests, its text and what happened to it.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, isCode } from "../api/client";
import { incidentQuery, incidentsQuery } from "../api/queries";
import type { Incident, IncidentDetail, IncidentMember } from "../api/types";
import { useWords } from "../i18n/words";
import { aboutOf, useIncidentWords } from "./IncidentParts";
import { IncidentRefunds } from "./IncidentRefunds";
import { IncidentText } from "./IncidentText";
import { useMe } from "./me";
import { ErrorNote, LoadFailed, Loading, Moment } from "./parts";
import { pathOf } from "./router";
import { Shelf } from "./Shelf";
import { follow } from "./Shell";
import { More } from "./TreasuryJournal";

const colour = { open: "over", told: "done", closed: "plain" } as const;

export function Incidents({ item }: { item: string | null }) {
  return (
    <Shelf title={useIncidentWords().title} may="read_tickets" listed={item === null}>
      {item === null ? <List /> : <One key={item} item={item} />}
    </Shelf>
  );
}

function List() {
  const words = useIncidentWords();
  const [view, setView] = useState<"standing" | "closed">("standing");
  const list = useInfiniteQuery(incidentsQuery(view));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <p className="quiet">{words.lead}</p>
      <div className="article-tools">
        <div className="choices" role="group" aria-label={words.filter}>
          {(["standing", "closed"] as const).map((one) => (
            <button key={one} type="button" aria-pressed={view === one} onClick={() => setView(one)}>
              {words.filters[one]}
            </button>
          ))}
        </div>
      </div>
      {list.isPending ? (
        <Loading />
      ) : list.isError ? (
        <LoadFailed error={list.error} retry={() => void list.refetch()} />
      ) : items.length === 0 ? (
        <p className="quiet" role="status">
          {words.none[view]}
        </p>
      ) : (
        <ul className="article-list">
          {items.map((incident) => (
            <Row key={incident.id} incident={incident} />
          ))}
        </ul>
      )}
      <More list={list} />
    </>
  );
}

function Row({ incident }: { incident: Incident }) {
  const words = useIncidentWords();
  const path = pathOf.incidents(String(incident.id));
  return (
    <li>
      <a href={path} className="card incident-row" onClick={(event) => follow(event, path)}>
        <strong>{aboutOf(words, incident)}</strong>
        <Facts incident={incident} />
      </a>
    </li>
  );
}

function Facts({ incident }: { incident: Incident }) {
  const words = useIncidentWords();
  const { requests, customers, usual_requests, usual_days } = incident.burst;
  return (
    <>
      <span className="article-low">
        <span className={`badge ${colour[incident.state]}`}>{words.state[incident.state]}</span>
        <span className="quiet small">
          {words.requests(incident.requests)} · {words.told(incident.told)} · {words.since}{" "}
          <Moment at={incident.since} />
        </span>
      </span>
      <span className="quiet small">
        {words.why(requests, customers)} · {usual_days === 0 ? words.unknown : words.usual(usual_requests, usual_days)}
      </span>
    </>
  );
}

function One({ item }: { item: string }) {
  const words = useIncidentWords();
  const { t } = useWords();
  const id = /^[1-9]\d{0,14}$/.test(item) ? Number(item) : null;
  const incident = useQuery({ ...incidentQuery(id ?? 0), enabled: id !== null });
  const list = pathOf.incidents(null);
  return (
    <>
      <p>
        <a href={list} onClick={(event) => follow(event, list)}>
          ← {words.back}
        </a>
      </p>
      {incident.data !== undefined ? (
        <Known incident={incident.data} />
      ) : id === null || isCode(incident.error, "not_found") ? (
        <p role="alert">{t.api.error.not_found}</p>
      ) : incident.isPending ? (
        <Loading />
      ) : (
        <LoadFailed error={incident.error} retry={() => void incident.refetch()} />
      )}
    </>
  );
}

function Known({ incident }: { incident: IncidentDetail }) {
  const words = useIncidentWords();
  const queries = useQueryClient();
  const me = useMe();
  const [also, setAlso] = useState<ReadonlySet<string>>(new Set());
  const mayReply = me.permissions.includes("reply");
  const closed = incident.state === "closed";
  const changed = () => {
    for (const key of ["incidents", "tickets", "ticket"]) void queries.invalidateQueries({ queryKey: [key] });
  };
  const end = useMutation({
    mutationFn: () => api.endIncident(incident.id, closed ? "reopen" : "close"),
    onSettled: changed,
  });
  const choose = (number: string, chosen: boolean) =>
    setAlso((before) => new Set([...before].filter((one) => one !== number).concat(chosen ? [number] : [])));
  return (
    <>
      <header className="article-head">
        <h1>{aboutOf(words, incident)}</h1>
        <Facts incident={incident} />
        {mayReply && (
          <p>
            <button type="button" className="button" disabled={end.isPending} onClick={() => end.mutate()}>
              {closed ? words.reopen : words.close}
            </button>
          </p>
        )}
        <ErrorNote error={end.error} />
      </header>
      <IncidentText incident={incident} mayReply={mayReply && !closed} also={[...also]} changed={changed} />
      <section>
        <h2>{words.members}</h2>
        {mayReply && !closed && <Add incident={incident} changed={changed} />}
        <ul className="incident-members">
          {incident.members.map((member) => (
            <Member
              key={member.ticket.number}
              incident={incident}
              member={member}
              mayChange={mayReply && !closed}
              chosen={also.has(member.ticket.number)}
              choose={choose}
              changed={changed}
            />
          ))}
        </ul>
      </section>
      <IncidentRefunds incident={incident} changed={changed} />
      <details className="article-history">
        <summary>{words.history}</summary>
        <ol>
          {incident.steps.map((step, place) => (
            <li key={incident.steps.length - place}>
              <span>
                {step.ticket !== null && <span className="number">{step.ticket} </span>}
                {words.step[step.step]}
              </span>
              <span className="quiet small">
                <Moment at={step.at} />
                {step.staff !== null && ` · ${step.staff.name}`}
              </span>
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}

interface MemberProps {
  incident: IncidentDetail;
  member: IncidentMember;
  mayChange: boolean;
  chosen: boolean;
  choose: (number: string, chosen: boolean) => void;
  changed: () => void;
}

function Member({ incident, member, mayChange, chosen, choose, changed }: MemberProps) {
  const words = useIncidentWords();
  const { number, subject, language } = member.ticket;
  const remove = useMutation({
    mutationFn: () => api.removeFromIncident(incident.id, { ticket: number }),
    onSettled: changed,
  });
  const path = pathOf.ticket("all", number);
  return (
    <li>
      <a className="number" href={path} onClick={(event) => follow(event, path)}>
        {number}
      </a>
      <span className="subject" lang={language}>
        {subject}
      </span>
      <span className="quiet small">
        {member.told_at !== null ? (
          <>
            {words.toldAt} <Moment at={member.told_at} />
          </>
        ) : member.due ? (
          words.onItsWay
        ) : member.left_out !== null ? (
          words.leftOut[member.left_out]
        ) : (
          ""
        )}
      </span>
      {mayChange && member.left_out === "answered" && (
        <label className="inline">
          <input
            type="checkbox"
            checked={chosen}
            aria-label={words.also(number)}
            onChange={(event) => choose(number, event.target.checked)}
          />{" "}
          {words.alsoShort}
        </label>
      )}
      {mayChange && member.standing && (
        <button
          type="button"
          className="link"
          aria-label={words.remove(number)}
          disabled={remove.isPending}
          onClick={() => remove.mutate()}
        >
          {words.removeShort}
        </button>
      )}
      <ErrorNote error={remove.error} />
    </li>
  );
}

function Add({ incident, changed }: { incident: IncidentDetail; changed: () => void }) {
  const words = useIncidentWords();
  const [number, setNumber] = useState("");
  const add = useMutation({
    mutationFn: () => api.addToIncident(incident.id, { ticket: number.trim() }),
    onSuccess: () => setNumber(""),
    onSettled: changed,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (number.trim() !== "") add.mutate();
  };
  return (
    <form className="article-tools" aria-label={words.add} onSubmit={submit}>
      <input
        value={number}
        aria-label={words.number}
        placeholder="OK-…"
        maxLength={20}
        onChange={(event) => setNumber(event.target.value)}
      />
      <button type="submit" className="button" disabled={add.isPending || number.trim() === ""}>
        {words.doAdd}
      </button>
      {incident.state === "told" && <span className="quiet small">{words.addTold}</span>}
      <ErrorNote error={add.error} />
    </form>
  );
}
