// SPDX-License-Identifier: Apache-2.0
// Reply, note or side thread: what is written next. Colour and words of the button below tell them apart as well.
import { sideWordsOf } from "../i18n/sides";
import { useWords } from "../i18n/words";
import { Icon } from "./icons";

export type Mode = "reply" | "note" | "side";

export function ModeSwitch({ mode, choose }: { mode: Mode; choose: (mode: Mode) => void }) {
  const { t, language } = useWords();
  return (
    <div className="switch" role="group" aria-label={t.compose.mode}>
      <button type="button" aria-pressed={mode === "reply"} onClick={() => choose("reply")}>
        <Icon name="reply" size={15} /> {t.compose.reply}
      </button>
      <button type="button" aria-pressed={mode === "note"} onClick={() => choose("note")}>
        <Icon name="lock" size={15} /> {t.compose.note}
      </button>
      <button type="button" aria-pressed={mode === "side"} onClick={() => choose("side")}>
        <Icon name="outside" size={15} /> {sideWordsOf(language).mode}
      </button>
    </div>
  );
}
