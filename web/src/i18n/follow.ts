// SPDX-License-Identifier: Apache-2.0
// The words of mentions and followers, in both languages of the workspace.
import type { UiLanguage } from "../format/money";

const en = {
  // naming a colleague in a note
  insert: "Name a colleague (@)",
  search: "Name of a colleague",
  results: "Colleagues",
  keys: "↑ ↓ choose · Enter name · Esc back",
  tooLong: "The note would be longer than may be.",
  found: (n: number) => (n === 1 ? "1 colleague" : `${n} colleagues`),
  notFound: "No colleague of this name may read this request.",
  named: "Follow this request once the note is saved",
  unname: (name: string) => `Do not name ${name}`,
  // following
  follow: "Follow",
  following: "Following",
  unfollow: "Stop following",
  followers: "Followers",
  count: (n: number) => (n === 1 ? "1 follower" : `${n} followers`),
  nobody: "Nobody follows this request.",
  line: "Who follows a request sees in “Following” when something happens to it.",
  you: "you",
  fresh: (n: number) => `${n} new`,
  freshLong: (n: number) =>
    n === 1 ? "1 thing has happened since you looked" : `${n} things have happened since you looked`,
  mentioned: "a note names you",
  emptyMentions: "Nobody has named you in a note yet.",
  emptyFollowing: "You follow no request. Open one and choose “Follow”.",
};

const zh: typeof en = {
  insert: "提及同事（@）",
  search: "同事姓名",
  results: "同事",
  keys: "↑ ↓ 选择 · Enter 提及 · Esc 返回",
  tooLong: "备注将超出长度上限。",
  found: (n) => `${n} 位同事`,
  notFound: "没有可查看本请求的同名同事。",
  named: "保存备注后，他们将关注本请求",
  unname: (name) => `不提及${name}`,
  follow: "关注",
  following: "已关注",
  unfollow: "取消关注",
  followers: "关注者",
  count: (n) => `${n} 人关注`,
  nobody: "还没有人关注本请求。",
  line: "关注后，请求有新动态时会在“我关注的”中标出。",
  you: "您",
  fresh: (n) => `${n} 条新动态`,
  freshLong: (n) => `您上次查看后有 ${n} 条新动态`,
  mentioned: "有备注提到您",
  emptyMentions: "还没有备注提到您。",
  emptyFollowing: "您还没有关注任何请求。打开一个请求，选“关注”即可。",
};

export const followWordsOf = (language: UiLanguage): typeof en => (language === "zh" ? zh : en);
