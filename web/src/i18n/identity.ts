// SPDX-License-Identifier: Apache-2.0
// The words of the reviewers' page, in both languages of the workspace.
import type { Answer } from "../api/types";

type Verification = Answer<"getVerification">;
type Check = NonNullable<Verification["evidence"]>[number];

export interface IdentityReviewWords {
  title: string;
  lead: string;
  none: string;
  state: Record<Verification["state"], string>;
  document: Record<Verification["document"], string>;
  purpose: Record<Verification["purpose"], string>;
  look: Record<Verification["views"][number]["purpose"], string>;
  file: Record<Verification["files"][number]["kind"], string>;
  check: Record<Check["kind"], string>;
  verdict: Record<Check["verdict"], string>;
  code: Record<NonNullable<Verification["code"]>, string>;
  decision: Record<Verification["reviews"][number]["decision"], string>;
  reviews: (yes: number, needed: number) => string;
  failed: (count: number) => string;
  attention: (count: number) => string;
  clean: string;
  since: string;
  expires: string;
  number: string;
  back: string;
  openTitle: string;
  why: string;
  reason: string;
  reasonHint: string;
  needReason: string;
  open: string;
  facts: string;
  stated: string;
  read: string;
  name: string;
  birth: string;
  country: string;
  checks: string;
  checksLead: string;
  pictures: string;
  picturesLead: string;
  show: string;
  loading: string;
  seen: string;
  destroyed: string;
  decide: string;
  decideLead: (needed: number) => string;
  lookFirst: (left: number) => string;
  codeLabel: string;
  chooseCode: string;
  note: string;
  noteHint: string;
  needNote: string;
  word: string;
  wordHint: string;
  totp: string;
  needTotp: string;
  send: string;
  past: string;
  looks: string;
  more: string;
}

export const identityEn: IdentityReviewWords = {
  title: "Identity",
  lead: "Documents that customers handed in, oldest first. A machine has looked; a person decides.",
  none: "Nobody waits for a review.",
  state: {
    requires_input: "Waits for the customer",
    processing: "Being read",
    in_review: "In review",
    verified: "Verified",
    rejected: "Rejected",
    canceled: "Canceled",
    expired: "Expired",
    redacted: "Files destroyed",
  },
  document: { passport: "Passport", identity_card: "Identity card", chinese_resident_id: "Chinese resident ID" },
  purpose: {
    raise_level: "Higher limits",
    after_lock: "After a lock",
    renewal: "New document",
    lost_factor: "Second factor lost",
  },
  look: {
    review: "Review",
    second_review: "Second review",
    lock_case: "Lock case",
    complaint: "Complaint",
    audit: "Audit",
  },
  file: { document_front: "Front", document_back: "Back", selfie: "Face" },
  check: {
    machine_zone: "Machine-readable zone",
    document_expiry: "Valid",
    document_number: "Number",
    name: "Name",
    birth_date: "Date of birth",
    age: "18 or older",
    resident_id: "Resident number",
    country: "Issued by",
    number_elsewhere: "Document not used elsewhere",
    picture_elsewhere: "Picture not used elsewhere",
  },
  verdict: { passed: "Passed", attention: "Look at it", failed: "Failed", not_read: "Could not be read" },
  code: {
    document_expired: "The document has expired",
    document_unreadable: "The document cannot be read",
    name_mismatch: "The name differs",
    birth_date_mismatch: "The date of birth differs",
    id_number_mismatch: "The number differs",
    face_mismatch: "The face differs",
    under_age: "Under age",
    country_not_supported: "Country not supported",
    manipulated: "Manipulated",
    consent_declined: "No consent",
  },
  decision: { verified: "It is this person", rejected: "Reject", requires_input: "Ask for it again" },
  reviews: (yes, needed) => `${yes} of ${needed} have said yes`,
  failed: (count) => `${count} failed`,
  attention: (count) => `${count} to look at`,
  clean: "All checks passed",
  since: "Handed in",
  expires: "Valid until",
  number: "Number",
  back: "All",
  openTitle: "Before you look",
  why: "Why do you look?",
  reason: "Reason, in your words",
  reasonHint: "Each look is kept with your name; your name also stands on each picture.",
  needReason: "Say why you look.",
  open: "Open",
  facts: "Stated by the customer",
  stated: "Stated",
  read: "Read by the machine",
  name: "Name",
  birth: "Date of birth",
  country: "Issued by",
  checks: "What the machine found",
  checksLead: "Evidence, not a decision.",
  pictures: "Pictures",
  picturesLead: "Previews alone, made for you. The file as it was handed in is shown to nobody.",
  show: "Show",
  loading: "Making the preview…",
  seen: "Seen",
  destroyed: "The pictures and what was stated are destroyed. The decision is kept.",
  decide: "Decide",
  decideLead: (needed) =>
    needed > 1 ? "Two different persons have to say yes; one no is enough." : "One person says yes.",
  lookFirst: (left) => (left === 1 ? "Look at one more picture first." : `Look at ${left} more pictures first.`),
  codeLabel: "What is wrong",
  chooseCode: "Choose",
  note: "What did you see?",
  noteHint: "For colleagues. It is kept with the decision.",
  needNote: "Say what you saw.",
  word: "A word to the customer",
  wordHint: "Goes into the letter. No links, amounts or numbers.",
  totp: "Code from your authenticator",
  needTotp: "Six digits from your authenticator.",
  send: "Decide",
  past: "Decisions",
  looks: "Who looked",
  more: "More",
};

