// SPDX-License-Identifier: Apache-2.0
// Which language a page speaks: the one chosen before on this device, else the browser's first that we speak.
export type SiteLanguage = "en" | "zh-Hans" | "zh-Hant";
const key = "okpay.language";

// "zh-TW", "zh-HK", "zh-MO" and "zh-Hant…" read Traditional; other Chinese reads Simplified; null for the rest.
export function languageOf(tag: string): SiteLanguage | null {
  const lower = tag.toLowerCase();
  if (lower === "en" || lower.startsWith("en-")) return "en";
  if (lower !== "zh" && !lower.startsWith("zh-")) return null;
  if (lower.includes("hans")) return "zh-Hans";
  return /hant|-(tw|hk|mo)\b/.test(lower) ? "zh-Hant" : "zh-Hans";
}

export function chooseLanguage(remembered: string | null, browser: readonly string[]): SiteLanguage {
  const before = remembered === null ? null : languageOf(remembered);
  if (before !== null) return before;
  for (const tag of browser) {
    const language = languageOf(tag);
    if (language !== null) return language;
  }
  return "en";
}

export function currentLanguage(): SiteLanguage {
  let remembered: string | null = null;
  try {
    remembered = localStorage.getItem(key);
  } catch {
    // storage may be forbidden; then the browser's languages decide
  }
  return chooseLanguage(remembered, navigator.languages);
}

export function rememberLanguage(language: SiteLanguage): void {
  try {
    localStorage.setItem(key, language);
  } catch {
    // forgotten with the page then
  }
}
