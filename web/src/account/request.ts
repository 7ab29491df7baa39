// SPDX-License-Identifier: Apache-2.0
// Requests for money: make one, show its link and code, look at one that came, pay or decline it. Opening a link moves
// nothing. A request is paid once by its own state, so asking again after a lost answer cannot pay twice.
import { ApiError, isCode, newKey } from "../api/http";
import type { MoneyRequest } from "../api/types";
import { make, type Child } from "../dom";
import { shownMoment } from "../format/time";
import { own, requestPictureOf } from "./api";
import { button, copyButton, field, link, money, sentenceFor, type Context, type Screen } from "./context";
import { addressInput, amountField, list, page } from "./parts";
import { requestWords } from "./words_requests";

const wordsOf = (context: Context) => requestWords[context.language];
const pathOf = (id: string) => `/account/request?${new URLSearchParams({ id }).toString()}`;

export function laterLinks(context: Context): HTMLElement[] {
  const w = wordsOf(context);
  return [
    link(context, "/account/request", "", w.ask),
    link(context, "/account/schedules", "", w.later),
    link(context, "/account/limits", "", w.limits),
  ];
}

// On the first screen: what waits for an answer of mine. Says nothing where nothing does.
export function askedOfMe(context: Context): HTMLElement {
  const w = wordsOf(context);
  const section = make("section", { class: "stack", "aria-label": w.asked });
  section.hidden = true;
  own.requests("asked_of_me", null).then(
    ({ items }) => {
      const open = items.filter((request) => request.may_pay);
      section.hidden = open.length === 0;
      section.replaceChildren(
        ...open.map((request) =>
          make(
            "p",
            { class: "notice" },
            `${w.askedOfYou(request.payee_name, money(context, request.amount))} `,
            link(context, pathOf(request.id), "", w.look),
          ),
        ),
      );
    },
    () => undefined, // the screen says by itself what is wrong
  );
  return section;
}

function row(context: Context, request: MoneyRequest): HTMLElement {
  const w = wordsOf(context);
  const who = request.is_mine ? (request.payer_name ?? request.payer_address ?? w.request.title) : request.payee_name;
  return make(
    "li",
    {},
    link(
      context,
      pathOf(request.id),
      "payment",
      make("span", { class: "payment-name" }, who),
      make("span", { class: "payment-amount num" }, money(context, request.amount)),
      make(
        "span",
        { class: "payment-low" },
        `${shownMoment(request.created_at)}${request.memo === "" ? "" : ` · ${request.memo}`}`,
      ),
      make("span", { class: `state ${request.state === "paid" ? "succeeded" : ""}` }, w.state[request.state]),
    ),
  );
}

