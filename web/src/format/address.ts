// SPDX-License-Identifier: Apache-2.0
// "wan***@qq.com": enough to see where a reply goes, not enough to copy. Leaves an address that is masked already.
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf("@");
  if (at <= 0 || address.includes("*")) return address;
  const local = [...address.slice(0, at)];
  return `${local.slice(0, Math.min(3, Math.ceil(local.length / 2))).join("")}***${address.slice(at)}`;
}
