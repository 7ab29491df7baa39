// SPDX-License-Identifier: Apache-2.0
// Address and password first; the six digits when the server asks for them.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { api, isCode } from "../api/client";
import { meQuery } from "../api/queries";
import { useWords } from "../i18n/words";
import { CodeInput } from "./CodeInput";
import { ErrorNote, LanguageButton } from "./parts";

export function SignIn() {
  const { t } = useWords();
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [code, setCode] = useState("");
  const [asked, setAsked] = useState(false);
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
    <main className="door">
      <form className="door-card" onSubmit={submit}>
        <p className="wordmark">OKPay</p>
        <h1>{t.signIn.title}</h1>
        <label className="field">
          <span>{t.signIn.email}</span>
          <input
            type="email"
            name="email"
            autoComplete="username"
            required
            autoFocus
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
        <button type="submit" className="button primary" disabled={signIn.isPending}>
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
      <LanguageButton />
    </main>
  );
}
