// SPDX-License-Identifier: Apache-2.0
// A rule is written in plain form fields, tried on past requests before it is saved, and what is typed is kept where a
// colleague was quicker.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, isCode } from "../api/client";
import { routingQuery } from "../api/queries";
import type { RuleDetail } from "../api/types";
import { ErrorNote, Moment } from "./parts";
import { go, pathOf } from "./router";
import { ActionRow, ConditionRow, EffectWords, useRuleWords } from "./RuleParts";
import {
  bodyOfRule,
  draftOfRule,
  faultOfRule,
  ruleChanges,
  ruleSinces,
  ruleWhens,
  saysTheSameRule,
  type RuleChange,
  type RuleDraft,
} from "./rules";
import { Overtaken } from "./Overtaken";

const triedOn = 10_000;

export function RuleEditor({ rule }: { rule: RuleDetail | null }) {
  const words = useRuleWords();
  const queries = useQueryClient();
  const staff = useQuery(routingQuery).data?.staff ?? [];
  const saved = draftOfRule(rule);
  const [draft, setDraft] = useState<RuleDraft | null>(null);
  const shown = draft ?? saved;
  const dirty = draft !== null && !saysTheSameRule(draft, saved);
  const fault = faultOfRule(shown);
  const reload = () => queries.invalidateQueries({ queryKey: ["rules"] });
  const save = useMutation({
    mutationFn: (what: RuleDraft) =>
      rule === null
        ? api.createRule(bodyOfRule(what))
        : api.putRule(rule.id, { ...bodyOfRule(what), version: what.version }),
    onSuccess: async (made) => {
      await reload();
      setDraft(null);
      if (rule === null) go(pathOf.rules(String(made.id)), "replace");
    },
    onError: (error) => {
      if (isCode(error, "rule_changed")) void reload();
    },
  });
  const trial = useMutation({
    mutationFn: (what: RuleDraft) => api.tryRule({ rule: bodyOfRule(what), requests: triedOn }),
  });
  const overtaken = dirty && shown.version !== saved.version && !save.isPending;
  const change = (more: Partial<RuleDraft>) => {
    if (save.isError || save.isSuccess) save.reset();
    trial.reset();
    setDraft({ ...shown, version: dirty ? shown.version : saved.version, ...more });
  };
  const nextKey = (rows: readonly { key: number }[]) => Math.max(-1, ...rows.map((one) => one.key)) + 1;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (dirty && fault === null && !overtaken && !save.isPending) save.mutate(shown);
  };
  const toggled = (one: RuleChange) =>
    shown.changes.includes(one) ? shown.changes.filter((other) => other !== one) : [...shown.changes, one];
  return (
    <form className="card article-editor" onSubmit={submit} aria-label={shown.name || words.add} noValidate>
      <label className="field">
        <span>{words.name}</span>
        <input value={shown.name} maxLength={120} onChange={(event) => change({ name: event.target.value })} />
      </label>
      <div className="case-form">
        <label>
          {words.when}
          <select value={shown.when} onChange={(event) => change({ when: event.target.value as RuleDraft["when"] })}>
            {ruleWhens.map((one) => (
              <option key={one} value={one}>
                {words.whens[one]}
              </option>
            ))}
          </select>
        </label>
        {shown.when === "time" && (
          <>
            <label>
              {words.since}
              <select
                value={shown.since}
                onChange={(event) => change({ since: event.target.value as RuleDraft["since"] })}
              >
                {ruleSinces.map((one) => (
                  <option key={one} value={one}>
                    {words.sinces[one]}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {words.hours}
              <input
                inputMode="numeric"
                maxLength={4}
                value={shown.hours}
                onChange={(event) => change({ hours: event.target.value })}
              />
            </label>
            <label className="check">
              <input
                type="checkbox"
                checked={shown.working_hours}
                onChange={(event) => change({ working_hours: event.target.checked })}
              />
              {words.workingHours}
            </label>
          </>
        )}
      </div>
      {shown.when === "change" && (
        <fieldset className="article-standing">
          <legend>{words.changes}</legend>
          {ruleChanges.map((one) => (
            <label key={one} className="check">
              <input
                type="checkbox"
                checked={shown.changes.includes(one)}
                onChange={() => change({ changes: toggled(one) })}
              />
              {words.change[one]}
            </label>
          ))}
        </fieldset>
      )}
      <fieldset className="article-standing">
        <legend>{words.conditions}</legend>
        {shown.conditions.length === 0 && <p className="quiet small">{words.noConditions}</p>}
        {shown.conditions.length > 1 && (
          <div className="choices" role="group" aria-label={words.match}>
            {[false, true].map((any) => (
              <button key={String(any)} type="button" aria-pressed={shown.any === any} onClick={() => change({ any })}>
                {any ? words.any : words.all}
              </button>
            ))}
          </div>
        )}
        {shown.conditions.map((one) => (
          <ConditionRow
            key={one.key}
            condition={one}
            change={(more) =>
              change({ conditions: shown.conditions.map((other) => (other === one ? { ...one, ...more } : other)) })
            }
            remove={() => change({ conditions: shown.conditions.filter((other) => other !== one) })}
          />
        ))}
        {shown.conditions.length < 20 && (
          <button
            type="button"
            className="button"
            onClick={() =>
              change({
                conditions: [
                  ...shown.conditions,
                  { key: nextKey(shown.conditions), field: "words", not: false, values: "" },
                ],
              })
            }
          >
            {words.addCondition}
          </button>
        )}
      </fieldset>
      <fieldset className="article-standing">
        <legend>{words.actions}</legend>
        {shown.actions.map((one) => (
          <ActionRow
            key={one.key}
            action={one}
            staff={staff}
            change={(more) =>
              change({ actions: shown.actions.map((other) => (other === one ? { ...one, ...more } : other)) })
            }
            remove={() => change({ actions: shown.actions.filter((other) => other !== one) })}
          />
        ))}
        {shown.actions.length < 10 && (
          <button
            type="button"
            className="button"
            onClick={() =>
              change({ actions: [...shown.actions, { key: nextKey(shown.actions), act: "set_urgency", value: "" }] })
            }
          >
            {words.addAction}
          </button>
        )}
        <label className="check">
          <input type="checkbox" checked={shown.stop} onChange={(event) => change({ stop: event.target.checked })} />
          {words.stop}
        </label>
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
      {dirty && fault !== null && (
        <p className="warn" role="status">
          {words.fault[fault]}
        </p>
      )}
      <ErrorNote error={overtaken && isCode(save.error, "rule_changed") ? null : save.error} />
      <p role="status">{save.isSuccess && !dirty && words.saved}</p>
      <div className="decision-buttons">
        {dirty && (
          <>
            <button type="submit" className="button primary" disabled={save.isPending || fault !== null || overtaken}>
              {words.save}
            </button>
            <button type="button" className="button" disabled={save.isPending} onClick={() => setDraft(null)}>
              {words.discard}
            </button>
          </>
        )}
        <button
          type="button"
          className="button"
          disabled={fault !== null || trial.isPending}
          onClick={() => trial.mutate(shown)}
        >
          {trial.isPending ? words.trying : words.tryIt}
        </button>
      </div>
      <ErrorNote error={trial.error} />
      {trial.data !== undefined && (
        <section aria-label={words.tryIt}>
          <p role="status">
            {words.tried(trial.data.matched, trial.data.looked_at)} {!trial.data.whole && words.partly}
          </p>
          <ul className="rule-firings">
            {trial.data.items.map((one) => (
              <li key={one.request}>
                <a href={pathOf.ticket("all", one.request)}>{one.request}</a> <span>{one.subject}</span>{" "}
                <span className="quiet small">
                  <Moment at={one.opened_at} /> · <EffectWords effects={one.effects} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </form>
  );
}
