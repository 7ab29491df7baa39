// SPDX-License-Identifier: Apache-2.0
// Amounts stay decimal strings from the server to the screen: no floating point touches money.
export interface Amount {
  amount: string;
  currency: string;
}
export type UiLanguage = "en" | "zh";

const zhNames: Readonly<Record<string, string>> = {
  AUD: "澳元",
  CAD: "加元",
  CHF: "瑞士法郎",
  EUR: "欧元",
  GBP: "英镑",
  HKD: "港元",
  JPY: "日元",
  KRW: "韩元",
  MOP: "澳门元",
  MYR: "林吉特",
  NZD: "新西兰元",
  SGD: "新加坡元",
  THB: "泰铢",
  TWD: "新台币",
  USD: "美元",
};

const zhHantNames: Readonly<Record<string, string>> = {
  ...zhNames,
  EUR: "歐元",
  GBP: "英鎊",
  HKD: "港幣",
  JPY: "日圓",
  KRW: "韓元",
  MOP: "澳門元",
  NZD: "紐西蘭元",
  SGD: "新加坡元",
  THB: "泰銖",
  TWD: "新臺幣",
};

// Of a decimal without a sign.
export function grouped(decimal: string): string {
  const [whole = "0", fraction] = decimal.split(".");
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return groups + (fraction === undefined ? "" : `.${fraction}`);
}

// As the mails show it: "CNY 1,280.00"; in Chinese "￥1,280.00", "12.50 美元".
export function shownAmount(money: Amount, language: UiLanguage | "zh-Hant"): string {
  const negative = money.amount.startsWith("-");
  const digits = grouped(negative ? money.amount.slice(1) : money.amount);
  const sign = negative ? "−" : "";
  if (language === "en") return `${sign}${money.currency} ${digits}`;
  if (money.currency === "CNY") return `${sign}￥${digits}`;
  const names = language === "zh-Hant" ? zhHantNames : zhNames;
  return `${sign}${digits} ${names[money.currency] ?? money.currency}`;
}

// Minor units with as many digits as `digits`; null for anything that is not such a decimal.
export function toMinor(text: string, digits: number): bigint | null {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!parts) return null;
  const fraction = parts[3] ?? "";
  if (fraction.length > digits) return null;
  const minor = BigInt((parts[2] ?? "0") + fraction.padEnd(digits, "0"));
  return parts[1] === "-" ? -minor : minor;
}

export function digitsOf(decimal: string): number {
  const point = decimal.indexOf(".");
  return point < 0 ? 0 : decimal.length - point - 1;
}

export function fromMinor(minor: bigint, digits: number): string {
  const negative = minor < 0n;
  const text = (negative ? -minor : minor).toString().padStart(digits + 1, "0");
  const decimal = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return negative ? `-${decimal}` : decimal;
}

export function isZero(money: Amount): boolean {
  return /^-?0*(\.0*)?$/.test(money.amount);
}

export function sameAmount(a: Amount, b: Amount): boolean {
  if (a.currency !== b.currency) return false;
  const digits = Math.max(digitsOf(a.amount), digitsOf(b.amount));
  return toMinor(a.amount, digits) === toMinor(b.amount, digits);
}

// after - before, signed; null where the currencies differ.
export function difference(before: Amount, after: Amount): Amount | null {
  if (before.currency !== after.currency) return null;
  const digits = Math.max(digitsOf(before.amount), digitsOf(after.amount));
  const from = toMinor(before.amount, digits);
  const to = toMinor(after.amount, digits);
  return from === null || to === null ? null : { amount: fromMinor(to - from, digits), currency: after.currency };
}

export type AmountProblem = "not_an_amount" | "not_positive" | "too_much";

// What an agent typed, against the most that may be given back. Full-width digits and grouping commas are understood.
export function readAmount(typed: string, most: Amount): { amount: Amount } | { problem: AmountProblem } {
  const text = typed
    .replace(/[０-９．，]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/,(?=\d{3}(\D|$))/g, "");
  const digits = digitsOf(most.amount);
  const minor = toMinor(text, digits);
  const limit = toMinor(most.amount, digits);
  if (minor === null || limit === null) return { problem: "not_an_amount" };
  if (minor <= 0n) return { problem: "not_positive" };
  if (minor > limit) return { problem: "too_much" };
  return { amount: { amount: fromMinor(minor, digits), currency: most.currency } };
}
