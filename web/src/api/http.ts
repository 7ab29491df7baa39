// SPDX-License-Identifier: Apache-2.0
// Calls of the API as every page makes them, and what they fail with.
import type { ErrorCode, Problem } from "./types";

export class ApiError extends Error {
  constructor(
    readonly status: number, // 0 where the server could not be reached
    readonly code: ErrorCode | "unreachable",
    readonly detail: string,
    readonly problem: Problem | null = null,
  ) {
    super(detail || code);
  }
}

export const isCode = (error: unknown, code: ErrorCode): boolean => error instanceof ApiError && error.code === code;

// A file to keep, and what the server calls it.
export async function download(path: string): Promise<{ file: Blob; disposition: string | null }> {
  const response = await fetched("GET", path, { Accept: "*/*" }, null);
  if (!response.ok) throw await failure(response);
  try {
    return { file: await response.blob(), disposition: response.headers.get("Content-Disposition") };
  } catch {
    throw new ApiError(0, "unreachable", ""); // broke off on the way
  }
}

// A picture that is asked for with a body, as a data URL.
export async function picture(path: string, body: unknown): Promise<string> {
  const headers = { Accept: "image/jpeg, application/problem+json", "Content-Type": "application/json" };
  const response = await fetched("POST", path, headers, JSON.stringify(body));
  if (!response.ok) throw await failure(response);
  const octets = await response.blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(new ApiError(0, "unreachable", "")));
    reader.readAsDataURL(octets);
  });
}

export async function call<T>(method: "GET" | "POST", path: string, body?: unknown, key?: string): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json, application/problem+json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key !== undefined) headers["Idempotency-Key"] = key;
  const response = await fetched(method, path, headers, body === undefined ? null : JSON.stringify(body));
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  throw await failure(response);
}

// A file as it is.
export async function send<T>(path: string, file: Blob, more: Record<string, string>): Promise<T> {
  const headers = { Accept: "application/json, application/problem+json", "Content-Type": "application/octet-stream" };
  const response = await fetched("POST", path, { ...headers, ...more }, file);
  if (response.ok) return (await response.json()) as T;
  throw await failure(response);
}

async function fetched(
  method: "GET" | "POST",
  path: string,
  headers: Record<string, string>,
  body: string | Blob | null,
): Promise<Response> {
  try {
    return await fetch(`/api/v1${path}`, { method, headers, credentials: "same-origin", body });
  } catch {
    throw new ApiError(0, "unreachable", "");
  }
}

async function failure(response: Response): Promise<ApiError> {
  let problem: Problem | null = null;
  try {
    problem = (await response.json()) as Problem;
  } catch {
    // a proxy's page instead of ours
  }
  return new ApiError(response.status, problem?.code ?? "unavailable", problem?.detail ?? "", problem);
}

export function query(values: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}

// A key for the retry of one intention. randomUUID exists on https and loopback only; an operator may serve plain http
// behind a tunnel.
export function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((octet) => octet.toString(16).padStart(2, "0")).join("");
}
