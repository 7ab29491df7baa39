// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { draftKeeper, type KeptDraft } from "./kept_draft";

function world() {
  const saved: string[] = [];
  const told: boolean[] = [];
  const waiting: (() => void)[] = [];
  const open: ((ok: boolean) => void)[] = [];
  const keeper = draftKeeper(
    (draft) =>
      new Promise<void>((resolve, reject) => {
        saved.push(draft.text);
        open.push((ok) => (ok ? resolve() : reject(new Error("no"))));
      }),
    (kept) => told.push(kept),
    (then) => {
      waiting.push(then);
      return () => {
        const at = waiting.indexOf(then);
        if (at >= 0) waiting.splice(at, 1);
      };
    },
  );
  const pause = () => waiting.splice(0).forEach((then) => then());
  const answer = async (ok: boolean) => {
    open.shift()?.(ok);
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  const write = (text: string) => keeper.keep({ text, figures: [], mentions: [] } satisfies KeptDraft);
  return { saved, told, pause, answer, write, keeper };
}

it("keeps the newest after a pause, one at a time", async () => {
  const { saved, told, pause, answer, write } = world();
  write("D");
  write("De");
  expect(saved).toEqual([]);
  pause();
  expect(saved).toEqual(["De"]);
  write("Dea");
  write("Dear");
  pause();
  expect(saved).toEqual(["De"]); // one is under way
  await answer(true);
  expect(saved).toEqual(["De", "Dear"]);
  await answer(false);
  expect(told).toEqual([true, false]);
});

it("keeps nothing of what was sent", async () => {
  const { saved, pause, answer, write, keeper } = world();
  write("Dear");
  pause();
  write("Dear Li");
  const stopped = keeper.stop();
  await answer(true);
  await stopped;
  pause();
  expect(saved).toEqual(["Dear"]);
});
