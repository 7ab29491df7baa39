// SPDX-License-Identifier: Apache-2.0
// Finds a macro and fills it in for this request, beside the reply it goes into. One that writes nothing is applied at once,
// to the request as its writer saw it. Where one speaks of a payment, the payment is chosen next.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api } from "../api/client";
import { macrosQuery } from "../api/queries";
import type { Macro, MacroPreview, Payment } from "../api/types";
import { paymentName } from "../format/names";
import { shownMoment } from "../format/time";
import { useWords } from "../i18n/words";
import { macrosFound, onlyPayment } from "./insert_macro";
import { useActionWords, useMacroWords } from "./MacroParts";
import { PickList, type PickOption } from "./PickList";

const wordsMax = 60;

interface Props {
  number: string;
  version: number; // of the request, as its writer saw it
  payments: Payment[];
  insert: (macro: MacroPreview) => boolean; // false: it does not fit
  applied: (macro: Macro, here: boolean) => void; // not here: its writer has gone on in the text
  close: () => void; // back into the text
  leave: () => void; // the focus went elsewhere
}
interface Option extends PickOption {
  choose: () => void;
}

export function MacroPicker({ number, version, payments, insert, applied, close, leave }: Props) {
  const { t, money } = useWords();
  const w = useMacroWords();
  const actionWords = useActionWords();
  const [asked, setAsked] = useState("");
  const [at, setAt] = useState(0);
  const [about, setAbout] = useState<Macro | null>(null); // waits for its payment
  const [tooLong, setTooLong] = useState(false);
  const macros = useQuery(macrosQuery);
  const here = useRef(true); // an answer that comes after it was left is put into nothing
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);

  const run = useMutation({
    mutationFn: async ({ macro, payment }: { macro: Macro; payment: string | null }) => {
      if (macro.writes) return { macro, preview: await api.previewMacro(number, macro.id, { payment }) };
      await api.applyMacro(number, macro.id, { macro_version: macro.version, version });
      return { macro, preview: null };
    },
    onSuccess: ({ macro, preview }) => {
      if (preview === null) applied(macro, here.current);
      else if (here.current) setTooLong(!insert(preview));
    },
  });
  const choose = (macro: Macro, payment: Payment | null = onlyPayment(payments)) => {
    if (run.isPending) return;
    setTooLong(false);
    if (macro.writes && macro.needs_payment && payment === null) {
      setAbout(macro);
      setAsked("");
      setAt(0);
    } else run.mutate({ macro, payment: macro.needs_payment ? (payment?.id ?? null) : null });
  };
  const words = asked.trim().toLowerCase();
  const options: Option[] =
    about === null
      ? macrosFound(macros.data?.items ?? [], asked).map((macro) => ({
          id: String(macro.id),
          title: macro.name,
          more: actionWords(macro.actions).join(" · ") || w.does.nothing,
          choose: () => choose(macro),
        }))
      : payments
          .map((payment) => ({
            id: payment.id,
            title: `${money(payment.amount)} · ${paymentName(payment, t)}`,
            more: `${shownMoment(payment.created_at)} · ${t.api.paymentKind[payment.kind]}`,
            choose: () => choose(about, payment),
          }))
          .filter((one) => `${one.title} ${one.more}`.toLowerCase().includes(words));
  const status =
    about === null
      ? options.length === 0
        ? w.notFound
        : w.found(options.length)
      : payments.length === 0
        ? w.noPayments
        : w.which(about.name);
  return (
    <PickList
      words={w}
      wordsMax={wordsMax}
      asked={asked}
      ask={(typed) => {
        setAsked(typed);
        setAt(0);
        setTooLong(false);
        if (run.isError) run.reset();
      }}
      options={options}
      at={at}
      setAt={setAt}
      enter={(under) => under?.choose()}
      choose={(option) => option.choose()}
      status={macros.isSuccess && status}
      error={macros.error ?? run.error}
      tooLong={tooLong}
      close={about === null ? close : () => setAbout(null)}
      leave={leave}
    />
  );
}
