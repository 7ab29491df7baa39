// SPDX-License-Identifier: Apache-2.0
// The words of the search, in both languages of the workspace.
import type { SearchKind } from "../api/types";
import type { UiLanguage } from "../format/money";

const en = {
  title: "Found",
  all: "All",
  kinds: "What to look for",
  kind: {
    request: "Requests",
    message: "Messages",
    customer: "Customers",
    payment: "Payments",
    article: "Articles",
    side_message: "Side threads",
  } as Record<SearchKind, string>,
  one: {
    request: "Request",
    message: "Message",
    customer: "Customer",
    payment: "Payment",
    article: "Article",
    side_message: "Side thread",
  } as Record<SearchKind, string>,
  none: "Nothing found. Fewer words, or the beginning of one, find more.",
  more: "Show more",
  goOn: "Nothing among the newest. Look further back",
  leftOut: (words: string) => `Left out, because it was not understood: ${words}`,
  making: "The index is being made anew: what is newest may be missing for a while.",
  hint: 'Also: "two words", -not, state:open, category:refund, assignee:me, from:, customer:, before:, after:',
};

const zh: typeof en = {
  title: "搜索结果",
  all: "全部",
  kinds: "搜索范围",
  kind: {
    request: "请求",
    message: "消息",
    customer: "客户",
    payment: "付款",
    article: "文章",
    side_message: "外部沟通",
  },
  one: {
    request: "请求",
    message: "消息",
    customer: "客户",
    payment: "付款",
    article: "文章",
    side_message: "外部沟通",
  },
  none: "没有找到。减少关键词，或只输入词的开头再试。",
  more: "显示更多",
  goOn: "最近的记录中没有。继续向前查找",
  leftOut: (words: string) => `以下内容无法识别，已忽略：${words}`,
  making: "索引正在重建，最新的内容可能暂时搜不到。",
  hint: '还可以用："完整短语"、-排除、state:open、category:refund、assignee:me、from:、customer:、before:、after:',
};

export const searchWordsOf = (language: UiLanguage): typeof en => (language === "zh" ? zh : en);
