// SPDX-License-Identifier: Apache-2.0
// What the pages of incidents and of requests share.
import type { Incident, Ticket } from "../api/types";
import { incidentWordsOf } from "../i18n/incidents";
import { useWords } from "../i18n/words";
import { Moment } from "./parts";
import { pathOf } from "./router";
import { follow } from "./Shell";

export const useIncidentWords = () => incidentWordsOf(useWords().language);

export const aboutOf = (words: ReturnType<typeof incidentWordsOf>, { about }: Incident) =>
  words.about[about.kind](about.thing);

// On a request: which incident it belongs to, and whether its customer was told.
export function IncidentStrip({ ticket }: { ticket: Ticket }) {
  const words = useIncidentWords();
  const { incident } = ticket;
  if (incident === null) return null;
  const path = pathOf.incidents(String(incident.id));
  return (
    <p className={`strip ${incident.told_at !== null ? "met" : "waiting"}`}>
      {words.strip(aboutOf(words, incident), incident.requests)}
      {incident.told_at !== null && (
        <>
          {" · "}
          {words.stripTold} <Moment at={incident.told_at} />
        </>
      )}
      {incident.apart && ` · ${words.stripApart}`}{" "}
      <a className="link" href={path} onClick={(event) => follow(event, path)}>
        {words.look}
      </a>
    </p>
  );
}
