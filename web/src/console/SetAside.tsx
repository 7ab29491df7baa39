// SPDX-License-Identifier: Apache-2.0
// Above a request that is set aside: why no clock runs, and the way out.
import { useMutation } from "@tanstack/react-query";
import { api } from "../api/client";
import { useTicketChanged } from "../api/queries";
import type { Ticket } from "../api/types";
import { useWords } from "../i18n/words";
import { Icon } from "./icons";
import { useMe } from "./me";
import { ErrorNote, isSetAside } from "./parts";
import { emptySort, prefilled, wishOf } from "./sorting";
import { useSortingWords } from "./Sorting";

export function AsideStrip({ ticket }: { ticket: Ticket }) {
  const { t, language } = useWords();
  const w = useSortingWords();
  const may = useMe().permissions.includes("reply");
  const changed = useTicketChanged(ticket.number);
  // Nobody said yet what it is about: whoever answers sorts it.
  const take = useMutation({
    mutationFn: async () => {
      const draft = { ...emptySort, category: "unclear", team: "agent" } as const;
      const form = prefilled(ticket.reading, t.customer.inPicture);
      const wish = wishOf(draft, form, ticket, ticket.version, language === "zh" ? "zh-Hans" : "en");
      if (wish !== null) await api.sortTicket(ticket.number, wish);
    },
    onSettled: changed,
  });
  if (!isSetAside(ticket)) return null;
  return (
    <>
      <p className="strip aside">
        <Icon name="spam" size={16} /> {w.setAside}
        {may && (
          <button type="button" className="link" disabled={take.isPending} onClick={() => take.mutate()}>
            {w.takeOut}
          </button>
        )}
      </p>
      <ErrorNote error={take.error} />
    </>
  );
}
