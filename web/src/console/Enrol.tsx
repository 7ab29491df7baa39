// SPDX-License-Identifier: Apache-2.0
// The one-time link of `okpay admin staff add`: password, then the second factor, then the ordinary sign-in. The token
// stands behind '#', so it reaches no log.
import { useMutation } from "@tanstack/react-query";
import { QRCode } from "antd";
import { useRef, useState, type FormEvent } from "react";
import { api } from "../api/client";
import { useWords } from "../i18n/words";
import { CodeInput } from "./CodeInput";
import { ErrorNote, LanguageButton } from "./parts";
import { useProvider, useStaffWords } from "./SignOn";

export function Enrol({ token }: { token: string }) {
  const { t } = useWords();
  const w = useStaffWords();
  const provider = useProvider();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [code, setCode] = useState("");
  const passwordField = useRef<HTMLInputElement>(null);
  const codeField = useRef<HTMLInputElement>(null);
  const enrol = useMutation({
    mutationFn: () => api.enrol({ token, name: name.trim(), password }),
    onError: () => passwordField.current?.select(),
  });
  const confirm = useMutation({
    mutationFn: () => api.confirmEnrolment({ token, totp: code }),
    onError: () => {
      setCode("");
      codeField.current?.focus();
    },
  });
  const differ = again !== "" && again !== password;

  const choose = (event: FormEvent) => {
    event.preventDefault();
    if (!differ && !enrol.isPending) enrol.mutate();
  };
  const prove = (event: FormEvent) => {
    event.preventDefault();
    if (!confirm.isPending) confirm.mutate();
  };
  return (
    <main className="door">
      <div className="door-card">
        <p className="wordmark">OKPay</p>
        <h1>{t.enrol.title}</h1>
        {token === "" && (
          <>
            <p className="error" role="alert">
              {t.enrol.noToken}
            </p>
            <a href="/console">{t.enrol.toSignIn}</a>
          </>
        )}
        {token !== "" && enrol.data === undefined && (
          <form onSubmit={choose}>
            <h2>{t.enrol.passwordStep}</h2>
            <label className="field">
              <span>{t.enrol.name}</span>
              <input
                name="name"
                autoComplete="name"
                required
                maxLength={100}
                autoFocus
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            </label>
            <label className="field">
              <span>{t.enrol.password}</span>
              <input
                ref={passwordField}
                type="password"
                name="new-password"
                autoComplete="new-password"
                required
                minLength={8}
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
              <small>{t.enrol.passwordHint}</small>
            </label>
            <label className="field">
              <span>{t.enrol.again}</span>
              <input
                type="password"
                name="password-again"
                autoComplete="new-password"
                required
                value={again}
                aria-invalid={differ}
                onChange={(event) => setAgain(event.target.value)}
              />
            </label>
            {differ && (
              <p className="error" role="alert">
                {t.enrol.differ}
              </p>
            )}
            <ErrorNote error={enrol.error} />
            <button type="submit" className="button primary" disabled={enrol.isPending || differ}>
              {t.enrol.next}
            </button>
          </form>
        )}
        {enrol.data !== undefined && !confirm.isSuccess && (
          <form onSubmit={prove}>
            <h2>{t.enrol.factorStep}</h2>
            <p>{t.enrol.scan}</p>
            <div className="qr" role="img" aria-label={t.enrol.qr}>
              <QRCode value={enrol.data.otpauth_uri} type="svg" size={180} color="#000000" bgColor="#ffffff" />
            </div>
            <p className="secret">
              <span className="quiet">{t.enrol.secret}</span>{" "}
              <code>{enrol.data.totp_secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>
            </p>
            <label className="field">
              <span>{t.enrol.code}</span>
              <CodeInput code={code} setCode={setCode} field={codeField} autoFocus />
            </label>
            <ErrorNote error={confirm.error} />
            <button type="submit" className="button primary" disabled={confirm.isPending}>
              {t.enrol.confirm}
            </button>
          </form>
        )}
        {confirm.isSuccess && (
          <>
            <p role="status">{provider === null ? t.enrol.done : w.joined(provider.name)}</p>
            <a className="button primary" href="/console">
              {t.enrol.toSignIn}
            </a>
          </>
        )}
      </div>
      <LanguageButton />
    </main>
  );
}
