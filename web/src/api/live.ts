// SPDX-License-Identifier: Apache-2.0
// Live changes over one server-sent event stream. The browser resumes by Last-Event-ID while it reconnects itself; where
// it gives up (the server answered an error) we open a new stream and read everything again, so a gap is never silent.
import type { QueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Change } from "./types";

const listDelay = 300; // many changes at once make one reading of the lists
const reopenDelay = 4000;

export function useLive(queries: QueryClient, signedIn: boolean): "live" | "reconnecting" {
  const [state, setState] = useState<"live" | "reconnecting">("live");
  useEffect(() => {
    if (!signedIn) return;
    let stream: EventSource;
    let lists: ReturnType<typeof setTimeout> | undefined;
    let reopen: ReturnType<typeof setTimeout> | undefined;
    const failed = () => void queries.invalidateQueries({ predicate: (query) => query.state.status === "error" });
    const everything = () => void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "site" });

    const apply = (change: Change) => {
      if (change.kind === "resync" || change.number === null) return everything();
      void queries.invalidateQueries({ queryKey: ["ticket", change.number] });
      void queries.invalidateQueries({ queryKey: ["ledger", change.number] });
      lists ??= setTimeout(() => {
        lists = undefined;
        void queries.invalidateQueries({ queryKey: ["tickets"] });
        void queries.invalidateQueries({ queryKey: ["approvals"] });
        void queries.invalidateQueries({ queryKey: ["incidents"] });
      }, listDelay);
    };

    const open = (again: boolean) => {
      stream = new EventSource("/api/v1/events");
      stream.onopen = () => {
        setState("live");
        if (again) everything();
        else failed(); // the stream goes on where it was; what was asked in between does not
      };
      stream.onmessage = (event: MessageEvent<string>) => apply(JSON.parse(event.data) as Change);
      stream.onerror = () => {
        setState("reconnecting");
        if (stream.readyState === EventSource.CLOSED) reopen = setTimeout(() => open(true), reopenDelay);
      };
    };
    open(false);
    return () => {
      stream.close();
      clearTimeout(lists);
      clearTimeout(reopen);
    };
  }, [queries, signedIn]);
  return state;
}
