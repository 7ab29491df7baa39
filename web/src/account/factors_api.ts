// SPDX-License-Identifier: Apache-2.0
// Second factors, as the page asks the server for them.
import { call } from "../api/http";
import type { Answer, Body, Factors, FactorsChanged } from "../api/types";

const passkeyPath = (id: string, more = ""): string => `/me/passkeys/${encodeURIComponent(id)}${more}`;

export const factors = {
  all: () => call<Factors>("GET", "/me/factors"),
  beginApp: () => call<Answer<"beginAuthenticator">>("POST", "/me/authenticator", {}),
  confirmApp: (totp: string) => call<FactorsChanged>("POST", "/me/authenticator/confirm", { totp }),
  removeApp: () => call<FactorsChanged>("POST", "/me/authenticator/remove", {}),
  newRecoveryCodes: () => call<FactorsChanged>("POST", "/me/recovery-codes", {}),
  askNewPasskey: () => call<Answer<"askNewPasskey">>("POST", "/me/passkeys/question", {}),
  addPasskey: (body: Body<"addPasskey">) => call<FactorsChanged>("POST", "/me/passkeys", body),
  renamePasskey: (id: string, name: string) => call<FactorsChanged>("POST", passkeyPath(id), { name }),
  removePasskey: (id: string) => call<FactorsChanged>("POST", passkeyPath(id, "/remove"), {}),
  askStepUp: () => call<Answer<"askStepUp">>("POST", "/me/step-up/question", {}),
  stepUp: (body: Body<"stepUp">) => call<Answer<"stepUp">>("POST", "/me/step-up", body),
  askSignIn: () => call<Answer<"askSignInPasskey">>("POST", "/me/sign-in/passkey/question", {}),
  signIn: (body: Body<"signInByPasskey">) => call<Answer<"signInByPasskey">>("POST", "/me/sign-in/passkey", body),
};
