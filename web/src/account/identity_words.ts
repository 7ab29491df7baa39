// SPDX-License-Identifier: Apache-2.0
// What the screen of proof of identity says, in the three languages.
import type { SiteLanguage } from "../i18n/choice";
import type { FileKind, Verification } from "./identity_api";

type Document = Verification["document"];
type Code = NonNullable<Verification["code"]>;

interface IdentityWords {
  title: string;
  link: string;
  level: (level: number) => string;
  why: string;
  how: [string, string, string];
  begin: string;
  form: {
    document: string;
    kind: Record<Document, string>;
    country: string;
    name: string;
    nameHint: string;
    birth: string;
    number: string;
    numberHint: Record<Document, string>;
    consent: string;
    kept: string;
    go: string;
    needName: string;
    needBirth: string;
    needNumber: string;
    needConsent: string;
  };
  file: Record<FileKind, { title: string; hint: string; take: string }>;
  sending: (percent: number) => string;
  looking: string;
  taken: string;
  again: string;
  step: (done: number, all: number) => string;
  submit: string;
  submitting: string;
  missing: string;
  cancel: string;
  sure: string;
  canceled: string;
  state: {
    review: string;
    reviewLine: string;
    verified: string;
    verifiedLine: (day: string | null) => string;
    rejected: string;
    rejectedLine: string;
    needed: string;
    expired: string;
    expiredLine: string;
    canceled: string;
  };
  code: Record<Code, string>;
  until: (day: string) => string;
  filesUntil: (day: string) => string;
  filesGone: (day: string) => string;
  destroy: string;
  document: string;
  handedIn: string;
  retry: string;
  renew: string;
  limits: string;
  error: Record<string, string>;
}

const en: IdentityWords = {
  title: "Verify your identity",
  link: "Verify identity",
  level: (level) => `Your account has level ${level}.`,
  why: "With a verified identity the limits of your account are higher.",
  how: [
    "Say which document you have.",
    "Take pictures of it and of yourself with this phone.",
    "A person looks at them, as a rule within 24 hours. We write to you then.",
  ],
  begin: "Begin",
  form: {
    document: "Document",
    kind: {
      passport: "Passport",
      identity_card: "Identity card",
      chinese_resident_id: "Chinese resident identity card",
    },
    country: "Issued by",
    name: "Name, as on the document",
    nameHint: "In the letters in which it is printed; all given names.",
    birth: "Date of birth",
    number: "Number of the document",
    numberHint: {
      passport: "On the page with your picture, upper right.",
      identity_card: "Letters and digits, as printed.",
      chinese_resident_id: "18 characters.",
    },
    consent: "I agree that OKPay looks at my document and at a picture of my face to verify who I am.",
    kept: "The pictures are stored encrypted, seen by reviewers alone, and destroyed 90 days after the decision.",
    go: "Go on to the pictures",
    needName: "Type your name.",
    needBirth: "Choose the day on which you were born.",
    needNumber: "4 to 20 letters and digits.",
    needConsent: "Without it we cannot look at anything.",
  },
  file: {
    document_front: {
      title: "Front of the document",
      hint:
        "Of a passport the whole page with your picture and the two lines of letters and arrows. " +
        "Good light, no glare, all four corners.",
      take: "Take a picture",
    },
    document_back: {
      title: "Back of the document",
      hint: "All of it, flat and sharp.",
      take: "Take a picture",
    },
    selfie: {
      title: "You",
      hint: "Look into the camera. No hat, no sunglasses, nobody else.",
      take: "Take a picture",
    },
  },
  sending: (percent) => `Sending… ${percent} %`,
  looking: "Looking at it…",
  taken: "Taken",
  again: "Take it again",
  step: (done, all) => `${done} of ${all} pictures`,
  submit: "Hand it in",
  submitting: "Handing it in…",
  missing: "Take the pictures above first.",
  cancel: "Stop the verification",
  sure: "Stop it, and have the pictures destroyed?",
  canceled: "Stopped. What you had sent is destroyed.",
  state: {
    review: "We are looking at it",
    reviewLine:
      "Everything is here. A person looks at it, as a rule within 24 hours, and we write to you. You need not do anything.",
    verified: "Your identity is verified",
    verifiedLine: (day) =>
      day === null
        ? "Higher limits apply."
        : `Higher limits apply. Your document is valid until ${day}; we write to you a month before.`,
    rejected: "We could not verify your identity",
    rejectedLine: "Your account works as before. If you think this is wrong, write to us; you can also begin again.",
    needed: "Something has to be sent again",
    expired: "Your document has expired",
    expiredLine: "The limits of your account are lower until you verify your identity with a valid one.",
    canceled: "Stopped",
  },
  code: {
    document_expired: "The document has expired. Use one that is valid.",
    document_unreadable:
      "The document cannot be read. Take the picture in good light, without glare, so that all four corners show.",
    name_mismatch: "The name on the document is not the one that you stated.",
    birth_date_mismatch: "The date of birth on the document is not the one that you stated.",
    id_number_mismatch: "The number of the document is not the one that you stated.",
    face_mismatch: "The picture of you does not show the person on the document well enough.",
    under_age: "One has to be 18 years old.",
    country_not_supported: "We cannot accept documents of this country yet.",
    manipulated: "We could not accept the document.",
    consent_declined: "You did not agree that we look at it.",
  },
  until: (day) => `It stays open until ${day}.`,
  filesUntil: (day) => `The pictures are destroyed on ${day}.`,
  filesGone: (day) => `The pictures were destroyed on ${day}.`,
  destroy: "Destroy the pictures now",
  document: "Document",
  handedIn: "Handed in",
  retry: "Begin again",
  renew: "Verify with a new document",
  limits: "See the limits",
  error: {
    picture_type_refused: "This is no picture that we can read. Take it with the camera, or choose a JPEG or PNG file.",
    picture_too_large: "The picture has too many pixels. Choose a smaller one.",
    picture_too_small: "The picture is too small to read anything on it. Take it from closer.",
    picture_unreadable: "The picture is broken or incomplete. Take it again.",
    document_unreadable:
      "We cannot read the lines of letters and arrows on the document. " +
      "Take its picture again: good light, flat, the whole page.",
    body_too_large: "The picture is larger than 12 MB. Choose a smaller one.",
    too_many_files: "So many pictures were sent that we take no more today. Try again tomorrow.",
    too_many_requests: "You began too often today. Try again tomorrow.",
    files_missing: "A picture is still missing.",
    files_kept_by_law: "The law asks us to keep them for 90 days; then they are destroyed.",
    state_not_allowed: "It has moved on meanwhile. This is how it stands now.",
    verification_under_way: "One is under way already. This is how it stands.",
    malformed: "Something that you typed cannot be right. Look at it again.",
  },
};

