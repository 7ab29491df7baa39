// SPDX-License-Identifier: Apache-2.0
// Everybody on the staff, for administrators; one who leaves is switched off here. New links are made at the server.
import { useQuery } from "@tanstack/react-query";
import { Modal } from "antd";
import { useRef, useState, type ReactNode } from "react";
import { staffMembersQuery } from "../api/queries";
import type { StaffMember } from "../api/types";
import { useWords } from "../i18n/words";
import { useMe } from "./me";
import { Fact, LoadFailed, Loading, Moment, useWidth } from "./parts";
import { pathOf } from "./router";
import { Shelf } from "./Shelf";
import { follow } from "./Shell";
import { useProvider, useStaffWords } from "./SignOn";
import { calledOf, inOrder, maySwitchOff } from "./staff";
import { SwitchOff } from "./SwitchOff";
import { Scrolls } from "./Treasury";

export function StaffMembers() {
  return (
    <Shelf title={useStaffWords().title} may="manage_staff" listed>
      <Everybody />
    </Shelf>
  );
}

function Everybody() {
  const { t } = useWords();
  const w = useStaffWords();
  const width = useWidth();
  const provider = useProvider();
  const staff = useQuery(staffMembersQuery);
  const [leaver, setLeaver] = useState<StaffMember | null>(null); // stays while the dialog goes away
  const [open, setOpen] = useState(false);
  const [told, setTold] = useState("");
  const reason = useRef<HTMLTextAreaElement>(null);
  if (staff.isPending) return <Loading />;
  if (staff.isError) return <LoadFailed error={staff.error} retry={() => void staff.refetch()} />;
  const items = inOrder(staff.data.items);
  const list = {
    items,
    through: provider !== null || items.some((one) => one.signs_on),
    leave: (member: StaffMember) => {
      setTold("");
      setLeaver(member);
      setOpen(true);
    },
  };
  return (
    <>
      <p className="quiet">{w.lead}</p>
      <p className="staff-told" role="status">
        {told}
      </p>
      {width === "phone" ? <Cards {...list} /> : <Table {...list} />}
      <div className="staff-notes quiet">
        <p>
          {w.again} <code>okpay admin staff again ADDRESS</code>
        </p>
        <p>
          {w.add} <code>okpay admin staff add ADDRESS --role ROLE</code>
        </p>
      </div>
      <Modal
        open={open}
        onCancel={() => setOpen(false)}
        title={leaver === null ? "" : w.offTitle(calledOf(leaver))}
        footer={null}
        width={480}
        destroyOnHidden
        closable={{ "aria-label": t.app.close }}
        afterOpenChange={(opened) => {
          if (opened && width !== "phone") reason.current?.focus(); // there the keyboard would cover what happens
        }}
      >
        {leaver !== null && (
          <SwitchOff
            key={leaver.id}
            member={(open && items.find((one) => one.id === leaver.id)) || leaver}
            field={reason}
            close={() => setOpen(false)}
            done={(words) => {
              setTold(words);
              setOpen(false);
            }}
          />
        )}
      </Modal>
    </>
  );
}

interface ListProps {
  items: StaffMember[];
  through: boolean; // whether the provider is worth a column
  leave: (member: StaffMember) => void;
}

function Table({ items, through, leave }: ListProps) {
  const { t } = useWords();
  const w = useStaffWords();
  return (
    <section className="card books" aria-label={w.title}>
      <Scrolls label={w.title}>
        <table className="ledger-table staff-table">
          <thead>
            <tr>
              <th scope="col">
                {w.name}
                <span className="under-line">{w.address}</span>
              </th>
              <th scope="col">{w.role}</th>
              <th scope="col">{w.stateLabel}</th>
              <th scope="col">{w.since}</th>
              <th scope="col" className="figure">
                {w.inHand}
              </th>
              {through && <th scope="col">{w.through}</th>}
              <th scope="col">
                <span className="hidden-text">{w.off}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((one) => (
              <tr key={one.id}>
                <th scope="row">
                  {calledOf(one)}
                  {one.name !== "" && <span className="under-line">{one.email}</span>}
                </th>
                <td>{t.api.role[one.role]}</td>
                <td>
                  <State of={one} />
                </td>
                <td>
                  <Joined of={one} />
                </td>
                <td className="figure">{one.requests_in_hand}</td>
                {through && <td>{one.signs_on ? t.remedy.yes : t.remedy.no}</td>}
                <td>
                  <Leave member={one} leave={leave} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolls>
    </section>
  );
}

function Cards({ items, through, leave }: ListProps) {
  const { t } = useWords();
  const w = useStaffWords();
  return (
    <ul className="article-list" aria-label={w.title}>
      {items.map((one) => (
        <li key={one.id} className="card staff-card">
          <p>
            <strong>{calledOf(one)}</strong>
            {one.name !== "" && <span className="under-line">{one.email}</span>}
          </p>
          <dl className="facts">
            <Fact name={w.role}>{t.api.role[one.role]}</Fact>
            <Fact name={w.stateLabel}>
              <State of={one} />
            </Fact>
            <Fact name={w.since}>
              <Joined of={one} />
            </Fact>
            <Fact name={w.inHand}>{one.requests_in_hand}</Fact>
            {through && <Fact name={w.through}>{one.signs_on ? t.remedy.yes : t.remedy.no}</Fact>}
          </dl>
          <Leave member={one} leave={leave} />
        </li>
      ))}
    </ul>
  );
}

const looks: Record<StaffMember["state"], string> = {
  active: "",
  invited: "badge plain",
  waits_for_approval: "badge short",
  switched_off: "quiet",
};

function State({ of }: { of: StaffMember }) {
  const w = useStaffWords();
  const path = pathOf.view("approvals");
  if (of.state !== "waits_for_approval") return <span className={looks[of.state]}>{w.state[of.state]}</span>;
  return (
    <a className={looks[of.state]} href={path} onClick={(event) => follow(event, path)}>
      {w.state[of.state]}
    </a>
  );
}

function Joined({ of }: { of: StaffMember }): ReactNode {
  const w = useStaffWords();
  return of.enrolled_at === null ? <span className="quiet">{w.notYet}</span> : <Moment at={of.enrolled_at} />;
}

function Leave({ member, leave }: { member: StaffMember; leave: (member: StaffMember) => void }) {
  const w = useStaffWords();
  const me = useMe();
  if (member.id === me.id) return <span className="quiet">{w.you}</span>;
  if (!maySwitchOff(member, me.id)) return null;
  return (
    <button type="button" className="button" aria-label={w.offWhom(calledOf(member))} onClick={() => leave(member)}>
      {w.off}
    </button>
  );
}
