// SPDX-License-Identifier: Apache-2.0
// Somebody else has saved what is being edited: keep what was typed, or take theirs. `said` says what they did; `children`
// show it.
import type { ReactNode } from "react";

interface Words {
  onTop: string;
  takeTheirs: string;
}
interface Props {
  words: Words;
  said: string;
  onTop: () => void;
  takeTheirs: () => void;
  children?: ReactNode;
}

export function Overtaken({ words, said, onTop, takeTheirs, children }: Props) {
  return (
    <div className="article-overtaken" role="alert">
      <p>{said}</p>
      {children}
      <div className="decision-buttons">
        <button type="button" className="button" onClick={onTop}>
          {words.onTop}
        </button>
        <button type="button" className="button" onClick={takeTheirs}>
          {words.takeTheirs}
        </button>
      </div>
    </div>
  );
}
