// SPDX-License-Identifier: Apache-2.0
// The pay link: what it says, wherever it was pasted or opened. It is text from outside, so each part is looked at.
export interface PayLink {
  to: string;
  amount: string;
  currency: string;
  note: string;
}

const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const isCustomerId = (text: string): boolean => idPattern.test(text.trim());

export function linkOf(search: string): PayLink {
  const values = new URLSearchParams(search);
  const amount = values.get("amount") ?? "";
  const currency = (values.get("currency") ?? "").toUpperCase();
  return {
    to: (values.get("to") ?? "").trim().slice(0, 254),
    amount: /^\d{1,15}(\.\d{1,3})?$/.test(amount) ? amount : "",
    currency: /^[A-Z]{3}$/.test(currency) ? currency : "",
    note: (values.get("note") ?? "").slice(0, 200),
  };
}

// A whole link that was pasted where an address is expected; only the part that names whom to pay is used, so a link
// that leads elsewhere leads nowhere.
export function pastedLink(text: string): PayLink | null {
  const parts = /^https?:\/\/[^/\s]+\/account\/pay\?(\S+)$/i.exec(text.trim());
  if (parts === null) return null;
  const link = linkOf(parts[1] ?? "");
  return isCustomerId(link.to) ? link : null;
}
