// SPDX-License-Identifier: Apache-2.0
// The words of what waits for an administrator, in both languages of the workspace.
export const adminWordsEn = {
  staff: "New colleagues",
  erasures: "People to be erased",
  forGood: "What is erased does not come back. The books keep a number.",
  mine: "proposed by you: another administrator decides",
  code: "Code of your authenticator",
  approve: "Approve",
  reject: "Refuse",
  whyNot: "Why not",
};
export type AdminWords = typeof adminWordsEn;

export const adminWordsZh: AdminWords = {
  staff: "新同事",
  erasures: "待删除的个人数据",
  forGood: "删除后无法恢复，账簿只保留编号。",
  mine: "由您提出，须由另一位管理员决定",
  code: "验证器上的验证码",
  approve: "批准",
  reject: "拒绝",
  whyNot: "拒绝原因",
};
