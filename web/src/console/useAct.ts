// SPDX-License-Identifier: Apache-2.0
// One intention of a form: its key stays the same while it is tried again, and is another once it was done or reworded.
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { newKey } from "../api/client";
import { useLedgerChanged } from "../api/queries";

export function useAct<Asked, Told>(act: (asked: Asked, key: string) => Promise<Told>, done: (told: Told) => void) {
  const intent = useRef({ said: "", key: "" });
  const changed = useLedgerChanged();
  return useMutation({
    mutationFn: (asked: Asked) => {
      const said = JSON.stringify(asked);
      if (intent.current.said !== said) intent.current = { said, key: newKey() };
      return act(asked, intent.current.key);
    },
    onSuccess: (told) => {
      intent.current = { said: "", key: "" };
      changed();
      done(told);
    },
    // What was refused may have been because the page is behind.
    onError: changed,
  });
}
