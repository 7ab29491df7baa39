// SPDX-License-Identifier: Apache-2.0
// Signing in through the house's provider: the way there, what this page was come back to with, and the second factor.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { api, isCode } from "../api/client";
import { meQuery, siteQuery } from "../api/queries";
import { staffWordsOf } from "../i18n/staff";
import { useWords } from "../i18n/words";
import { CodeInput } from "./CodeInput";
import { ErrorNote } from "./parts";
import { go } from "./router";
import { endIn, keepWanted, takeWanted, type SignOnEnd, type Told } from "./sign_on";

export const useStaffWords = () => staffWordsOf(useWords().language);
export const useProvider = () => useQuery(siteQuery).data?.sign_on ?? null;

function useProviderName(): string {
  const w = useStaffWords();
  return useProvider()?.name ?? w.provider;
}

// Read once: the address is then the one that was wanted.
export function useSignOnEnd(): SignOnEnd | null {
  const [end] = useState(() => endIn(location.hash));
  useEffect(() => {
    if (endIn(location.hash) !== null) go(takeWanted(), "replace");
  }, []);
  return end;
}

export function SignOnLink() {
  const w = useStaffWords();
  return (
    <a className="button primary" href={api.signOn} onClick={keepWanted}>
      {w.signOn(useProviderName())}
    </a>
  );
}

export function SignOnTold({ told }: { told: Told }) {
  const words = useStaffWords().told[told](useProviderName());
  if (told === "cancelled") return <p role="status">{words}</p>;
  return (
    <p className="error" role="alert">
      {words}
    </p>
  );
}

// After these no other code helps, only another beginning.
const overs = ["sign_on_expired", "sign_on_of_another", "staff_inactive", "not_permitted"] as const;

export function SignOnCode({ leave }: { leave: () => void }) {
  const { t } = useWords();
  const w = useStaffWords();
  const name = useProviderName();
  const queries = useQueryClient();
  const [code, setCode] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const finish = useMutation({
    mutationFn: () => api.finishSignOn({ totp: code }),
    onSuccess: ({ staff }) => queries.setQueryData(meQuery.queryKey, staff),
    onError: () => {
      setCode("");
      field.current?.focus();
    },
  });
  const over = overs.some((one) => isCode(finish.error, one));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!finish.isPending) finish.mutate();
  };
  return (
    <>
      {over ? (
        <>
          <ErrorNote error={finish.error} />
          <SignOnLink />
        </>
      ) : (
        <form onSubmit={submit}>
          <p className="sign-on-lead">{w.proven(name)}</p>
          <label className="field">
            <span>{t.signIn.code}</span>
            <CodeInput code={code} setCode={setCode} field={field} autoFocus />
            <small>{t.signIn.codeHint}</small>
          </label>
          <ErrorNote error={finish.error} />
          <button type="submit" className="button primary" disabled={finish.isPending}>
            {t.signIn.enter}
          </button>
        </form>
      )}
      <button type="button" className="link" onClick={leave}>
        {t.signIn.again}
      </button>
    </>
  );
}
