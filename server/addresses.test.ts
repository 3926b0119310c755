import { expect, it } from "vitest";
import { addressGroup, callerAddress, parseAddress, parseRanges } from "./addresses";

const PROXIES = "10.0.0.0/8, 192.0.2.1, fd00::/8";

it.each<[string, string | undefined, string | undefined, string, string | null]>([
  ["no proxy is trusted", "203.0.113.9", "1.1.1.1", "", "203.0.113.9"],
  ["the peer is not a trusted proxy", "203.0.113.9", "1.1.1.1", PROXIES, "203.0.113.9"],
  ["a trusted proxy forwards the caller's address", "10.1.2.3", "198.51.100.7", PROXIES, "198.51.100.7"],
  ["the caller sent forged addresses", "10.1.2.3", "1.1.1.1, 2.2.2.2, 198.51.100.7", PROXIES, "198.51.100.7"],
  ["there are two proxies", "10.1.2.3", "6.6.6.6, 198.51.100.7, 192.0.2.1", PROXIES, "198.51.100.7"],
  ["the caller sent the address of a proxy", "10.1.2.3", "6.6.6.6, 10.9.9.9", PROXIES, "6.6.6.6"],
  ["a trusted proxy forwards no address", "10.1.2.3", undefined, PROXIES, "10.1.2.3"],
  ["the last entry is not an address", "10.1.2.3", "1.1.1.1, unknown", PROXIES, "10.1.2.3"],
  ["the entry is 14 kB of text", "10.1.2.3", "x".repeat(14_000), PROXIES, "10.1.2.3"],
  ["the header is empty", "10.1.2.3", " ,", PROXIES, "10.1.2.3"],
  ["the peer is IPv4 on an IPv6 socket", "::ffff:10.1.2.3", "198.51.100.7", PROXIES, "198.51.100.7"],
  ["the proxy uses IPv6", "fd00::1", "2001:DB8:0::1", PROXIES, "2001:db8::1"],
  ["the entry has a port", "10.1.2.3", "198.51.100.7:5555", PROXIES, "198.51.100.7"],
  ["the IPv6 entry has a port", "10.1.2.3", "[2001:db8::1]:5555", PROXIES, "2001:db8::1"],
  ["the peer is unknown", undefined, "198.51.100.7", PROXIES, null],
  ["every address is trusted", "203.0.113.9", "1.1.1.1, 2.2.2.2", "0.0.0.0/0,::/0", "1.1.1.1"],
])("returns the caller's address if %s", (_, peer, forwardedFor, trusted, expected) => {
  expect(callerAddress({ peer, forwardedFor, trusted: parseRanges(trusted) })).toBe(expected);
});

it.each(["", "x", "1", "0x7f.1", "127.1", "1.2.3.4.5", "1.2.3.4/8", "256.1.1.1", "::1::", undefined])(
  "does not accept %s as an address",
  (text) => {
    expect(parseAddress(text)).toBeNull();
  },
);

it.each(["proxy", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "::/129", "10.0.0.0/-1", "10.0.0.1:80", "true", "*"])(
  "refuses %s as a range",
  (text) => {
    expect(() => parseRanges(`127.0.0.1, ${text}`)).toThrow(`"${text}" is not one`);
  },
);

it("groups IPv6 addresses by /64, and does not group IPv4 addresses", () => {
  expect(addressGroup("2001:db8:1:2:aaaa::1")).toBe("2001:db8:1:2::/64");
  expect(addressGroup("2001:db8:1:2:bbbb::2")).toBe("2001:db8:1:2::/64");
  expect(addressGroup("198.51.100.7")).toBe("198.51.100.7");
});
