// SPDX-License-Identifier: Apache-2.0
// Where staff type the six digits of their second factor; the label and what it approves stand around it.
import type { RefObject } from "react";

// Digits as people type them: full width and spaced too.
export const sixDigits = (text: string) => text.normalize("NFKC").replace(/\D/g, "").slice(0, 6);

interface CodeInputProps {
  code: string;
  setCode: (code: string) => void;
  field?: RefObject<HTMLInputElement>;
  autoFocus?: boolean;
  required?: boolean; // false where the form itself says what is missing
}

export function CodeInput({ code, setCode, field, autoFocus, required = true }: CodeInputProps) {
  return (
    <input
      ref={field}
      className="code"
      name="totp"
      inputMode="numeric"
      autoComplete="one-time-code"
      required={required}
      pattern="[0-9]{6}"
      autoFocus={autoFocus}
      value={code}
      onChange={(event) => setCode(sixDigits(event.target.value))}
    />
  );
}
