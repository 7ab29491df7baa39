// SPDX-License-Identifier: Apache-2.0
// What a draft promises, below it: each with a tick that its writer sets or takes away before it is sent.
import { shownMoment } from "../format/time";
import { promiseWordsOf } from "../i18n/promises";
import { useWords } from "../i18n/words";
import { candidates, isConfirmed, type Decisions, type Found } from "./promises";

interface Props {
  found: readonly Found[];
  draft: string;
  decisions: Decisions;
  decide: (words: string, yes: boolean) => void;
  solves: boolean; // the reply would solve the request
}

export function PromiseChips({ found, draft, decisions, decide, solves }: Props) {
  const { language } = useWords();
  const words = promiseWordsOf(language);
  const shown = candidates(found, draft);
  if (shown.length === 0) return null;
  const some = shown.some((one) => isConfirmed(one, decisions));
  return (
    <fieldset className="promises">
      <legend className="hidden-text">{words.inDraft}</legend>
      {shown.map((one) => (
        <label key={one.text} className={isConfirmed(one, decisions) ? "confirmed" : ""} title={words.hint}>
          <input
            type="checkbox"
            checked={isConfirmed(one, decisions)}
            onChange={(event) => decide(one.text, event.target.checked)}
          />
          <span>{words.confirm(one.text)}</span>{" "}
          <span className="num">
            {words.due} {shownMoment(one.due)}
          </span>
          {!one.sure && <span className="quiet">{words.unsure}</span>}
        </label>
      ))}
      {solves && some && (
        <p className="warn" role="status">
          {words.stays}
        </p>
      )}
    </fieldset>
  );
}
