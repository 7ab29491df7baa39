// SPDX-License-Identifier: Apache-2.0
// The text of an article as elements. The server made it of escaped text and a few tags of its own
// (src/content/markdown.hpp); it is read in a document that runs nothing, and made again of those tags alone.
import { make } from "./dom";

const tags = ["p", "h3", "h4", "ul", "ol", "li", "strong", "code"] as const;

function madeAgain(from: Node, to: HTMLElement): HTMLElement {
  for (const node of from.childNodes) {
    const name = node.nodeName.toLowerCase();
    const tag = tags.find((one) => one === name);
    if (tag !== undefined) to.append(madeAgain(node, make(tag, {})));
    else if (
      node instanceof HTMLAnchorElement &&
      /^(https:\/\/|mailto:|\/(?!\/))/.test(node.getAttribute("href") ?? "")
    )
      to.append(madeAgain(node, make("a", { href: node.getAttribute("href")!, rel: "noopener" })));
    else to.append(node.textContent ?? "");
  }
  return to;
}

export const articleBody = (html: string): HTMLElement =>
  madeAgain(new DOMParser().parseFromString(html, "text/html").body, make("div", { class: "article" }));
