// SPDX-License-Identifier: Apache-2.0
// Prove who you are: which document, pictures by the phone's own camera, handed in; then how it stands and what happens
// next. What was typed is kept for a reload of this tab until it is sealed at the server.
import { isCode } from "../api/http";
import { make, type Child } from "../dom";
import { shownMoment } from "../format/time";
import { button, drafts, field, link, sentenceFor, type Context, type Screen } from "./context";
import { countriesIn } from "./countries";
import { identity, prepared, upload, type FileKind, type Verification } from "./identity_api";
import { identityWords } from "./identity_words";
import { isSure, page } from "./parts";
import { ApiError } from "../api/http";

type Document = Verification["document"];
interface Draft {
  document: Document;
  country: string;
  name: string;
  birth: string;
}

const documents: readonly Document[] = ["passport", "chinese_resident_id", "identity_card"];
const usual = ["CHN", "HKG", "MAC", "TWN", "SGP", "GBR", "USA"];
const day = (iso: string): string => shownMoment(iso).slice(0, 10);

// Before this many years nobody who is alive was born.
const oldest = () => `${new Date().getFullYear() - 120}-01-01`;

export function identityScreen(context: Context): Screen {
  const w = identityWords[context.language];
  const body = make("div", { class: "stack" });
  const sentence = (error: unknown): string =>
    (error instanceof ApiError ? w.error[error.code] : undefined) ?? sentenceFor(error, context.t);

  const load = (notice = "") => {
    body.replaceChildren(make("p", { class: "quiet", role: "status" }, context.t.loading));
    identity.all().then(
      ({ items }) => show(items[0] ?? null, notice),
      (error: unknown) => {
        if (isCode(error, "not_signed_in")) return context.sessionEnded(() => load(notice));
        body.replaceChildren(
          make("p", { class: "error", role: "alert" }, sentence(error)),
          button("button", context.t.again, () => load(notice)),
        );
      },
    );
  };

  // What failed is said where it happened; what has moved on meanwhile is loaded again.
  const failed = (error: unknown, say: (text: string) => void, again: () => void) => {
    if (isCode(error, "not_signed_in")) return context.sessionEnded(again);
    if (isCode(error, "state_not_allowed") || isCode(error, "verification_under_way")) return load(sentence(error));
    say(sentence(error));
  };

  const show = (current: Verification | null, notice: string) => {
    const parts: Child[] = notice === "" ? [] : [make("p", { class: "notice", role: "status" }, notice)];
    const state = current?.state ?? "canceled";
    if (current !== null && state === "requires_input") parts.push(...pictures(current));
    else if (current !== null && (state === "in_review" || state === "processing")) parts.push(...waiting(current));
    else if (current !== null && current.outcome !== "canceled" && current.outcome !== null)
      parts.push(...outcome(current));
    else parts.push(...start());
    body.replaceChildren(...parts.filter((part) => part !== null));
  };

  const start = (): Child[] => [
    make("p", {}, `${w.level(context.me.level)} ${w.why}`),
    make("ol", { class: "steps card" }, ...w.how.map((step) => make("li", {}, step))),
    button("button primary wide", w.begin, () => body.replaceChildren(form())),
    link(context, "/account/limits", "quiet-link", w.limits),
  ];

  const form = (): HTMLElement => {
    const draft = drafts.find<Draft>("identity", context.me.id);
    const kind = make("select", { id: "document" });
    for (const one of documents) kind.append(make("option", { value: one }, w.form.kind[one]));
    const country = make("select", { id: "country", autocomplete: "country" });
    for (const one of countriesIn(context.language, usual)) {
      country.append(make("option", { value: one.code }, one.name));
    }
    const name = make("input", { id: "name", type: "text", autocomplete: "name", maxlength: "120" });
    const birth = make("input", { id: "birth", type: "date", autocomplete: "bday", min: oldest() });
    const number = make("input", {
      id: "number",
      type: "text",
      autocomplete: "off",
      autocapitalize: "characters",
      spellcheck: "false",
      maxlength: "30",
    });
    const consent = make("input", { id: "consent", type: "checkbox" });
    kind.value = draft?.document ?? "passport";
    country.value = draft?.country ?? (context.language === "en" ? "GBR" : "CHN");
    name.value = draft?.name ?? context.me.name;
    birth.value = draft?.birth ?? "";
    const nameField = field(w.form.name, name, w.form.nameHint);
    const birthField = field(w.form.birth, birth);
    const hint = make("p", { class: "hint" });
    const numberField = field(w.form.number, number);
    const countryField = field(w.form.country, country);
    const problem = make("p", { class: "error", role: "alert" });
    const consentProblem = make("p", { class: "error", "aria-live": "polite" });
    const go = make("button", { type: "submit", class: "button primary wide" }, w.form.go);
    const follow = () => {
      const chosen = kind.value as Document;
      hint.textContent = w.form.numberHint[chosen];
      countryField.element.hidden = chosen === "chinese_resident_id";
    };
    kind.addEventListener("change", follow);
    follow();
    const made = make(
      "form",
      { class: "card identity-form", novalidate: "" },
      field(w.form.document, kind).element,
      countryField.element,
      nameField.element,
      birthField.element,
      numberField.element,
      hint,
      make("label", { class: "consent" }, consent, make("span", {}, w.form.consent)),
      consentProblem,
      make("p", { class: "hint" }, w.form.kept),
      problem,
      go,
    );
    made.addEventListener("input", () =>
      // Not the number: it stays nowhere but at the server, sealed.
      drafts.keep("identity", context.me.id, {
        document: kind.value,
        country: country.value,
        name: name.value,
        birth: birth.value,
      }),
    );
    const send = () => {
      const chosen = kind.value as Document;
      const plain = number.value.replace(/[\s-]/g, "");
      nameField.wrong(name.value.trim() === "" ? w.form.needName : "");
      birthField.wrong(birth.value === "" ? w.form.needBirth : "");
      numberField.wrong(/^[A-Za-z0-9]{4,20}$/.test(plain) ? "" : w.form.needNumber);
      consentProblem.textContent = consent.checked ? "" : w.form.needConsent;
      if (made.querySelector("[aria-invalid]") !== null || !consent.checked) {
        made.querySelector<HTMLElement>("[aria-invalid]")?.focus();
        return;
      }
      go.disabled = true;
      problem.textContent = "";
      identity
        .begin({
          document: chosen,
          country: chosen === "chinese_resident_id" ? "CHN" : country.value,
          name: name.value.trim(),
          birth_date: birth.value,
          document_number: plain,
          consent: true,
        })
        .then(
          (begun) => {
            drafts.drop("identity");
            show(begun, "");
            window.scrollTo(0, 0);
          },
          (error: unknown) => {
            go.disabled = false;
            failed(error, (text) => (problem.textContent = text), send);
          },
        );
    };
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      send();
    });
    return made;
  };

  const pictures = (current: Verification): Child[] => {
    let latest = current;
    const problem = make("p", { class: "error", role: "alert" });
    const progress = make("p", { class: "quiet", role: "status" });
    const submit = button("button primary wide", w.submit, () => handIn());
    const draw = () => {
      const all = latest.files_needed.length;
      progress.textContent = w.step(all - latest.files_missing.length, all);
      submit.disabled = latest.files_missing.length > 0;
      submit.title = submit.disabled ? w.missing : "";
    };
    const handIn = () => {
      submit.disabled = true;
      submit.textContent = w.submitting;
      problem.textContent = "";
      identity.submit(latest.id).then(
        (told) => {
          show(told, "");
          window.scrollTo(0, 0);
        },
        (error: unknown) => {
          submit.textContent = w.submit;
          draw();
          failed(error, (text) => (problem.textContent = text), handIn);
        },
      );
    };
    const rows = latest.files_needed.map((kind) =>
      picture(latest, kind, (told) => {
        latest = told;
        problem.textContent = "";
        draw();
      }),
    );
    draw();
    const needed = current.code === null ? null : w.code[current.code];
    return [
      needed === null
        ? null
        : make(
            "div",
            { class: "card attention" },
            make("h2", {}, w.state.needed),
            make("p", {}, needed),
            current.word === null ? null : make("p", {}, current.word),
          ),
      facts(current),
      ...rows,
      progress,
      problem,
      submit,
      current.input_due_at === null ? null : make("p", { class: "hint" }, w.until(day(current.input_due_at))),
      stop(current),
    ];
  };

  // One picture: the phone's camera opens by the label; what was chosen is made smaller, sent, and shown as it was sent.
  const picture = (current: Verification, kind: FileKind, taken: (told: Verification) => void): HTMLElement => {
    const words = w.file[kind];
    const chooser = make("input", {
      id: `file-${kind}`,
      class: "file-input",
      type: "file",
      accept: "image/jpeg,image/png,image/heic,image/*",
      capture: kind === "selfie" ? "user" : "environment",
    });
    const label = make("label", { for: chooser.id, class: "button" }, words.take);
    const status = make("p", { class: "file-state", role: "status" });
    const problem = make("p", { class: "error", role: "alert" });
    const shown = make("div", { class: "file-shown" });
    const bar = make("progress", { max: "100", value: "0", "aria-label": words.title });
    bar.hidden = true;
    const card = make("section", { class: "card file-card", "aria-label": words.title });
    const done = () => {
      card.classList.add("done");
      status.textContent = `✓ ${w.taken}`;
      label.textContent = w.again;
    };
    if (current.files.some((file) => file.kind === kind)) done();
    const send = (chosen: Blob) => {
      problem.textContent = "";
      chooser.disabled = true;
      bar.hidden = false;
      bar.value = 0;
      status.textContent = w.sending(0);
      upload(current.id, kind, chosen, (part) => {
        bar.value = Math.round(part * 100);
        status.textContent = part < 1 ? w.sending(Math.round(part * 100)) : w.looking;
      })
        .then(
          (told) => {
            const image = make("img", { alt: words.title });
            const reader = new FileReader();
            reader.addEventListener("load", () => (image.src = String(reader.result)));
            reader.readAsDataURL(chosen);
            shown.replaceChildren(image);
            done();
            taken(told);
          },
          (error: unknown) => {
            status.textContent = "";
            failed(
              error,
              (text) => (problem.textContent = text),
              () => send(chosen),
            );
          },
        )
        .finally(() => {
          bar.hidden = true;
          chooser.disabled = false;
          chooser.value = "";
        });
    };
    chooser.addEventListener("change", () => {
      const chosen = chooser.files?.[0];
      if (chosen !== undefined) void prepared(chosen).then(send);
    });
    card.append(
      make("h2", {}, words.title),
      make("p", { class: "hint" }, words.hint),
      shown,
      bar,
      status,
      problem,
      chooser,
      label,
    );
    return card;
  };

  const facts = (current: Verification): HTMLElement =>
    make("p", { class: "quiet num" }, `${w.form.kind[current.document]} ${current.number_masked}`);

  const stop = (current: Verification): HTMLElement => {
    const problem = make("p", { class: "error", role: "alert" });
    const act = async () => {
      if (!(await isSure(context, w.sure, w.cancel))) return;
      identity.cancel(current.id).then(
        () => show(null, w.canceled),
        (error: unknown) =>
          failed(
            error,
            (text) => (problem.textContent = text),
            () => void act(),
          ),
      );
    };
    return make(
      "div",
      {},
      button("link", w.cancel, () => void act()),
      problem,
    );
  };

  const waiting = (current: Verification): Child[] => [
    make(
      "div",
      { class: "card" },
      make("h2", {}, w.state.review),
      make("p", {}, w.state.reviewLine),
      current.submitted_at === null
        ? null
        : make("p", { class: "hint num" }, `${w.handedIn}: ${shownMoment(current.submitted_at)}`),
    ),
    facts(current),
    stop(current),
  ];

  const outcome = (current: Verification): Child[] => {
    const expired = current.state === "expired";
    const verified = current.outcome === "verified" && !expired;
    const title = expired ? w.state.expired : verified ? w.state.verified : w.state.rejected;
    const line = expired
      ? w.state.expiredLine
      : verified
        ? w.state.verifiedLine(current.document_expires)
        : w.state.rejectedLine;
    const problem = make("p", { class: "error", role: "alert" });
    const destroy = () => {
      identity.destroy(current.id).then(
        (told) => show(told, ""),
        (error: unknown) => failed(error, (text) => (problem.textContent = text), destroy),
      );
    };
    return [
      make(
        "div",
        { class: `card ${verified ? "good" : "attention"}` },
        make("h2", {}, title),
        current.code === null || verified ? null : make("p", {}, w.code[current.code]),
        current.word === null || verified ? null : make("p", {}, current.word),
        make("p", {}, line),
      ),
      facts(current),
      current.files_destroyed_at !== null
        ? make("p", { class: "hint" }, w.filesGone(day(current.files_destroyed_at)))
        : current.files_due_at !== null
          ? make("p", { class: "hint" }, w.filesUntil(day(current.files_due_at)))
          : null,
      current.may_destroy_files ? button("button", w.destroy, destroy) : null,
      problem,
      button("button wide", verified || expired ? w.renew : w.retry, () => body.replaceChildren(form())),
      link(context, "/account/limits", "quiet-link", w.limits),
    ];
  };

  load();
  return page(context, w.title, body);
}
