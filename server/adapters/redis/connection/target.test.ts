import { describe, expect, it } from "vitest";
import { describeTarget, parseRedisUrl } from "./target";

const open = { tls: false, username: null, password: null };

describe("a Redis URL", () => {
  it.each([
    ["redis://127.0.0.1:6380", { kind: "single", ...open, node: { host: "127.0.0.1", port: 6380 }, db: 0 }],
    ["redis://localhost/3", { kind: "single", ...open, node: { host: "localhost", port: 6379 }, db: 3 }],
    ["redis://[::1]:6379/", { kind: "single", ...open, node: { host: "::1", port: 6379 }, db: 0 }],
    ["redis://h:80", { kind: "single", ...open, node: { host: "h", port: 80 }, db: 0 }],
    [
      "rediss://app:p%40ss%2Fw%25rd@h:6379",
      { kind: "single", tls: true, username: "app", password: "p@ss/w%rd", node: { host: "h", port: 6379 }, db: 0 },
    ],
    ["redis://:secret@h", { kind: "single", ...open, password: "secret", node: { host: "h", port: 6379 }, db: 0 }],
    [
      "redis+sentinel://u:p@a,b:26380/mymaster/2",
      {
        kind: "sentinel",
        tls: false,
        username: "u",
        password: "p",
        sentinels: [
          { host: "a", port: 26_379 },
          { host: "b", port: 26_380 },
        ],
        name: "mymaster",
        db: 2,
      },
    ],
    [
      "rediss+cluster://a:7000,b:7001",
      {
        kind: "cluster",
        ...open,
        tls: true,
        nodes: [
          { host: "a", port: 7000 },
          { host: "b", port: 7001 },
        ],
      },
    ],
  ])("%s is parsed", (text, target) => {
    expect(parseRedisUrl(text)).toEqual(target);
  });

  it.each([
    ["http://h:6379", /must be a URL such as redis:\/\//],
    ["redis://", /must be a URL such as/],
    ["redis://a:1,b:2", /has several servers: write redis\+cluster:\/\//],
    ["redis+sentinel://a:26379", /needs the master's name/],
    ["redis+cluster://a:1/4", /a Redis Cluster has database 0 only/],
    ["redis+cluster://a:1,,b:2", /has "" where a host:port is expected/],
    ["redis://h:99999", /has "h:99999" where a host:port is expected/],
    ["redis://h/abc", /has "abc" where a database number is expected/],
    ["redis://u:p@ss@h:1", /percent-encoded/],
    ["redis://u:p%zz@h:1", /write %25/],
  ])("%s is refused", (text, reason) => {
    expect(() => parseRedisUrl(text)).toThrow(reason);
  });

  it("is logged without its user and password", () => {
    const described = ["rediss://u:hush@h:1/2", "redis+cluster://u:hush@a,b:7", "redis+sentinel://:hush@a/m"].map(
      (text) => describeTarget(parseRedisUrl(text)),
    );
    expect(described).toEqual(["rediss://h:1/2", "redis+cluster://a:6379,b:7", "redis+sentinel://a:26379/m/0"]);
  });
});
