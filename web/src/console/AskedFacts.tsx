// SPDX-License-Identifier: Apache-2.0
// Above a request: what its customer was asked for, and what came.
import type { Ticket } from "../api/types";
import { askedWordsOf } from "../i18n/facts";
import { useWords } from "../i18n/words";
import { givenIn, missingIn, namedBy, outcomeWords } from "./asked_facts";
import { Icon } from "./icons";
import { Moment } from "./parts";

export function FactsStrip({ ticket }: { ticket: Ticket }) {
  const { t, language } = useWords();
  const w = askedWordsOf(language);
  const asked = ticket.asked_facts;
  if (asked === null) return null;
  const named = namedBy(t.missing, t.comma);
  const missing = missingIn(asked);
  const answered = asked.answered_at !== null;
  return (
    <p className={`strip ${answered && missing.length === 0 ? "met" : "aside"}`}>
      <Icon name={answered && missing.length === 0 ? "tick" : "reply"} size={16} />
      <span>
        {w.asked} <Moment at={asked.asked_at} /> {w.askedFor(named(asked.facts.map(({ fact }) => fact)))}
        {answered && w.stop}
        {answered && outcomeWords(givenIn(ticket.events), missing, named, w)}
      </span>
    </p>
  );
}
