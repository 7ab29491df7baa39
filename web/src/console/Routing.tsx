// SPDX-License-Identifier: Apache-2.0
// Whether new requests are given to staff, and what each member of staff can do.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api } from "../api/client";
import { routingQuery } from "../api/queries";
import type { Body, RoutingStaff } from "../api/types";
import { useWords } from "../i18n/words";
import { ErrorNote, LoadFailed, Loading, Moment } from "./parts";
import { useRuleWords } from "./RuleParts";
import { deskLanguages } from "./rules";

const modes = ["off", "propose", "assign"] as const;
type Skills = Body<"putSkills">;

export function Routing() {
  const words = useRuleWords();
  const queries = useQueryClient();
  const routing = useQuery(routingQuery);
  const set = useMutation({
    mutationFn: (mode: (typeof modes)[number]) => api.setRouting({ mode }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["routing"] }),
  });
  if (routing.isPending) return <Loading />;
  if (routing.isError) return <LoadFailed error={routing.error} retry={() => void routing.refetch()} />;
  return (
    <section aria-labelledby="routing-title">
      <h2 id="routing-title">{words.routing}</h2>
      <p className="quiet">{words.routingLead}</p>
      <div className="choices" role="group" aria-label={words.routing}>
        {modes.map((mode) => (
          <button
            key={mode}
            type="button"
            aria-pressed={routing.data.mode === mode}
            disabled={set.isPending}
            onClick={() => set.mutate(mode)}
          >
            {words.routingMode[mode]}
          </button>
        ))}
      </div>
      <ErrorNote error={set.error} />
      <ul className="article-list">
        {routing.data.staff.map((one) => (
          <Person key={one.id} one={one} />
        ))}
      </ul>
    </section>
  );
}

const skillsOf = ({ skills }: RoutingStaff): Skills =>
  skills === null
    ? { languages: [], categories: [], level: 1, open_max: 0, away_until: null }
    : {
        languages: skills.languages,
        categories: skills.categories,
        level: skills.level,
        open_max: skills.open_max,
        away_until: skills.away_until,
      };

function Person({ one }: { one: RoutingStaff }) {
  const { t } = useWords();
  const words = useRuleWords();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<Skills | null>(null);
  const shown = draft ?? skillsOf(one);
  const change = (more: Partial<Skills>) => setDraft({ ...shown, ...more });
  const save = useMutation({
    mutationFn: (skills: Skills) => api.putSkills(one.id, skills),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["routing"] });
      setDraft(null);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (draft !== null) save.mutate(draft);
  };
  const toggled = (language: (typeof deskLanguages)[number]) =>
    shown.languages.includes(language)
      ? shown.languages.filter((other) => other !== language)
      : [...shown.languages, language];
  return (
    <li>
      <details className="card">
        <summary>
          <strong>{one.name}</strong>{" "}
          <span className="quiet small">
            {t.api.role[one.role]} · {words.open(one.open)}
            {one.skills === null || one.skills.open_max === 0
              ? ` · ${words.none}`
              : ` / ${one.skills.open_max} · ${one.skills.languages.join(", ")}`}
            {one.skills?.away_until != null && (
              <>
                {" "}
                · {words.away} <Moment at={one.skills.away_until} />
              </>
            )}
          </span>
        </summary>
        <form className="case-form" aria-label={one.name} onSubmit={submit} noValidate>
          <fieldset className="rule-choices">
            <legend>{words.languages}</legend>
            {deskLanguages.map((language) => (
              <label key={language} className="check">
                <input
                  type="checkbox"
                  checked={shown.languages.includes(language)}
                  onChange={() => change({ languages: toggled(language) })}
                />
                {language}
              </label>
            ))}
          </fieldset>
          <fieldset className="rule-choices">
            <legend>{words.categories}</legend>
            {Object.entries(t.api.category).map(([category, word]) => (
              <label key={category} className="check">
                <input
                  type="checkbox"
                  checked={shown.categories.includes(category)}
                  onChange={(event) =>
                    change({
                      categories: event.target.checked
                        ? [...shown.categories, category]
                        : shown.categories.filter((other) => other !== category),
                    })
                  }
                />
                {word}
              </label>
            ))}
          </fieldset>
          <label>
            {words.level}
            <select value={shown.level} onChange={(event) => change({ level: Number(event.target.value) })}>
              {[1, 2, 3].map((level) => (
                <option key={level} value={level}>
                  {level}
                </option>
              ))}
            </select>
          </label>
          <label>
            {words.openMax}
            <input
              type="number"
              min={0}
              max={500}
              value={shown.open_max}
              onChange={(event) => change({ open_max: Math.trunc(Number(event.target.value)) })}
            />
          </label>
          <label>
            {words.away}
            <input
              type="datetime-local"
              value={localTime(shown.away_until)}
              onChange={(event) =>
                change({ away_until: event.target.value === "" ? null : new Date(event.target.value).toISOString() })
              }
            />
          </label>
          <ErrorNote error={save.error} />
          {draft !== null && (
            <div className="decision-buttons">
              <button type="submit" className="button primary" disabled={save.isPending}>
                {words.save}
              </button>
              <button type="button" className="button" onClick={() => setDraft(null)}>
                {words.discard}
              </button>
            </div>
          )}
        </form>
      </details>
    </li>
  );
}

// As the field of the browser writes it: local time, to the minute.
function localTime(moment: string | null): string {
  if (moment === null) return "";
  const at = new Date(moment);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
