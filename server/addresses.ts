import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** An address range: its first address and its prefix length. */
export type AddressRange = [Address, number];

/**
 * Returns an address in canonical form, without zone and port, or null if the text is not an address. An IPv4-mapped
 * IPv6 address becomes IPv4.
 */
export function parseAddress(text: string | undefined): string | null {
  const address = read(text);
  return address?.toString() ?? null;
}

function read(text: string | undefined): Address | null {
  const bare = text?.trim().replace(/^\[(.*)\](:\d{1,5})?$/, "$1") ?? "";
  const plain = bare.replace(/^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/, "$1").replace(/%.*$/, "");
  // The library also accepts text such as `1` and `0x7f.1`.
  return isIP(plain) ? ipaddr.process(plain) : null;
}

/**
 * Parses comma-separated addresses and CIDR ranges, as in `TRUSTED_PROXIES`.
 * @throws Error that names the invalid part.
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
      throw new Error(`must be addresses or CIDR ranges such as 10.0.0.0/8, separated by commas; "${part}" is not one`);
    });
}

function isWithin(address: Address, ranges: readonly AddressRange[]): boolean {
  return ranges.some(([base, bits]) => base.kind() === address.kind() && address.match(base as never, bits));
}

/** Whether the ranges contain the address. False for an invalid address. */
export function isInRanges(text: string | undefined, ranges: readonly AddressRange[]): boolean {
  const address = read(text);
  return address !== null && isWithin(address, ranges);
}

/**
 * Returns the address of the peer or, behind trusted proxies, the last untrusted address in `X-Forwarded-For`. A caller
 * can forge earlier addresses in it. Null if the peer is unknown.
 */
export function callerAddress(input: {
  peer: string | undefined;
  forwardedFor: string | undefined;
  trusted: readonly AddressRange[];
}): string | null {
  let caller = read(input.peer);
  const hops = input.forwardedFor?.split(",") ?? [];
  while (caller && isWithin(caller, input.trusted)) {
    // If no address is left or the text is not an address, the last trusted proxy counts as the caller.
    const before = read(hops.pop());
    if (!before) break;
    caller = before;
  }
  return caller?.toString() ?? null;
}

/**
 * Returns an IPv4 address, or the /64 of an IPv6 address, because one customer usually has a whole /64. Returns "-" for
 * other text.
 */
export function addressGroup(text: string): string {
  const address = read(text);
  if (!address || address.kind() === "ipv4") return address?.toString() ?? "-";
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`)}/64`;
}

/** Returns the network of an address: the /24 of an IPv4 address, the /48 of an IPv6 address; "-" for other text. */
export function networkOf(text: string): string {
  const address = read(text);
  if (!address) return "-";
  if (address.kind() === "ipv4") return `${ipaddr.IPv4.networkAddressFromCIDR(`${address}/24`)}/24`;
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/48`)}/48`;
}
