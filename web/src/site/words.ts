// SPDX-License-Identifier: Apache-2.0
import type { SiteLanguage } from "../i18n/choice";

export interface SiteWords {
  name: string; // of the language, for the switch
  title: string;
  line: string;
  lead: string;
  demonstration: string;
  language: string;
  account: string;
  help: string;
  write: string;
  copy: string;
  copied: string;
  how: string;
  include: readonly string[];
  neverTitle: string;
  never: string;
  next: string;
  steps: readonly { when: string; what: string; more: string }[];
  proofTitle: string;
  proof: string;
  later: string;
  staff: string;
  developers: string;
  unreachable: string;
}

const en: SiteWords = {
  name: "English",
  title: "OKPay: payments, and people who answer for them",
  line: "Payments, and people who answer for them.",
  lead:
    "A wallet in several currencies for paying, transferring and being refunded, with a support desk " +
    "that sees the ledger and tells you what happened to your money.",
  demonstration: "Demonstration: invented people, no real money",
  language: "Language",
  account: "My account",
  help: "Help",
  write: "Write to us",
  copy: "Copy address",
  copied: "Copied",
  how: "What to write",
  include: [
    "Send from the address your account is registered with.",
    "About a payment: its transaction number, or its amount, date and time.",
    "Something fails: the error message as you see it, or a screenshot.",
    "One matter in one mail. Chinese and English are both fine.",
  ],
  neverTitle: "Never send",
  never: "passwords, one-time codes, whole card numbers or the three digits on the back. We never ask for them.",
  next: "What happens next",
  steps: [
    {
      when: "At once",
      what: "You get a request number",
      more: "It begins with OK- and stands in the subject. Keep it; it names your case.",
    },
    { when: "Within 24 hours", what: "First reply", more: "An answer, or a question about what is still missing." },
    {
      when: "Within 48 hours",
      what: "Payment errors investigated",
      more:
        "A charge taken twice, a payment that failed, a refund that has not come: we tell you " +
        "what the ledger shows and what we do.",
    },
  ],
  proofTitle: "No refund on the word of one person",
  proof: "Two people look at each refund, and it goes back to where you paid from. No mail can move your money.",
  later: "To add something, answer the mail you got. It joins the same request.",
  staff: "Staff",
  developers: "API",
  unreachable: "The address could not be loaded. Reload the page.",
};

const zhHans: SiteWords = {
  name: "简体",
  title: "OKPay：支付，有人负责到底",
  line: "支付，有人负责到底。",
  lead: "多币种钱包，付款、转账、退款都在这里。客服与账本相连，能告诉您每一笔钱的去向。",
  demonstration: "演示环境：人物虚构，不涉及真实资金",
  language: "语言",
  account: "我的账户",
  help: "帮助",
  write: "写信给我们",
  copy: "复制地址",
  copied: "已复制",
  how: "信里写什么",
  include: [
    "请用注册账户的邮箱发送。",
    "关于付款：写明交易号，或金额与日期时间。",
    "遇到报错：写下错误信息，或附上截图。",
    "一封信只说一件事，中文英文都可以。",
  ],
  neverTitle: "请勿发送",
  never: "密码、验证码、完整卡号、卡背三位数。我们绝不会索要。",
  next: "接下来会怎样",
  steps: [
    { when: "立即", what: "收到请求编号", more: "编号以 OK- 开头，写在邮件主题里。请保留，它代表您的这件事。" },
    { when: "24 小时内", what: "首次回复", more: "直接答复，或询问还缺的信息。" },
    { when: "48 小时内", what: "查清支付问题", more: "重复扣款、支付失败、退款未到：我们告诉您账上的情况和处理办法。" },
  ],
  proofTitle: "退款从不由一人说了算",
  proof: "每笔退款都由两人核对，并退回原支付方式。任何邮件都不能直接动用您的资金。",
  later: "需要补充，直接回复收到的邮件即可，内容会归入同一请求。",
  staff: "员工入口",
  developers: "接口文档",
  unreachable: "地址未能载入，请刷新页面。",
};

const zhHant: SiteWords = {
  name: "繁體",
  title: "OKPay：支付，有人負責到底",
  line: "支付，有人負責到底。",
  lead: "多幣別錢包，付款、轉帳、退款都在這裡。客服與帳本相連，能告訴您每一筆錢的去向。",
  demonstration: "示範環境：人物虛構，不涉及真實資金",
  language: "語言",
  account: "我的帳戶",
  help: "說明",
  write: "寫信給我們",
  copy: "複製地址",
  copied: "已複製",
  how: "信裡寫什麼",
  include: [
    "請用註冊帳戶的電子郵件寄出。",
    "關於付款：寫明交易編號，或金額與日期時間。",
    "遇到錯誤：寫下錯誤訊息，或附上截圖。",
    "一封信只說一件事，中文英文都可以。",
  ],
  neverTitle: "請勿寄送",
  never: "密碼、驗證碼、完整卡號、卡片背面三碼。我們絕不會索取。",
  next: "接下來會怎樣",
  steps: [
    { when: "立即", what: "收到請求編號", more: "編號以 OK- 開頭，寫在郵件主旨裡。請保留，它代表您的這件事。" },
    { when: "24 小時內", what: "首次回覆", more: "直接答覆，或詢問還缺的資訊。" },
    { when: "48 小時內", what: "查清支付問題", more: "重複扣款、支付失敗、退款未到：我們告訴您帳上的情況和處理辦法。" },
  ],
  proofTitle: "退款從不由一人說了算",
  proof: "每筆退款都由兩人核對，並退回原支付方式。任何郵件都不能直接動用您的資金。",
  later: "需要補充，直接回覆收到的郵件即可，內容會歸入同一請求。",
  staff: "員工入口",
  developers: "介面文件",
  unreachable: "地址未能載入，請重新整理頁面。",
};

export const words: Readonly<Record<SiteLanguage, SiteWords>> = { en, "zh-Hans": zhHans, "zh-Hant": zhHant };
