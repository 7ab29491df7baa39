// SPDX-License-Identifier: Apache-2.0
// A text as customers see it, by the server's own rules, and what in it is not known, while it is being written.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { previewQuery } from "../api/queries";
import { articleBody } from "../article";
import { useArticleWords } from "./ArticleParts";
import type { ArticleLanguage } from "./articles";
import { ErrorNote } from "./parts";

const typingPause = 400; // ms without a key before the server is asked

// What `value` was when it last stood still.
export function useSettled<T>(value: T, pause: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pause);
    return () => clearTimeout(timer);
  }, [value, pause]);
  return settled;
}

export function ArticlePreview({ body, language, open }: { body: string; language: ArticleLanguage; open: boolean }) {
  const words = useArticleWords();
  const settled = useSettled(body, typingPause);
  const empty = settled.trim() === "";
  const preview = useQuery({ ...previewQuery(settled), enabled: !empty, placeholderData: keepPreviousData });
  const box = useRef<HTMLDivElement>(null);
  const html = empty ? "" : (preview.data?.html ?? "");
  useEffect(() => {
    const made = articleBody(html);
    // A look at what a link leads to does not take what was typed off the screen.
    for (const link of made.querySelectorAll("a")) link.target = "_blank";
    box.current?.replaceChildren(made);
  }, [html]);
  const fault = empty ? null : (preview.data?.fault ?? null);
  return (
    <>
      <div role="status">{fault !== null && <p className="warn">{words.line(fault.line, fault.why)}</p>}</div>
      <ErrorNote error={empty ? null : preview.error} />
      <details className="article-preview" open={open}>
        <summary>{words.preview}</summary>
        {empty && <p className="quiet">{words.previewEmpty}</p>}
        <div ref={box} lang={language} />
      </details>
    </>
  );
}
