// SPDX-License-Identifier: Apache-2.0
import type { SiteLanguage } from "../i18n/choice";

export interface CheckWords {
  link: string; // to the page
  title: string;
  heading: string;
  lead: string;
  code: string;
  codeHint: string;
  address: string;
  addressHint: string;
  ask: string;
  asking: string;
  mistyped: string;
  yes: string;
  yesTo: (date: string, recipient: string) => string;
  kind: Record<"reply" | "acknowledgement" | "letter", string>;
  compare: string;
  no: string;
  noMore: (phishing: string) => string;
  elsewhere: string;
  tooOften: string;
  failed: string;
  codeMissing: string;
  forward: (verify: string) => string;
  back: string;
}

const en: CheckWords = {
  link: "Is this mail from us?",
  title: "OKPay: is this mail from us?",
  heading: "Is this mail from us?",
  lead: "Every mail of ours ends with a line that begins with “Check:”. Type its code here.",
  code: "Code",
  codeHint: "14 letters and digits, such as 1ABC-DEFG-HJKM-NP",
  address: "Your mail address (optional)",
  addressHint: "A forger can copy a code. With your address we also check that the mail went to you.",
  ask: "Check",
  asking: "Checking…",
  mistyped: "That is not a whole code. Compare it with the mail again.",
  yes: "Yes. We sent a mail with this code.",
  yesTo: (date, recipient) => `Sent on ${date} to ${recipient}.`,
  kind: {
    reply: "An answer from our support.",
    acknowledgement: "The receipt of a request.",
    letter: "A letter about an account.",
  },
  compare:
    "Is that not your address, or is the date another? Then the code was copied: do not use the links in your mail.",
  no: "No. We did not send a mail with this code.",
  noMore: (phishing) => `Do not use its links and do not answer. Forward it to ${phishing}: our risk team looks at it.`,
  elsewhere: "No. This code belongs to a mail to another address. Your mail may be forged: do not use its links.",
  tooOften: "Too many checks from here. Try again in ten minutes.",
  failed: "We could not check just now. Try again in a moment.",
  codeMissing: "Type the code first.",
  forward: (verify) => `Or forward the mail to ${verify}. The answer, yes or no, comes by mail.`,
  back: "Back to the start page",
};

const zhHans: CheckWords = {
  link: "这封邮件是你们发的吗？",
  title: "OKPay：核验邮件真伪",
  heading: "这封邮件是我们发的吗？",
  lead: "我们的每封邮件末尾都有一行以“Check:”开头的文字。请在这里输入其中的核验码。",
  code: "核验码",
  codeHint: "14 位字母和数字，例如 1ABC-DEFG-HJKM-NP",
  address: "您的邮箱（选填）",
  addressHint: "骗子可能抄用真码。填写邮箱后，我们还会核对邮件是否发给了您。",
  ask: "核验",
  asking: "正在核验…",
  mistyped: "核验码不完整或有误，请对照邮件再看一遍。",
  yes: "是。带有此核验码的邮件是我们发出的。",
  yesTo: (date, recipient) => `于 ${date} 发往 ${recipient}。`,
  kind: { reply: "客服的答复。", acknowledgement: "请求的收件通知。", letter: "账户通知。" },
  compare: "如果那不是您的邮箱，或日期不符，说明核验码被抄用：请不要点击邮件中的链接。",
  no: "不是。我们没有发过带有此核验码的邮件。",
  noMore: (phishing) => `请不要点击其中的链接，也不要回复。请把它转发到 ${phishing}，由风险团队核查。`,
  elsewhere: "不是。此核验码属于发往其他邮箱的邮件。您收到的可能是仿冒邮件，请不要点击其中的链接。",
  tooOften: "核验次数过多，请十分钟后再试。",
  failed: "暂时无法核验，请稍后再试。",
  codeMissing: "请先输入核验码。",
  forward: (verify) => `也可以把邮件转发到 ${verify}，我们会用邮件回答“是”或“不是”。`,
  back: "返回首页",
};

const zhHant: CheckWords = {
  link: "這封郵件是你們寄的嗎？",
  title: "OKPay：核驗郵件真偽",
  heading: "這封郵件是我們寄的嗎？",
  lead: "我們的每封郵件末尾都有一行以「Check:」開頭的文字。請在這裡輸入其中的核驗碼。",
  code: "核驗碼",
  codeHint: "14 位字母和數字，例如 1ABC-DEFG-HJKM-NP",
  address: "您的信箱（選填）",
  addressHint: "騙子可能抄用真碼。填寫信箱後，我們還會核對郵件是否寄給了您。",
  ask: "核驗",
  asking: "正在核驗…",
  mistyped: "核驗碼不完整或有誤，請對照郵件再看一遍。",
  yes: "是。帶有此核驗碼的郵件是我們寄出的。",
  yesTo: (date, recipient) => `於 ${date} 寄往 ${recipient}。`,
  kind: { reply: "客服的答覆。", acknowledgement: "請求的收件通知。", letter: "帳戶通知。" },
  compare: "如果那不是您的信箱，或日期不符，說明核驗碼被抄用：請不要點擊郵件中的連結。",
  no: "不是。我們沒有寄過帶有此核驗碼的郵件。",
  noMore: (phishing) => `請不要點擊其中的連結，也不要回覆。請把它轉寄到 ${phishing}，由風險團隊查核。`,
  elsewhere: "不是。此核驗碼屬於寄往其他信箱的郵件。您收到的可能是仿冒郵件，請不要點擊其中的連結。",
  tooOften: "核驗次數過多，請十分鐘後再試。",
  failed: "暫時無法核驗，請稍後再試。",
  codeMissing: "請先輸入核驗碼。",
  forward: (verify) => `也可以把郵件轉寄到 ${verify}，我們會用郵件回答「是」或「不是」。`,
  back: "返回首頁",
};

export const checkWords: Record<SiteLanguage, CheckWords> = { en, "zh-Hans": zhHans, "zh-Hant": zhHant };
