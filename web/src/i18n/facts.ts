// SPDX-License-Identifier: Apache-2.0
// The words of facts that a request lacked and its customer was asked for, in both languages of the workspace. The facts
// themselves are called as in the reading.
import type { UiLanguage } from "../format/money";

const en = {
  asked: "Asked on",
  askedFor: (facts: string) => `for: ${facts}`,
  given: (facts: string) => `Given: ${facts}`,
  noneGiven: "They answered, none of it stated",
  missing: (facts: string) => `still missing: ${facts}`,
  then: "; ",
  stop: ". ",
};

const zh: typeof en = {
  asked: "已于",
  askedFor: (facts) => `请客户补充：${facts}`,
  given: (facts) => `已提供：${facts}`,
  noneGiven: "客户已回复，未写明",
  missing: (facts) => `尚缺：${facts}`,
  then: "；",
  stop: "。",
};

export type AskedWords = typeof en;
export const askedWordsOf = (language: UiLanguage): AskedWords => (language === "zh" ? zh : en);
