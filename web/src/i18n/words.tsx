// SPDX-License-Identifier: Apache-2.0
// The workspace speaks English and Simplified Chinese; a choice of Traditional on the public site reads Chinese here.
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { shownAmount, type Amount, type UiLanguage } from "../format/money";
import { currentLanguage, rememberLanguage } from "./choice";
import { en, type Dictionary } from "./en";
import { zh } from "./zh";

interface Words {
  language: UiLanguage;
  t: Dictionary;
  money: (amount: Amount) => string;
  switchLanguage: () => void;
}
const WordsContext = createContext<Words | null>(null);

export function WordsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<UiLanguage>(() => (currentLanguage() === "en" ? "en" : "zh"));
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  }, [language]);
  const words = useMemo<Words>(
    () => ({
      language,
      t: language === "zh" ? zh : en,
      money: (amount) => shownAmount(amount, language),
      switchLanguage: () => {
        const other = language === "zh" ? "en" : "zh";
        rememberLanguage(other === "zh" ? "zh-Hans" : "en");
        setLanguage(other);
      },
    }),
    [language],
  );
  return <WordsContext.Provider value={words}>{children}</WordsContext.Provider>;
}

export function useWords(): Words {
  const words = useContext(WordsContext);
  if (words === null) throw new Error("useWords outside WordsProvider");
  return words;
}
