// SPDX-License-Identifier: Apache-2.0
// The words of sorting: setting right what triage made of a request, why it made that of it, and how well it does.
import type { HandOver } from "../console/sorting";
import type { UiLanguage } from "../format/money";

type What = "category" | "urgency" | "team";

const en = {
  // on a request
  sort: "Sort",
  title: "Sort again",
  digits: "A digit chooses its category and saves.",
  team: "Team",
  now: (route: string) => `Now: ${route}`,
  note: "Why, for colleagues (optional)",
  form: "For the technical team",
  needed: "Needed: what happens, and the steps or an error code.",
  field: {
    what_happens: "What happens",
    steps: "Steps",
    error_code: "Error code or message",
    since: "Since",
    device: "Device and version",
    tried: "Already tried",
  } as Record<keyof HandOver, string>,
  save: "Save",
  handOver: "Hand over",
  changed: "This request has changed since you began. Look at what is new, then save.",
  done: {
    category: (to: string) => `Category: ${to}.`,
    urgency: (to: string) => `Urgency: ${to}.`,
    team: (to: string) => `Team: ${to}.`,
  },
  between: " ",
  withTeam: {
    agent: "Now with the agents.",
    technical_team: "Now with the technical team.",
    risk_team: "Now with the risk team.",
  } as Record<string, string>,
  // what happened
  sorted: (who: string, what: What, was: string, became: string) =>
    `${who} changed the ${what} from ${was} to ${became}`,
  raised: (what: What, became: string) =>
    ({
      category: `What the customer wrote later made the category ${became}`,
      urgency: `What the customer wrote later made it ${became.toLowerCase()}`,
      team: `What the customer wrote later gave it to the ${became.toLowerCase()}`,
    })[what],
  // why
  percent: (n: number) => `${n}\u00a0%`,
  readAs: (category: string, sure: string) => `Read as ${category} (${sure})`,
  setTo: (category: string, sure: string, now: string) => `Read as ${category} (${sure}), set to ${now}`,
  because: "The words it goes by",
  label: (name: string) => `${name}: `,
  // the views
  emptyTechnical: "Nothing is with the technical team.",
  emptyRisk: "Nothing is with the risk team.",
  emptyUnclear: "Triage could tell what every open request is about.",
  emptySpam: "No spam and no machine mail.",
  // set aside
  setAside: "Set aside as spam or machine mail: no clock runs, and after 30 days it is over.",
  takeOut: "It is a request",
};

const zh: typeof en = {
  sort: "归类",
  title: "重新归类",
  digits: "按数字键即选定对应类别并保存。",
  team: "去向",
  now: (route) => `目前：${route}`,
  note: "原因，供同事参考（可不填）",
  form: "转交技术团队",
  needed: "须填写问题现象，以及操作步骤或错误代码。",
  field: {
    what_happens: "问题现象",
    steps: "操作步骤",
    error_code: "错误代码或提示",
    since: "出现时间",
    device: "设备与版本",
    tried: "已尝试",
  },
  save: "保存",
  handOver: "转交",
  changed: "您动手之后这个请求有了变化，请看过新内容再保存。",
  done: {
    category: (to) => `类别已改为“${to}”。`,
    urgency: (to) => `紧急程度已改为“${to}”。`,
    team: (to) => `去向已改为“${to}”。`,
  },
  between: "",
  withTeam: { agent: "已转给客服。", technical_team: "已转给技术团队。", risk_team: "已转给风控团队。" },
  sorted: (who, what, was, became) =>
    `${who} 将${{ category: "类别", urgency: "紧急程度", team: "去向" }[what]}由“${was}”改为“${became}”`,
  raised: (what, became) =>
    ({
      category: `客户后续来信使类别变为“${became}”`,
      urgency: `客户后续来信使紧急程度升为“${became}”`,
      team: `因客户后续来信，已转给${became}`,
    })[what],
  percent: (n) => `${n}%`,
  readAs: (category, sure) => `识别为“${category}”（${sure}）`,
  setTo: (category, sure, now) => `识别为“${category}”（${sure}），已改为“${now}”`,
  because: "依据的原文",
  label: (name) => `${name}：`,
  emptyTechnical: "技术团队没有待处理的请求。",
  emptyRisk: "风控团队没有待处理的请求。",
  emptyUnclear: "没有未能归类的请求。",
  emptySpam: "没有垃圾邮件和自动邮件。",
  setAside: "已归为垃圾邮件或自动邮件：不计时限，30 天后自动结束。",
  takeOut: "这是客户请求",
};

export const sortingWordsOf = (language: UiLanguage): typeof en => (language === "zh" ? zh : en);
