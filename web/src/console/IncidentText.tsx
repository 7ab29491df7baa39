// SPDX-License-Identifier: Apache-2.0
// The one text for all of an incident: written, looked at with how many get it, then sent.
import { useMutation } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { api } from "../api/client";
import type { IncidentDetail, IncidentTextPreview } from "../api/types";
import { useIncidentWords } from "./IncidentParts";
import { ErrorNote } from "./parts";

const languages = ["en", "zh-Hans", "zh-Hant"] as const;
type Language = (typeof languages)[number];
type Texts = Record<Language, string>;

const bodyOf = (texts: Texts) => ({
  text_en: texts.en,
  text_zh_hans: texts["zh-Hans"],
  text_zh_hant: texts["zh-Hant"],
});
const textsOf = (from: { text_en: string; text_zh_hans: string; text_zh_hant: string }): Texts => ({
  en: from.text_en,
  "zh-Hans": from.text_zh_hans,
  "zh-Hant": from.text_zh_hant,
});

interface Props {
  incident: IncidentDetail;
  mayReply: boolean;
  also: string[];
  changed: () => void;
}

export function IncidentText({ incident, mayReply, also, changed }: Props) {
  const words = useIncidentWords();
  if (incident.text !== null)
    return (
      <section className="incident-texts">
        <h2>{words.sentText}</h2>
        <Shown texts={textsOf(incident.text)} recipients={null} />
        {mayReply && <Rest incident={incident} also={also} changed={changed} />}
      </section>
    );
  return mayReply ? <Write incident={incident} also={also} changed={changed} /> : null;
}

const count = (recipients: IncidentDetail["recipients"]) => recipients.reduce((sum, one) => sum + one.requests, 0);

function Write({ incident, also, changed }: Omit<Props, "mayReply">) {
  const words = useIncidentWords();
  const { message } = App.useApp();
  const [texts, setTexts] = useState<Texts>({ en: "", "zh-Hans": "", "zh-Hant": "" });
  const [shown, setShown] = useState<IncidentTextPreview | null>(null);
  const preview = useMutation({
    mutationFn: () => api.previewIncidentText(incident.id, bodyOf(texts)),
    onSuccess: setShown,
  });
  const send = useMutation({
    mutationFn: (seen: IncidentTextPreview) => api.tellIncident(incident.id, { ...bodyOf(textsOf(seen)), also }),
    onSuccess: () => void message.success(words.sent),
    onSettled: changed,
  });
  const all = (shown === null ? 0 : count(shown.recipients)) + also.length;
  return (
    <section className="incident-texts">
      <h2>{words.text}</h2>
      <p className="quiet">{words.textLine}</p>
      {shown === null ? (
        <>
          {languages.map((language) => (
            <label key={language} className="field">
              <span>{words.in[language]}</span>
              <textarea
                lang={language}
                value={texts[language]}
                maxLength={16384}
                onChange={(event) => setTexts({ ...texts, [language]: event.target.value })}
              />
              {language === "zh-Hant" && <span className="quiet small">{words.hantLine}</span>}
            </label>
          ))}
          <p>
            <button
              type="button"
              className="button primary"
              disabled={preview.isPending || texts.en.trim() === "" || texts["zh-Hans"].trim() === ""}
              onClick={() => preview.mutate()}
            >
              {words.preview}
            </button>
          </p>
          <ErrorNote error={preview.error} />
        </>
      ) : (
        <>
          <Shown texts={textsOf(shown)} recipients={shown.recipients} />
          <p className="article-tools">
            <button type="button" className="button" onClick={() => setShown(null)}>
              {words.change}
            </button>
            <button
              type="button"
              className="button primary"
              disabled={send.isPending || all === 0}
              onClick={() => send.mutate(shown)}
            >
              {all === 0 ? words.nobody : words.send(all)}
            </button>
          </p>
          <ErrorNote error={send.error} />
        </>
      )}
    </section>
  );
}

function Shown({ texts, recipients }: { texts: Texts; recipients: IncidentDetail["recipients"] | null }) {
  const words = useIncidentWords();
  return (
    <>
      {languages.map((language) => (
        <div key={language}>
          <h3>
            {words.in[language]}{" "}
            {recipients !== null && (
              <span className="quiet small">
                {words.goesTo(recipients.find((one) => one.language === language)?.requests ?? 0)}
              </span>
            )}
          </h3>
          <pre lang={language}>{texts[language]}</pre>
        </div>
      ))}
    </>
  );
}

// Who was left out and is chosen now, or came back into it.
function Rest({ incident, also, changed }: Omit<Props, "mayReply">) {
  const words = useIncidentWords();
  const all = count(incident.recipients) + also.length;
  const send = useMutation({ mutationFn: () => api.tellIncident(incident.id, { also }), onSettled: changed });
  if (all === 0) return null;
  return (
    <p>
      <button type="button" className="button" disabled={send.isPending} onClick={() => send.mutate()}>
        {words.rest(all)}
      </button>
      <ErrorNote error={send.error} />
    </p>
  );
}
