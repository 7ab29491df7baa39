// SPDX-License-Identifier: Apache-2.0
// What the page of rules shows in several places: a condition and an action as form fields, and what an action came to.
import type { RoutingStaff, RuleEffect } from "../api/types";
import { ruleWordsOf } from "../i18n/rules";
import { useWords } from "../i18n/words";
import {
  deskLanguages,
  needsValue,
  ruleActs,
  ruleFields,
  teams,
  type ActionDraft,
  type ConditionDraft,
  type RuleAct,
  type RuleField,
} from "./rules";

export const useRuleWords = () => ruleWordsOf(useWords().language);

type Choices = readonly (readonly [value: string, word: string])[];
const pairs = (words: Record<string, string>): Choices => Object.entries(words);

// What may be chosen for a condition or an action; null: it is typed.
function useChoices(): (what: RuleField | RuleAct) => Choices | null {
  const { t } = useWords();
  const words = useRuleWords();
  return (what) => {
    switch (what) {
      case "category":
      case "set_category":
        return pairs(t.api.category);
      case "language":
        return deskLanguages.map((one) => [one, one]);
      case "urgency":
      case "set_urgency":
        return pairs(t.api.urgency);
      case "team":
        return pairs(t.api.route);
      case "set_team":
        return teams.map((one) => [one, t.api.route[one]]);
      case "flag":
        return pairs(t.readingFlag);
      case "customer_known":
      case "assigned":
        return [
          ["yes", words.yes],
          ["no", words.no],
        ];
      case "customer_level":
        return ["0", "1", "2", "3"].map((one) => [one, one]);
      case "customer_standing":
        return pairs(t.api.standing);
      case "state":
        return pairs(t.api.state);
      default:
        return null;
    }
  };
}

export function ConditionRow({
  condition,
  change,
  remove,
}: {
  condition: ConditionDraft;
  change: (more: Partial<ConditionDraft>) => void;
  remove: () => void;
}) {
  const words = useRuleWords();
  const choices = useChoices()(condition.field);
  const name = words.field[condition.field];
  const chosen = condition.values.split("\n").filter((one) => one !== "");
  return (
    <div className="rule-row" role="group" aria-label={name}>
      <select
        value={condition.field}
        aria-label={words.conditions}
        onChange={(event) => change({ field: event.target.value as RuleField, values: "" })}
      >
        {ruleFields.map((one) => (
          <option key={one} value={one}>
            {words.field[one]}
          </option>
        ))}
      </select>
      <label className="check">
        <input type="checkbox" checked={condition.not} onChange={(event) => change({ not: event.target.checked })} />
        {words.not}
      </label>
      {choices === null ? (
        <textarea
          rows={2}
          value={condition.values}
          aria-label={words.values(name)}
          onChange={(event) => change({ values: event.target.value })}
        />
      ) : (
        <div className="rule-choices">
          {choices.map(([value, word]) => (
            <label key={value} className="check">
              <input
                type="checkbox"
                checked={chosen.includes(value)}
                onChange={(event) =>
                  change({
                    values: (event.target.checked ? [...chosen, value] : chosen.filter((one) => one !== value)).join(
                      "\n",
                    ),
                  })
                }
              />
              {word}
            </label>
          ))}
        </div>
      )}
      <button type="button" className="icon-button" aria-label={words.remove(name)} onClick={remove}>
        ×
      </button>
    </div>
  );
}

export function ActionRow({
  action,
  staff,
  change,
  remove,
}: {
  action: ActionDraft;
  staff: readonly RoutingStaff[];
  change: (more: Partial<ActionDraft>) => void;
  remove: () => void;
}) {
  const words = useRuleWords();
  const listed = useChoices()(action.act);
  const people: Choices = staff.map((one) => [one.id, one.name]);
  const choices = action.act === "assign" || action.act === "follow" ? people : listed;
  const name = words.act[action.act];
  const label = words.value(name);
  const put = (value: string) => change({ value });
  return (
    <div className="rule-row" role="group" aria-label={name}>
      <select
        value={action.act}
        aria-label={words.actions}
        onChange={(event) => change({ act: event.target.value as RuleAct, value: "" })}
      >
        {ruleActs.map((one) => (
          <option key={one} value={one}>
            {words.act[one]}
          </option>
        ))}
      </select>
      {!needsValue(action.act) ? null : choices !== null ? (
        <select value={action.value} aria-label={label} onChange={(event) => put(event.target.value)}>
          <option value="">{words.choose}</option>
          {choices.map(([value, word]) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </select>
      ) : action.act === "note" ? (
        <textarea
          rows={3}
          maxLength={2000}
          value={action.value}
          aria-label={label}
          onChange={(event) => put(event.target.value)}
        />
      ) : (
        <input
          inputMode="numeric"
          maxLength={4}
          value={action.value}
          aria-label={label}
          onChange={(event) => put(event.target.value)}
        />
      )}
      <button type="button" className="icon-button" aria-label={words.remove(name)} onClick={remove}>
        ×
      </button>
    </div>
  );
}

export function EffectWords({ effects }: { effects: readonly RuleEffect[] }) {
  const words = useRuleWords();
  const choices = useChoices();
  return effects
    .map((one) => {
      const word = choices(one.act)?.find(([value]) => value === one.value)?.[1];
      const value = one.person?.name ?? word ?? (one.act === "note" ? "" : one.value);
      const outcome = words.outcome[one.outcome] ?? one.outcome;
      const said = [words.act[one.act], value, outcome === "" ? "" : `(${outcome})`];
      return said.filter((part) => part !== "").join(" ");
    })
    .join("; ");
}
