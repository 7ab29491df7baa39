// SPDX-License-Identifier: Apache-2.0
// One language of a help article: written, published, withdrawn. What is typed lives with the tab until it is saved or
// dropped, so that neither a colleague's change nor another page takes it away; it goes at sign-out.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import { api, isCode } from "../api/client";
import type { FaqPairDetail, FaqSideDetail } from "../api/types";
import { useWords } from "../i18n/words";
import { ArticlePreview } from "./ArticlePreview";
import { CountWords, ShownBadge, useArticleWords } from "./ArticleParts";
import {
  articleCategories,
  articleLimits,
  authorOf,
  draftOf,
  faultOf,
  questionsOf,
  saysTheSame,
  shownOf,
  sideOf,
  usualStanding,
  type ArticleDraft,
  type ArticleLanguage,
  type Standing,
} from "./articles";
import { ErrorNote, Moment, useWidth } from "./parts";
import { Overtaken } from "./Overtaken";

const standings: readonly Standing[] = ["ahead", "in_step", "keep"];

const draftKey = (slug: string, language: ArticleLanguage) => `okpay.article.${slug}.${language}`;
export function keptDraft(slug: string, language: ArticleLanguage): ArticleDraft | null {
  try {
    const kept = sessionStorage.getItem(draftKey(slug, language));
    return kept === null ? null : (JSON.parse(kept) as ArticleDraft);
  } catch {
    return null;
  }
}
function keepDraft(slug: string, language: ArticleLanguage, draft: ArticleDraft | null): void {
  try {
    if (draft === null) sessionStorage.removeItem(draftKey(slug, language));
    else sessionStorage.setItem(draftKey(slug, language), JSON.stringify(draft));
  } catch {
    // full or forbidden: the draft lives as long as the page
  }
}

interface Props {
  slug: string;
  language: ArticleLanguage;
  sides: FaqPairDetail["sides"];
  drifted: boolean;
  hint?: string;
}

