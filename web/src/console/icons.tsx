// SPDX-License-Identifier: Apache-2.0
// Line icons on a 20 px grid. They are decoration for assistive technology: the button or link around one has the name.
const paths = {
  inbox:
    "M3 11l2.2-6.2A1.5 1.5 0 0 1 6.6 3.8h6.8a1.5 1.5 0 0 1 1.4 1" +
    "L17 11v4.2a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V11zm0 0h4l1 2h4l1-2h4",
  mine: "M10 10a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM3.8 16.6c.6-3 3-4.8 6.2-4.8s5.6 1.8 6.2 4.8",
  mentions: "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM13 7v4.200a1.900 1.900 0 0 0 3.800 0V10a6.800 6.800 0 1 0-2.600 5.300",
  following:
    "M2.500 10S5.300 5 10 5s7.500 5 7.500 5-2.800 5-7.500 5-7.500-5-7.500-5z" +
    "M10 12.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400z",
  incident: "M10 2.800l7.600 13.400H2.400zM10 8v3.800M10 13.900v.200",
  approvals: "M10 2.8l6 2.2v4.6c0 3.6-2.5 6.3-6 7.6-3.5-1.3-6-4-6-7.6V5l6-2.2zM7.2 10l2 2 3.8-4",
  waiting: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.2l2.8 1.8",
  snoozed: "M15.8 12.2A6.6 6.6 0 0 1 7.8 4.2a6.6 6.6 0 1 0 8 8z",
  solved: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM6.8 10.2l2.2 2.2 4.2-4.6",
  all: "M4 5.5h12M4 10h12M4 14.5h12",
  search: "M8.8 14.6a5.8 5.8 0 1 0 0-11.6 5.8 5.8 0 0 0 0 11.6zM13 13l4 4",
  back: "M12.5 4.5L7 10l5.5 5.5",
  close: "M5 5l10 10M15 5L5 15",
  copy:
    "M7.5 7.5V4.6a1 1 0 0 1 1-1h6.9a1 1 0 0 1 1 1v6.9a1 1 0 0 1-1 1h-2.9" +
    "M4.6 7.5h6.9a1 1 0 0 1 1 1v6.9a1 1 0 0 1-1 1H4.6a1 1 0 0 1-1-1V8.5a1 1 0 0 1 1-1z",
  reply: "M8 5L3.5 9.5 8 14M4 9.5h7.5c3 0 5 1.9 5 5.5",
  note: "M5 3.5h7l3.5 3.5v9a.8.8 0 0 1-.8.8H5a.8.8 0 0 1-.8-.8V4.300a.8.8 0 0 1 .8-.8zM7 9.5h6M7 12.5h4",
  assign: "M8.5 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 16.5c.5-2.9 2.6-4.5 5.5-4.5 1.2 0 2.3.3 3.2.8M14.5 11.5v5M12 14h5",
  resolve: "M4 10.5l4 4 8-9",
  details: "M3.6 4.5h12.800v11H3.600zM11.5 4.5v11",
  lock: "M6 9V6.800a4 4 0 0 1 8 0V9M4.8 9h10.400v7.200H4.800z",
  money: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7 6.5l3 4 3-4M10 10.5v4M7.5 11h5M7.5 13h5",
  out: "M8 4H4.5v12H8M12 6.5l3.5 3.5-3.5 3.5M15 10H8",
  help: "M3 6h14v8.5H3zM6 11.800h8M5.8 8.800h.01M8.6 8.800h.01M11.4 8.800h.01M14.2 8.800h.01",
  language:
    "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM3 10h14M10 3c2 2 2.8 4.3 2.8 7S12 15 10 17c-2-2-2.8-4.3-2.8-7S8 5 10 3z",
  shield: "M10 2.800l6 2.200v4.600c0 3.6-2.5 6.3-6 7.6-3.5-1.3-6-4-6-7.600V5l6-2.200z",
  refund: "M4 8.5h8.5a3.5 3.5 0 0 1 0 7H8M7 5L3.5 8.5 7 12",
  treasury: "M3.500 8L10 4l6.500 4zM5 8.500v5.500M8.400 8.500v5.500M11.600 8.500v5.500M15 8.500v5.500M3.500 16.500h13",
  identity:
    "M3 4.5h14v11H3zM7.2 9.6a1.600 1.600 0 1 0 0-3.200 1.600 1.600 0 0 0 0 3.200z" +
    "M4.8 13c.3-1.500 1.200-2.200 2.400-2.200s2.100.7 2.400 2.200M12 8h3M12 11h3",
  article:
    "M10 5.500C8.400 4.300 6.200 4 3.500 4v11c2.700 0 4.900.3 6.500 1.500 1.600-1.200 3.800-1.500 6.500-1.500V4" +
    "c-2.700 0-4.900.3-6.500 1.500zM10 5.500v11",
  macro: "M11 2.800L5 11.200h4.500l-1 6L15 8.800h-4.500z",
  mail: "M3 5h14v10.500H3zM3 5.500l7 5.500 7-5.500",
  rule: "M4 5h6M4 10h12M10 15h6M13 3v4M7 8v4M7 13v4",
  hook: "M13 3.5h-3v9.2a3 3 0 1 1-6 0V11M4 11l-1.500 2M4 11l1.500 2",
  outside: "M8.500 4.500H4v11.500h11.500V11.500M11.500 3.500h5v5M16.500 3.500L9 11",
  tick: "M5 10.5l3.5 3.5L15 6.5",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
