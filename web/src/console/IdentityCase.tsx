// SPDX-License-Identifier: Apache-2.0
// One verification. Nothing personal is shown before the reviewer has said why: the reason goes with each look.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api } from "../api/client";
import type { Answer } from "../api/types";
import { CodeInput } from "./CodeInput";
import { Findings, useIdentityWords } from "./Identity";
import { useMe } from "./me";
import { ErrorNote, Fact, Moment } from "./parts";

type Verification = Answer<"getVerification">;
type Purpose = Verification["views"][number]["purpose"];
type Decision = Verification["reviews"][number]["decision"];
type Code = NonNullable<Verification["code"]>;
interface Look {
  purpose: Purpose;
  reason: string;
}

export function IdentityCase({ of }: { of: Verification }) {
  const words = useIdentityWords();
  const [look, setLook] = useState<Look | null>(null);
  const [opened, setOpened] = useState<Verification | null>(null);
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const destroyed = of.files_destroyed_at !== null;
  const left = of.files.filter((file) => !seen.has(file.id) && !file.seen_by_me).length;
  return (
    <>
      <header className="identity-head">
        <h1>{of.customer.name}</h1>
        <span className="badge plain">{words.state[of.state]}</span>
        <Findings of={of} />
      </header>
      <dl className="facts">
        <Fact name={words.document[of.document]}>
          <span className="mono">
            {of.country} {of.number_masked}
          </span>
        </Fact>
        <Fact name={words.why}>{words.purpose[of.purpose]}</Fact>
        {of.submitted_at !== null && (
          <Fact name={words.since}>
            <Moment at={of.submitted_at} />
          </Fact>
        )}
        {of.document_expires !== null && <Fact name={words.expires}>{of.document_expires}</Fact>}
        {of.reviews_needed > 1 && <Fact name={words.decide}>{words.reviews(of.reviews_yes, of.reviews_needed)}</Fact>}
      </dl>
      {destroyed && <p className="quiet">{words.destroyed}</p>}
      {opened === null || look === null ? (
        <Open
          of={of}
          done={(said, told) => {
            setLook(said);
            setOpened(told);
          }}
        />
      ) : (
        <>
          <Evidence of={opened} />
          {of.files.length > 0 && (
            <section className="card" aria-label={words.pictures}>
              <h2>{words.pictures}</h2>
              <p className="quiet small">{words.picturesLead}</p>
              <div className="identity-pictures">
                {of.files.map((file) => (
                  <Picture
                    key={file.id}
                    verification={of.id}
                    file={file}
                    look={look}
                    done={() => setSeen((before) => new Set(before).add(file.id))}
                  />
                ))}
              </div>
            </section>
          )}
          {of.state === "in_review" && <Decide of={of} left={left} />}
        </>
      )}
      <Past of={of} />
    </>
  );
}

