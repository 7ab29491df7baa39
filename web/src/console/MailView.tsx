// SPDX-License-Identifier: Apache-2.0
// A mail as it looks: in a frame without scripts on another origin, below what was held back from it. Nothing is asked
// of the server before someone wants to see it.
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import { mailViewWords } from "../i18n/mail_view";
import { useWords } from "../i18n/words";
import { deceivingLinks, heldBackHosts, type MessageHtml } from "./mail_view";
import "./mail_view.css";
import { LoadFailed, Loading } from "./parts";

export const useMailViewWords = () => mailViewWords[useWords().language];

export function MailViewSwitch({ asSent, choose }: { asSent: boolean; choose: (asSent: boolean) => void }) {
  const words = useMailViewWords();
  return (
    <div className="mail-view-switch" role="group" aria-label={words.view}>
      <button type="button" aria-pressed={!asSent} onClick={() => choose(false)}>
        {words.text}
      </button>
      <button type="button" aria-pressed={asSent} onClick={() => choose(true)}>
        {words.asSent}
      </button>
    </div>
  );
}

export function MailView({ ticket, message }: { ticket: string; message: string }) {
  const words = useMailViewWords();
  // Its address works for a minute: never taken from memory, and not asked for again while the mail is shown.
  const html = useQuery({
    queryKey: ["message-html", ticket, message],
    queryFn: () => api.messageHtml(ticket, message),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  if (html.isPending) return <Loading />;
  if (html.isError) return <LoadFailed error={html.error} retry={() => void html.refetch()} />;
  return (
    <div className="mail-view">
      <HeldBack of={html.data} />
      <iframe
        title={words.frame}
        src={html.data.url}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
      />
    </div>
  );
}

function HeldBack({ of }: { of: MessageHtml }) {
  const words = useMailViewWords();
  return (
    <>
      {deceivingLinks(of.links).map(({ says, leads }) => (
        <p key={`${says} ${leads}`} className="mail-view-warning" role="alert">
          {words.deceives(says, leads)}
        </p>
      ))}
      {of.hidden_found && (
        <p className="mail-view-warning" role="alert">
          {words.hidden}
        </p>
      )}
      {of.remote.length > 0 && (
        <details>
          <summary>{words.remote(of.remote.length)}</summary>
          <ul>
            {heldBackHosts(of.remote).map(({ host, count }) => (
              <li key={host}>
                {host} ({count})
              </li>
            ))}
          </ul>
        </details>
      )}
      {of.masked.length > 0 && <p>{words.masked(of.masked.map((kind) => words.kind[kind]).join(words.and))}</p>}
      {of.pictures_left_out > 0 && <p>{words.pictures(of.pictures_left_out)}</p>}
      {of.simplified && <p>{words.simplified}</p>}
    </>
  );
}
