// SPDX-License-Identifier: Apache-2.0
// What the screen of proof of identity asks of the server. A picture is the whole body of its request; how much of it has
// left the phone is told, because a phone may be in a train.
import { ApiError, call } from "../api/http";
import type { Answer, Body, Problem } from "../api/types";

export type Verification = Answer<"getOwnVerification">;
export type FileKind = Verification["files_needed"][number];

const path = (id: string, rest = ""): string => `/me/verifications/${encodeURIComponent(id)}${rest}`;

export const identity = {
  all: () => call<Answer<"listOwnVerifications">>("GET", "/me/verifications"),
  begin: (body: Body<"beginVerification">) => call<Verification>("POST", "/me/verifications", body),
  submit: (id: string) => call<Verification>("POST", path(id, "/submit"), {}),
  cancel: (id: string) => call<Verification>("POST", path(id, "/cancel"), {}),
  destroy: (id: string) => call<Verification>("POST", path(id, "/destroy-files"), {}),
};

// `sent` is told from 0 to 1. fetch cannot say how far it is; XMLHttpRequest can.
export function upload(id: string, kind: FileKind, picture: Blob, sent: (part: number) => void): Promise<Verification> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1${path(id, `/files/${kind}`)}`);
    request.setRequestHeader("Accept", "application/json, application/problem+json");
    request.setRequestHeader("Content-Type", picture.type || "application/octet-stream");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) sent(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      let answer: unknown = null;
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // a proxy's page instead of ours
      }
      if (request.status >= 200 && request.status < 300 && answer !== null) return resolve(answer as Verification);
      const problem = answer as Problem | null;
      reject(new ApiError(request.status, problem?.code ?? "unavailable", problem?.detail ?? "", problem));
    });
    for (const event of ["error", "abort", "timeout"]) {
      request.addEventListener(event, () => reject(new ApiError(0, "unreachable", "")));
    }
    request.send(picture);
  });
}

const longest = 2600; // what the server keeps
const alwaysSmaller = 1_500_000; // octets; below it a picture goes as it is

// Smaller, upright and without the place where it was taken, before it leaves the phone. A phone that shows HEIC turns it
// into JPEG so. Where the browser cannot read it the file goes as it is, and the server says what it thinks of it.
export async function prepared(file: File): Promise<Blob> {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
    if (scale === 1 && file.type === "image/jpeg" && file.size < alwaysSmaller) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    const paint = canvas.getContext("2d");
    if (paint === null) return file;
    paint.fillStyle = "#fff";
    paint.fillRect(0, 0, canvas.width, canvas.height);
    paint.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return await new Promise<Blob>((resolve) => canvas.toBlob((made) => resolve(made ?? file), "image/jpeg", 0.9));
  } catch {
    return file;
  }
}
