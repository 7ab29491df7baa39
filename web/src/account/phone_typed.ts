// SPDX-License-Identifier: Apache-2.0
// What somebody typed as a telephone number or a code, as the server reads it (customers/phone.hpp); null where it is none.

// U+FF01 to U+FF5E stand for ASCII.
const halfWidth = (text: string): string =>
  text.replace(/[！-～]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, " ");

export function numberTyped(text: string): string | null {
  const typed = halfWidth(text).trim();
  if (!/^\+[\d \-.()]*$/.test(typed) || typed.includes("(0)")) return null;
  const digits = typed.replace(/\D/g, "");
  return /^[1-9]\d{7,14}$/.test(digits) ? `+${digits}` : null;
}

export function codeTyped(text: string): string | null {
  const digits = halfWidth(text).replace(/[ -]/g, "");
  return /^\d{6}$/.test(digits) ? digits : null;
}
