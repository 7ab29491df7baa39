// SPDX-License-Identifier: Apache-2.0
// What is said of the files of a mail: pure, so that it is tested without a page.
import type { components } from "../../../clients/typescript/src/schema.gen";

export type MessageFiles = components["schemas"]["MessageFiles"];
export type MessageFile = components["schemas"]["MessageFile"];

// "812 B", "1.4 MB": as people compare sizes.
export function sizeText(octets: number): string {
  if (octets < 1000) return `${octets} B`;
  const units = ["kB", "MB", "GB", "TB", "PB", "EB"];
  let size = octets / 1000;
  let unit = 0;
  // What would be rounded up to a thousand is one of the next unit.
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size < 9.95 ? size.toFixed(1) : size.toFixed(0)} ${units[unit]}`;
}

// Where a browser takes it from; `warned` where a person was shown what is dangerous about it.
export function fileAddress(ticket: string, message: string, file: string, warned: boolean): string {
  const path = ["tickets", ticket, "messages", message, "files", file].map(encodeURIComponent).join("/");
  return `/api/v1/${path}${warned ? "?warned=true" : ""}`;
}

// What a person is told before the download: the scan first where it says something.
export function warningsOf(file: MessageFile, words: WarningWords): string[] {
  const scan = file.scan === "clean" || (file.scan === "unscanned" && !words.scanner) ? [] : [words.scan[file.scan]];
  const why = file.scan === "failed" && file.found !== "" ? scan.map((one) => `${one}: ${file.found}`) : scan;
  return [...why, ...file.risks.map((risk) => words.risk[risk])];
}
export interface WarningWords {
  scanner: boolean; // one is set up
  scan: Record<MessageFile["scan"], string>;
  risk: Record<MessageFile["risks"][number], string>;
}
