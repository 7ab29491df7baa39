// SPDX-License-Identifier: Apache-2.0
// Questions of the server to navigator.credentials, and answers back: octets are base64url on the wire.
import type { NewPasskeyQuestion, PasskeyAnswer, PasskeyQuestion } from "../api/types";

export function octetsOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

export function base64urlOf(octets: ArrayBuffer | Uint8Array): string {
  const text = Array.from(new Uint8Array(octets), (octet) => String.fromCharCode(octet)).join("");
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export const passkeysKnown = (): boolean => typeof window.PublicKeyCredential === "function";

// Whether a passkey may be offered in the list of the address field.
export async function offersInField(): Promise<boolean> {
  if (!passkeysKnown()) return false;
  const ask = window.PublicKeyCredential.isConditionalMediationAvailable;
  return ask === undefined ? false : ask.call(window.PublicKeyCredential).catch(() => false);
}

// Null where the customer turned away: no error, nothing happened.
export async function answerPasskey(
  question: PasskeyQuestion,
  waiting: { mediation?: CredentialMediationRequirement; signal?: AbortSignal } = {},
): Promise<PasskeyAnswer | null> {
  const found = await turnedAway(
    navigator.credentials.get({
      ...waiting,
      publicKey: {
        challenge: octetsOf(question.challenge),
        rpId: question.rpId,
        timeout: question.timeout,
        userVerification: question.userVerification,
        allowCredentials: question.allowCredentials.map(({ id, type }) => ({ id: octetsOf(id), type })),
      },
    }),
  );
  if (!(found instanceof PublicKeyCredential)) return null;
  const said = found.response as AuthenticatorAssertionResponse;
  return {
    credential_id: base64urlOf(found.rawId),
    client_data: base64urlOf(said.clientDataJSON),
    authenticator_data: base64urlOf(said.authenticatorData),
    signature: base64urlOf(said.signature),
    user_handle: said.userHandle === null ? null : base64urlOf(said.userHandle),
  };
}

export async function makePasskey(
  question: NewPasskeyQuestion,
): Promise<{ client_data: string; attestation: string } | null> {
  const made = await turnedAway(
    navigator.credentials.create({
      publicKey: {
        ...question,
        challenge: octetsOf(question.challenge),
        user: { ...question.user, id: octetsOf(question.user.id) },
        excludeCredentials: question.excludeCredentials.map(({ id, type }) => ({ id: octetsOf(id), type })),
      },
    }),
  );
  if (!(made instanceof PublicKeyCredential)) return null;
  const said = made.response as AuthenticatorAttestationResponse;
  return { client_data: base64urlOf(said.clientDataJSON), attestation: base64urlOf(said.attestationObject) };
}

// The browser does not tell a refusal from a time out, and need not.
async function turnedAway(asked: Promise<Credential | null>): Promise<Credential | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError")) return null;
    throw error;
  }
}
