import { expect, it } from "vitest";
import { addressGroup, callerAddress, parseAddress, parseRanges } from "./addresses";

const PROXIES = "10.0.0.0/8, 192.0.2.1, fd00::/8";

it.each<[string, string | undefined, string | undefined, string, string | null]>([
  ["no proxy is trusted", "203.0.113.9", "1.1.1.1", "", "203.0.113.9"],
  ["the peer is no trusted proxy", "203.0.113.9", "1.1.1.1", PROXIES, "203.0.113.9"],
  ["a trusted proxy names the caller", "10.1.2.3", "198.51.100.7", PROXIES, "198.51.100.7"],
  ["the caller made up more", "10.1.2.3", "1.1.1.1, 2.2.2.2, 198.51.100.7", PROXIES, "198.51.100.7"],
  ["two proxies stand in a row", "10.1.2.3", "6.6.6.6, 198.51.100.7, 192.0.2.1", PROXIES, "198.51.100.7"],
  ["the caller pretends to be a proxy", "10.1.2.3", "6.6.6.6, 10.9.9.9", PROXIES, "6.6.6.6"],
  ["a trusted proxy names nobody", "10.1.2.3", undefined, PROXIES, "10.1.2.3"],
  ["the name is no address", "10.1.2.3", "1.1.1.1, unknown", PROXIES, "10.1.2.3"],
  ["the name is 14 kB of text", "10.1.2.3", "x".repeat(14_000), PROXIES, "10.1.2.3"],
  ["the header is empty", "10.1.2.3", " ,", PROXIES, "10.1.2.3"],
  ["the peer is IPv4 on an IPv6 socket", "::ffff:10.1.2.3", "198.51.100.7", PROXIES, "198.51.100.7"],
  ["the proxy speaks IPv6", "fd00::1", "2001:DB8:0::1", PROXIES, "2001:db8::1"],
  ["a port comes along", "10.1.2.3", "198.51.100.7:5555", PROXIES, "198.51.100.7"],
  ["a port comes along with IPv6", "10.1.2.3", "[2001:db8::1]:5555", PROXIES, "2001:db8::1"],
  ["the peer is not known", undefined, "198.51.100.7", PROXIES, null],
  ["everybody is trusted", "203.0.113.9", "1.1.1.1, 2.2.2.2", "0.0.0.0/0,::/0", "1.1.1.1"],
])("knows the caller where %s", (_, peer, forwardedFor, trusted, expected) => {
  expect(callerAddress({ peer, forwardedFor, trusted: parseRanges(trusted) })).toBe(expected);
});

it.each(["", "x", "1", "0x7f.1", "127.1", "1.2.3.4.5", "1.2.3.4/8", "256.1.1.1", "::1::", undefined])(
  "takes %s for no address",
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

it("counts an IPv6 caller by the /64, which has addresses without end", () => {
  expect(addressGroup("2001:db8:1:2:aaaa::1")).toBe("2001:db8:1:2::/64");
  expect(addressGroup("2001:db8:1:2:bbbb::2")).toBe("2001:db8:1:2::/64");
  expect(addressGroup("198.51.100.7")).toBe("198.51.100.7");
});
