// SPDX-License-Identifier: Apache-2.0
// What the list of the help articles and a single one both show.
import type { FaqPair } from "../api/types";
import { articleWordsOf } from "../i18n/articles";
import { useWords } from "../i18n/words";
import { countsOf, driftOf, driftSentence, type Shown } from "./articles";

export const useArticleWords = () => articleWordsOf(useWords().language);

const colour: Record<Shown, string> = { unseen: "plain", shown: "done", edited: "short" };

export function ShownBadge({ shown }: { shown: Shown }) {
  return <span className={`badge ${colour[shown]}`}>{useArticleWords().shown[shown]}</span>;
}

// What is missing altogether is said in its own place.
export function DriftBadges({ pair }: { pair: Pick<FaqPair, "drifted" | "sides"> }) {
  const words = useArticleWords();
  return (
    <>
      {driftOf(pair)
        .filter(({ why }) => why === "behind")
        .map((drift) => (
          <span key={drift.language} className="badge short">
            {driftSentence(drift, words)}
          </span>
        ))}
    </>
  );
}

export function CountWords({ sides }: { sides: FaqPair["sides"] }) {
  const words = useArticleWords();
  const counts = countsOf(sides);
  return (
    <span className="quiet small">
      {words.helped(counts.helped)} · {words.notHelped(counts.notHelped)} · {words.answered(counts.answered)}
      {counts.askedOn > 0 && ` · ${words.askedOn(counts.askedOn)}`}
    </span>
  );
}
