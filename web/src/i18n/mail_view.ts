// SPDX-License-Identifier: Apache-2.0
// The words around a mail as it looks, in both languages of the workspace.
import type { components } from "../../../clients/typescript/src/schema.gen";

type Masked = components["schemas"]["MessageHtml"]["masked"][number];

const en = {
  view: "How the mail is shown",
  text: "Text",
  asSent: "As sent",
  frame: "The mail as it was sent",
  remote: (n: number) => (n === 1 ? "1 item from elsewhere was not loaded" : `${n} items from elsewhere not loaded`),
  deceives: (says: string, leads: string) => `A link says “${says}” and leads to ${leads}`,
  hidden: "It holds text that a reader would not see. That is left out.",
  simplified: "It could not be made safe with its formatting. This is its text.",
  pictures: (n: number) => (n === 1 ? "1 picture could not be shown" : `${n} pictures could not be shown`),
  masked: (kinds: string) => `Taken out: ${kinds}`,
  kind: {
    card_number: "card number",
    security_code: "security code",
    identity_number: "identity number",
    password: "password",
    one_time_code: "one-time code",
  } as Record<Masked, string>,
  and: ", ",
};

const zh: typeof en = {
  view: "邮件的显示方式",
  text: "文本",
  asSent: "原样",
  frame: "邮件原样",
  remote: (n) => `有 ${n} 项外部内容未加载`,
  deceives: (says, leads) => `有链接写着“${says}”，实际指向 ${leads}`,
  hidden: "邮件含有读者看不见的文字，已略去。",
  simplified: "无法安全地保留格式，以下是其文本。",
  pictures: (n) => `有 ${n} 张图片无法显示`,
  masked: (kinds) => `已隐去：${kinds}`,
  kind: {
    card_number: "卡号",
    security_code: "安全码",
    identity_number: "身份证号",
    password: "密码",
    one_time_code: "验证码",
  },
  and: "、",
};

export const mailViewWords = { en, zh };
