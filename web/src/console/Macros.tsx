// SPDX-License-Identifier: Apache-2.0
// The macros, for who writes them: which there are, and one of them with its history.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, isCode } from "../api/client";
import { macroQuery, macrosQuery } from "../api/queries";
import type { Macro, MacroDetail } from "../api/types";
import { useWords } from "../i18n/words";
import { MacroEditor } from "./MacroEditor";
import { useActionWords, useMacroWords } from "./MacroParts";
import { ErrorNote, LoadFailed, Loading, Moment } from "./parts";
import { pathOf } from "./router";
import { Shelf } from "./Shelf";
import { follow } from "./Shell";

const newOne = "new";

export function Macros({ item }: { item: string | null }) {
  return (
    <Shelf title={useMacroWords().title} may="edit_macros" listed={item === null}>
      {item === null ? <List /> : <One key={item} item={item} />}
    </Shelf>
  );
}

function List() {
  const words = useMacroWords();
  const [find, setFind] = useState("");
  const [retired, setRetired] = useState(false);
  const macros = useQuery(macrosQuery);
  if (macros.isPending) return <Loading />;
  if (macros.isError) return <LoadFailed error={macros.error} retry={() => void macros.refetch()} />;
  const all = macros.data.items;
  const wanted = find.trim().toLowerCase();
  const shown = all
    .filter((macro) => macro.retired === retired && macro.name.toLowerCase().includes(wanted))
    .sort((a, b) => a.name.localeCompare(b.name));
  const add = pathOf.macros(newOne);
  return (
    <>
      <p className="quiet">{words.lead}</p>
      <div className="article-tools">
        <input
          type="search"
          value={find}
          aria-label={words.find}
          placeholder={words.find}
          onChange={(event) => setFind(event.target.value)}
        />
        <div className="choices" role="group" aria-label={words.filter}>
          {[false, true].map((one) => (
            <button key={String(one)} type="button" aria-pressed={retired === one} onClick={() => setRetired(one)}>
              {one ? words.filters.retired : words.filters.used}{" "}
              <span className="num">{all.filter((macro) => macro.retired === one).length}</span>
            </button>
          ))}
        </div>
        <a className="button primary" href={add} onClick={(event) => follow(event, add)}>
          {words.add}
        </a>
      </div>
      {shown.length === 0 && <p role="status">{all.length === 0 ? words.empty : words.none}</p>}
      <ul className="article-list">
        {shown.map((macro) => (
          <Row key={macro.id} macro={macro} />
        ))}
      </ul>
    </>
  );
}

function Row({ macro }: { macro: Macro }) {
  const words = useMacroWords();
  const actionWords = useActionWords();
  const path = pathOf.macros(String(macro.id));
  return (
    <li>
      <a href={path} className="card article-row" onClick={(event) => follow(event, path)}>
        <strong>{macro.name}</strong>
        <span className="quiet">{actionWords(macro.actions).join(" · ") || words.does.nothing}</span>
        <span className="article-low quiet small">
          {words.version(macro.version)} · <Moment at={macro.updated_at} /> · {macro.updated_by.name}
        </span>
      </a>
    </li>
  );
}

function One({ item }: { item: string }) {
  const words = useMacroWords();
  const { t } = useWords();
  const id = /^[1-9]\d{0,14}$/.test(item) ? Number(item) : null;
  const macro = useQuery({ ...macroQuery(id ?? 0), enabled: id !== null });
  const list = pathOf.macros(null);
  const absent = (id === null && item !== newOne) || isCode(macro.error, "not_found");
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
          <MacroEditor macro={null} />
        </>
      ) : macro.data !== undefined ? (
        <Known macro={macro.data} />
      ) : absent ? (
        <p role="alert">{t.api.error.not_found}</p>
      ) : macro.isPending ? (
        <Loading />
      ) : (
        <LoadFailed error={macro.error} retry={() => void macro.refetch()} />
      )}
    </>
  );
}

function Known({ macro }: { macro: MacroDetail }) {
  const words = useMacroWords();
  const queries = useQueryClient();
  const retire = useMutation({
    mutationFn: () => api.retireMacro(macro.id, macro.retired ? "restore" : "retire"),
    onSettled: () => queries.invalidateQueries({ queryKey: ["macros"] }),
  });
  return (
    <>
      <header className="article-head">
        <h1>{macro.name}</h1>
        <p className="article-low">
          {macro.retired && <span className="badge plain">{words.retired}</span>}
          <span className="quiet small">
            {words.version(macro.version)} · <Moment at={macro.updated_at} /> · {macro.updated_by.name}
          </span>
          <button type="button" className="button" disabled={retire.isPending} onClick={() => retire.mutate()}>
            {macro.retired ? words.restore : words.retire}
          </button>
        </p>
        <ErrorNote error={retire.error} />
      </header>
      {!macro.retired && <MacroEditor macro={macro} />}
      <details className="article-history" open={macro.retired}>
        <summary>{words.history}</summary>
        <ol>
          {macro.history.map((one) => (
            <li key={one.version}>
              <span>{one.name}</span>
              <span className="quiet small">
                {words.version(one.version)} · <Moment at={one.at} /> · {one.by.name}
              </span>
              {one.text_en !== "" && <pre lang="en">{one.text_en}</pre>}
              {one.text_zh !== "" && <pre lang="zh-Hans">{one.text_zh}</pre>}
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}
