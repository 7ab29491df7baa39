// SPDX-License-Identifier: Apache-2.0
// The door: the house's provider where there is one; address and password first, the six digits when the server asks.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { api, isCode } from "../api/client";
import { meQuery } from "../api/queries";
import { useWords } from "../i18n/words";
import { CodeInput } from "./CodeInput";
import { ErrorNote, LanguageButton } from "./parts";
import { SignOnCode, SignOnLink, SignOnTold, useProvider, useStaffWords } from "./SignOn";
import type { SignOnEnd } from "./sign_on";

export function SignIn({ returned }: { returned: SignOnEnd | null }) {
  const { t } = useWords();
  const w = useStaffWords();
  const provider = useProvider();
  const [end, setEnd] = useState(returned);
  const [asked, setAsked] = useState(false);
  const form = <PasswordForm asked={asked} setAsked={setAsked} first={provider === null} />;
  return (
    <main className="door">
      <div className="door-card">
        <p className="wordmark">OKPay</p>
        <h1>{t.signIn.title}</h1>
        {end === "code" ? (
          <SignOnCode leave={() => setEnd(null)} />
        ) : (
          <>
            {end !== null && !asked && <SignOnTold told={end} />}
            {provider !== null && !asked && <SignOnLink />}
            {provider === null ? (
              form
            ) : provider.only ? (
              <details className="sign-on-else">
                <summary>{w.forAdmins}</summary>
                {form}
              </details>
            ) : (
              <div className="sign-on-else">
                {!asked && <p className="quiet">{w.orPassword}</p>}
                {form}
              </div>
            )}
          </>
        )}
      </div>
      <LanguageButton />
    </main>
  );
}

interface PasswordProps {
  asked: boolean; // for the six digits
  setAsked: (asked: boolean) => void;
  first: boolean; // there is no other way in
}

function PasswordForm({ asked, setAsked, first }: PasswordProps) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [code, setCode] = useState("");
  const codeField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const signIn = useMutation({
    mutationFn: () => api.signIn({ email: email.trim(), password, ...(asked ? { totp: code } : {}) }),
    onSuccess: ({ staff }) => queries.setQueryData(meQuery.queryKey, staff),
    onError: (error) => {
      setCode("");
      if (isCode(error, "totp_required")) setAsked(true);
      else if (isCode(error, "sign_in_failed")) setAsked(false);
      codeField.current?.focus();
      passwordField.current?.select();
    },
  });
  useEffect(() => {
    if (asked) codeField.current?.focus();
  }, [asked]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!signIn.isPending) signIn.mutate();
  };
  return (
    <form onSubmit={submit}>
      <label className="field">
        <span>{t.signIn.email}</span>
        <input
          type="email"
          name="email"
          autoComplete="username"
          required
          autoFocus={first}
          value={email}
          readOnly={asked}
          onChange={(event) => setEmail(event.target.value)}
        />
      </label>
      {!asked && (
        <div className="field">
          <label htmlFor="password">{t.signIn.password}</label>
          <input
            ref={passwordField}
            id="password"
            type={shown ? "text" : "password"}
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <button type="button" className="link" onClick={() => setShown(!shown)}>
            {shown ? t.signIn.hide : t.signIn.show}
          </button>
        </div>
      )}
      {asked && (
        <label className="field">
          <span>{t.signIn.code}</span>
          <CodeInput code={code} setCode={setCode} field={codeField} />
          <small>{t.signIn.codeHint}</small>
        </label>
      )}
      {!isCode(signIn.error, "totp_required") && <ErrorNote error={signIn.error} />}
      {isCode(signIn.error, "sign_on_required") && <SignOnLink />}
      <button type="submit" className={first || asked ? "button primary" : "button"} disabled={signIn.isPending}>
        {asked ? t.signIn.enter : t.signIn.next}
      </button>
      {asked && (
        <button
          type="button"
          className="link"
          onClick={() => {
            setAsked(false);
            setPassword("");
            signIn.reset();
          }}
        >
          {t.signIn.again}
        </button>
      )}
    </form>
  );
}
