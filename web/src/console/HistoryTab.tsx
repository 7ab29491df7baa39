// SPDX-License-Identifier: Apache-2.0
import type { Ticket } from "../api/types";
import { amountIn, EventWords } from "./Conversation";
import { Moment, Money } from "./parts";

export function HistoryTab({ ticket }: { ticket: Ticket }) {
  return (
    <ol className="history">
      {[...ticket.events].reverse().map((event, n) => {
        const amount = amountIn(event);
        return (
          <li key={`${event.at}${event.kind}${n}`}>
            <span>
              <EventWords event={event} />
            </span>
            {amount !== null && <Money of={amount} />}
            <Moment at={event.at} />
          </li>
        );
      })}
    </ol>
  );
}
