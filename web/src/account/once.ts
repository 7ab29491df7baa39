// SPDX-License-Identifier: Apache-2.0
// One wish and its idempotency key, kept in this tab until its end is known: a double click, a reload or a lost answer can
// only ever ask for the same thing again.
import { newKey } from "../api/http";
import { drafts } from "./context";

interface Kept {
  key: string;
  wish: string;
}

export class Once {
  constructor(
    private readonly name: string,
    private readonly owner: string,
  ) {}

  // The key of this wish; the same wish again has the same key until it is settled.
  keyFor(wish: unknown): string {
    const said = JSON.stringify(wish);
    const kept = this.kept();
    if (kept !== null && kept.wish === said) return kept.key;
    const key = newKey();
    drafts.keep(`once.${this.name}`, this.owner, { key, wish: said } satisfies Kept);
    return key;
  }
  // What was sent and not answered for certain; null where nothing is open.
  open<Wish>(): Wish | null {
    const kept = this.kept();
    return kept === null ? null : (JSON.parse(kept.wish) as Wish);
  }
  settled(): void {
    drafts.drop(`once.${this.name}`);
  }

  private kept(): Kept | null {
    return drafts.find<Kept>(`once.${this.name}`, this.owner);
  }
}