function askForm(context: Context): HTMLElement {
  const { t } = context;
  const w = wordsOf(context);
  const payer = addressInput("payer");
  const payerField = field(`${w.form.payer} (${t.send.optional})`, payer, w.form.payerHint);
  const amount = amountField(context);
  const note = make("input", { id: "note", type: "text", autocomplete: "off", maxlength: "100" });
  const status = make("p", { class: "error", "aria-live": "polite" });
  const submit = make("button", { type: "submit", class: "button primary wide" }, w.form.make);
  const form = make(
    "form",
    { class: "card", novalidate: "" },
    make("p", { class: "quiet" }, w.form.line),
    amount.elements,
    payerField.element,
    field(`${w.form.note} (${t.send.optional})`, note).element,
    status,
    submit,
  );
  let key = newKey(); // of this intention: the same again until it is made
  let waiting = false;
  form.addEventListener("input", () => (key = newKey()));
  const send = () => {
    const typed = payer.value.trim();
    const bad = typed !== "" && !/^\S+@\S+\.\S+$/.test(typed);
    payerField.wrong(bad ? w.form.badPayer : "");
    const asked = amount.read();
    if (bad || asked === null) return form.querySelector<HTMLElement>("[aria-invalid]")?.focus();
    if (waiting) return;
    waiting = true;
    status.textContent = "";
    own
      .askFor({ amount: asked, memo: note.value.trim(), ...(typed === "" ? {} : { payer: typed }) }, key)
      .then(
        (made) => context.go(pathOf(made.id)),
        (error: unknown) => {
          if (isCode(error, "not_signed_in")) return context.sessionEnded(send);
          status.textContent = sentenceFor(error, t);
        },
      )
      .finally(() => (waiting = false));
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  return form;
}

// One request, as it stands, with what may be done about it.
function one(context: Context, id: string): HTMLElement {
  const { t } = context;
  const w = wordsOf(context);
  const body = make("div", { class: "stack" });
  let busy = false;

  const load = (notice = "") =>
    own.request(id).then(
      (request) => draw(request, notice),
      (error: unknown) => {
        if (isCode(error, "not_signed_in")) return context.sessionEnded(() => void load(notice));
        const missing = isCode(error, "not_found");
        body.replaceChildren(
          make("p", { class: "error", role: "alert" }, missing ? w.request.notYours : sentenceFor(error, t)),
          missing ? link(context, "/account", "button", t.home) : button("button", t.again, () => void load()),
        );
      },
    );
  const act = (control: HTMLButtonElement, doing: () => Promise<unknown>, waiting: string) => {
    if (busy) return;
    busy = true;
    control.textContent = waiting;
    control.setAttribute("aria-disabled", "true");
    const done = (notice: string) => {
      busy = false;
      return load(notice);
    };
    doing().then(
      () => {
        context.refreshMe().catch(() => undefined);
        return done("");
      },
      (error: unknown) => {
        if (isCode(error, "not_signed_in")) {
          busy = false;
          return context.sessionEnded(() => void load());
        }
        // Refused is an answer; without one, how the request stands is the truth.
        const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
        return done(refused ? sentenceFor(error, t) : w.request.unknown);
      },
    );
  };
  const choices = (request: MoneyRequest): Child[] => {
    const amount = money(context, request.amount);
    if (request.may_pay) {
      const pay = button("button primary wide", w.request.pay(amount), () =>
        act(pay, () => own.payRequest(id, newKey()), w.request.paying),
      );
      const decline = button("button wide", w.request.decline, () =>
        act(decline, () => own.endRequest(id, "decline"), t.loading),
      );
      return [make("p", { class: "hint" }, w.request.warning), pay, request.may_decline ? decline : null];
    }
    if (!request.is_mine || request.state !== "pending" || request.url === null) return [];
    const cancel = button("button wide", w.request.cancel, () =>
      act(cancel, () => own.endRequest(id, "cancel"), t.loading),
    );
    const picture = make("img", {
      class: "code",
      alt: w.request.picture,
      width: "240",
      height: "240",
      src: requestPictureOf(id),
    });
    const url = request.url;
    const share = button("button wide", t.get.share, () => void navigator.share({ url }).catch(() => undefined));
    share.hidden = typeof navigator.share !== "function";
    return [
      make("div", { class: "code-card" }, picture),
      make("p", { class: "actions" }, copyButton(context, "button wide", t.get.copy, url), share),
      cancel,
    ];
  };
  const outcome = (request: MoneyRequest): Child => {
    if (request.state === "pending") {
      return make("p", { class: "quiet" }, w.request.until(shownMoment(request.expires_at)));
    }
    const paid = request.state === "paid" && request.payment !== null;
    const line = !paid ? w.request.over : request.is_mine ? w.request.paidBy(request.payer_name ?? "") : w.request.paid;
    return make("p", { role: "status" }, line);
  };
  const draw = (request: MoneyRequest, notice: string) => {
    const lead = request.is_mine ? w.request.youAsk(request.payer_address) : w.request.asks(request.payee_name);
    body.replaceChildren(
      ...[
        make(
          "div",
          { class: "card summary" },
          make("p", { class: "quiet" }, lead),
          make("p", { class: "big num" }, money(context, request.amount)),
          request.memo === ""
            ? null
            : request.is_mine
              ? make("p", {}, request.memo)
              : make(
                  "blockquote",
                  { class: "their-words" },
                  make("p", { class: "hint" }, w.request.theirWords),
                  make("p", {}, request.memo),
                ),
          make("span", { class: `state ${request.state === "paid" ? "succeeded" : ""}` }, w.state[request.state]),
          outcome(request),
        ),
        notice === "" ? null : make("p", { class: "error", role: "alert" }, notice),
        ...choices(request),
        request.payment === null
          ? null
          : link(context, `/account/payments/${encodeURIComponent(request.payment)}`, "button wide", w.request.details),
      ].filter((part) => part !== null),
    );
  };
  body.replaceChildren(make("p", { class: "quiet", role: "status" }, t.loading));
  void load();
  return body;
}

export function requestScreen(context: Context, search: string): Screen {
  const w = wordsOf(context);
  const id = new URLSearchParams(search).get("id") ?? "";
  if (id !== "") return page(context, w.request.title, one(context, id));
  const section = (side: "mine" | "asked_of_me", title: string) =>
    make(
      "section",
      { class: "stack", "aria-labelledby": side },
      make("h2", { id: side }, title),
      list(
        context,
        w.none,
        (cursor) => own.requests(side, cursor),
        (request) => row(context, request),
      ).element,
    );
  return page(context, w.ask, askForm(context), section("asked_of_me", w.asked), section("mine", w.mine));
}
