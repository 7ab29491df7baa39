// SPDX-License-Identifier: Apache-2.0
// What is written for others to use, articles or macros: the list of it, or one of it, for who may write it.
import type { ReactNode } from "react";
import { useWords } from "../i18n/words";
import { useMe } from "./me";
import { useWidth } from "./parts";

interface Props {
  title: string;
  may: ReturnType<typeof useMe>["permissions"][number];
  listed: boolean; // not one of it
  children: ReactNode;
}

export function Shelf({ title, may, listed, children }: Props) {
  const { t } = useWords();
  const width = useWidth();
  if (!useMe().permissions.includes(may)) return <p className="quiet pad">{t.app.notPermitted}</p>;
  return (
    <section className="treasury articles" aria-label={title}>
      {width !== "phone" && listed && (
        <header className="treasury-head">
          <h1>{title}</h1>
        </header>
      )}
      <div className="treasury-body" tabIndex={0} role="group" aria-label={title}>
        {children}
      </div>
    </section>
  );
}
