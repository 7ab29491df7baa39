// SPDX-License-Identifier: Apache-2.0
// My requests to the house: how each stands, what was written, and "yes, this one is mine" for what came by mail alone.
import { isCode } from "../api/http";
import type { Answer } from "../api/types";
import { make, type Child } from "../dom";
import { shownMoment } from "../format/time";
import { button, link, moment, sentenceFor, type Context, type Screen } from "./context";
import { ownRequests } from "./link_api";
import { list, page } from "./parts";
import { withStepUp } from "./step_up";
import { changeWords } from "./words_changes";

type OwnRequest = Answer<"listOwnRequests">["items"][number];
type Detail = Answer<"getOwnRequest">;

const pathOf = (number: string) => `/account/requests/${encodeURIComponent(number)}`;
const isOver = (request: OwnRequest) => request.state === "solved" || request.state === "closed";

export function ownRequestsScreen(context: Context): Screen {
  const w = changeWords[context.language];
  const rows = list(context, w.requests.none, ownRequests.list, (request: OwnRequest) =>
    make(
      "li",
      {},
      link(
        context,
        pathOf(request.number),
        "payment",
        make("span", { class: "payment-name" }, request.subject || request.number),
        make("span", { class: "payment-low" }, moment(request.opened_at), ` · ${request.number}`),
        make(
          "span",
          { class: `state ${isOver(request) ? "" : "processing"}` },
          request.continued_in === null ? w.case.states[request.state] : w.requests.inShort(request.continued_in),
        ),
      ),
    ),
  );
  const write =
    context.site === null ? null : make("p", { class: "quiet" }, w.requests.write(context.site.support_address));
  return page(context, w.requests.title, write, rows.element);
}

export function ownRequestScreen(context: Context, number: string): Screen {
  const w = changeWords[context.language];
  const body = make("div", { class: "stack case" });
  const show = (request: Detail, notice: string) =>
    body.replaceChildren(...parts(context, request, notice, show).filter((part) => part !== null));
  const load = () => {
    body.replaceChildren(make("p", { class: "quiet", role: "status" }, context.t.loading));
    ownRequests.one(number).then(
      (request) => show(request, ""),
      (error: unknown) => {
        if (isCode(error, "not_signed_in")) return context.sessionEnded(load);
        body.replaceChildren(
          make("p", { class: "error", role: "alert" }, sentenceFor(error, context.t)),
          button("button", context.t.again, load),
        );
      },
    );
  };
  load();
  const screen = page(context, w.case.title, body);
  screen.element.querySelector(".back")?.replaceWith(link(context, "/account/requests", "back", w.requests.title));
  return screen;
}

function parts(
  context: Context,
  request: Detail,
  notice: string,
  show: (request: Detail, notice: string) => void,
): Child[] {
  const w = changeWords[context.language];
  const fact = (term: string, value: Child) =>
    make("div", { class: "fact" }, make("dt", {}, term), make("dd", {}, value));
  const waits = request.first_replied_at === null && !isOver(request);
  return [
    notice === "" ? null : make("p", { class: "notice", role: "status" }, notice),
    make(
      "dl",
      { class: "card facts" },
      fact(w.case.number, make("strong", { class: "num" }, request.number)),
      fact(w.requests.opened, moment(request.opened_at)),
      fact(w.case.state, w.case.states[request.state]),
    ),
    request.continued_in === null
      ? null
      : make(
          "p",
          { class: "notice" },
          link(context, pathOf(request.continued_in), "", w.requests.continued(request.continued_in)),
        ),
    waits ? make("p", {}, w.requests.due(shownMoment(request.first_reply_due))) : null,
    request.proven || request.state === "closed" ? null : proof(context, request, show),
    ...request.messages.map((message) =>
      make(
        "div",
        { class: `card said ${message.from}` },
        make("p", { class: "quiet" }, make("strong", {}, w.requests.from[message.from]), " · ", moment(message.at)),
        make("p", { class: "plain-text" }, message.text),
      ),
    ),
    request.files.length === 0
      ? null
      : make(
          "section",
          {},
          make("h2", {}, w.case.files),
          make(
            "ul",
            { class: "stack" },
            ...request.files.map((file) => make("li", {}, `${file.name} · ${shownMoment(file.at)}`)),
          ),
        ),
  ];
}

function proof(context: Context, request: Detail, show: (request: Detail, notice: string) => void): HTMLElement {
  const w = changeWords[context.language].requests;
  const problem = make("p", { class: "error", role: "alert" });
  const confirm = button("button primary wide", w.confirm, () => {
    confirm.disabled = true;
    problem.textContent = "";
    withStepUp(context, () => ownRequests.prove(request.number)).then(
      (proven) => {
        confirm.disabled = false;
        if (proven !== null) show(proven, w.confirmed);
      },
      (error: unknown) => {
        confirm.disabled = false;
        if (isCode(error, "not_signed_in")) return context.sessionEnded(() => undefined);
        problem.textContent = sentenceFor(error, context.t);
      },
    );
  });
  return make(
    "section",
    { class: "card attention", "aria-labelledby": "proof" },
    make("h2", { id: "proof" }, w.proofTitle),
    make("p", {}, w.proof),
    problem,
    confirm,
    make("p", { class: "hint" }, w.notMine),
  );
}
