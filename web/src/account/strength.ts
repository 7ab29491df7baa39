// SPDX-License-Identifier: Apache-2.0
// How good a password looks, said while it is typed. The server decides; this only says sooner what it would say, and no
// rule of composition is among it: length counts, and what is not repeated or near at hand.
export type Strength = "empty" | "short" | "weak" | "good" | "strong";

export const passwordLeast = 15; // NIST SP 800-63B-4, a password alone
const strongFrom = 22;
const walks = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "0123456789", "9876543210", "abcdefghijklmnopqrstuvwxyz"];
const known = ["password", "passwort", "iloveyou", "welcome", "letmein", "okpay", "woaini", "mima"];

// Characters that are not the next of a walk, nor a repetition, nor part of a word that everybody tries.
export function ownCharacters(text: string): number {
  let rest = text.toLowerCase();
  for (const word of known) rest = rest.split(word).join("");
  const characters = [...rest];
  let own = 0;
  characters.forEach((character, at) => {
    const before = characters[at - 1] ?? "";
    const walked = walks.some((walk) => before !== "" && walk.includes(before + character));
    const repeated =
      at >= 3 && characters.slice(Math.max(0, at - 5), at).includes(character) && isPeriodic(characters, at);
    if (character !== before && !walked && !repeated) own += 1;
  });
  return own;
}

// Whether the character stands as it did one to five places before, and so did the one before it.
function isPeriodic(characters: string[], at: number): boolean {
  for (let period = 1; period <= 5; period += 1) {
    if (characters[at] === characters[at - period] && characters[at - 1] === characters[at - 1 - period]) return true;
  }
  return false;
}

export function strengthOf(text: string, address: string): Strength {
  if (text === "") return "empty";
  if ([...text].length < passwordLeast) return "short";
  const local = address.split("@")[0]?.toLowerCase() ?? "";
  const holdsAddress = local.length >= 4 && text.toLowerCase().includes(local);
  const own = ownCharacters(text);
  if (holdsAddress || own < 8 || new Set(text).size < 5) return "weak";
  return own >= strongFrom - 4 && [...text].length >= strongFrom ? "strong" : "good";
}
