// SPDX-License-Identifier: Apache-2.0
// One help article: its English and its Simplified Chinese beside each other, and Traditional Chinese, which is made of
// Simplified until somebody writes it by hand.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isCode } from "../api/client";
import { articleQuery } from "../api/queries";
import type { FaqPairDetail } from "../api/types";
import { ArticleEditor, keptDraft } from "./ArticleEditor";
import { ArticlePreview } from "./ArticlePreview";
import { CountWords, DriftBadges, ShownBadge, useArticleWords } from "./ArticleParts";
import { driftOf, isSlug, pairLanguages, shownOf, sideOf } from "./articles";
import { LoadFailed, Loading } from "./parts";
import { pathOf } from "./router";
import { follow } from "./Shell";

export function ArticlePage({ slug }: { slug: string }) {
  const words = useArticleWords();
  const found = useQuery(articleQuery(slug));
  const list = pathOf.articles(null);
  const absent = isCode(found.error, "not_found");
  const nothing: FaqPairDetail = { slug, drifted: [], sides: [] };
  const pair = found.data ?? (absent && isSlug(slug) ? nothing : undefined);
  return (
    <>
      <p>
        <a href={list} onClick={(event) => follow(event, list)}>
          ← {words.back}
        </a>
      </p>
      {pair !== undefined ? (
        <Pair pair={pair} />
      ) : found.isPending ? (
        <Loading />
      ) : absent ? (
        <p role="alert">{words.nameWrong}</p>
      ) : (
        <LoadFailed error={found.error} retry={() => void found.refetch()} />
      )}
    </>
  );
}

function Pair({ pair }: { pair: FaqPairDetail }) {
  const words = useArticleWords();
  const drift = driftOf(pair);
  const named = sideOf(pair.sides, "en") ?? pair.sides[0];
  const shown = pairLanguages.find((language) => sideOf(pair.sides, language)?.published_version != null);
  return (
    <>
      <header className="article-head">
        <h1 lang={named?.language}>{named?.title ?? words.add}</h1>
        <p className="article-low">
          <span className="mono quiet">{pair.slug}</span>
          <DriftBadges pair={pair} />
          {pair.sides.length > 0 && <CountWords sides={pair.sides} />}
          {shown !== undefined && (
            <a href={`/help/${pair.slug}?language=${shown}`} target="_blank" rel="noopener">
              {words.seeIt}
            </a>
          )}
        </p>
      </header>
      {pair.sides.length === 0 && <p role="status">{words.fresh}</p>}
      <div className="article-sides">
        {pairLanguages.map((language) => (
          <ArticleEditor
            key={language}
            slug={pair.slug}
            language={language}
            sides={pair.sides}
            drifted={drift.some((one) => one.language === language)}
          />
        ))}
      </div>
      <Traditional pair={pair} />
    </>
  );
}

function Traditional({ pair }: { pair: FaqPairDetail }) {
  const words = useArticleWords();
  const [byHand, setByHand] = useState(() => keptDraft(pair.slug, "zh-Hant") !== null);
  const side = sideOf(pair.sides, "zh-Hant");
  if (byHand || (side !== null && !side.made_from_simplified))
    return (
      <ArticleEditor
        slug={pair.slug}
        language="zh-Hant"
        sides={pair.sides}
        drifted={driftOf(pair).some((one) => one.language === "zh-Hant")}
        {...(side?.made_from_simplified === true && { hint: words.byHandHint })}
      />
    );
  return (
    <section className="card" aria-label={words.language["zh-Hant"]}>
      <h2>
        {words.language["zh-Hant"]} {side !== null && <ShownBadge shown={shownOf(side)} />}
      </h2>
      {side === null ? (
        <p className="quiet">{words.derivedNone}</p>
      ) : (
        <>
          <p className="quiet">{words.derived}</p>
          <p lang="zh-Hant">
            <strong>{side.title}</strong>
          </p>
          <ArticlePreview body={side.body} language="zh-Hant" open={false} />
          <button type="button" className="button" onClick={() => setByHand(true)}>
            {words.byHand}
          </button>
        </>
      )}
    </section>
  );
}
