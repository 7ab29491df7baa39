// SPDX-License-Identifier: Apache-2.0
// The help articles, for who writes them: which there are, which side of a pair has fallen behind, what they are good for.
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { articlesQuery } from "../api/queries";
import type { FaqPair } from "../api/types";
import { useWords } from "../i18n/words";
import { ArticlePage } from "./ArticlePage";
import { CountWords, DriftBadges, ShownBadge, useArticleWords } from "./ArticleParts";
import { groupsOf, isAmong, isFound, isSlug, pairLanguages, shownOf, sideOf, type Filter } from "./articles";
import { LoadFailed, Loading } from "./parts";
import { go, pathOf } from "./router";
import { Shelf } from "./Shelf";
import { follow } from "./Shell";

const filters: readonly Filter[] = ["all", "drifted", "waiting"];

export function Articles({ slug }: { slug: string | null }) {
  return (
    <Shelf title={useArticleWords().title} may="edit_faq" listed={slug === null}>
      {slug === null ? <List /> : <ArticlePage key={slug} slug={slug} />}
    </Shelf>
  );
}

function List() {
  const { t } = useWords();
  const words = useArticleWords();
  const [filter, setFilter] = useState<Filter>("all");
  const [find, setFind] = useState("");
  const articles = useQuery(articlesQuery);
  if (articles.isPending) return <Loading />;
  if (articles.isError) return <LoadFailed error={articles.error} retry={() => void articles.refetch()} />;
  const all = articles.data.items;
  const groups = groupsOf(all.filter((pair) => isAmong(pair, filter) && isFound(pair, find.trim())));
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
          {filters.map((one) => (
            <button key={one} type="button" aria-pressed={filter === one} onClick={() => setFilter(one)}>
              {words.filters[one]} <span className="num">{all.filter((pair) => isAmong(pair, one)).length}</span>
            </button>
          ))}
        </div>
        <Begin />
      </div>
      {groups.length === 0 && <p role="status">{all.length === 0 ? words.empty : words.none}</p>}
      {groups.map((group) => (
        <section key={group.category} aria-label={t.api.category[group.category]}>
          <h2>{t.api.category[group.category]}</h2>
          <ul className="article-list">
            {group.pairs.map((pair) => (
              <Row key={pair.slug} pair={pair} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Row({ pair }: { pair: FaqPair }) {
  const words = useArticleWords();
  const path = pathOf.articles(pair.slug);
  return (
    <li>
      <a href={path} className="card article-row" onClick={(event) => follow(event, path)}>
        {pairLanguages.map((language) => {
          const side = sideOf(pair.sides, language);
          return (
            <span key={language} className="article-side">
              {side === null ? (
                <span className="quiet">{words.missing(words.language[language])}</span>
              ) : (
                <>
                  <strong lang={language}>{side.title}</strong>
                  <ShownBadge shown={shownOf(side)} />
                </>
              )}
            </span>
          );
        })}
        <span className="article-low">
          <DriftBadges pair={pair} />
          <CountWords sides={pair.sides} />
        </span>
      </a>
    </li>
  );
}

function Begin() {
  const words = useArticleWords();
  const [name, setName] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  if (name === null)
    return (
      <button type="button" className="button primary" onClick={() => setName("")}>
        {words.add}
      </button>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isSlug(name.trim())) go(pathOf.articles(name.trim()));
    else setWrong(true);
  };
  return (
    <form className="card article-begin" onSubmit={submit} aria-label={words.add} noValidate>
      <label className="field">
        <span>{words.name}</span>
        <input
          value={name}
          autoFocus
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={wrong}
          aria-describedby="article-name-hint"
          onChange={(event) => {
            setName(event.target.value);
            setWrong(false);
          }}
        />
        <small id="article-name-hint" className={wrong ? "error" : ""} role={wrong ? "alert" : undefined}>
          {wrong ? words.nameWrong : words.nameHint}
        </small>
      </label>
      <div className="decision-buttons">
        <button type="submit" className="button primary">
          {words.begin}
        </button>
        <button type="button" className="button" onClick={() => setName(null)}>
          {words.cancel}
        </button>
      </div>
    </form>
  );
}
