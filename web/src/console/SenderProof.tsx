// SPDX-License-Identifier: Apache-2.0
// Who really sent a mail, as staff see it beside the mail.
import type { MailAuthentication } from "../api/types";
import { useWords } from "../i18n/words";

// The verdict in one line; behind it what each mechanism said.
export function SenderProof({ proof }: { proof: MailAuthentication }) {
  const { t } = useWords();
  const by = proof.proven_by;
  const verdict =
    proof.verdict === "proven" && by !== ""
      ? t.api.mailProven(t.api.mailMechanism[by], proof.proven_domain)
      : t.api.mailNotProven[proof.why];
  return (
    <details className={`sender-proof ${proof.verdict}`}>
      <summary>{verdict}</summary>
      <ul>
        {proof.evidence.map((one, place) => (
          <li key={place}>
            {t.api.mailMechanism[one.mechanism]} {one.domain}: {one.result}
            {one.why !== "" && ` (${one.why})`}
          </li>
        ))}
      </ul>
    </details>
  );
}