const zhHans: IdentityWords = {
  title: "身份验证",
  link: "身份验证",
  level: (level) => `您的账户等级为 ${level} 级。`,
  why: "通过身份验证后，账户限额会提高。",
  how: ["选择您的证件。", "用手机拍摄证件和您本人的照片。", "由工作人员审核，一般在 24 小时内完成，届时会写信通知您。"],
  begin: "开始",
  form: {
    document: "证件类型",
    kind: { passport: "护照", identity_card: "身份证件（其他国家或地区）", chinese_resident_id: "中国居民身份证" },
    country: "签发国家或地区",
    name: "姓名（与证件一致）",
    nameHint: "请按证件上所印的文字填写全名。",
    birth: "出生日期",
    number: "证件号码",
    numberHint: {
      passport: "位于照片页右上方。",
      identity_card: "按证件所印填写字母和数字。",
      chinese_resident_id: "共 18 位。",
    },
    consent: "我同意 OKPay 查看我的证件和面部照片，以核实我的身份。",
    kept: "照片加密保存，仅供审核人员查看，并在作出决定 90 天后销毁。",
    go: "下一步：拍照",
    needName: "请填写姓名。",
    needBirth: "请选择出生日期。",
    needNumber: "请填写 4 至 20 位字母和数字。",
    needConsent: "未经同意，我们无法查看您的证件。",
  },
  file: {
    document_front: {
      title: "证件正面",
      hint: "护照请拍摄整个照片页，包括底部两行字母和箭头。光线充足、无反光、四角完整。",
      take: "拍照",
    },
    document_back: { title: "证件背面", hint: "完整、平整、清晰。", take: "拍照" },
    selfie: { title: "您本人", hint: "请正视镜头，不要戴帽子或墨镜，画面中不要有其他人。", take: "拍照" },
  },
  sending: (percent) => `正在发送… ${percent}%`,
  looking: "正在检查…",
  taken: "已收到",
  again: "重新拍摄",
  step: (done, all) => `已完成 ${done} / ${all} 张`,
  submit: "提交",
  submitting: "正在提交…",
  missing: "请先完成以上照片。",
  cancel: "停止本次验证",
  sure: "确定停止并销毁照片吗？",
  canceled: "已停止，您提交的内容已销毁。",
  state: {
    review: "正在审核",
    reviewLine: "材料已齐全，将由工作人员审核，一般在 24 小时内完成，届时会写信通知您。您无需再做任何操作。",
    verified: "您的身份已通过验证",
    verifiedLine: (day) =>
      day === null ? "账户限额已提高。" : `账户限额已提高。您的证件有效期至 ${day}，到期前一个月我们会写信提醒。`,
    rejected: "您的身份验证未通过",
    rejectedLine: "您的账户照常使用。如有异议，请联系我们；您也可以重新开始。",
    needed: "请重新提交部分材料",
    expired: "您的证件已到期",
    expiredLine: "在您用有效证件重新验证之前，账户限额较低。",
    canceled: "已停止",
  },
  code: {
    document_expired: "证件已过期，请使用有效证件。",
    document_unreadable: "证件无法辨认。请在光线充足、无反光的地方拍摄，并拍全证件四角。",
    name_mismatch: "证件上的姓名与您填写的不一致。",
    birth_date_mismatch: "证件上的出生日期与您填写的不一致。",
    id_number_mismatch: "证件号码与您填写的不一致。",
    face_mismatch: "自拍照与证件照片无法确认为同一人。",
    under_age: "须年满 18 周岁。",
    country_not_supported: "我们暂不接受该国家或地区的证件。",
    manipulated: "我们无法接受该证件。",
    consent_declined: "您未同意我们查看您的证件。",
  },
  until: (day) => `本次验证保留至 ${day}。`,
  filesUntil: (day) => `照片将于 ${day} 销毁。`,
  filesGone: (day) => `照片已于 ${day} 销毁。`,
  destroy: "立即销毁照片",
  document: "证件",
  handedIn: "提交时间",
  retry: "重新开始",
  renew: "用新证件验证",
  limits: "查看限额",
  error: {
    picture_type_refused: "无法读取该图片。请用相机拍摄，或选择 JPEG、PNG 文件。",
    picture_too_large: "图片像素过多，请选择较小的图片。",
    picture_too_small: "图片过小，无法辨认。请靠近一些重新拍摄。",
    picture_unreadable: "图片已损坏或不完整，请重新拍摄。",
    document_unreadable: "无法读取证件上由字母和箭头组成的两行文字。请在光线充足处重新拍摄完整、平整的页面。",
    body_too_large: "图片超过 12 MB，请选择较小的图片。",
    too_many_files: "今天提交的照片过多，请明天再试。",
    too_many_requests: "今天开始的次数过多，请明天再试。",
    files_missing: "还缺少照片。",
    files_kept_by_law: "依照法律规定须保存 90 天，之后即予销毁。",
    state_not_allowed: "状态已发生变化，以下为最新情况。",
    verification_under_way: "已有一个验证正在进行，以下为其状态。",
    malformed: "填写的内容有误，请检查。",
  },
};

