// SPDX-License-Identifier: Apache-2.0
// A macro is written: both languages beside each other, facts put in by their names, and what is done along with it. What is
// typed is kept where a colleague was quicker.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState, type FormEvent } from "react";
import { api, isCode } from "../api/client";
import type { MacroDetail } from "../api/types";
import { useWords } from "../i18n/words";
import { useMacroWords } from "./MacroParts";
import {
  bodyOf,
  draftOf,
  faultOf,
  macroLimits,
  macroPlaces,
  saysTheSame,
  withPlace,
  type MacroDraft,
  type MacroFault,
  type MacroPlace,
} from "./macros";
import { ErrorNote } from "./parts";
import { go, pathOf } from "./router";
import { Overtaken } from "./Overtaken";

const states = ["pending_customer", "solved", "open"] as const;
const languages = ["en", "zh"] as const;
const wordOf = (fault: MacroFault) =>
  fault.kind === "stray" ? fault.word : fault.kind === "language_missing" ? fault.language : "";

export function MacroEditor({ macro }: { macro: MacroDetail | null }) {
  const { t } = useWords();
  const words = useMacroWords();
  const queries = useQueryClient();
  const saved = draftOf(macro);
  const [draft, setDraft] = useState<MacroDraft | null>(null);
  const shown = draft ?? saved;
  const dirty = draft !== null && !saysTheSame(draft, saved);
  const fault = dirty ? faultOf(shown) : null;
  const reload = () => queries.invalidateQueries({ queryKey: ["macros"] });
  const save = useMutation({
    mutationFn: (what: MacroDraft) =>
      macro === null
        ? api.createMacro(bodyOf(what))
        : api.putMacro(macro.id, { ...bodyOf(what), version: what.version }),
    onSuccess: async (made) => {
      await reload();
      setDraft(null);
      if (macro === null) go(pathOf.macros(String(made.id)), "replace");
    },
    onError: (error) => {
      if (isCode(error, "macro_changed")) void reload();
    },
  });
  const overtaken = dirty && shown.version !== saved.version && !save.isPending;
  const change = (more: Partial<MacroDraft>) => {
    if (save.isError || save.isSuccess) save.reset();
    setDraft({ ...shown, version: dirty ? shown.version : saved.version, ...more });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (dirty && fault === null && !overtaken && !save.isPending) save.mutate(shown);
  };
  const assignee = macro?.actions.assignee ?? null;
  return (
    <form className="card article-editor" onSubmit={submit} aria-label={macro?.name ?? words.add} noValidate>
      <label className="field">
        <span>{words.name}</span>
        <input
          value={shown.name}
          readOnly={save.isPending}
          maxLength={macroLimits.name}
          onChange={(event) => change({ name: event.target.value })}
        />
      </label>
      <p className="quiet small">
        {words.textHint} {words.noAmounts}
      </p>
      <div className="article-sides">
        {languages.map((language) => (
          <Answer
            key={language}
            language={language}
            text={language === "en" ? shown.text_en : shown.text_zh}
            readOnly={save.isPending}
            change={(text) => change(language === "en" ? { text_en: text } : { text_zh: text })}
          />
        ))}
      </div>
      <fieldset className="article-standing">
        <legend>{words.actions}</legend>
        <div className="case-form">
          <label>
            {words.state}
            <select
              value={shown.state}
              disabled={save.isPending}
              onChange={(event) => change({ state: event.target.value as MacroDraft["state"] })}
            >
              <option value="">{words.asItIs}</option>
              {states.map((state) => (
                <option key={state} value={state}>
                  {t.api.state[state]}
                </option>
              ))}
            </select>
          </label>
          <label>
            {words.assign}
            <select
              value={shown.assign}
              disabled={save.isPending}
              onChange={(event) => change({ assign: event.target.value })}
            >
              <option value="">{words.asItIs}</option>
              <option value="me">{words.me}</option>
              <option value="nobody">{words.nobody}</option>
              {assignee !== null && <option value={assignee.id}>{assignee.name}</option>}
            </select>
          </label>
          <label>
            {words.hours}
            <input
              inputMode="numeric"
              maxLength={4}
              value={shown.hours}
              readOnly={save.isPending}
              onChange={(event) => change({ hours: event.target.value })}
            />
          </label>
        </div>
      </fieldset>
      {overtaken && (
        <Overtaken
          words={words}
          said={`${words.conflict} (${words.version(saved.version)})`}
          onTop={() => change({ version: saved.version })}
          takeTheirs={() => {
            save.reset();
            setDraft(null);
          }}
        />
      )}
      {fault !== null && (
        <p className="warn" role="status">
          {words.fault[fault.kind](wordOf(fault))}
        </p>
      )}
      <ErrorNote error={overtaken && isCode(save.error, "macro_changed") ? null : save.error} />
      <p role="status">{save.isSuccess && !dirty && words.saved}</p>
      {dirty && (
        <div className="decision-buttons">
          <button type="submit" className="button primary" disabled={save.isPending || fault !== null || overtaken}>
            {words.save}
          </button>
          <button type="button" className="button" disabled={save.isPending} onClick={() => setDraft(null)}>
            {words.discard}
          </button>
        </div>
      )}
    </form>
  );
}

interface AnswerProps {
  language: (typeof languages)[number];
  text: string;
  readOnly: boolean;
  change: (text: string) => void;
}
function Answer({ language, text, readOnly, change }: AnswerProps) {
  const words = useMacroWords();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const put = (place: MacroPlace) => {
    const box = field.current;
    const from = box?.selectionStart ?? text.length;
    const next = withPlace(text, from, box?.selectionEnd ?? from, place);
    change(next.text);
    requestAnimationFrame(() => {
      box?.focus();
      box?.setSelectionRange(next.cursor, next.cursor);
    });
  };
  return (
    <div className="field">
      <label htmlFor={id}>{words.text[language]}</label>
      <textarea
        ref={field}
        id={id}
        lang={language === "en" ? "en" : "zh-Hans"}
        rows={8}
        maxLength={macroLimits.text}
        value={text}
        readOnly={readOnly}
        onChange={(event) => change(event.target.value)}
      />
      <div className="choices" role="group" aria-label={`${words.places}: ${words.text[language]}`}>
        {macroPlaces.map((place) => (
          <button key={place} type="button" disabled={readOnly} onClick={() => put(place)}>
            {words.place[place]}
          </button>
        ))}
      </div>
    </div>
  );
}
