// SPDX-License-Identifier: Apache-2.0
// Who is signed in; only below the sign-in.
import { createContext, useContext } from "react";
import type { Staff } from "../api/types";

export const MeContext = createContext<Staff | null>(null);

export function useMe(): Staff {
  const me = useContext(MeContext);
  if (me === null) throw new Error("useMe while signed out");
  return me;
}
