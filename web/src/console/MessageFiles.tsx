// SPDX-License-Identifier: Apache-2.0
// The files of a mail, folded until someone wants to see them: what each is, what is dangerous about it and what a virus
// scanner said, before anything can be downloaded.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client";
import type { Message } from "../api/types";
import { messageFilesWords } from "../i18n/message_files";
import { useWords } from "../i18n/words";
import { useMe } from "./me";
import { fileAddress, type MessageFile, type MessageFiles as List, sizeText, warningsOf } from "./message_files";
import "./message_files.css";
import { LoadFailed, Loading } from "./parts";

const useFileWords = () => messageFilesWords[useWords().language];

export function MessageFiles({ ticket, message, state }: { ticket: string; message: string; state: Message["files"] }) {
  const words = useFileWords();
  const [open, setOpen] = useState(false);
  return (
    <details className="message-files" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {words.files}
        {(state === "infected" || state === "failed") && (
          <span className={`badge ${state === "infected" ? "over" : "plain"}`}>{words.scan[state]}</span>
        )}
      </summary>
      {open && <Files ticket={ticket} message={message} state={state} />}
    </details>
  );
}

function Files({ ticket, message, state }: { ticket: string; message: string; state: Message["files"] }) {
  const words = useFileWords();
  const mayTake = useMe().permissions.includes("reveal");
  // A scan that ends meanwhile changes the state of the message, and the list is asked for anew.
  const files = useQuery({
    queryKey: ["message-files", ticket, message, state],
    queryFn: () => api.messageFiles(ticket, message),
    retry: false,
  });
  if (files.isPending) return <Loading />;
  if (files.isError) return <LoadFailed error={files.error} retry={() => void files.refetch()} />;
  const list = files.data;
  return (
    <>
      {list.files.length === 0 && <p>{words.none}</p>}
      <ul>
        {list.files.map((file) => (
          <File
            key={file.id}
            file={file}
            list={list}
            mayTake={mayTake}
            at={(warned) => fileAddress(ticket, message, file.id, warned)}
          />
        ))}
      </ul>
      {list.more && <p className="file-warning">{words.more}</p>}
      {list.reason !== "" && <p>{words.notAll(list.reason)}</p>}
      <p className="quiet">{list.engine !== "" ? words.engine(list.engine) : list.scanner ? "" : words.noScanner}</p>
    </>
  );
}

interface FileShown {
  file: MessageFile;
  list: List;
  mayTake: boolean;
  at: (warned: boolean) => string;
}

function File({ file, list, mayTake, at }: FileShown) {
  const words = useFileWords();
  const [asked, setAsked] = useState(false);
  const name = file.name === "" ? words.unnamed : file.name;
  const takable = file.downloadable && mayTake;
  return (
    <li>
      <bdi className="file-name">{name}</bdi>{" "}
      <span className="quiet">
        {words.type[file.type]}, {sizeText(file.size)}
        {(list.scanner || file.scan !== "unscanned") && <> · {words.scan[file.scan]}</>}
      </span>{" "}
      {!file.downloadable && (
        <p className="file-warning" role="alert">
          {words.never(file.found)}
        </p>
      )}
      {takable && !file.warn && (
        <a className="link" href={at(false)} download aria-label={`${words.download}: ${name}`}>
          {words.download}
        </a>
      )}
      {takable && file.warn && !asked && (
        <button type="button" className="link" aria-label={`${words.ask} ${name}`} onClick={() => setAsked(true)}>
          {words.ask}
        </button>
      )}
      {takable && file.warn && asked && (
        <div className="file-warning" role="alert">
          <p>{words.beware}</p>
          <ul>
            {warningsOf(file, { ...words, scanner: list.scanner }).map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
          <a className="link" href={at(true)} download>
            {words.allTheSame}
          </a>
        </div>
      )}
      {file.archive !== null && <Archive archive={file.archive} />}
    </li>
  );
}

function Archive({ archive }: { archive: NonNullable<MessageFile["archive"]> }) {
  const words = useFileWords();
  const state = words.archive[archive.state];
  if (archive.entries.length === 0) return state === "" ? null : <p className="file-warning">{state}</p>;
  return (
    <details>
      <summary>
        {words.holds(archive.entries_found)}, {sizeText(archive.unpacked_octets)}
      </summary>
      <ol>
        {archive.entries.map((entry, place) => (
          <li key={place} className={entry.depth > 0 ? "deeper" : undefined}>
            <bdi className="file-name">{entry.name === "" ? words.unnamed : entry.name}</bdi>
            {!entry.folder && entry.size !== null && <span className="quiet"> {sizeText(entry.size)}</span>}
            {entry.risks.map((risk) => (
              <span key={risk} className="file-warning">
                {" "}
                · {words.risk[risk]}
              </span>
            ))}
          </li>
        ))}
      </ol>
      {state !== "" && <p className="file-warning">{state}</p>}
    </details>
  );
}
