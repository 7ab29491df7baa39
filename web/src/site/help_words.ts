// SPDX-License-Identifier: Apache-2.0
// What the help pages say. Articles come from the server, in their own words.
import type { SiteLanguage } from "../i18n/choice";

export interface HelpWords {
  title: string;
  line: string;
  search: string;
  placeholder: string;
  clear: string;
  found: (count: number) => string;
  none: string;
  back: string;
  missing: string;
  unreachable: string;
  otherLanguage: string;
  helped: string;
  yes: string;
  no: string;
  thanks: string;
  sorry: string;
  tooOften: string;
  still: string;
  stillLine: string;
  front: string;
  groups: readonly { name: string; categories: readonly string[] }[];
}

const en: HelpWords = {
  title: "Help",
  line: "How can we help?",
  search: "Search the help pages",
  placeholder: "Refund, fees, new phone …",
  clear: "Show all",
  found: (count) => (count === 1 ? "1 answer" : `${count} answers`),
  none: "Nothing was found. Try another word, or write to us below.",
  back: "All questions",
  missing: "This article is not here any more.",
  unreachable: "The help pages could not be loaded. Reload the page.",
  otherLanguage: "This article is not there in English yet.",
  helped: "Did this help?",
  yes: "Yes",
  no: "No",
  thanks: "Thank you.",
  sorry: "Thank you. Write to us below: people read it.",
  tooOften: "Thank you; that is enough for a while.",
  still: "Still need us?",
  stillLine:
    "Write to us, in Chinese or English, from the address of your account. You get a request number at once " +
    "and a first reply within 24 hours.",
  front: "Front page",
  groups: [
    {
      name: "Payments and refunds",
      categories: ["payment_failed", "duplicate_charge", "refund", "topup_withdrawal", "card"],
    },
    { name: "Fees, limits and how to", categories: ["fees_limits", "general_howto", "complaint"] },
    {
      name: "Your account and its security",
      categories: [
        "account_locked",
        "account_info_change",
        "identity_verification",
        "login_security",
        "suspicious_activity",
      ],
    },
  ],
};

const zhHans: HelpWords = {
  title: "帮助中心",
  line: "需要什么帮助？",
  search: "搜索帮助中心",
  placeholder: "退款、手续费、换手机……",
  clear: "显示全部",
  found: (count) => `找到 ${count} 篇`,
  none: "没有找到。请换一个词，或在下方写信给我们。",
  back: "全部问题",
  missing: "这篇文章已不在这里。",
  unreachable: "帮助中心未能载入，请刷新页面。",
  otherLanguage: "这篇文章暂时没有中文版。",
  helped: "这篇文章有帮助吗？",
  yes: "有",
  no: "没有",
  thanks: "谢谢。",
  sorry: "谢谢。请在下方写信给我们，由工作人员阅读。",
  tooOften: "谢谢，请稍后再评价。",
  still: "仍需要我们？",
  stillLine: "请用注册账户的邮箱写信给我们，中文英文都可以。您会立即收到请求编号，24 小时内得到首次回复。",
  front: "首页",
  groups: [
    { name: "付款与退款", categories: en.groups[0]!.categories },
    { name: "费用、限额与使用方法", categories: en.groups[1]!.categories },
    { name: "账户与安全", categories: en.groups[2]!.categories },
  ],
};

const zhHant: HelpWords = {
  title: "說明中心",
  line: "需要什麼協助？",
  search: "搜尋說明中心",
  placeholder: "退款、手續費、換手機……",
  clear: "顯示全部",
  found: (count) => `找到 ${count} 篇`,
  none: "沒有找到。請換一個詞，或在下方寫信給我們。",
  back: "全部問題",
  missing: "這篇文章已不在這裡。",
  unreachable: "說明中心未能載入，請重新整理頁面。",
  otherLanguage: "這篇文章暫時沒有繁體版。",
  helped: "這篇文章有幫助嗎？",
  yes: "有",
  no: "沒有",
  thanks: "謝謝。",
  sorry: "謝謝。請在下方寫信給我們，由專人閱讀。",
  tooOften: "謝謝，請稍後再評價。",
  still: "仍需要我們？",
  stillLine: "請用註冊帳戶的信箱寫信給我們，中文英文都可以。您會立即收到請求編號，24 小時內得到首次回覆。",
  front: "首頁",
  groups: [
    { name: "付款與退款", categories: en.groups[0]!.categories },
    { name: "費用、限額與使用方法", categories: en.groups[1]!.categories },
    { name: "帳戶與安全", categories: en.groups[2]!.categories },
  ],
};

export const helpWords: Readonly<Record<SiteLanguage, HelpWords>> = { en, "zh-Hans": zhHans, "zh-Hant": zhHant };
