// SPDX-License-Identifier: Apache-2.0
// Finds a colleague who may read this request, beside the note that names them.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { colleaguesQuery } from "../api/queries";
import { followWordsOf } from "../i18n/follow";
import { useWords } from "../i18n/words";
import type { Named } from "./mentions";
import { PickList } from "./PickList";

const wordsMax = 100;

interface Props {
  number: string;
  insert: (colleague: Named) => boolean; // false: it does not fit
  close: () => void; // back into the text
  leave: () => void; // the focus went elsewhere
}

export function MentionPicker({ number, insert, close, leave }: Props) {
  const { t, language } = useWords();
  const w = followWordsOf(language);
  const [asked, setAsked] = useState("");
  const [at, setAt] = useState(0);
  const [tooLong, setTooLong] = useState(false);
  const colleagues = useQuery({ ...colleaguesQuery(number, asked.trim()), placeholderData: keepPreviousData });
  const options = (colleagues.data?.items ?? []).map(({ id, name, email, role }) => ({
    id,
    title: name,
    more: `${t.api.role[role]} · ${email}`,
  }));
  const choose = ({ id, title }: { id: string; title: string }) => setTooLong(!insert({ id, name: title }));
  return (
    <PickList
      words={w}
      wordsMax={wordsMax}
      asked={asked}
      ask={(typed) => {
        setAsked(typed);
        setAt(0);
        setTooLong(false);
      }}
      options={options}
      at={at}
      setAt={setAt}
      // What was found for other words is not what was meant.
      enter={(under) => under !== undefined && !colleagues.isPlaceholderData && choose(under)}
      choose={choose}
      status={colleagues.isSuccess && (options.length === 0 ? w.notFound : w.found(options.length))}
      error={colleagues.error}
      tooLong={tooLong}
      close={close}
      leave={leave}
    />
  );
}
