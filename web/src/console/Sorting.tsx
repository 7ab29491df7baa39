// SPDX-License-Identifier: Apache-2.0
// How a request is sorted, in its head; one key, or a press on it, opens what sets it right. A digit there does it at once.
import { useMutation } from "@tanstack/react-query";
import { Modal } from "antd";
import { useEffect, useRef, useState, type FormEvent, type ReactNode, type RefObject } from "react";
import { api, isCode } from "../api/client";
import { useTicketChanged } from "../api/queries";
import type { Ticket } from "../api/types";
import { sortingWordsOf } from "../i18n/sorting";
import { useWords } from "../i18n/words";
import { keysEnabled, useShortcut } from "./keyboard";
import { useMe } from "./me";
import { ErrorNote } from "./parts";
import {
  atDigit,
  categoryChoices,
  digitOf,
  emptySort,
  handOverFields,
  handOverMost,
  handsOver,
  isUntouched,
  prefilled,
  teams,
  typedOnly,
  urgencies,
  wishOf,
  type SortDraft,
  type Sorted,
  type Wish,
} from "./sorting";

const toldLasts = 12_000;

export const useSortingWords = () => sortingWordsOf(useWords().language);

export function Sorting({ ticket }: { ticket: Ticket }) {
  const { t } = useWords();
  const w = useSortingWords();
  const may = useMe().permissions.includes("reply") && ticket.state !== "closed";
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState(emptySort);
  const [told, setTold] = useState("");
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => setTold(""), toldLasts);
    return () => clearTimeout(timer);
  }, [told]);
  const begin = () => {
    setTold("");
    setOpen(true);
  };
  useShortcut("sort", begin, may);
  const close = () => {
    setOpen(false);
    setDraft(typedOnly(draft));
  };
  const words = [t.api.category[ticket.category], t.api.urgency[ticket.urgency], t.api.route[ticket.route]].join(" · ");
  if (!may) return <span>{words}</span>;
  // As the server made it: a category may have moved it to another team.
  const done = (was: Sorted, now: Sorted) => {
    const changes = [
      now.category !== was.category && w.done.category(t.api.category[now.category]),
      now.urgency !== was.urgency && w.done.urgency(t.api.urgency[now.urgency]),
      now.route !== was.route && (w.withTeam[now.route] ?? w.done.team(t.api.route[now.route])),
    ];
    setTold(changes.filter((one) => one !== false).join(w.between));
    setOpen(false);
    setDraft(emptySort);
  };
  return (
    <span className="sorting">
      <button type="button" className="link" title={w.title} onClick={begin}>
        <span className="hidden-text">{w.sort} </span>
        {words}
      </button>
      <span role="status">{told}</span>
      <Modal
        open={open}
        onCancel={close}
        title={w.title}
        footer={null}
        width={640}
        destroyOnHidden
        closable={{ "aria-label": t.app.close }}
        afterOpenChange={(opened) => {
          const first =
            form.current?.querySelector<HTMLElement>("input:checked") ?? form.current?.querySelector("input");
          if (opened) first?.focus();
        }}
      >
        <SortForm ticket={ticket} form={form} open={open} draft={draft} change={setDraft} done={done} close={close} />
      </Modal>
    </span>
  );
}

interface FormProps {
  ticket: Ticket;
  form: RefObject<HTMLFormElement>;
  open: boolean; // not while it goes away
  draft: SortDraft;
  change: (draft: SortDraft) => void;
  done: (was: Sorted, now: Sorted) => void;
  close: () => void;
}

