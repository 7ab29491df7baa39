// SPDX-License-Identifier: Apache-2.0
// Two-step sign-in: passkeys, the authenticator app, recovery codes. A section of its own, that any screen may hold.
import { isCode } from "../api/http";
import type { Answer, Factors, FactorsChanged, Passkey } from "../api/types";
import { make } from "../dom";
import { shownMoment } from "../format/time";
import { button, copyButton, field, sentenceFor, type Context, type Screen } from "./context";
import { factorWords } from "./factor_words";
import { factors as api } from "./factors_api";
import { isSure, page } from "./parts";
import { makePasskey, passkeysKnown } from "./passkey";
import { plainCode } from "./second_step";
import { withStepUp } from "./step_up";

const few = 3;

export function twoStepSection(context: Context): HTMLElement {
  const { t } = context;
  const words = factorWords[context.language];
  const section = make("section", { class: "stack two-step", "aria-labelledby": "two-step" });
  const problem = make("p", { class: "error", role: "alert" });

  const failed = (error: unknown): void => {
    if (isCode(error, "not_signed_in")) return context.sessionEnded(load);
    problem.textContent = sentenceFor(error, t);
    problem.scrollIntoView({ block: "nearest" });
  };
  // One change: asks for the factor where that is needed, then draws how things stand.
  const change = (act: () => Promise<FactorsChanged | null>): void => {
    problem.textContent = "";
    withStepUp(context, act).then((changed) => {
      if (changed === null) return;
      const codes = changed.recovery_codes ?? [];
      draw(changed.factors, codes.length > 0 ? codesCard(changed.factors, codes) : null);
    }, failed);
  };
  const sure = (question: string, what: string, act: () => Promise<FactorsChanged | null>) => () => {
    void isSure(context, question, what).then((go) => go && change(act));
  };

  // --- shown once
  const codesCard = (now: Factors, codes: string[]): HTMLElement => {
    const w = words.recovery;
    const card = make(
      "div",
      { class: "card warning once", role: "status" },
      make("h3", { tabindex: "-1" }, w.shown),
      make("p", {}, w.once),
      make("ul", { class: "codes mono" }, ...codes.map((code) => make("li", {}, code))),
      make(
        "p",
        { class: "actions" },
        copyButton(context, "button", w.copy, codes.join("\n")),
        button("button", w.print, () => window.print()),
      ),
      button("button primary wide", w.kept, () => draw(now, null)),
    );
    queueMicrotask(() => card.querySelector("h3")?.focus());
    return card;
  };

  // --- passkeys
  const passkeyRow = (passkey: Passkey): HTMLElement => {
    const w = words.passkeys;
    const facts = [
      w.created(shownMoment(passkey.created_at)),
      passkey.last_used_at === null ? w.unused : w.used(shownMoment(passkey.last_used_at)),
      ...(passkey.backed_up ? [w.synced] : []),
    ].join(" · ");
    const name = make("input", { id: `passkey-${passkey.id}`, type: "text", maxlength: "60", value: passkey.name });
    const row = make("li", { class: "factor" });
    const rename = () =>
      row.replaceChildren(
        field(w.name, name).element,
        make(
          "p",
          { class: "actions" },
          button("button", w.save, () => change(() => api.renamePasskey(passkey.id, name.value))),
          button("button", w.cancel, plain),
        ),
      );
    const plain = () =>
      row.replaceChildren(
        make("p", { class: "factor-name" }, passkey.name),
        make("p", { class: "hint" }, facts),
        make(
          "p",
          { class: "factor-actions" },
          button("link", w.rename, () => {
            rename();
            name.focus();
          }),
          button(
            "link",
            w.remove,
            sure(w.sure(passkey.name), w.remove, () => api.removePasskey(passkey.id)),
          ),
        ),
      );
    plain();
    return row;
  };
  const addPasskey = (name: string): Promise<FactorsChanged | null> =>
    api.askNewPasskey().then(async (question) => {
      const made = await makePasskey(question);
      return made === null ? null : api.addPasskey({ ...made, name });
    });
  const passkeysCard = (now: Factors): HTMLElement => {
    const w = words.passkeys;
    const name = make("input", { id: "passkey-name", type: "text", maxlength: "60", autocomplete: "off" });
    const possible = now.passkeys_possible && passkeysKnown();
    const form = make(
      "form",
      { class: "stack", novalidate: "" },
      field(w.name, name, w.nameHint).element,
      make("button", { type: "submit", class: "button primary wide" }, w.add),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      change(() => addPasskey(name.value));
    });
    return make(
      "div",
      { class: "card" },
      make("h3", {}, w.title),
      make("p", { class: "quiet" }, w.line),
      now.passkeys.length === 0 ? null : make("ul", { class: "factors" }, ...now.passkeys.map(passkeyRow)),
      possible ? form : make("p", { class: "hint" }, w.impossible),
    );
  };

  // --- the app
  const appForm = (begun: Answer<"beginAuthenticator">): HTMLElement => {
    const w = words.app;
    const code = make("input", {
      id: "app-code",
      type: "text",
      inputmode: "numeric",
      autocomplete: "one-time-code",
      maxlength: "12",
    });
    const typed = field(words.second.code, code);
    const form = make(
      "form",
      { class: "stack", novalidate: "" },
      make("p", {}, w.scan),
      begun.qr_svg === null
        ? null
        : make("img", {
            class: "qr",
            alt: w.qr,
            width: "200",
            height: "200",
            src: `data:image/svg+xml,${encodeURIComponent(begun.qr_svg)}`,
          }),
      make("p", { class: "hint" }, w.byHand),
      make("p", { class: "mono key" }, begun.secret.match(/.{1,4}/g)?.join(" ") ?? ""),
      copyButton(context, "link", w.copy, begun.secret),
      make("p", {}, w.type),
      typed.element,
      make("button", { type: "submit", class: "button primary wide" }, w.confirm),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const digits = plainCode(code.value);
      typed.wrong(digits === "" ? words.second.empty : "");
      if (digits !== "") change(() => api.confirmApp(digits));
      else code.focus();
    });
    return form;
  };
  const appCard = (now: Factors): HTMLElement => {
    const w = words.app;
    const body = make("div", { class: "stack" });
    if (now.app_since === null) {
      const begin = button("button wide", w.begin, () => {
        problem.textContent = "";
        withStepUp(context, () => api.beginApp()).then((begun) => {
          if (begun === null) return;
          body.replaceChildren(appForm(begun));
        }, failed);
      });
      body.append(begin);
    } else {
      body.append(
        make("p", { class: "factor-name" }, w.since(shownMoment(now.app_since))),
        button(
          "link",
          w.remove,
          sure(w.sure, w.remove, () => api.removeApp()),
        ),
      );
    }
    return make("div", { class: "card" }, make("h3", {}, w.title), make("p", { class: "quiet" }, w.line), body);
  };

  // --- recovery codes
  const recoveryCard = (now: Factors): HTMLElement => {
    const w = words.recovery;
    const any = now.app_since !== null || now.passkeys.length > 0;
    const left = now.recovery_codes_left;
    return make(
      "div",
      { class: "card" },
      make("h3", {}, w.title),
      make("p", { class: "quiet" }, w.line),
      any ? make("p", { class: "factor-name" }, w.left(left)) : make("p", { class: "hint" }, w.after),
      any && left <= few ? make("p", { class: "error" }, w.few) : null,
      any
        ? button(
            "link",
            w.renew,
            sure(w.sure, w.renew, () => api.newRecoveryCodes()),
          )
        : null,
    );
  };

  const draw = (now: Factors, first: HTMLElement | null): void => {
    const w = words.section;
    const on = now.app_since !== null || now.passkeys.length > 0;
    section.replaceChildren(
      ...[
        make(
          "h2",
          { id: "two-step" },
          `${w.title} `,
          make("span", { class: on ? "badge on" : "badge" }, on ? w.on : w.off),
        ),
        make("p", { class: "quiet" }, w.line),
        now.new_places_from !== null && on
          ? make("p", { class: "notice" }, w.waits(shownMoment(now.new_places_from)))
          : null,
        problem,
        first,
        passkeysCard(now),
        appCard(now),
        recoveryCard(now),
      ].filter((one) => one !== null),
    );
  };
  const load = (): void => {
    api.all().then(
      (now) => draw(now, null),
      (error: unknown) => {
        section.replaceChildren(problem, button("button", t.again, load));
        failed(error);
      },
    );
  };
  section.append(make("p", { class: "quiet", role: "status" }, t.loading));
  load();
  return section;
}

export function twoStepScreen(context: Context): Screen {
  const words = factorWords[context.language].section;
  const screen = page(context, words.title, twoStepSection(context));
  screen.element.classList.add("titled"); // its heading stands in the section too
  return screen;
}
