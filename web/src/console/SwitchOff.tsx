// SPDX-License-Identifier: Apache-2.0
// What it means that a colleague leaves, why, and the administrator's own six digits.
import { useMutation } from "@tanstack/react-query";
import { useRef, useState, type FormEvent, type RefObject } from "react";
import { api } from "../api/client";
import { useStaffChanged } from "../api/queries";
import type { StaffMember } from "../api/types";
import { useWords } from "../i18n/words";
import { CodeInput } from "./CodeInput";
import { ErrorNote } from "./parts";
import { useStaffWords } from "./SignOn";
import { calledOf, consequencesOf, reasonMost } from "./staff";

interface Props {
  member: StaffMember;
  field: RefObject<HTMLTextAreaElement>;
  close: () => void;
  done: (words: string) => void;
}

export function SwitchOff({ member, field, close, done }: Props) {
  const { t } = useWords();
  const w = useStaffWords();
  const changed = useStaffChanged();
  const [reason, setReason] = useState("");
  const [code, setCode] = useState("");
  const codeField = useRef<HTMLInputElement>(null);
  const off = useMutation({
    mutationFn: async () => {
      const inHand = member.requests_in_hand; // the list may be read anew before the answer comes
      await api.switchOffStaff(member.id, { reason: reason.trim(), totp: code });
      return inHand;
    },
    onSuccess: (inHand) => done(w.done(calledOf(member), inHand)),
    onError: () => {
      setCode(""); // a code works once
      codeField.current?.focus();
    },
    onSettled: changed,
  });
  const consequences = consequencesOf(member);
  const ready = reason.trim() !== "" && code.length === 6 && member.state !== "switched_off";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !off.isPending) off.mutate();
  };
  return (
    <form className="switch-off" onSubmit={submit} aria-label={w.offTitle(calledOf(member))}>
      <p>
        {t.api.role[member.role]} · {member.email}
      </p>
      {consequences.length > 0 && (
        <ul className="what" aria-label={w.what}>
          {consequences.map((one) => (
            <li key={one}>{w.consequence[one](member.requests_in_hand)}</li>
          ))}
        </ul>
      )}
      <label className="field">
        <span>{w.reason}</span>
        <textarea
          ref={field}
          rows={2}
          required
          maxLength={reasonMost}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <small>{w.reasonKept}</small>
      </label>
      <label className="field">
        <span>{w.code}</span>
        <CodeInput code={code} setCode={setCode} field={codeField} />
      </label>
      <ErrorNote error={off.error} />
      <div className="decision-buttons end">
        <button type="button" className="button" onClick={close}>
          {t.app.cancel}
        </button>
        <button type="submit" className="button primary" disabled={!ready || off.isPending}>
          {w.off}
        </button>
      </div>
    </form>
  );
}