const zhHant: IdentityWords = {
  title: "身分驗證",
  link: "身分驗證",
  level: (level) => `您的帳戶等級為 ${level} 級。`,
  why: "通過身分驗證後，帳戶限額會提高。",
  how: ["選擇您的證件。", "用手機拍攝證件和您本人的照片。", "由工作人員審核，一般在 24 小時內完成，屆時會寫信通知您。"],
  begin: "開始",
  form: {
    document: "證件類型",
    kind: { passport: "護照", identity_card: "身分證件（其他國家或地區）", chinese_resident_id: "中國居民身分證" },
    country: "簽發國家或地區",
    name: "姓名（與證件一致）",
    nameHint: "請按證件上所印的文字填寫全名。",
    birth: "出生日期",
    number: "證件號碼",
    numberHint: {
      passport: "位於照片頁右上方。",
      identity_card: "按證件所印填寫字母和數字。",
      chinese_resident_id: "共 18 位。",
    },
    consent: "我同意 OKPay 查看我的證件和臉部照片，以核實我的身分。",
    kept: "照片加密保存，僅供審核人員查看，並在作出決定 90 天後銷毀。",
    go: "下一步：拍照",
    needName: "請填寫姓名。",
    needBirth: "請選擇出生日期。",
    needNumber: "請填寫 4 至 20 位字母和數字。",
    needConsent: "未經同意，我們無法查看您的證件。",
  },
  file: {
    document_front: {
      title: "證件正面",
      hint: "護照請拍攝整個照片頁，包括底部兩行字母和箭頭。光線充足、無反光、四角完整。",
      take: "拍照",
    },
    document_back: { title: "證件背面", hint: "完整、平整、清晰。", take: "拍照" },
    selfie: { title: "您本人", hint: "請正視鏡頭，不要戴帽子或墨鏡，畫面中不要有其他人。", take: "拍照" },
  },
  sending: (percent) => `正在傳送… ${percent}%`,
  looking: "正在檢查…",
  taken: "已收到",
  again: "重新拍攝",
  step: (done, all) => `已完成 ${done} / ${all} 張`,
  submit: "提交",
  submitting: "正在提交…",
  missing: "請先完成以上照片。",
  cancel: "停止本次驗證",
  sure: "確定停止並銷毀照片嗎？",
  canceled: "已停止，您提交的內容已銷毀。",
  state: {
    review: "正在審核",
    reviewLine: "資料已齊全，將由工作人員審核，一般在 24 小時內完成，屆時會寫信通知您。您無需再做任何操作。",
    verified: "您的身分已通過驗證",
    verifiedLine: (day) =>
      day === null ? "帳戶限額已提高。" : `帳戶限額已提高。您的證件有效期至 ${day}，到期前一個月我們會寫信提醒。`,
    rejected: "您的身分驗證未通過",
    rejectedLine: "您的帳戶照常使用。如有異議，請聯絡我們；您也可以重新開始。",
    needed: "請重新提交部分資料",
    expired: "您的證件已到期",
    expiredLine: "在您用有效證件重新驗證之前，帳戶限額較低。",
    canceled: "已停止",
  },
  code: {
    document_expired: "證件已過期，請使用有效證件。",
    document_unreadable: "證件無法辨認。請在光線充足、無反光的地方拍攝，並拍全證件四角。",
    name_mismatch: "證件上的姓名與您填寫的不一致。",
    birth_date_mismatch: "證件上的出生日期與您填寫的不一致。",
    id_number_mismatch: "證件號碼與您填寫的不一致。",
    face_mismatch: "自拍照與證件照片無法確認為同一人。",
    under_age: "須年滿 18 歲。",
    country_not_supported: "我們暫不接受該國家或地區的證件。",
    manipulated: "我們無法接受該證件。",
    consent_declined: "您未同意我們查看您的證件。",
  },
  until: (day) => `本次驗證保留至 ${day}。`,
  filesUntil: (day) => `照片將於 ${day} 銷毀。`,
  filesGone: (day) => `照片已於 ${day} 銷毀。`,
  destroy: "立即銷毀照片",
  document: "證件",
  handedIn: "提交時間",
  retry: "重新開始",
  renew: "用新證件驗證",
  limits: "查看限額",
  error: {
    picture_type_refused: "無法讀取該圖片。請用相機拍攝，或選擇 JPEG、PNG 檔案。",
    picture_too_large: "圖片像素過多，請選擇較小的圖片。",
    picture_too_small: "圖片過小，無法辨認。請靠近一些重新拍攝。",
    picture_unreadable: "圖片已損壞或不完整，請重新拍攝。",
    document_unreadable: "無法讀取證件上由字母和箭頭組成的兩行文字。請在光線充足處重新拍攝完整、平整的頁面。",
    body_too_large: "圖片超過 12 MB，請選擇較小的圖片。",
    too_many_files: "今天提交的照片過多，請明天再試。",
    too_many_requests: "今天開始的次數過多，請明天再試。",
    files_missing: "還缺少照片。",
    files_kept_by_law: "依照法律規定須保存 90 天，之後即予銷毀。",
    state_not_allowed: "狀態已發生變化，以下為最新情況。",
    verification_under_way: "已有一個驗證正在進行，以下為其狀態。",
    malformed: "填寫的內容有誤，請檢查。",
  },
};

export const identityWords: Record<SiteLanguage, IdentityWords> = { en, "zh-Hans": zhHans, "zh-Hant": zhHant };
