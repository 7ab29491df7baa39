// SPDX-License-Identifier: Apache-2.0
// The book of banks, providers and merchants that side threads go to, for who keeps it.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, isCode } from "../api/client";
import { counterpartiesQuery } from "../api/queries";
import type { Counterparty, CounterpartyKind } from "../api/types";
import { sideWordsOf } from "../i18n/sides";
import { useWords } from "../i18n/words";
import { ErrorNote, LoadFailed, Loading, Moment } from "./parts";
import { Shelf } from "./Shelf";
import { counterpartyKinds, looksLikeAddress, sideLanguages, type SideLanguage } from "./sides";

const nameLimit = 120;
const addressLimit = 254;

const useSideWords = () => sideWordsOf(useWords().language);

export function Counterparties() {
  return (
    <Shelf title={useSideWords().book} may="edit_counterparties" listed>
      <List />
    </Shelf>
  );
}

function List() {
  const w = useSideWords();
  const [editing, setEditing] = useState<number | "new" | null>(null);
  const book = useQuery(counterpartiesQuery);
  if (book.isPending) return <Loading />;
  if (book.isError) return <LoadFailed error={book.error} retry={() => void book.refetch()} />;
  const items = [...book.data.items].sort((a, b) => Number(a.retired) - Number(b.retired));
  return (
    <>
      <p className="quiet">{w.lead}</p>
      {editing === "new" ? (
        <Editor party={null} close={() => setEditing(null)} />
      ) : (
        <p>
          <button type="button" className="button primary" onClick={() => setEditing("new")}>
            {w.add}
          </button>
        </p>
      )}
      {items.length === 0 && editing === null && <p role="status">{w.empty}</p>}
      <ul className="article-list counterparties">
        {items.map((party) => (
          <li key={party.id}>
            {editing === party.id ? (
              <Editor party={party} close={() => setEditing(null)} />
            ) : (
              <Row party={party} edit={() => setEditing(party.id)} />
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function Row({ party, edit }: { party: Counterparty; edit: () => void }) {
  const w = useSideWords();
  const queries = useQueryClient();
  const retire = useMutation({
    mutationFn: () =>
      api.putCounterparty(party.id, {
        kind: party.kind,
        name: party.name,
        address: party.address,
        language: party.language,
        whole_domain: party.whole_domain,
        retired: !party.retired,
        version: party.version,
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["counterparties"] }),
  });
  return (
    <div className="card article-row">
      <strong>{party.name}</strong>
      <span className="quiet">
        {w.kind[party.kind]} · {party.address}
        {party.whole_domain && ` · ${w.wholeDomainShort}`}
      </span>
      <span className="article-low quiet small">
        {party.retired && <span className="badge plain">{w.retired}</span>}
        <Moment at={party.updated_at} /> · {party.updated_by.name}
        {!party.retired && (
          <button type="button" className="link" onClick={edit}>
            {w.edit}
          </button>
        )}
        <button type="button" className="link" disabled={retire.isPending} onClick={() => retire.mutate()}>
          {party.retired ? w.restore : w.retire}
        </button>
      </span>
      <ErrorNote error={retire.error} />
    </div>
  );
}

function Editor({ party, close }: { party: Counterparty | null; close: () => void }) {
  const w = useSideWords();
  const queries = useQueryClient();
  const [name, setName] = useState(party?.name ?? "");
  const [kind, setKind] = useState<CounterpartyKind>(party?.kind ?? "bank");
  const [address, setAddress] = useState(party?.address ?? "");
  const [language, setLanguage] = useState<SideLanguage>(party?.language ?? "en");
  const [wholeDomain, setWholeDomain] = useState(party?.whole_domain ?? false);
  const reload = () => queries.invalidateQueries({ queryKey: ["counterparties"] });
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), kind, address: address.trim(), language, whole_domain: wholeDomain };
      return party === null
        ? api.createCounterparty(body)
        : api.putCounterparty(party.id, { ...body, retired: party.retired, version: party.version });
    },
    onSuccess: async () => {
      await reload();
      close();
    },
    onError: (error) => {
      if (isCode(error, "counterparty_changed")) void reload();
    },
  });
  const ready = name.trim() !== "" && looksLikeAddress(address);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !save.isPending) save.mutate();
  };
  return (
    <form className="card article-editor" onSubmit={submit} aria-label={party?.name ?? w.add} noValidate>
      <label className="field">
        <span>{w.name}</span>
        <input value={name} maxLength={nameLimit} onChange={(event) => setName(event.target.value)} />
      </label>
      <label className="field">
        <span>{w.address}</span>
        <input
          type="email"
          value={address}
          maxLength={addressLimit}
          autoComplete="off"
          onChange={(event) => setAddress(event.target.value)}
        />
      </label>
      <div className="case-form">
        <label>
          {w.kindLabel}
          <select value={kind} onChange={(event) => setKind(event.target.value as CounterpartyKind)}>
            {counterpartyKinds.map((one) => (
              <option key={one} value={one}>
                {w.kind[one]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {w.language}
          <select value={language} onChange={(event) => setLanguage(event.target.value as SideLanguage)}>
            {sideLanguages.map((one) => (
              <option key={one} value={one} lang={one}>
                {w.languages[one]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <label className="check">
        <input type="checkbox" checked={wholeDomain} onChange={(event) => setWholeDomain(event.target.checked)} />{" "}
        {w.wholeDomain}
      </label>
      <p className="quiet small">{w.wholeDomainHint}</p>
      <ErrorNote error={save.error} />
      <div className="decision-buttons">
        <button type="submit" className="button primary" disabled={!ready || save.isPending}>
          {w.save}
        </button>
        <button type="button" className="button" onClick={close}>
          {w.cancel}
        </button>
      </div>
    </form>
  );
}
