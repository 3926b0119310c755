import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** The first address of a range, and how many bits of it are fixed. */
export type AddressRange = [Address, number];

/**
 * An address in its one spelling; null for anything else. An IPv4 address in IPv6 clothes counts as itself, a zone and
 * a port are left out.
 */
export function parseAddress(text: string | undefined): string | null {
  const address = read(text);
  return address?.toString() ?? null;
}

function read(text: string | undefined): Address | null {
  const bare = text?.trim().replace(/^\[(.*)\](:\d{1,5})?$/, "$1") ?? "";
  const plain = bare.replace(/^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/, "$1").replace(/%.*$/, "");
  // Stricter than the library, which also reads `1`, `0x7f.1` and the like.
  return isIP(plain) ? ipaddr.process(plain) : null;
}

/**
 * Addresses and CIDR ranges with commas between, as `TRUSTED_PROXIES` has them.
 * @throws Error that names the part that is none.
 */
export function parseRanges(text: string): AddressRange[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const [base = "", bits, ...rest] = part.split("/");
      const address = read(base);
      const widest = address?.kind() === "ipv4" ? 32 : 128;
      const length = bits === undefined ? widest : Number(/^\d{1,3}$/.test(bits) ? bits : Number.NaN);
      if (isIP(base) && address && rest.length === 0 && length >= 0 && length <= widest) return [address, length];
      throw new Error(`must be addresses or CIDR ranges such as 10.0.0.0/8, with commas between; "${part}" is neither`);
    });
}

function isWithin(address: Address, ranges: readonly AddressRange[]): boolean {
  return ranges.some(([base, bits]) => base.kind() === address.kind() && address.match(base as never, bits));
}

/** Whether the peer of a connection is one of the proxies whose headers are believed. */
export function isTrustedPeer(peer: string | undefined, trusted: readonly AddressRange[]): boolean {
  const address = read(peer);
  return address !== null && isWithin(address, trusted);
}

/**
 * Who calls: the peer of the connection, or where that is a trusted proxy the last address in `X-Forwarded-For` that is
 * not one. What stands before it there are the caller's own words. Null where the peer is not known.
 */
export function callerAddress(input: {
  peer: string | undefined;
  forwardedFor: string | undefined;
  trusted: readonly AddressRange[];
}): string | null {
  let caller = read(input.peer);
  const hops = input.forwardedFor?.split(",") ?? [];
  while (caller && isWithin(caller, input.trusted)) {
    // A hop that is no address ends what can be known: it is then the proxy that wrote it.
    const before = read(hops.pop());
    if (!before) break;
    caller = before;
  }
  return caller?.toString() ?? null;
}

/** What one household has: the address, or the /64 of an IPv6 one, of which everybody has 2^64 to try from. */
export function addressGroup(text: string): string {
  const address = read(text);
  if (!address || address.kind() === "ipv4") return address?.toString() ?? "-";
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`)}/64`;
}
