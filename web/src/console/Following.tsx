// SPDX-License-Identifier: Apache-2.0
// Who follows a request, following it oneself, and saying that one has seen it.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "../api/client";
import { useTicketChanged } from "../api/queries";
import type { Ticket, TicketSummary } from "../api/types";
import { followWordsOf } from "../i18n/follow";
import { useWords } from "../i18n/words";
import { Icon } from "./icons";
import { useMe } from "./me";
import { ErrorNote } from "./parts";

const useFollowWords = () => followWordsOf(useWords().language);

function useFollow(ticket: Ticket) {
  const changed = useTicketChanged(ticket.number);
  return useMutation({
    mutationFn: () => (ticket.following.me ? api.unfollowTicket(ticket.number) : api.followTicket(ticket.number)),
    onSettled: changed,
  });
}

// In the head of the request.
export function FollowButton({ ticket }: { ticket: Ticket }) {
  const w = useFollowWords();
  const follow = useFollow(ticket);
  const { me, followers } = ticket.following;
  return (
    <>
      <button
        type="button"
        className="follow-button"
        aria-pressed={me}
        title={followers.length === 0 ? w.nobody : `${w.followers}: ${followers.map(({ name }) => name).join(", ")}`}
        disabled={follow.isPending}
        onClick={() => follow.mutate()}
      >
        <Icon name="following" size={15} /> {me ? w.following : w.follow}
        {followers.length > 0 && (
          <span className="num">
            <span aria-hidden="true">{followers.length}</span>
            <span className="hidden-text">({w.count(followers.length)})</span>
          </span>
        )}
      </button>
      <ErrorNote error={follow.error} />
    </>
  );
}

export function FollowersCard({ ticket }: { ticket: Ticket }) {
  const w = useFollowWords();
  const mine = useMe().id;
  const follow = useFollow(ticket);
  const { me, followers } = ticket.following;
  return (
    <section className="card followers" aria-label={w.followers}>
      <h3>{w.followers}</h3>
      {followers.length === 0 ? (
        <p className="quiet">{w.nobody}</p>
      ) : (
        <ul>
          {followers.map(({ id, name }) => (
            <li key={id}>
              {name}
              {id === mine && <span className="quiet"> ({w.you})</span>}
            </li>
          ))}
        </ul>
      )}
      <button type="button" className="button" disabled={follow.isPending} onClick={() => follow.mutate()}>
        {me ? w.unfollow : w.follow}
      </button>
      <p className="quiet small">{w.line}</p>
      <ErrorNote error={follow.error} />
    </section>
  );
}

// In the row of a list.
export function UnseenBadge({ item }: { item: TicketSummary }) {
  const w = useFollowWords();
  if (item.unseen === 0) return null;
  const named = item.unseen_mentions > 0;
  return (
    <span className="badge unseen" title={w.freshLong(item.unseen) + (named ? ` · ${w.mentioned}` : "")}>
      {named && (
        <>
          <span aria-hidden="true">@</span> <span className="hidden-text">{w.mentioned}: </span>
        </>
      )}
      {w.fresh(item.unseen)}
    </span>
  );
}

// What stands on a page that somebody looks at is seen; one behind another is not.
export function useSeen(ticket: Ticket): void {
  const queries = useQueryClient();
  const { number } = ticket;
  const { me, seen_mark: mark } = ticket.following;
  useEffect(() => {
    if (!me) return;
    let told = false;
    const tell = () => {
      if (told || document.visibilityState !== "visible") return;
      told = true;
      api.markSeen(number, { mark }).then(
        () => queries.invalidateQueries({ queryKey: ["tickets"] }),
        () => undefined, // the next look tells it again
      );
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [queries, number, me, mark]);
}
