// SPDX-License-Identifier: Apache-2.0
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError, isCode } from "../api/client";
import { meQuery } from "../api/queries";
import { WordsProvider } from "../i18n/words";
import { Console } from "./Console";
import "./console.css";
import { listenToKeys } from "./keyboard";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) =>
        failures < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
    },
    mutations: { retry: false },
  },
});
// A session that ended shows on whatever is read or written next: back to the sign-in, at the same address.
const watch = (error: unknown) => {
  if (isCode(error, "not_signed_in") && queries.getQueryData(meQuery.queryKey) !== undefined) {
    location.reload();
  }
};
queries.getQueryCache().config.onError = watch;
queries.getMutationCache().config.onError = watch;

listenToKeys();
const root = document.getElementById("console");
if (root === null) throw new Error("console.html has no #console");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <WordsProvider>
        <Console />
      </WordsProvider>
    </QueryClientProvider>
  </StrictMode>,
);
