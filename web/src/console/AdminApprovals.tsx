// SPDX-License-Identifier: Apache-2.0
// What waits for an administrator: who joins the staff with a say in approvals, and people whose data are to be erased.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { api } from "../api/client";
import { erasuresQuery, waitingStaffQuery } from "../api/queries";
import { adminWordsEn, adminWordsZh } from "../i18n/admin";
import { useWords } from "../i18n/words";
import { CodeInput } from "./CodeInput";
import { useMe } from "./me";
import { ErrorNote, Moment } from "./parts";

export function AdminApprovals() {
  const me = useMe();
  return me.permissions.includes("manage_staff") ? <Lists /> : null;
}

function Lists() {
  const { t, language } = useWords();
  const words = language === "zh" ? adminWordsZh : adminWordsEn;
  const client = useQueryClient();
  const staff = useQuery(waitingStaffQuery).data?.items ?? [];
  const erasures = useQuery(erasuresQuery).data?.items ?? [];
  const decided = (key: string) => () => void client.invalidateQueries({ queryKey: [key] });
  if (staff.length === 0 && erasures.length === 0) return null;
  return (
    <>
      {staff.length > 0 && (
        <section aria-label={words.staff} className="pad">
          <h2 className="quiet small">{words.staff}</h2>
          {staff.map((one) => (
            <Waiting
              key={one.id}
              approve={(totp) => api.approveStaff(one.id, { totp })}
              reject={() => api.rejectStaff(one.id)}
              decided={decided("staff-approvals")}
            >
              <strong>{one.email}</strong>
              <br />
              <span className="quiet small">
                {t.api.role[one.role]} · <Moment at={one.added_at} />
              </span>
            </Waiting>
          ))}
        </section>
      )}
      {erasures.length > 0 && (
        <section aria-label={words.erasures} className="pad">
          <h2 className="quiet small">{words.erasures}</h2>
          <p className="quiet small">{words.forGood}</p>
          {erasures.map((one) => (
            <Waiting
              key={one.id}
              approve={one.mine ? null : (totp) => api.approveErasure(one.id, { totp })}
              reject={(note) => api.rejectErasure(one.id, { note })}
              why={words.whyNot}
              decided={decided("erasures")}
            >
              <strong>{one.customer.name}</strong> · {one.reason}
              <br />
              <span className="quiet small">
                <Moment at={one.proposed_at} />
                {one.mine && ` · ${words.mine}`}
              </span>
            </Waiting>
          ))}
        </section>
      )}
    </>
  );
}

interface WaitingProps {
  children: ReactNode;
  approve: ((totp: string) => Promise<unknown>) | null; // null: by somebody else
  reject: (note: string) => Promise<unknown>;
  why?: string; // asked before it is rejected
  decided: () => void;
}

function Waiting({ children, approve, reject, why, decided }: WaitingProps) {
  const { language } = useWords();
  const words = language === "zh" ? adminWordsZh : adminWordsEn;
  const [code, setCode] = useState("");
  const [note, setNote] = useState<string | null>(null);
  const yes = useMutation({
    mutationFn: (totp: string) => approve!(totp),
    onSettled: () => {
      setCode(""); // a code works once
      decided();
    },
  });
  const no = useMutation({ mutationFn: reject, onSettled: decided });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (note !== null) no.mutate(note);
    else if (code.length === 6) yes.mutate(code);
  };
  return (
    <form className="card case-form" onSubmit={submit}>
      <p>{children}</p>
      {note !== null ? (
        <label>
          {why}
          <input maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
        </label>
      ) : (
        approve !== null && (
          <label>
            {words.code}
            <CodeInput code={code} setCode={setCode} />
          </label>
        )
      )}
      {note === null && approve !== null && (
        <button type="submit" className="button primary" disabled={yes.isPending || code.length !== 6}>
          {words.approve}
        </button>
      )}
      {note !== null ? (
        <button type="submit" className="button" disabled={no.isPending || note.trim() === ""}>
          {words.reject}
        </button>
      ) : (
        <button
          type="button"
          className="button"
          disabled={no.isPending}
          onClick={() => (why === undefined ? no.mutate("") : setNote(""))}
        >
          {words.reject}
        </button>
      )}
      <ErrorNote error={yes.error ?? no.error} />
    </form>
  );
}
