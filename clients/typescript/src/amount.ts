// SPDX-License-Identifier: Apache-2.0
// Amounts are decimal strings on the wire and bigint minor units in sums. A number of JavaScript is never money.
import type { Amount } from "./types.js";

// ISO 4217 exponents of the currencies that OKPay keeps books in; a test compares them with the server's.
const exponents: Readonly<Record<string, number>> = {
  AUD: 2,
  BHD: 3,
  CAD: 2,
  CHF: 2,
  CNY: 2,
  EUR: 2,
  GBP: 2,
  HKD: 2,
  JPY: 0,
  KRW: 0,
  MOP: 2,
  SGD: 2,
  TWD: 2,
  USD: 2,
};

export function decimalsOf(currency: string): number {
  const decimals = exponents[currency];
  if (decimals === undefined) throw new RangeError(`${currency} is no currency that OKPay keeps books in`);
  return decimals;
}

/** 12.50 USD is 1250n. */
export function minorOf(amount: Amount): bigint {
  const decimals = decimalsOf(amount.currency);
  const parts = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(amount.amount);
  if (parts === null || (parts[3] ?? "").length !== decimals) {
    throw new RangeError(`${amount.amount} is no amount in ${amount.currency}: it takes ${decimals} decimals`);
  }
  const minor = BigInt(`${parts[2]}${parts[3] ?? ""}`);
  return parts[1] === "-" ? -minor : minor;
}

/** 1250n of USD is 12.50 USD. */
export function amountOf(minor: bigint, currency: string): Amount {
  const decimals = decimalsOf(currency);
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const sign = minor < 0n ? "-" : "";
  return { amount: decimals === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-decimals)}`, currency };
}

export function addAmounts(one: Amount, ...more: Amount[]): Amount {
  let sum = minorOf(one);
  for (const other of more) {
    if (other.currency !== one.currency) throw new RangeError(`${other.currency} cannot be added to ${one.currency}`);
    sum += minorOf(other);
  }
  return amountOf(sum, one.currency);
}
