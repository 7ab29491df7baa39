// SPDX-License-Identifier: Apache-2.0
// Where a mail of ours stands: one line, behind it each attempt with the answer it got, and what a person may decide.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client";
import type { Delivery as DeliveryState, Ticket } from "../api/types";
import { mailEn, mailZh } from "../i18n/mail";
import { useWords } from "../i18n/words";
import { useMe } from "./me";
import { ErrorNote, LoadFailed, Loading, Moment } from "./parts";

export const useMailWords = () => (useWords().language === "zh" ? mailZh : mailEn);

export function Delivery({ delivery, ticket, message }: { delivery: DeliveryState; ticket: Ticket; message: string }) {
  const { t } = useWords();
  const words = useMailWords();
  const [open, setOpen] = useState(false);
  const state =
    delivery.bounced === null ? t.api.delivery[delivery.state] : words.bounced(words.reason[delivery.bounced]);
  return (
    <footer className={`delivery ${delivery.state}`}>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary aria-label={`${state}. ${words.deliveries}`}>
          {state}
          {delivery.state !== "sent" && delivery.attempts > 1 && ` · ${t.ticket.attempts(delivery.attempts)}`}
        </summary>
        {open && <Log ticket={ticket} message={message} />}
      </details>
    </footer>
  );
}

function Log({ ticket, message }: { ticket: Ticket; message: string }) {
  const words = useMailWords();
  const me = useMe();
  const client = useQueryClient();
  const log = useQuery({
    queryKey: ["deliveries", ticket.number, message],
    queryFn: () => api.deliveries(ticket.number, message),
  });
  const decide = useMutation({
    mutationFn: (how: "resend" | "mark-sent") => api.decideDelivery(ticket.number, message, how),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["deliveries", ticket.number, message] });
      void client.invalidateQueries({ queryKey: ["ticket", ticket.number] });
    },
  });
  if (log.isPending) return <Loading />;
  if (log.isError) return <LoadFailed error={log.error} retry={() => void log.refetch()} />;
  const { delivery, items } = log.data;
  const mayDecide = me.permissions.includes(delivery.state === "held" ? "manage_mail" : "reply");
  const mayResend = mayDecide && ["uncertain", "failed", "suppressed", "held"].includes(delivery.state);
  return (
    <div className="delivery-log">
      {items.length === 0 && <p className="quiet">{words.none}</p>}
      <ol>
        {items.map((item, place) => (
          <li key={place}>
            <Moment at={item.at} /> {words.step[item.step]}
            {item.answer !== "" && <span className="quiet"> {item.answer}</span>}
          </li>
        ))}
      </ol>
      {delivery.state === "uncertain" && <p>{words.uncertainHint}</p>}
      {mayResend && (
        <button type="button" className="button" disabled={decide.isPending} onClick={() => decide.mutate("resend")}>
          {words.resend}
        </button>
      )}
      {mayDecide && delivery.state === "uncertain" && (
        <button type="button" className="button" disabled={decide.isPending} onClick={() => decide.mutate("mark-sent")}>
          {words.markSent}
        </button>
      )}
      <ErrorNote error={decide.error} />
    </div>
  );
}
