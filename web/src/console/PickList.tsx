// SPDX-License-Identifier: Apache-2.0
// A field and what it finds, beside the reply that something is put into. The pattern is ARIA's combobox with a list: the
// field keeps the focus, the arrows move what is chosen. What is asked and chosen is its owner's.
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from "react";
import { ErrorNote } from "./parts";

export interface PickOption {
  id: string;
  title: string;
  more: string;
  lang?: string;
}
interface Props<Option extends PickOption> {
  words: { search: string; results: string; keys: string; tooLong: string };
  wordsMax: number;
  asked: string;
  ask: (words: string) => void;
  options: Option[];
  at: number; // the place of the chosen one; beyond the end: the last
  setAt: (at: number) => void;
  enter: (under: Option | undefined, shift: boolean) => void;
  choose: (option: Option, shift: boolean) => void; // by a click
  status: string | false;
  error: Error | null;
  tooLong: boolean; // what was chosen last does not fit
  close: () => void; // Escape
  leave: () => void; // the focus went elsewhere
  children?: ReactNode; // beside the field
}

export function PickList<Option extends PickOption>(props: Props<Option>) {
  const { words, options, at, setAt } = props;
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const under = options[Math.min(at, options.length - 1)];
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at, under?.id]);

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation(); // none of the page's keys
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      props.close();
    }
    if (event.target !== field.current) return;
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1 };
    const next = steps[event.key];
    if (next !== undefined) {
      event.preventDefault();
      if (options.length > 0) setAt((next + options.length) % options.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      props.enter(under, event.shiftKey);
    }
  };
  return (
    <div
      className="article-picker"
      role="group"
      aria-label={words.results}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        // Another window is no other place in this one.
        if (document.hasFocus() && !event.currentTarget.contains(event.relatedTarget)) props.leave();
      }}
    >
      <div className="article-picker-top">
        <input
          ref={field}
          role="combobox"
          aria-expanded={options.length > 0}
          aria-controls={options.length > 0 ? `${id}list` : undefined}
          aria-autocomplete="list"
          aria-activedescendant={under === undefined ? undefined : `${id}${under.id}`}
          aria-label={words.search}
          aria-describedby={`${id}keys`}
          placeholder={words.search}
          autoComplete="off"
          spellCheck={false}
          maxLength={props.wordsMax}
          value={props.asked}
          onChange={(event) => props.ask(event.target.value)}
        />
        {props.children}
      </div>
      {options.length > 0 && (
        // The field keeps the focus when one is clicked.
        <ul
          ref={list}
          id={`${id}list`}
          role="listbox"
          aria-label={words.results}
          onMouseDown={(event) => event.preventDefault()}
        >
          {options.map((option, place) => (
            <li
              key={option.id}
              id={`${id}${option.id}`}
              role="option"
              aria-selected={option === under}
              lang={option.lang}
              onMouseMove={() => setAt(place)}
              onClick={(event) => props.choose(option, event.shiftKey)}
            >
              <strong>{option.title}</strong>
              <span className="quiet">{option.more}</span>
            </li>
          ))}
        </ul>
      )}
      <p className="quiet small" role="status">
        {props.status}
      </p>
      <ErrorNote error={props.error} />
      {props.tooLong && (
        <p className="error" role="alert">
          {words.tooLong}
        </p>
      )}
      <p id={`${id}keys`} className="quiet small article-picker-keys">
        {words.keys}
      </p>
    </div>
  );
}