function Open({ of, done }: { of: Verification; done: (look: Look, told: Verification) => void }) {
  const words = useIdentityWords();
  const [purpose, setPurpose] = useState<Purpose>(of.reviews_yes > 0 ? "second_review" : "review");
  const [reason, setReason] = useState("");
  const [wrong, setWrong] = useState("");
  const open = useMutation({
    mutationFn: (look: Look) => api.openVerification(of.id, look),
    onSuccess: (told, look) => done(look, told),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() === "") return setWrong(words.needReason);
    setWrong("");
    open.mutate({ purpose, reason: reason.trim() });
  };
  return (
    <form className="card identity-form" onSubmit={submit} noValidate>
      <h2>{words.openTitle}</h2>
      <label>
        <span>{words.why}</span>
        <select value={purpose} onChange={(event) => setPurpose(event.target.value as Purpose)}>
          {(Object.keys(words.look) as Purpose[]).map((one) => (
            <option key={one} value={one}>
              {words.look[one]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{words.reason}</span>
        <input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
        <span className="quiet small">{words.reasonHint}</span>
      </label>
      {wrong !== "" && (
        <p className="error" role="alert">
          {wrong}
        </p>
      )}
      <ErrorNote error={open.error} />
      <p className="actions">
        <button type="submit" className="button primary" disabled={open.isPending}>
          {words.open}
        </button>
      </p>
    </form>
  );
}

function Evidence({ of }: { of: Verification }) {
  const words = useIdentityWords();
  if (of.evidence === undefined || of.facts === undefined) return <p className="quiet">{words.destroyed}</p>;
  return (
    <section className="card" aria-label={words.checks}>
      <h2>{words.facts}</h2>
      <dl className="facts">
        <Fact name={words.name}>{of.facts.name}</Fact>
        <Fact name={words.birth}>{of.facts.birth_date}</Fact>
        <Fact name={words.country}>{of.facts.country}</Fact>
        <Fact name={words.number}>
          <span className="mono">{of.facts.number}</span>
        </Fact>
      </dl>
      <h2>{words.checks}</h2>
      <p className="quiet small">{words.checksLead}</p>
      <div className="identity-table">
        <table>
          <thead>
            <tr>
              <th scope="col">{words.checks}</th>
              <th scope="col" />
              <th scope="col">{words.stated}</th>
              <th scope="col">{words.read}</th>
            </tr>
          </thead>
          <tbody>
            {of.evidence.map((check) => (
              <tr key={check.kind}>
                <th scope="row">{words.check[check.kind]}</th>
                <td>
                  <span className={`verdict ${check.verdict}`}>{words.verdict[check.verdict]}</span>
                </td>
                <td>{check.stated}</td>
                <td className="mono">{check.read}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Picture({
  verification,
  file,
  look,
  done,
}: {
  verification: string;
  file: Verification["files"][number];
  look: Look;
  done: () => void;
}) {
  const words = useIdentityWords();
  const show = useMutation({
    mutationFn: () => api.previewIdentityFile(verification, file.id, look),
    onSuccess: done,
  });
  const name = words.file[file.kind];
  return (
    <figure>
      <figcaption>
        {name} {file.seen_by_me && <span className="quiet small">· {words.seen}</span>}
      </figcaption>
      {show.data === undefined ? (
        <button type="button" className="button" disabled={show.isPending} onClick={() => show.mutate()}>
          {show.isPending ? words.loading : `${words.show}: ${name}`}
        </button>
      ) : (
        <img src={show.data} alt={name} draggable={false} />
      )}
      <ErrorNote error={show.error} />
    </figure>
  );
}

function Decide({ of, left }: { of: Verification; left: number }) {
  const words = useIdentityWords();
  const me = useMe();
  const client = useQueryClient();
  const [decision, setDecision] = useState<Decision | null>(null);
  const [code, setCode] = useState<Code | "">("");
  const [note, setNote] = useState("");
  const [word, setWord] = useState("");
  const [totp, setTotp] = useState("");
  const [wrong, setWrong] = useState("");
  const decide = useMutation({
    mutationFn: (chosen: Decision) =>
      api.decideVerification(of.id, {
        round: of.round,
        decision: chosen,
        code: code === "" ? null : code,
        note: note.trim(),
        word: chosen === "verified" ? null : word.trim(),
        totp,
      }),
    onSuccess: async (told) => {
      client.setQueryData(["verification", of.id], told);
      await client.invalidateQueries({ queryKey: ["verifications"] });
    },
    onError: () => setTotp(""), // a code works once
  });
  if (!me.permissions.includes("review_identity")) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (decision === null) return;
    if (decision !== "verified" && code === "") return setWrong(words.chooseCode);
    if (note.trim() === "") return setWrong(words.needNote);
    if (!/^\d{6}$/.test(totp)) return setWrong(words.needTotp);
    setWrong("");
    decide.mutate(decision);
  };
  const codes = (Object.keys(words.code) as Code[]).filter(
    (one) =>
      one !== "consent_declined" &&
      (decision !== "requires_input" || !["under_age", "country_not_supported", "manipulated"].includes(one)),
  );
  const choose = (one: Decision) => {
    setDecision(one);
    setCode("");
  };
  return (
    <form className="card identity-form" onSubmit={submit} noValidate>
      <h2>{words.decide}</h2>
      <p className="quiet small">{words.decideLead(of.reviews_needed)}</p>
      {left > 0 && <p role="status">{words.lookFirst(left)}</p>}
      <fieldset disabled={left > 0}>
        <legend className="hidden-text">{words.decide}</legend>
        {(Object.keys(words.decision) as Decision[]).map((one) => (
          <label key={one} className="choice">
            <input type="radio" name="decision" checked={decision === one} onChange={() => choose(one)} />
            <span>{words.decision[one]}</span>
          </label>
        ))}
      </fieldset>
      {decision !== null && decision !== "verified" && (
        <>
          <label>
            <span>{words.codeLabel}</span>
            <select value={code} onChange={(event) => setCode(event.target.value as Code)}>
              <option value="">{words.chooseCode}</option>
              {codes.map((one) => (
                <option key={one} value={one}>
                  {words.code[one]}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span>{words.word}</span>
            <textarea rows={2} maxLength={300} value={word} onChange={(event) => setWord(event.target.value)} />
            <span className="quiet small">{words.wordHint}</span>
          </label>
        </>
      )}
      {decision !== null && (
        <>
          <label>
            <span>{words.note}</span>
            <textarea rows={2} maxLength={1000} value={note} onChange={(event) => setNote(event.target.value)} />
            <span className="quiet small">{words.noteHint}</span>
          </label>
          <label>
            <span>{words.totp}</span>
            <CodeInput code={totp} setCode={setTotp} required={false} />
          </label>
        </>
      )}
      {wrong !== "" && (
        <p className="error" role="alert">
          {wrong}
        </p>
      )}
      <ErrorNote error={decide.error} />
      <p className="actions">
        <button type="submit" className="button primary" disabled={left > 0 || decision === null || decide.isPending}>
          {words.send}
        </button>
      </p>
    </form>
  );
}

function Past({ of }: { of: Verification }) {
  const words = useIdentityWords();
  return (
    <>
      {of.reviews.length > 0 && (
        <section aria-label={words.past}>
          <h2>{words.past}</h2>
          <ul className="identity-past">
            {of.reviews.map((review) => (
              <li key={review.at}>
                <strong>{words.decision[review.decision]}</strong> · {review.staff.name} · <Moment at={review.at} />
                {review.code !== null && ` · ${words.code[review.code]}`}
                <br />
                <span className="quiet">{review.note}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {of.views.length > 0 && (
        <details>
          <summary>
            {words.looks} <span className="badge plain">{of.views.length}</span>
          </summary>
          <ul className="identity-past small">
            {of.views.map((view, index) => (
              <li key={index}>
                {view.staff.name} · {words.look[view.purpose]}
                {view.file !== null && ` · ${words.file[view.file]}`} · <Moment at={view.at} /> · {view.reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
