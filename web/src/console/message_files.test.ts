// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { messageFilesWords } from "../i18n/message_files";
import { fileAddress, type MessageFile, sizeText, warningsOf } from "./message_files";

const file: MessageFile = {
  id: "ab",
  name: "invoice.pdf.exe",
  declared_type: "application/pdf",
  type: "program",
  size: 2,
  inline: false,
  risks: ["program", "double_extension"],
  scan: "clean",
  found: "",
  downloadable: true,
  warn: true,
  archive: null,
};
const words = { ...messageFilesWords.en, scanner: true };

test("sizes are as short as people compare them", () => {
  expect([0, 999, 1000, 9949, 9950, 99_999, 999_499, 999_500, 1_400_000].map(sizeText)).toEqual([
    "0 B",
    "999 B",
    "1.0 kB",
    "9.9 kB",
    "10 kB",
    "100 kB",
    "999 kB",
    "1.0 MB",
    "1.4 MB",
  ]);
  expect(sizeText(2 ** 63)).toBe("9.2 EB");
});

test("an address says whether a person was warned, and escapes what it is made of", () => {
  expect(fileAddress("OK-1", "m/1", "ab", false)).toBe("/api/v1/tickets/OK-1/messages/m%2F1/files/ab");
  expect(fileAddress("OK-1", "m", "ab", true)).toBe("/api/v1/tickets/OK-1/messages/m/files/ab?warned=true");
});

test("each risk is told, and a scan that did not say clean", () => {
  expect(warningsOf(file, words)).toEqual([words.risk.program, words.risk.double_extension]);
  expect(warningsOf({ ...file, risks: [], scan: "unscanned" }, words)).toEqual([words.scan.unscanned]);
  expect(warningsOf({ ...file, risks: [], scan: "unscanned" }, { ...words, scanner: false })).toEqual([]);
  expect(warningsOf({ ...file, risks: ["bomb"], scan: "failed", found: "too large" }, words)).toEqual([
    `${words.scan.failed}: too large`,
    words.risk.bomb,
  ]);
});

test("both languages have words for all", () => {
  for (const { risk, scan, type } of [messageFilesWords.en, messageFilesWords.zh])
    for (const word of [...Object.values(risk), ...Object.values(scan), ...Object.values(type)])
      expect(word).not.toBe("");
  expect(Object.keys(messageFilesWords.zh.risk)).toEqual(Object.keys(messageFilesWords.en.risk));
});