export const identityZh: IdentityReviewWords = {
  title: "身份审核",
  lead: "客户提交的证件，最早的在前。机器已查验，由人作出决定。",
  none: "没有待审核的申请。",
  state: {
    requires_input: "等待客户",
    processing: "读取中",
    in_review: "审核中",
    verified: "已通过",
    rejected: "未通过",
    canceled: "已取消",
    expired: "已到期",
    redacted: "文件已销毁",
  },
  document: { passport: "护照", identity_card: "身份证件", chinese_resident_id: "中国居民身份证" },
  purpose: { raise_level: "提高限额", after_lock: "锁定之后", renewal: "更换证件", lost_factor: "丢失第二因素" },
  look: { review: "审核", second_review: "二次审核", lock_case: "锁定案件", complaint: "投诉", audit: "审计" },
  file: { document_front: "正面", document_back: "背面", selfie: "面部" },
  check: {
    machine_zone: "机读区",
    document_expiry: "有效期",
    document_number: "证件号码",
    name: "姓名",
    birth_date: "出生日期",
    age: "年满 18 岁",
    resident_id: "居民身份证号",
    country: "签发国",
    number_elsewhere: "证件未被他人使用",
    picture_elsewhere: "图片未被他人使用",
  },
  verdict: { passed: "通过", attention: "请留意", failed: "不符", not_read: "无法读取" },
  code: {
    document_expired: "证件已过期",
    document_unreadable: "证件无法辨认",
    name_mismatch: "姓名不一致",
    birth_date_mismatch: "出生日期不一致",
    id_number_mismatch: "号码不一致",
    face_mismatch: "面部不一致",
    under_age: "未满年龄",
    country_not_supported: "不支持该国家或地区",
    manipulated: "经过篡改",
    consent_declined: "未同意",
  },
  decision: { verified: "确为本人", rejected: "拒绝", requires_input: "要求重新提交" },
  reviews: (yes, needed) => `${needed} 人中已有 ${yes} 人同意`,
  failed: (count) => `${count} 项不符`,
  attention: (count) => `${count} 项需留意`,
  clean: "全部通过",
  since: "提交时间",
  expires: "有效期至",
  number: "号码",
  back: "全部",
  openTitle: "查看之前",
  why: "查看目的",
  reason: "理由",
  reasonHint: "每次查看都会连同您的姓名保存；每张图片上也会印有您的姓名。",
  needReason: "请说明查看理由。",
  open: "打开",
  facts: "客户填写的内容",
  stated: "填写",
  read: "机器读取",
  name: "姓名",
  birth: "出生日期",
  country: "签发国",
  checks: "机器查验结果",
  checksLead: "仅为依据，并非决定。",
  pictures: "照片",
  picturesLead: "仅为您生成预览。任何人都不能查看原始文件。",
  show: "显示",
  loading: "正在生成预览…",
  seen: "已查看",
  destroyed: "照片和填写的内容已销毁，仅保留决定。",
  decide: "决定",
  decideLead: (needed) => (needed > 1 ? "须由两位不同人员同意；一人反对即可否决。" : "由一人同意即可。"),
  lookFirst: (left) => `请先查看其余 ${left} 张照片。`,
  codeLabel: "问题所在",
  chooseCode: "请选择",
  note: "您看到了什么？",
  noteHint: "供同事查看，与决定一并保存。",
  needNote: "请说明您看到的情况。",
  word: "给客户的话",
  wordHint: "将写入信件。不得含链接、金额或号码。",
  totp: "验证器中的代码",
  needTotp: "请输入验证器中的六位数字。",
  send: "提交决定",
  past: "历次决定",
  looks: "查看记录",
  more: "更多",
};
