// SPDX-License-Identifier: Apache-2.0
// Refunds for many requests of one incident: proposed in one step, approved together by somebody else where they are small.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef, useState, type FormEvent } from "react";
import { api, newKey } from "../api/client";
import { incidentRefundsQuery } from "../api/queries";
import type { ErrorCode, IncidentDetail, IncidentOutcomes } from "../api/types";
import { useWords } from "../i18n/words";
import { useIncidentWords } from "./IncidentParts";
import { useMe } from "./me";
import { ErrorNote, LoadFailed, Loading, Money } from "./parts";
import { CodeField } from "./TreasuryAccount";

interface Props {
  incident: IncidentDetail;
  changed: () => void;
}

export function IncidentRefunds({ incident, changed }: Props) {
  const words = useIncidentWords();
  const me = useMe();
  const mayPropose = me.permissions.includes("propose_remedy") && incident.state !== "closed";
  if (!mayPropose && incident.refunds.length === 0) return null;
  return (
    <section>
      <h2>{words.refunds}</h2>
      {mayPropose && <Propose incident={incident} changed={changed} />}
      {incident.refunds.length > 0 && <Approve incident={incident} changed={changed} />}
    </section>
  );
}

function Propose({ incident, changed }: Props) {
  const words = useIncidentWords();
  const [looked, setLooked] = useState(false);
  const key = useRef(newKey());
  const found = useQuery({ ...incidentRefundsQuery(incident.id), enabled: looked });
  const propose = useMutation({
    mutationFn: (tickets: string[]) => api.proposeIncidentRefunds(incident.id, { tickets, note: "" }, key.current),
    onSuccess: () => {
      key.current = newKey();
      void found.refetch();
    },
    onSettled: changed,
  });
  const items = found.data?.items ?? [];
  return (
    <>
      <p className="quiet">{words.refundsLine}</p>
      {!looked ? (
        <p>
          <button type="button" className="button" onClick={() => setLooked(true)}>
            {words.lookForRefunds}
          </button>
        </p>
      ) : found.isPending ? (
        <Loading />
      ) : found.isError ? (
        <LoadFailed error={found.error} retry={() => void found.refetch()} />
      ) : items.length === 0 ? (
        <p role="status">{words.noRefunds}</p>
      ) : (
        <>
          <ul className="incident-members">
            {items.map(({ ticket, finding }) => (
              <li key={ticket}>
                <span className="number">{ticket}</span>
                {finding.refundable !== null && <Money of={finding.refundable} />}
              </li>
            ))}
          </ul>
          <p>
            <button
              type="button"
              className="button primary"
              disabled={propose.isPending}
              onClick={() => propose.mutate(items.map(({ ticket }) => ticket))}
            >
              {words.propose(items.length)}
            </button>
          </p>
        </>
      )}
      <Outcomes told={propose.data} />
      <ErrorNote error={propose.error} />
    </>
  );
}

function Approve({ incident, changed }: Props) {
  const words = useIncidentWords();
  const { t } = useWords();
  const me = useMe();
  const [code, setCode] = useState("");
  const waiting = incident.refunds.filter((one) => one.state === "proposed" && one.proposed_by.id !== me.id);
  const approve = useMutation({
    mutationFn: () =>
      api.approveIncidentRefunds(incident.id, { remedies: waiting.slice(0, 50).map((one) => one.id), totp: code }),
    onSettled: () => {
      setCode("");
      changed();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    approve.mutate();
  };
  return (
    <>
      <h3>{words.proposed}</h3>
      <ul className="incident-members">
        {incident.refunds.map((refund) => (
          <li key={refund.id}>
            <span className="number">{refund.ticket}</span>
            <Money of={refund.amount} />
            <span className="quiet small">
              {t.api.remedyState[refund.state]} · {refund.proposed_by.name}
            </span>
          </li>
        ))}
      </ul>
      {me.permissions.includes("approve_remedy") && waiting.length > 0 && (
        <form onSubmit={submit}>
          <CodeField code={code} setCode={setCode} />
          <button type="submit" className="button primary" disabled={approve.isPending || code.length < 6}>
            {words.approve(Math.min(waiting.length, 50))}
          </button>
        </form>
      )}
      <Outcomes told={approve.data} />
      <ErrorNote error={approve.error} />
    </>
  );
}

// What became of each: done, or why not.
function Outcomes({ told }: { told: IncidentOutcomes | undefined }) {
  const words = useIncidentWords();
  const { t } = useWords();
  if (told === undefined) return null;
  const counts = new Map<string, number>();
  for (const { outcome } of told.items) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return (
    <ul role="status">
      {[...counts].map(([outcome, n]) => (
        <li key={outcome}>
          {n} × {words.outcome[outcome] ?? t.api.error[outcome as ErrorCode] ?? outcome}
        </li>
      ))}
    </ul>
  );
}