function SortForm({ ticket, form, open, draft, change, done, close }: FormProps) {
  const { t, language } = useWords();
  const w = useSortingWords();
  const changed = useTicketChanged(ticket.number);
  const [seen, setSeen] = useState(ticket.version);
  const untouched = isUntouched(draft);
  useEffect(() => {
    if (untouched) setSeen(ticket.version);
  }, [untouched, ticket.version]);
  const save = useMutation({
    // The live event may bring the request before the answer comes.
    mutationFn: async (wanted: Wish) => ({ was: ticket, now: await api.sortTicket(ticket.number, wanted) }),
    onSuccess: ({ was, now }) => done(was, now),
    onSettled: changed,
  });
  const overtaken = !untouched && !save.isPending && seen !== ticket.version;
  const handOver = draft.form ?? prefilled(ticket.reading, t.customer.inPicture);
  const wishFor = (wanted: SortDraft) =>
    wishOf(wanted, handOver, ticket, untouched ? ticket.version : seen, language === "zh" ? "zh-Hans" : "en");
  const wish = wishFor(draft);
  const edit = (more: Partial<SortDraft>) => {
    change({ ...draft, ...more });
    if (save.isError) save.reset();
  };
  const send = (wanted: Wish | null) => {
    if (wanted !== null && !overtaken && !save.isPending) save.mutate(wanted);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(wish);
  };

  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === 229 || event.altKey) return;
    // What lies on top of it, such as the help, has its own keys.
    const dialog = document.activeElement?.closest(".ant-modal-wrap");
    if (dialog && !dialog.contains(form.current)) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key !== "Enter") return;
      event.preventDefault();
      send(wish);
      return;
    }
    const typing = event.target instanceof HTMLElement && event.target.matches("textarea, input:not([type=radio])");
    const category = atDigit(event.key, categoryChoices);
    if (typing || category === null || !keysEnabled() || save.isPending) return;
    event.preventDefault();
    edit({ category });
    send(wishFor({ ...draft, category }));
  };
  const latest = useRef(onKey);
  latest.current = onKey;
  // On the window: the focus is in the dialog only once it has opened.
  useEffect(() => {
    if (!open) return;
    const listen = (event: KeyboardEvent) => latest.current(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [open]);

  const toTechnical = handsOver(draft, ticket);
  const team = teams.find((one) => one === (draft.team ?? ticket.route)) ?? null;
  return (
    <form ref={form} onSubmit={submit} className="sort-form" aria-label={w.title}>
      <Choice
        name="category"
        legend={t.customer.category}
        among={categoryChoices}
        chosen={draft.category ?? ticket.category}
        words={t.api.category}
        choose={(category) => edit({ category })}
        digits={keysEnabled()}
      >
        {keysEnabled() && <p className="quiet small sort-digits">{w.digits}</p>}
      </Choice>
      <Choice
        name="urgency"
        legend={t.customer.urgency}
        among={urgencies}
        chosen={draft.urgency ?? ticket.urgency}
        words={t.api.urgency}
        choose={(urgency) => edit({ urgency })}
      />
      <Choice
        name="team"
        legend={w.team}
        among={teams}
        chosen={team}
        words={t.api.route}
        choose={(wanted) => edit({ team: wanted })}
      >
        {team === null && <p className="quiet small">{w.now(t.api.route[ticket.route])}</p>}
      </Choice>
      {toTechnical ? (
        <fieldset>
          <legend>{w.form}</legend>
          <p className="quiet small" id="hand-over-needed">
            {w.needed}
          </p>
          {handOverFields.map((name) => {
            const field = {
              value: handOver[name],
              maxLength: handOverMost[name],
              onChange: ({ target }: { target: { value: string } }) =>
                edit({ form: { ...handOver, [name]: target.value } }),
            };
            return (
              <label key={name} className="field">
                <span>{w.field[name]}</span>
                {handOverMost[name] > 200 ? (
                  <textarea
                    rows={2}
                    {...field}
                    {...(name === "what_happens" && { required: true, "aria-describedby": "hand-over-needed" })}
                  />
                ) : (
                  <input {...field} />
                )}
              </label>
            );
          })}
        </fieldset>
      ) : (
        <label className="field">
          <span>{w.note}</span>
          <textarea
            rows={2}
            maxLength={2000}
            value={draft.note}
            onChange={(event) => edit({ note: event.target.value })}
          />
        </label>
      )}
      {overtaken && (
        <p className="warn" role="status">
          {w.changed}{" "}
          <button
            type="button"
            className="link"
            onClick={() => {
              setSeen(ticket.version);
              save.reset();
            }}
          >
            {t.compose.seen}
          </button>
        </p>
      )}
      <ErrorNote error={overtaken && isCode(save.error, "ticket_changed") ? null : save.error} />
      <div className="decision-buttons end">
        <button type="button" className="button" onClick={close}>
          {t.app.cancel}
        </button>
        <button type="submit" className="button primary" disabled={wish === null || overtaken || save.isPending}>
          {toTechnical ? w.handOver : w.save}
        </button>
      </div>
    </form>
  );
}

interface ChoiceProps<Name extends string> {
  name: string;
  legend: string;
  among: readonly Name[];
  chosen: string | null;
  words: Record<Name, string>;
  choose: (name: Name) => void;
  digits?: boolean;
  children?: ReactNode;
}

function Choice<Name extends string>(props: ChoiceProps<Name>) {
  const { name, legend, among, chosen, words, choose, digits = false, children } = props;
  return (
    <fieldset>
      <legend>{legend}</legend>
      {children}
      <div className="sort-choices">
        {among.map((one, place) => {
          const digit = digits ? digitOf(place) : null;
          return (
            <label key={one}>
              <input
                type="radio"
                name={`sort-${name}`}
                checked={one === chosen}
                aria-keyshortcuts={digit ?? undefined}
                onChange={() => choose(one)}
              />
              {digit !== null && <kbd aria-hidden="true">{digit}</kbd>}
              <span>{words[one]}</span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
