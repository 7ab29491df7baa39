// SPDX-License-Identifier: Apache-2.0
// Drafts on the server: what is written is kept after a pause, so that a reload or another device has it. One save is under
// way at a time and the newest text wins; once the answer is sent nothing is kept any more.
import { useEffect, useRef, useState } from "react";
import { api } from "../api/client";
import { mentionsMax, type Named } from "./mentions";

export interface KeptDraft {
  text: string;
  figures: string[];
  mentions: Named[]; // colleagues whom a note names
}
export const draftPause = 1_000;

export interface DraftKeeper {
  keep: (draft: KeptDraft) => void; // after a pause
  stop: () => Promise<void>; // nothing that waits is kept; resolves when nothing is under way
}

// `save` is asked for the newest only; `wait` runs something later and gives how to call it off.
export function draftKeeper(
  save: (draft: KeptDraft) => Promise<unknown>,
  told: (kept: boolean) => void,
  wait: (then: () => void) => () => void,
): DraftKeeper {
  let next: KeptDraft | null = null;
  let callOff: (() => void) | null = null;
  let underWay: Promise<void> | null = null;
  const run = () => {
    callOff = null;
    if (next === null || underWay !== null) return;
    const draft = next;
    next = null;
    underWay = save(draft)
      .then(
        () => told(true),
        () => told(false),
      )
      .finally(() => {
        underWay = null;
        if (next !== null && callOff === null) run();
      });
  };
  return {
    keep: (draft) => {
      next = draft;
      callOff?.();
      callOff = wait(run);
    },
    stop: async () => {
      next = null;
      callOff?.();
      callOff = null;
      if (underWay !== null) await underWay;
    },
  };
}

// `found` is called once for each request and mode where the server has a draft.
export function useKeptDraft(number: string, mode: "reply" | "note" | "side", found: (draft: KeptDraft) => void) {
  const [kept, setKept] = useState(true);
  const keeper = useRef<DraftKeeper | null>(null);
  const tell = useRef(found);
  tell.current = found;
  useEffect(() => {
    let gone = false;
    setKept(true);
    keeper.current = draftKeeper(
      ({ text, figures, mentions }) =>
        api.saveDraft(number, { mode, text, figures, mentions: mentions.slice(0, mentionsMax).map(({ id }) => id) }),
      (done) => {
        if (!gone) setKept(done);
      },
      (then) => {
        const timer = setTimeout(then, draftPause);
        return () => clearTimeout(timer);
      },
    );
    api.drafts(number).then(
      (drafts) => {
        const mine = drafts.items.find((draft) => draft.mode === mode);
        if (!gone && mine !== undefined)
          tell.current({ text: mine.text, figures: mine.figures, mentions: mine.mentions });
      },
      () => undefined, // the tab's own copy is there
    );
    return () => {
      gone = true;
    };
  }, [number, mode]);
  return {
    kept,
    keep: (draft: KeptDraft) => keeper.current?.keep(draft),
    stop: async () => keeper.current?.stop(),
  };
}
