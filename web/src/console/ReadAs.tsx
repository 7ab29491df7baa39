// SPDX-License-Identifier: Apache-2.0
// What triage made of a request, how sure it was, and the words it went by.
import type { Ticket } from "../api/types";
import { percentOf } from "../format/percent";
import { useWords } from "../i18n/words";
import { reasonsOf } from "./sorting";
import { useSortingWords } from "./Sorting";

export function ReadAs({ ticket }: { ticket: Ticket }) {
  const { t } = useWords();
  const w = useSortingWords();
  const { category, confidence, because } = ticket.reading;
  const reasons = reasonsOf(because);
  if (category === null || reasons.length === 0) return null;
  const name = t.api.category[category];
  const sure = w.percent(percentOf(confidence, 1) ?? 0);
  const decided: Record<string, Record<string, string>> = {
    urgency: t.api.urgency,
    route: t.api.route,
    flag: t.readingFlag,
  };
  return (
    <div className="read-as">
      <p>
        {category === ticket.category ? w.readAs(name, sure) : w.setTo(name, sure, t.api.category[ticket.category])}
      </p>
      <ul className="reasons" aria-label={w.because}>
        {reasons.map(({ decision, value, words }, place) => (
          <li key={place}>
            {decision !== "category" && w.label(decided[decision]?.[value] ?? value)}
            <q lang={ticket.language}>{words}</q>
          </li>
        ))}
      </ul>
    </div>
  );
}
