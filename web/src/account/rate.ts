// SPDX-License-Identifier: Apache-2.0
// What an amount makes at a rate: exact, rounded half to even once, as the server does. No floating point.
import { digitsOf, fromMinor, toMinor, type Amount } from "../format/money";

// `digits`: decimals of the target currency. Null where the amount or the rate is no decimal.
export function converted(amount: Amount, rate: string, to: string, digits: number): Amount | null {
  const given = toMinor(amount.amount, digitsOf(amount.amount));
  const factor = toMinor(rate, digitsOf(rate));
  if (given === null || factor === null || given < 0n || factor <= 0n) return null;
  let numerator = given * factor;
  let denominator = 1n;
  const shift = digits - digitsOf(amount.amount) - digitsOf(rate);
  if (shift >= 0) numerator *= 10n ** BigInt(shift);
  else denominator = 10n ** BigInt(-shift);
  const whole = numerator / denominator;
  const twiceLeft = (numerator % denominator) * 2n;
  const up = twiceLeft > denominator || (twiceLeft === denominator && whole % 2n === 1n);
  return { amount: fromMinor(up ? whole + 1n : whole, digits), currency: to };
}
