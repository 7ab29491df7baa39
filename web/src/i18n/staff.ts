// SPDX-License-Identifier: Apache-2.0
// The words of signing in through the house's provider, and of the page with everybody on the staff.
import type { StaffMember } from "../api/types";
import type { Consequence } from "../console/staff";
import type { Told } from "../console/sign_on";
import type { UiLanguage } from "../format/money";

const en = {
  // the door
  provider: "your provider", // where its name is not known
  signOn: (name: string) => `Sign in with ${name}`,
  orPassword: "or with a password",
  forAdmins: "For administrators: with a password",
  proven: (name: string) => `You are signed in at ${name}. One step is left: the six digits of your authenticator app.`,
  told: {
    cancelled: (name) => `Nothing happened: you left ${name} before the end. Try again.`,
    expired: () => "This took longer than ten minutes, or began in another browser. Begin again here.",
    no_account: (name) => `Your account at ${name} is not on the staff here. Ask an administrator to add you.`,
    not_enrolled: (name) =>
      `Open your invitation link first: it sets up your second factor. Then sign in with ${name}.`,
    failed: (name) =>
      `There was no proper answer from ${name}. Try again. If it stays so, an administrator finds why in the server's log.`,
  } as Record<Told, (name: string) => string>,
  joined: (name: string) => `All set. Now sign in with ${name}.`,
  // everybody on the staff
  title: "Staff",
  lead: "Everybody who works here or did.",
  name: "Name",
  address: "Address",
  role: "Role",
  stateLabel: "State",
  state: {
    active: "active",
    invited: "invited",
    waits_for_approval: "waits for approval",
    switched_off: "switched off",
  } as Record<StaffMember["state"], string>,
  since: "Joined",
  notYet: "not yet",
  inHand: "Requests in hand",
  through: "Through provider",
  you: "you",
  off: "Switch off",
  offWhom: (name: string) => `Switch off ${name}`,
  offTitle: (name: string) => `Switch off the account of ${name}`,
  what: "What happens",
  consequence: {
    sessions: () => "Every session ends at once.",
    sign_in: () => "Nothing signs them in any more.",
    link: () => "The invitation link stops working.",
    requests: (n) =>
      n === 1 ? "The request in their hands is given back." : `The ${n} requests in their hands are given back.`,
    nothing_in_hand: () => "There is no request in their hands.",
    stays: () => "What they wrote and decided stays.",
  } as Record<Consequence, (n: number) => string>,
  reason: "Reason",
  reasonKept: "Kept in the audit log.",
  code: "Six digits of your own authenticator app",
  done: (name: string, n: number) =>
    `${name} is switched off.${n === 0 ? "" : n === 1 ? " 1 request was given back." : ` ${n} requests were given back.`}`,
  again: "Somebody lost the phone, or comes back: a new link is made at the server.",
  add: "Somebody new joins: the first link is made there too.",
};

const zh: typeof en = {
  provider: "登录服务",
  signOn: (name) => `使用${name}登录`,
  orPassword: "或使用密码",
  forAdmins: "管理员：使用密码登录",
  proven: (name) => `已在${name}登录。还差一步：请输入验证器应用上的六位数字。`,
  told: {
    cancelled: (name) => `尚未登录：您中途离开了${name}。请重试。`,
    expired: () => "已超过十分钟，或是在另一个浏览器中开始的。请在这里重新登录。",
    no_account: (name) => `您的${name}账号不在员工名单中，请联系管理员添加。`,
    not_enrolled: (name) => `请先打开邀请链接，设置第二因素，再使用${name}登录。`,
    failed: (name) => `没有得到${name}的正确应答，请重试。如果一直这样，管理员可在服务器日志中查明原因。`,
  },
  joined: (name) => `设置完成。现在请使用${name}登录。`,
  title: "员工",
  lead: "现在和曾经在这里工作的所有人。",
  name: "姓名",
  address: "邮箱",
  role: "角色",
  stateLabel: "状态",
  state: { active: "正常", invited: "已邀请", waits_for_approval: "待批准", switched_off: "已停用" },
  since: "加入时间",
  notYet: "尚未加入",
  inHand: "手头请求",
  through: "使用登录服务",
  you: "您本人",
  off: "停用",
  offWhom: (name) => `停用${name}`,
  offTitle: (name) => `停用${name}的账号`,
  what: "停用后",
  consequence: {
    sessions: () => "所有会话立即结束。",
    sign_in: () => "无法再以任何方式登录。",
    link: () => "邀请链接随即失效。",
    requests: (n) => `手头的 ${n} 个请求将退回，重新分配。`,
    nothing_in_hand: () => "手头没有请求。",
    stays: () => "写过的内容和作过的决定会保留。",
  },
  reason: "原因",
  reasonKept: "记入审计日志。",
  code: "您自己的验证器应用上的六位数字",
  done: (name, n) => `${name}已停用。${n === 0 ? "" : `已退回 ${n} 个请求。`}`,
  again: "手机遗失，或重新回来工作：须在服务器上生成新的链接。",
  add: "新同事加入：首个链接同样在服务器上生成。",
};

export const staffWordsOf = (language: UiLanguage): typeof en => (language === "zh" ? zh : en);
