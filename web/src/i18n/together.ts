// SPDX-License-Identifier: Apache-2.0
// The words of requests that belong together and of requests that sleep, in both languages of the workspace.
import type { Ticket } from "../api/types";

type Link = Ticket["links"][number];

export interface TogetherWords {
  title: string;
  here: Record<Link["kind"], string>; // this request is … the other one
  there: Record<Link["kind"], string>; // the other one is … this request
  remove: (number: string) => string;
  kind: string;
  merge: string;
  number: string;
  reason: string;
  add: string;
  doMerge: string;
  mergeLine: string;
  unmerge: string;
  mergedInto: string;
  split: string;
  splitLine: string;
  splitSubject: string;
  doSplit: string;
  made: (number: string) => string;
  cancel: string;
  snooze: string;
  snoozeLine: string;
  inHour: string;
  inThree: string;
  tomorrow: string;
  monday: string;
  pick: string;
  until: (moment: string) => string;
  wake: string;
  wroteOn: string;
  wentOnIn: string;
  draftLost: string;
}

const en: TogetherWords = {
  title: "Belongs together",
  here: { related: "Related to", duplicate_of: "The same as", split_from: "Split off from", merged_into: "Goes on in" },
  there: {
    related: "Related to",
    duplicate_of: "Said again in",
    split_from: "Split off:",
    merged_into: "Merged here:",
  },
  remove: (number) => `Remove the link to ${number}`,
  kind: "How",
  merge: "Merge this one into it",
  number: "Request number",
  reason: "Why",
  add: "Link",
  doMerge: "Merge",
  mergeLine: "This request closes; mail to its number lands in the other one. The customer is told nothing.",
  unmerge: "Take the merge back",
  mergedInto: "This request goes on in",
  split: "Split off a message",
  splitLine: "A request of its own, with its own clocks. The customer gets one acknowledgement with its number.",
  splitSubject: "Subject of the new request",
  doSplit: "Split off",
  made: (number) => `Made ${number}.`,
  cancel: "Cancel",
  snooze: "Snooze",
  snoozeLine: "Comes back at its moment, or when the customer writes. Never past a clock.",
  inHour: "1 hour",
  inThree: "3 hours",
  tomorrow: "Tomorrow 9:00",
  monday: "Monday 9:00",
  pick: "Until",
  until: (moment) => `Snoozed until ${moment}`,
  wake: "Bring back now",
  wroteOn: "on",
  wentOnIn: "went on in",
  draftLost: "Your draft is not kept on the server. Keep this page open.",
};

const zh: TogetherWords = {
  title: "相关请求",
  here: { related: "相关：", duplicate_of: "重复于", split_from: "拆分自", merged_into: "已并入" },
  there: { related: "相关：", duplicate_of: "重复请求：", split_from: "拆分出：", merged_into: "并入本请求：" },
  remove: (number) => `取消与 ${number} 的关联`,
  kind: "方式",
  merge: "将本请求并入",
  number: "请求编号",
  reason: "理由",
  add: "关联",
  doMerge: "合并",
  mergeLine: "本请求将关闭，发到其编号的邮件归入另一个请求。不会通知客户。",
  unmerge: "撤销合并",
  mergedInto: "本请求已并入",
  split: "拆分消息",
  splitLine: "成为独立请求并有自己的时限。客户会收到一封写明编号的受理通知。",
  splitSubject: "新请求的主题",
  doSplit: "拆分",
  made: (number) => `已创建 ${number}。`,
  cancel: "取消",
  snooze: "稍后处理",
  snoozeLine: "到时或客户来信时自动回到列表，不能超过时限。",
  inHour: "1 小时后",
  inThree: "3 小时后",
  tomorrow: "明天 9:00",
  monday: "周一 9:00",
  pick: "直到",
  until: (moment) => `稍后处理，至 ${moment}`,
  wake: "立即恢复",
  wroteOn: "来自",
  wentOnIn: "已转至",
  draftLost: "草稿未能保存到服务器，请不要关闭本页。",
};

export const togetherWordsOf = (language: string): TogetherWords => (language === "zh" ? zh : en);
