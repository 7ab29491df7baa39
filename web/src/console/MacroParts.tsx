// SPDX-License-Identifier: Apache-2.0
// What the page of macros and the reply both say of one.
import type { MacroActions } from "../api/types";
import { macroWordsOf } from "../i18n/macros";
import { useWords } from "../i18n/words";

export const useMacroWords = () => macroWordsOf(useWords().language);

// In the order in which it is done. `withState` is left out where the state stands beside it already.
export function useActionWords(): (actions: MacroActions, withState?: boolean) => string[] {
  const { t } = useWords();
  const { does } = useMacroWords();
  return (actions, withState = true) => {
    const words: string[] = [];
    if (withState && actions.state_after !== null) words.push(does.state(t.api.state[actions.state_after]));
    if (actions.assignee !== null) words.push(does.person(actions.assignee.name));
    else if (actions.assign_to === "me") words.push(does.me);
    else if (actions.assign_to === "nobody") words.push(does.nobody);
    if (actions.snooze_hours > 0) words.push(does.hours(actions.snooze_hours));
    return words;
  };
}