export function ArticleEditor({ slug, language, sides, drifted, hint }: Props) {
  const { t } = useWords();
  const words = useArticleWords();
  const width = useWidth();
  const id = useId();
  const queries = useQueryClient();
  const side = sideOf(sides, language);
  const others = sides.filter((one) => one.language !== language && !one.made_from_simplified);
  const saved = draftOf(side, others[0]?.category);
  const [draft, setDraft] = useState(() => keptDraft(slug, language));
  const [chosen, setChosen] = useState<Standing | null>(null);
  const [withdrawing, setWithdrawing] = useState(false);
  const shown = draft ?? saved;
  const dirty = draft !== null && !saysTheSame(draft, saved);
  const usual = usualStanding(side, drifted, others.length);
  const standing = chosen ?? usual;

  const keep = (next: ArticleDraft | null) => {
    setDraft(next);
    keepDraft(slug, language, next);
  };
  const reload = () => queries.invalidateQueries({ queryKey: ["faq"] });
  // Somebody else was quicker: what stands there now is read, and shown beside what was typed.
  const onError = (error: unknown) => {
    if (isCode(error, "faq_changed")) void reload();
  };
  const save = useMutation({
    mutationFn: (as: { text: ArticleDraft; standing: Standing }) =>
      api.putArticle(slug, {
        language,
        category: as.text.category,
        title: as.text.title.trim(),
        body: as.text.body,
        questions: questionsOf(as.text.questions),
        standing: as.standing,
        version: as.text.version,
      }),
    // The fields keep what was typed until the server's own is there.
    onSuccess: async () => {
      await reload();
      keep(null);
      setChosen(null);
    },
    onError,
  });
  const publish = useMutation({
    mutationFn: (version: number) => api.publishArticle(slug, { language, version }),
    onSuccess: reload,
    onError,
  });
  const withdraw = useMutation({
    mutationFn: () => api.withdrawArticle(slug, { language }),
    onSuccess: async () => {
      await reload();
      setWithdrawing(false);
    },
  });
  const busy = save.isPending || publish.isPending || withdraw.isPending;
  const overtaken = draft !== null && dirty && draft.version !== saved.version && !save.isPending;
  const fault = dirty ? faultOf(shown) : null;

  const change = (more: Partial<ArticleDraft>) => {
    for (const done of [save, publish, withdraw]) if (done.isError) done.reset();
    keep({ ...shown, version: dirty ? shown.version : saved.version, ...more });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && dirty && fault === null && !overtaken) save.mutate({ text: shown, standing });
  };
  const error = save.error ?? publish.error ?? withdraw.error;
  const otherCategory = others.find((one) => one.category !== shown.category);
  return (
    <form className="card article-editor" onSubmit={submit} aria-label={words.language[language]} noValidate>
      <h2>
        {words.language[language]} {side !== null && <ShownBadge shown={shownOf(side)} />}
        {drifted && side !== null && (
          <>
            {" "}
            <span className="badge short">{words.behind(words.language[language])}</span>
          </>
        )}
      </h2>
      {side === null ? <p className="quiet">{words.notYet}</p> : <Standings side={side} />}
      {hint !== undefined && <p className="warn">{hint}</p>}
      <label className="field">
        <span>{words.category}</span>
        <select
          value={shown.category}
          disabled={busy}
          onChange={(event) => change({ category: event.target.value as ArticleDraft["category"] })}
        >
          {articleCategories.map((category) => (
            <option key={category} value={category}>
              {t.api.category[category]}
            </option>
          ))}
        </select>
        {otherCategory !== undefined && <small>{words.apart}</small>}
      </label>
      <label className="field">
        <span>{words.titleField}</span>
        <input
          lang={language}
          value={shown.title}
          readOnly={busy}
          maxLength={articleLimits.titleOctets}
          onChange={(event) => change({ title: event.target.value })}
        />
      </label>
      <div className="field">
        <label htmlFor={`${id}questions`}>{words.questions}</label>
        <textarea
          id={`${id}questions`}
          lang={language}
          rows={4}
          value={shown.questions}
          readOnly={busy}
          aria-describedby={`${id}questions-hint`}
          onChange={(event) => change({ questions: event.target.value })}
        />
        <small id={`${id}questions-hint`}>{words.questionsHint}</small>
      </div>
      <div className="field">
        <label htmlFor={`${id}body`}>{words.body}</label>
        <textarea
          id={`${id}body`}
          className="article-text"
          lang={language}
          rows={14}
          value={shown.body}
          readOnly={busy}
          aria-describedby={`${id}body-hint`}
          onChange={(event) => change({ body: event.target.value })}
        />
        <small id={`${id}body-hint`}>{words.bodyHint}</small>
      </div>
      <ArticlePreview body={shown.body} language={language} open={width === "wide"} />
      {overtaken && side !== null && (
        <Theirs
          side={side}
          onTop={() => {
            save.reset();
            change({ version: saved.version });
          }}
          takeTheirs={() => {
            save.reset();
            keep(null);
          }}
        />
      )}
      {dirty && side !== null && others.length > 0 && (
        <fieldset className="article-standing">
          <legend>{words.standing}</legend>
          {standings.map((one) => (
            <label key={one} className="check">
              <input type="radio" name={`${id}standing`} checked={standing === one} onChange={() => setChosen(one)} />
              {words.standings[one]}
            </label>
          ))}
        </fieldset>
      )}
      {fault !== null && (
        <p className="warn" role="status">
          {words.fault[fault.kind](fault.number)}
        </p>
      )}
      <ErrorNote error={overtaken && isCode(error, "faq_changed") ? null : error} />
      {withdrawing ? (
        <div role="group" aria-label={words.withdraw}>
          <p>{words.withdrawSure}</p>
          <div className="decision-buttons">
            <button type="button" className="button primary" disabled={busy} onClick={() => withdraw.mutate()}>
              {words.withdrawNow}
            </button>
            <button type="button" className="button" autoFocus onClick={() => setWithdrawing(false)}>
              {words.cancel}
            </button>
          </div>
        </div>
      ) : (
        <div className="decision-buttons">
          {dirty ? (
            <>
              <button
                type="submit"
                className="button primary"
                disabled={busy || fault !== null || overtaken}
                title={words.saveHint}
              >
                {words.save}
              </button>
              <button type="button" className="button" disabled={busy} onClick={() => keep(null)}>
                {words.discard}
              </button>
            </>
          ) : (
            side !== null && (
              <>
                {side.state !== "published" && (
                  <button
                    type="button"
                    className="button primary"
                    disabled={busy}
                    onClick={() => publish.mutate(side.version)}
                  >
                    {words.publish}
                  </button>
                )}
                {drifted && (
                  <button
                    type="button"
                    className="button"
                    disabled={busy}
                    onClick={() => save.mutate({ text: saved, standing: "in_step" })}
                  >
                    {words.agrees}
                  </button>
                )}
                {side.published_version !== null && (
                  <button type="button" className="button" disabled={busy} onClick={() => setWithdrawing(true)}>
                    {words.withdraw}
                  </button>
                )}
              </>
            )
          )}
        </div>
      )}
      {side !== null && <History side={side} />}
    </form>
  );
}

function useAuthor(): (by: string) => string {
  const words = useArticleWords();
  return (by) => {
    const author = authorOf(by);
    return author === "import" ? words.by.import : words.by.staff(author.staff);
  };
}

function Standings({ side }: { side: FaqSideDetail }) {
  const words = useArticleWords();
  const author = useAuthor();
  return (
    <p className="quiet small">
      {words.version(side.version)}
      {side.published_version !== null &&
        side.published_version !== side.version &&
        ` · ${words.versionShown(side.published_version)}`}{" "}
      · <Moment at={side.updated_at} /> · {author(side.updated_by)}
      <br />
      <CountWords sides={[side]} />
    </p>
  );
}

function Theirs({ side, onTop, takeTheirs }: { side: FaqSideDetail; onTop: () => void; takeTheirs: () => void }) {
  const words = useArticleWords();
  const author = useAuthor();
  return (
    <Overtaken
      words={words}
      said={`${words.conflict} (${words.version(side.version)} · ${author(side.updated_by)})`}
      onTop={onTop}
      takeTheirs={takeTheirs}
    >
      <details>
        <summary>{words.theirs}</summary>
        <div lang={side.language}>
          <strong>{side.title}</strong>
          <pre tabIndex={0}>{[...side.questions, "", side.body].join("\n")}</pre>
        </div>
      </details>
    </Overtaken>
  );
}

function History({ side }: { side: FaqSideDetail }) {
  const words = useArticleWords();
  const author = useAuthor();
  return (
    <details className="article-history">
      <summary>{words.history}</summary>
      <ol>
        {side.history.map((one) => (
          <li key={one.version}>
            <span lang={side.language}>{one.title}</span>
            <span className="quiet small">
              {words.version(one.version)}
              {one.version === side.published_version && ` · ${words.shown.shown}`} · <Moment at={one.at} /> ·{" "}
              {author(one.by)}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
