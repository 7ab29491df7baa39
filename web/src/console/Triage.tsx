// SPDX-License-Identifier: Apache-2.0
// How well triage sorts, for supervisors: what was corrected, by category and by week, and whether it was as sure as right.
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { triageFiguresQuery } from "../api/queries";
import type { TriageFigures } from "../api/types";
import { percentOf, signed } from "../format/percent";
import { shownMoment } from "../format/time";
import { triageWordsOf } from "../i18n/triage";
import { useWords } from "../i18n/words";
import { LoadFailed, Loading } from "./parts";
import { Shelf } from "./Shelf";
import { useSortingWords } from "./Sorting";
import { Scrolls } from "./Treasury";

const ranges = [7, 28, 91] as const;

const useTriageWords = () => triageWordsOf(useWords().language);

export function Triage() {
  const w = useTriageWords();
  return (
    <Shelf title={w.title} may="read_books" listed>
      <Figures />
    </Shelf>
  );
}

function Figures() {
  const w = useTriageWords();
  const [days, setDays] = useState<number>(28);
  const figures = useQuery(triageFiguresQuery(days));
  return (
    <>
      <p className="quiet">{w.lead}</p>
      <div className="article-tools">
        <div className="choices" role="group" aria-label={w.time}>
          {ranges.map((one) => (
            <button key={one} type="button" aria-pressed={days === one} onClick={() => setDays(one)}>
              {w.days(one)}
            </button>
          ))}
        </div>
      </div>
      {figures.isPending ? (
        <Loading />
      ) : figures.isError ? (
        <LoadFailed error={figures.error} retry={() => void figures.refetch()} />
      ) : figures.data.read === 0 ? (
        <p role="status">{w.none}</p>
      ) : (
        <Tables figures={figures.data} />
      )}
      <p className="quiet">
        <code>okpay triage train --from-desk</code> {w.train}
      </p>
    </>
  );
}

function Tables({ figures }: { figures: TriageFigures }) {
  const { t } = useWords();
  const w = useTriageWords();
  const { read, corrected, days, categories, weeks } = figures;
  const certainty = figures.certainty.filter((one) => one.requests > 0);
  return (
    <>
      <dl className="triage-sums">
        <div>
          <dt>{w.read}</dt>
          <dd className="num">{read}</dd>
        </div>
        <div>
          <dt>{w.corrected}</dt>
          <dd className="num">
            <Part of={corrected} whole={read} />
          </dd>
        </div>
      </dl>
      <Table
        name={w.categories}
        lead={w.before(days)}
        heads={[w.category, w.read, w.readBefore, w.change, w.takenAway, w.mostOften, w.given]}
        rows={categories.map((one) => [
          t.api.category[one.category],
          one.read,
          one.before,
          signed(one.read - one.before),
          <Part of={one.taken_away} whole={one.read} bar />,
          one.most_often === null ? "" : t.api.category[one.most_often],
          one.given,
        ])}
      />
      <Table
        name={w.weeks}
        heads={[w.from, w.read, w.unclear, w.corrected]}
        rows={weeks.map((week) => [
          shownMoment(week.from).slice(0, 10),
          week.read,
          <Part of={week.unclear} whole={week.read} bar />,
          <Part of={week.corrected} whole={week.read} bar />,
        ])}
      />
      {certainty.length > 0 && (
        <Table
          name={w.certainty}
          lead={w.certaintyLine}
          heads={[w.said, w.right, w.requests]}
          rows={certainty.map((one) => [
            w.range(Math.round(100 * one.from), Math.round(100 * one.to)),
            <Part of={one.kept} whole={one.requests} bar />,
            one.requests,
          ])}
        />
      )}
    </>
  );
}

interface TableProps {
  name: string;
  lead?: string;
  heads: string[];
  rows: ReactNode[][]; // what each is about comes first
}

function Table({ name, lead, heads, rows }: TableProps) {
  return (
    <section className="card books" aria-label={name}>
      <header>
        <h2>{name}</h2>
        {lead !== undefined && <span className="quiet small">{lead}</span>}
      </header>
      <Scrolls label={name}>
        <table className="ledger-table">
          <thead>
            <tr>
              {heads.map((head, place) => (
                <th key={head} scope="col" className={place > 0 ? "figure" : ""}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([about, ...cells], row) => (
              <tr key={row}>
                <th scope="row" className="num">
                  {about}
                </th>
                {cells.map((cell, place) => (
                  <td key={place} className="figure">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolls>
    </section>
  );
}

// The words say what the bar shows.
function Part({ of, whole, bar = false }: { of: number; whole: number; bar?: boolean }) {
  const w = useTriageWords();
  const { percent: words } = useSortingWords();
  const percent = percentOf(of, whole);
  if (percent === null) return <>–</>;
  return (
    <>
      {w.part(of, words(percent))}
      {bar && (
        <span className="triage-bar" aria-hidden="true">
          <span style={{ width: `${percent}%` }} />
        </span>
      )}
    </>
  );
}
