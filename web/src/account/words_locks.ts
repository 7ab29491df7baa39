// SPDX-License-Identifier: Apache-2.0
// What the account page says about locks, in the three languages.
import type { LockMessage, LockScope } from "../api/types";
import type { SiteLanguage } from "../i18n/choice";

const en = {
  title: "Your account is locked",
  scope: {
    sign_in: "Nobody can sign in.",
    debits: "No money can leave your account.",
    payouts: "No withdrawals, and no transfers to people you have not paid lately.",
    credits: "No money can come into your account.",
    full: "Nobody can sign in, and no money can leave.",
  } as Record<LockScope, string>,
  message: {
    under_review: "We want to be sure that it is you who uses the account.",
    unusual_payments: "A payment does not look like what you usually do.",
    new_device_payout: "Money was to be sent to somebody new soon after a sign-in on a new device.",
    changed_then_payout: "Money was to be sent to somebody new soon after your sign-in or contact data were changed.",
    failed_sign_ins: "Somebody signed in on a new device after many wrong passwords.",
    own_wish: "You asked for it.",
    not_me: "You told us that it was not you.",
    stolen_or_lost: "A phone or a card is reported lost or stolen.",
    contact_held: "Your mail address is being changed.",
    phone_held: "Your phone number is being changed or removed.",
    identity_check: "Your identity has to be proven again.",
    legal_order: "The law obliges us to.",
  } as Record<LockMessage, string>,
  since: (at: string) => `Since ${at}`,
  answer: (number: string) => `Answer our mail with ${number} in its subject and say whether it was you.`,
  write: "Write to us, and a person will look at it.",
  review: (at: string) => `A person looks at it by ${at}.`,
  safe: "Your money is safe: what is paid to you still arrives.",
  end: "End this lock",
  lockTitle: "Lock my account",
  lockLine:
    "Nothing leaves it from then on: no payments, transfers or withdrawals. You end it here, with your second factor.",
  lock: "Lock it now",
};

const zhHans: typeof en = {
  title: "您的账户已锁定",
  scope: {
    sign_in: "暂时无法登录。",
    debits: "款项暂时无法转出。",
    payouts: "暂时无法提现，也无法向近期未付过款的人转账。",
    credits: "款项暂时无法转入。",
    full: "暂时无法登录，款项也无法转出。",
  },
  message: {
    under_review: "我们需要确认账户确实由您本人使用。",
    unusual_payments: "一笔付款与您平时的使用习惯明显不同。",
    new_device_payout: "在新设备上登录后不久，有人要求向新的收款人转账。",
    changed_then_payout: "登录信息或联系方式更改后不久，有人要求向新的收款人转账。",
    failed_sign_ins: "多次输错密码后，有人在新设备上登录了您的账户。",
    own_wish: "应您本人的要求。",
    not_me: "您告知我们该操作并非您本人所为。",
    stolen_or_lost: "您的手机或银行卡已报失或被盗。",
    contact_held: "您的邮箱地址正在更换。",
    phone_held: "您的手机号码正在更换或移除。",
    identity_check: "需要重新核实您的身份。",
    legal_order: "这是法律要求我们采取的措施。",
  },
  since: (at) => `自 ${at} 起`,
  answer: (number) => `请回复主题中带有 ${number} 的邮件，说明是否为您本人操作。`,
  write: "请联系我们，工作人员会为您查看。",
  review: (at) => `工作人员会在 ${at} 之前查看。`,
  safe: "您的资金是安全的：他人付给您的款项仍会到账。",
  end: "解除此锁定",
  lockTitle: "锁定我的账户",
  lockLine: "锁定后款项无法转出：付款、转账和提现均停用。您可以在此处通过第二因素验证后自行解除。",
  lock: "立即锁定",
};

const zhHant: typeof en = {
  title: "您的帳戶已鎖定",
  scope: {
    sign_in: "暫時無法登入。",
    debits: "款項暫時無法轉出。",
    payouts: "暫時無法提領，也無法向近期未付過款的人轉帳。",
    credits: "款項暫時無法轉入。",
    full: "暫時無法登入，款項也無法轉出。",
  },
  message: {
    under_review: "我們需要確認帳戶確實由您本人使用。",
    unusual_payments: "一筆付款與您平時的使用習慣明顯不同。",
    new_device_payout: "在新裝置上登入後不久，有人要求向新的收款人轉帳。",
    changed_then_payout: "登入資訊或聯絡方式變更後不久，有人要求向新的收款人轉帳。",
    failed_sign_ins: "多次輸錯密碼後，有人在新裝置上登入了您的帳戶。",
    own_wish: "依您本人的要求。",
    not_me: "您告知我們該操作並非您本人所為。",
    stolen_or_lost: "您的手機或卡片已通報遺失或遭竊。",
    contact_held: "您的電子郵件地址正在變更。",
    phone_held: "您的手機號碼正在變更或移除。",
    identity_check: "需要重新核實您的身分。",
    legal_order: "這是法律要求我們採取的措施。",
  },
  since: (at) => `自 ${at} 起`,
  answer: (number) => `請回覆主旨中帶有 ${number} 的郵件，說明是否為您本人操作。`,
  write: "請聯絡我們，工作人員會為您查看。",
  review: (at) => `工作人員會在 ${at} 之前查看。`,
  safe: "您的資金是安全的：他人付給您的款項仍會入帳。",
  end: "解除此鎖定",
  lockTitle: "鎖定我的帳戶",
  lockLine: "鎖定後款項無法轉出：付款、轉帳和提領均停用。您可以在此處通過第二因素驗證後自行解除。",
  lock: "立即鎖定",
};

export const lockWords: Record<SiteLanguage, typeof en> = { en, "zh-Hans": zhHans, "zh-Hant": zhHant };
