// SPDX-License-Identifier: Apache-2.0
// Proof of identity for reviewers: who waits, one opened with a reason, previews with the own name burnt in, the decision.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { verificationQuery, verificationsQuery } from "../api/queries";
import type { Answer } from "../api/types";
import { identityEn, identityZh } from "../i18n/identity";
import { useWords } from "../i18n/words";
import { IdentityCase } from "./IdentityCase";
import "./identity.css";
import { LoadFailed, Loading, Moment } from "./parts";
import { pathOf } from "./router";
import { follow } from "./Shell";

export const useIdentityWords = () => (useWords().language === "zh" ? identityZh : identityEn);
type Summary = Answer<"listVerifications">["items"][number];

export function Identity({ item }: { item: string | null }) {
  return <div className="identity">{item === null ? <Queue /> : <One id={item} />}</div>;
}

function Queue() {
  const words = useIdentityWords();
  const waiting = useInfiniteQuery(verificationsQuery);
  if (waiting.isPending) return <Loading />;
  if (waiting.isError) return <LoadFailed error={waiting.error} retry={() => void waiting.refetch()} />;
  const items = waiting.data.pages.flatMap((page) => page.items);
  return (
    <>
      <h1>{words.title}</h1>
      <p className="quiet">{words.lead}</p>
      {items.length === 0 && <p role="status">{words.none}</p>}
      <ul className="identity-queue">
        {items.map((one) => (
          <Row key={one.id} of={one} />
        ))}
      </ul>
      {waiting.hasNextPage && (
        <button type="button" className="button" onClick={() => void waiting.fetchNextPage()}>
          {words.more}
        </button>
      )}
    </>
  );
}

function Row({ of }: { of: Summary }) {
  const words = useIdentityWords();
  const path = pathOf.identity(of.id);
  return (
    <li>
      <a href={path} className="card identity-row" onClick={(event) => follow(event, path)}>
        <strong>{of.customer.name}</strong>
        <span className="quiet">
          {words.document[of.document]} · {words.purpose[of.purpose]}
        </span>
        <Findings of={of} />
        <span className="quiet small">
          {of.submitted_at !== null && <Moment at={of.submitted_at} />}
          {of.reviews_needed > 1 && ` · ${words.reviews(of.reviews_yes, of.reviews_needed)}`}
        </span>
      </a>
    </li>
  );
}

export function Findings({ of }: { of: Pick<Summary, "checks_failed" | "checks_to_look_at"> }) {
  const words = useIdentityWords();
  if (of.checks_failed === 0 && of.checks_to_look_at === 0)
    return <span className="verdict passed">{words.clean}</span>;
  return (
    <span className="verdicts">
      {of.checks_failed > 0 && <span className="verdict failed">{words.failed(of.checks_failed)}</span>}
      {of.checks_to_look_at > 0 && <span className="verdict attention">{words.attention(of.checks_to_look_at)}</span>}
    </span>
  );
}

function One({ id }: { id: string }) {
  const words = useIdentityWords();
  const one = useQuery(verificationQuery(id));
  const back = pathOf.identity(null);
  return (
    <>
      <p>
        <a href={back} onClick={(event) => follow(event, back)}>
          ← {words.back}
        </a>
      </p>
      {one.isPending ? (
        <Loading />
      ) : one.isError ? (
        <LoadFailed error={one.error} retry={() => void one.refetch()} />
      ) : (
        <IdentityCase key={`${id}:${one.data.round}`} of={one.data} />
      )}
    </>
  );
}
