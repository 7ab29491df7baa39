// SPDX-License-Identifier: Apache-2.0
// The words of what answers promise: below a draft, and beside a request.
import type { Standing } from "../console/promises";
import type { UiLanguage } from "../format/money";

const en = {
  title: "Promises",
  inDraft: "What this reply promises",
  hint: "You are reminded of what is ticked. Its time is reckoned in the customer's zone.",
  unsure: "may be read in two ways",
  confirm: (words: string) => `Promise “${words}”`,
  stays: "A request with a promise stays open until it is kept: choose another state, or untick the promise.",
  due: "due",
  by: (name: string) => `promised by ${name}`,
  standing: {
    open: "open",
    short: "due soon",
    over: "not done in time",
    kept: "kept",
    late: "done too late",
    withdrawn: "withdrawn",
  } as Record<Standing, string>,
  done: "Done",
  withdraw: "Withdraw",
  why: "Why is it withdrawn?",
  tell: "The customer was told this time: write to them as well.",
  cancel: "Cancel",
  clock: "Promise",
};
export type PromiseWords = typeof en;

const zh: PromiseWords = {
  title: "承诺",
  inDraft: "这条回复作出的承诺",
  hint: "勾选的承诺到期前会提醒您，时间按客户所在时区计算。",
  unsure: "可能有两种理解",
  confirm: (words) => `承诺“${words}”`,
  stays: "有承诺的请求在兑现前须保持打开：请选择其他状态，或取消勾选。",
  due: "期限",
  by: (name) => `${name} 承诺`,
  standing: {
    open: "待兑现",
    short: "即将到期",
    over: "已超时，尚未完成",
    kept: "已兑现",
    late: "已完成，但超时",
    withdrawn: "已撤回",
  },
  done: "已完成",
  withdraw: "撤回",
  why: "为什么撤回？",
  tell: "客户已知道这个时间，请同时告知客户。",
  cancel: "取消",
  clock: "承诺",
};

export const promiseWordsOf = (language: UiLanguage): PromiseWords => (language === "zh" ? zh : en);
