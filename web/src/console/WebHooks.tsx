// SPDX-License-Identifier: Apache-2.0
// Programs of the house that are told of requests: added, tried, switched off, and what did not arrive there at once.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client";
import type { Answer } from "../api/types";
import { webhooksEn, webhooksZh } from "../i18n/webhooks";
import { useWords } from "../i18n/words";
import { CodeInput } from "./CodeInput";
import { ErrorNote, LoadFailed, Loading, Moment, useWidth } from "./parts";

const useHookWords = () => (useWords().language === "zh" ? webhooksZh : webhooksEn);
type Endpoint = Answer<"listHouseWebhookEndpoints">["items"][number];

export function WebHooks() {
  const words = useHookWords();
  const width = useWidth();
  const hooks = useQuery({ queryKey: ["webhooks"], queryFn: api.houseHooks, refetchInterval: 30_000 });
  if (hooks.isPending) return <Loading />;
  if (hooks.isError) return <LoadFailed error={hooks.error} retry={() => void hooks.refetch()} />;
  return (
    <div className="mail-health pad">
      {width !== "phone" && <h1>{words.title}</h1>}
      <p className="quiet">{words.about}</p>
      {hooks.data.items.length === 0 && <p role="status">{words.none}</p>}
      {hooks.data.items.map((hook) => (
        <Hook key={hook.id} hook={hook} />
      ))}
      <Add types={hooks.data.event_types} />
    </div>
  );
}

function Secret({ secret }: { secret: string | null }) {
  const words = useHookWords();
  if (secret === null) return null;
  return (
    <p role="status">
      {words.secret}
      <br />
      <code>{secret}</code>
    </p>
  );
}

function Add({ types }: { types: string[] }) {
  const words = useHookWords();
  const client = useQueryClient();
  const [url, setUrl] = useState("");
  const [events, setEvents] = useState<string[]>([]);
  const [code, setCode] = useState("");
  const add = useMutation({
    mutationFn: () => api.addHouseHook({ url: url.trim(), events, totp_code: code }),
    onSuccess: () => {
      setUrl("");
      setEvents([]);
      return client.invalidateQueries({ queryKey: ["webhooks"] });
    },
    onSettled: () => setCode(""),
  });
  const choose = (type: string, chosen: boolean) =>
    setEvents(chosen ? [...events, type] : events.filter((one) => one !== type));
  return (
    <section aria-label={words.add}>
      <h2>{words.add}</h2>
      <form
        className="case-form"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <label>
          {words.url}
          <input
            type="url"
            required
            maxLength={2048}
            placeholder="https://"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
        </label>
        <fieldset>
          <legend>{words.events}</legend>
          {types.map((type) => (
            <label key={type}>
              <input
                type="checkbox"
                checked={events.includes(type)}
                onChange={(event) => choose(type, event.target.checked)}
              />
              <code>{type}</code>
            </label>
          ))}
        </fieldset>
        <label>
          {words.code}
          <CodeInput code={code} setCode={setCode} />
        </label>
        <button type="submit" className="button primary" disabled={add.isPending || code.length !== 6}>
          {words.add}
        </button>
        <ErrorNote error={add.error} />
      </form>
      <Secret secret={add.data?.secret ?? null} />
    </section>
  );
}

function Hook({ hook }: { hook: Endpoint }) {
  const words = useHookWords();
  const client = useQueryClient();
  const [code, setCode] = useState("");
  const settled = () => {
    setCode("");
    return client.invalidateQueries({ queryKey: ["webhooks"] });
  };
  const ping = useMutation({ mutationFn: () => api.pingHouseHook(hook.id), onSettled: settled });
  const change = useMutation({
    mutationFn: (enabled: boolean) => api.setHouseHook(hook.id, { enabled, totp_code: code }),
    onSettled: settled,
  });
  const renew = useMutation({
    mutationFn: () => api.renewHouseHookSecret(hook.id, { totp_code: code }),
    onSettled: settled,
  });
  const remove = useMutation({
    mutationFn: () => api.removeHouseHook(hook.id, { totp_code: code }),
    onSettled: settled,
  });
  const on = hook.state === "enabled";
  const waits = change.isPending || renew.isPending || remove.isPending || code.length !== 6;
  return (
    <article className="card">
      <p>
        <strong>{hook.url}</strong> · {words.state[hook.state]}
        {hook.events.length > 0 && (
          <>
            <br />
            <span className="quiet">{hook.events.join(", ")}</span>
          </>
        )}
        {hook.failing_since !== null && (
          <>
            <br />
            {words.failingSince} <Moment at={hook.failing_since} />
          </>
        )}
        {hook.old_secret_until !== null && (
          <>
            <br />
            {words.oldSecret} <Moment at={hook.old_secret_until} />
          </>
        )}
      </p>
      <Secret secret={renew.data?.secret ?? null} />
      {on && (
        <button type="button" className="button" disabled={ping.isPending} onClick={() => ping.mutate()}>
          {words.ping}
        </button>
      )}
      <div className="case-form">
        <label>
          {words.code}
          <CodeInput code={code} setCode={setCode} required={false} />
        </label>
        <button type="button" className="button" disabled={waits} onClick={() => change.mutate(!on)}>
          {on ? words.switchOff : words.switchOn}
        </button>
        <button type="button" className="button" disabled={waits} onClick={() => renew.mutate()}>
          {words.newSecret}
        </button>
        <button type="button" className="button" disabled={waits} onClick={() => remove.mutate()}>
          {words.remove}
        </button>
      </div>
      <ErrorNote error={ping.error ?? change.error ?? renew.error ?? remove.error} />
      <Deliveries hook={hook} />
    </article>
  );
}

function Deliveries({ hook }: { hook: Endpoint }) {
  const words = useHookWords();
  const client = useQueryClient();
  const deliveries = useQuery({
    queryKey: ["webhooks", hook.id, "deliveries"],
    queryFn: () => api.houseHookDeliveries(hook.id),
    refetchInterval: 10_000,
  });
  const again = useMutation({
    mutationFn: (id: string) => api.redeliverHouseHook(hook.id, id),
    onSettled: () => client.invalidateQueries({ queryKey: ["webhooks", hook.id] }),
  });
  if (deliveries.isPending) return <Loading />;
  if (deliveries.isError) return <LoadFailed error={deliveries.error} retry={() => void deliveries.refetch()} />;
  const { items } = deliveries.data;
  if (items.length === 0) return <p className="quiet">{words.noDeliveries}</p>;
  return (
    <details>
      <summary>{words.deliveries}</summary>
      <ul>
        {items.map((one) => (
          <li key={one.id}>
            <code>{one.type}</code> · <Moment at={one.happened_at} /> · {words.delivery[one.state]} (
            {words.tries(one.tries)}, {one.error ?? words.status(one.status)})
            {one.next_try_at !== null && (
              <>
                {" "}
                · {words.nextTry}: <Moment at={one.next_try_at} />
              </>
            )}{" "}
            {hook.state === "enabled" && one.state !== "delivered" && (
              <button type="button" className="button" disabled={again.isPending} onClick={() => again.mutate(one.id)}>
                {words.redeliver}
              </button>
            )}
          </li>
        ))}
      </ul>
      <ErrorNote error={again.error} />
    </details>
  );
}
