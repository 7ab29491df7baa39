// SPDX-License-Identifier: Apache-2.0
// The payouts to merchants. Letters go to customers alone: what became of a payout stands here.
import { useInfiniteQuery } from "@tanstack/react-query";
import { payoutsQuery } from "../api/queries";
import type { Payout } from "../api/types";
import { shownMomentWithSeconds } from "../format/time";
import { useWords } from "../i18n/words";
import { LoadFailed, Loading, Money } from "./parts";
import { Scrolls } from "./Treasury";
import { More, PaymentLink } from "./TreasuryJournal";

export function PayoutsPage() {
  const { t } = useWords();
  const words = t.treasury;
  const list = useInfiniteQuery(payoutsQuery(null));
  const payouts = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <h2 className="panel-title">{words.payouts}</h2>
      {list.isPending ? (
        <Loading />
      ) : list.isError ? (
        <LoadFailed error={list.error} retry={() => void list.refetch()} />
      ) : payouts.length === 0 ? (
        <p className="quiet">{words.noPayouts}</p>
      ) : (
        <Payouts items={payouts} />
      )}
      <More list={list} />
    </>
  );
}

function Payouts({ items }: { items: readonly Payout[] }) {
  const { t } = useWords();
  const words = t.treasury;
  const colour = { succeeded: "done", failed: "over", returned: "over", unknown: "short" } as const;
  return (
    <div className="card books">
      <Scrolls label={words.payouts}>
        <table className="ledger-table">
          <thead>
            <tr>
              <th scope="col">{words.time}</th>
              <th scope="col">{words.merchant}</th>
              <th scope="col" className="figure">
                {words.amount}
              </th>
              <th scope="col">{words.toBank}</th>
              <th scope="col">{words.paymentState}</th>
              <th scope="col">{words.payment}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((payout) => (
              <tr key={payout.id}>
                <th scope="row">
                  <time className="num" dateTime={payout.created_at}>
                    {shownMomentWithSeconds(payout.created_at)}
                  </time>
                </th>
                <td>{payout.merchant?.name}</td>
                <td className="figure">
                  <Money of={payout.amount} />
                </td>
                <td>{payout.destination}</td>
                <td>
                  <span className={`badge ${colour[payout.state as keyof typeof colour] ?? "plain"}`}>
                    {t.api.paymentState[payout.state]}
                  </span>
                  {payout.refusal !== null && <span className="under-line">{t.api.refusal[payout.refusal]}</span>}
                  {payout.bank_state === "contradicted" && <span className="under-line">{words.contradicted}</span>}
                </td>
                <td>
                  <PaymentLink id={payout.id} at={{}} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolls>
    </div>
  );
}
