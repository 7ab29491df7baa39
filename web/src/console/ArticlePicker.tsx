// SPDX-License-Identifier: Apache-2.0
// Finds a help article in the customer's language, beside the reply it goes into.
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "../api/client";
import { faqSearchQuery } from "../api/queries";
import type { FaqSummary } from "../api/types";
import { useArticleWords } from "./ArticleParts";
import { useSettled } from "./ArticlePreview";
import { articleUrl, nearestFirst, type Insertion } from "./insert_article";
import { PickList } from "./PickList";

const typingPause = 150; // ms without a key before the server is asked
const wordsMax = 130; // of three octets at most: 400 are read

type Kind = Insertion["kind"];
interface Props {
  language: string;
  category: string;
  words: string;
  insert: (what: Insertion) => boolean; // false: it does not fit
  close: () => void; // back into the text
  leave: () => void; // the focus went elsewhere
}

export function ArticlePicker({ language, category, words, insert, close, leave }: Props) {
  const w = useArticleWords();
  const [asked, setAsked] = useState(words);
  const [at, setAt] = useState(0);
  const [kind, setKind] = useState<Kind>("link");
  const [wanted, setWanted] = useState<Kind | null>(null); // Enter came before the answer
  const [tooLong, setTooLong] = useState(false);
  const settled = useSettled(asked.trim(), typingPause);
  const found = useQuery({ ...faqSearchQuery(settled, language), placeholderData: keepPreviousData });
  const articles = nearestFirst(found.data?.items ?? [], settled, category);
  const fresh = settled === asked.trim() && found.isSuccess && !found.isPlaceholderData;
  const under = articles[Math.min(at, articles.length - 1)];

  const put = (what: Insertion) => setTooLong(!insert(what));
  const text = useMutation({
    mutationFn: (article: FaqSummary) => api.faq(article.slug, article.language),
    onSuccess: (article) => put({ kind: "text", text: article.text }),
  });
  const choose = (article: FaqSummary, as: Kind) => {
    if (text.isPending) return;
    if (as === "text") text.mutate(article);
    else put({ kind: "link", title: article.title, url: articleUrl(location.origin, article) });
  };
  useEffect(() => {
    if (wanted === null || !fresh) return;
    setWanted(null);
    if (under !== undefined) choose(under, wanted);
  });

  const options = articles.map((article) => ({
    id: article.slug,
    title: article.title,
    more: article.excerpt,
    lang: article.language,
    article,
  }));
  return (
    <PickList
      words={w}
      wordsMax={wordsMax}
      asked={asked}
      ask={(typed) => {
        setAsked(typed);
        setAt(0);
        setWanted(null);
        setTooLong(false);
      }}
      options={options}
      at={at}
      setAt={setAt}
      enter={(_, shift) => setWanted(shift ? "text" : kind)}
      choose={({ article }, shift) => choose(article, shift ? "text" : kind)}
      status={fresh && (articles.length === 0 ? w.notFound : w.found(articles.length))}
      error={found.error ?? text.error}
      tooLong={tooLong}
      close={close}
      leave={leave}
    >
      <div className="choices" role="group" aria-label={w.asWhat}>
        {(["link", "text"] as const).map((one) => (
          <button key={one} type="button" aria-pressed={kind === one} onClick={() => setKind(one)}>
            {one === "link" ? w.asLink : w.asText}
          </button>
        ))}
      </div>
    </PickList>
  );
}
