// SPDX-License-Identifier: Apache-2.0
// The words of web hooks in both languages of the workspace.
import type { components } from "../../../clients/typescript/src/schema.gen";

type Schemas = components["schemas"];

export const webhooksEn = {
  title: "Web hooks",
  about: "Programs of the house that are told of requests: number and state, never a customer's words.",
  none: "No program is told of anything.",
  add: "Add a web hook",
  url: "Address (https)",
  events: "What it is told; nothing chosen: everything",
  code: "Your one-time code",
  secret: "The secret it checks signatures with. It is shown this once; put it into the program now.",
  state: {
    enabled: "On",
    disabled: "Off",
    failing: "Switched off: nothing arrived for five days",
    gone: "Switched off: it answered 410 Gone",
    removed: "Removed",
  } as Record<Schemas["WebhookEndpoint"]["state"], string>,
  failingSince: "Nothing has arrived since",
  oldSecret: "The old secret signs beside the new one until",
  ping: "Send a test",
  switchOn: "Switch on",
  switchOff: "Switch off",
  newSecret: "Make a new secret",
  remove: "Remove",
  deliveries: "What did not arrive at once",
  noDeliveries: "Everything arrived at the first try.",
  delivery: { waiting: "is tried again", delivered: "arrived", failed: "did not arrive" } as Record<
    Schemas["WebhookDelivery"]["state"],
    string
  >,
  tries: (count: number) => (count === 1 ? "1 try" : `${count} tries`),
  status: (status: number | null) => (status === null ? "no answer" : `HTTP ${status}`),
  nextTry: "Next try",
  redeliver: "Send now",
};
export const webhooksZh: typeof webhooksEn = {
  title: "网络回调",
  about: "向内部程序通知请求的编号和状态，不含客户的任何内容。",
  none: "目前没有程序接收通知。",
  add: "添加网络回调",
  url: "地址（https）",
  events: "通知内容；不选则为全部",
  code: "您的一次性验证码",
  secret: "用于校验签名的密钥，仅显示这一次，请立即写入程序。",
  state: {
    enabled: "已启用",
    disabled: "已停用",
    failing: "已停用：五天内没有任何一次送达",
    gone: "已停用：对方返回 410 Gone",
    removed: "已删除",
  },
  failingSince: "自此以来均未送达",
  oldSecret: "旧密钥与新密钥同时签名，直至",
  ping: "发送测试",
  switchOn: "启用",
  switchOff: "停用",
  newSecret: "更换密钥",
  remove: "删除",
  deliveries: "未能一次送达的通知",
  noDeliveries: "全部一次送达。",
  delivery: { waiting: "将重试", delivered: "已送达", failed: "未送达" },
  tries: (count) => `已尝试 ${count} 次`,
  status: (status) => (status === null ? "无响应" : `HTTP ${status}`),
  nextTry: "下次尝试",
  redeliver: "立即发送",
};
