// SPDX-License-Identifier: Apache-2.0
// Rules and routing, for supervisors: the list in its order, one rule with what it did, and whom requests are given to.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, isCode } from "../api/client";
import { ruleQuery, rulesQuery } from "../api/queries";
import type { Rule, RuleDetail } from "../api/types";
import { useWords } from "../i18n/words";
import { ErrorNote, LoadFailed, Loading, Moment } from "./parts";
import { Routing } from "./Routing";
import { pathOf } from "./router";
import { RuleEditor } from "./RuleEditor";
import { EffectWords, useRuleWords } from "./RuleParts";
import { movedIds } from "./rules";
import { Shelf } from "./Shelf";
import { follow } from "./Shell";

const newOne = "new";
const modes = ["off", "shadow", "on"] as const;

export function Rules({ item }: { item: string | null }) {
  return (
    <Shelf title={useRuleWords().title} may="edit_rules" listed={item === null}>
      {item === null ? <List /> : <One key={item} item={item} />}
    </Shelf>
  );
}

function useReload() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["rules"] });
}

function List() {
  const words = useRuleWords();
  const reload = useReload();
  const rules = useQuery(rulesQuery);
  const order = useMutation({ mutationFn: (ids: string[]) => api.orderRules({ rules: ids }), onSettled: reload });
  if (rules.isPending) return <Loading />;
  if (rules.isError) return <LoadFailed error={rules.error} retry={() => void rules.refetch()} />;
  const items = rules.data.items;
  const ids = items.map((one) => one.id);
  const add = pathOf.rules(newOne);
  return (
    <>
      <p className="quiet">{words.lead}</p>
      <div className="article-tools">
        <a className="button primary" href={add} onClick={(event) => follow(event, add)}>
          {words.add}
        </a>
      </div>
      <ErrorNote error={order.error} />
      {items.length === 0 && <p role="status">{words.empty}</p>}
      <ol className="article-list">
        {items.map((rule, at) => (
          <Row
            key={rule.id}
            rule={rule}
            move={(by) => order.mutate(movedIds(ids, at, by))}
            canUp={at > 0 && !order.isPending}
            canDown={at + 1 < items.length && !order.isPending}
          />
        ))}
      </ol>
      <Routing />
    </>
  );
}

interface RowProps {
  rule: Rule;
  move: (by: -1 | 1) => void;
  canUp: boolean;
  canDown: boolean;
}
function Row({ rule, move, canUp, canDown }: RowProps) {
  const words = useRuleWords();
  const path = pathOf.rules(String(rule.id));
  const name = rule.rule?.name ?? `#${rule.id}`;
  return (
    <li className="card rule-line">
      <div>
        <a href={path} onClick={(event) => follow(event, path)}>
          <strong>{name}</strong>
        </a>
        <p className="quiet small">
          {rule.rule !== null && words.whens[rule.rule.when]} <Counts rule={rule} />
        </p>
      </div>
      <Mode rule={rule} name={name} />
      <div className="rule-move">
        <button
          type="button"
          className="icon-button"
          aria-label={words.up(name)}
          disabled={!canUp}
          onClick={() => move(-1)}
        >
          ↑
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label={words.down(name)}
          disabled={!canDown}
          onClick={() => move(1)}
        >
          ↓
        </button>
      </div>
    </li>
  );
}

function Counts({ rule }: { rule: Rule }) {
  const words = useRuleWords();
  return (
    <>
      · {words.did(rule.fired)}
      {rule.shadowed > 0 && ` · ${words.would(rule.shadowed)}`}
      {rule.stopped > 0 && <span className="warn"> · {words.stopped(rule.stopped)}</span>}
      {rule.faults > 0 && (
        <span className="warn" title={rule.fault}>
          {" "}
          · {words.faults(rule.faults)}
        </span>
      )}
    </>
  );
}

function Mode({ rule, name }: { rule: Rule; name: string }) {
  const words = useRuleWords();
  const reload = useReload();
  const set = useMutation({
    mutationFn: (mode: Rule["mode"]) => api.setRuleMode(rule.id, { mode, version: rule.version }),
    onSettled: reload,
  });
  return (
    <div>
      <div className="choices" role="group" aria-label={words.modes(name)}>
        {modes.map((mode) => (
          <button
            key={mode}
            type="button"
            aria-pressed={rule.mode === mode}
            disabled={set.isPending}
            onClick={() => set.mutate(mode)}
          >
            {words.mode[mode]}
          </button>
        ))}
      </div>
      <ErrorNote error={set.error} />
    </div>
  );
}

function One({ item }: { item: string }) {
  const words = useRuleWords();
  const { t } = useWords();
  const id = /^[1-9]\d{0,14}$/.test(item) ? Number(item) : null;
  const rule = useQuery({ ...ruleQuery(id ?? 0), enabled: id !== null });
  const list = pathOf.rules(null);
  const absent = (id === null && item !== newOne) || isCode(rule.error, "not_found");
  return (
    <>
      <p>
        <a href={list} onClick={(event) => follow(event, list)}>
          ← {words.back}
        </a>
      </p>
      {item === newOne ? (
        <>
          <header className="article-head">
            <h1>{words.add}</h1>
          </header>
          <RuleEditor rule={null} />
        </>
      ) : rule.data !== undefined ? (
        <Known rule={rule.data} />
      ) : absent ? (
        <p role="alert">{t.api.error.not_found}</p>
      ) : rule.isPending ? (
        <Loading />
      ) : (
        <LoadFailed error={rule.error} retry={() => void rule.refetch()} />
      )}
    </>
  );
}

function Known({ rule }: { rule: RuleDetail }) {
  const words = useRuleWords();
  const name = rule.rule?.name ?? `#${rule.id}`;
  return (
    <>
      <header className="article-head">
        <h1>{name}</h1>
        <p className="quiet small">
          {words.version(rule.version)} · <Moment at={rule.updated_at} /> · {rule.updated_by.name}{" "}
          <Counts rule={rule} />
        </p>
        <Mode rule={rule} name={name} />
        {rule.rule === null && <p role="alert">{words.unreadable}</p>}
      </header>
      <RuleEditor rule={rule} />
      {rule.firings.length > 0 && (
        <details className="article-history">
          <summary>{words.firings}</summary>
          <ul className="rule-firings">
            {rule.firings.map((one, at) => (
              <li key={at}>
                {one.request === null ? words.hidden : <a href={pathOf.ticket("all", one.request)}>{one.request}</a>}{" "}
                <span className="quiet small">
                  <Moment at={one.at} />
                  {one.shadow && ` · ${words.mode.shadow ?? ""}`} · <EffectWords effects={one.effects} />
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <details className="article-history">
        <summary>{words.history}</summary>
        <ol>
          {rule.history.map((one) => (
            <li key={one.version}>
              <span>{one.name ?? ""}</span>{" "}
              <span className="quiet small">
                {words.version(one.version)} · <Moment at={one.at} /> · {one.by.name}
              </span>
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}
