import { describe, expect, it } from "vitest";
import { type Identity, VERIFIED_MS, VerifiedSessions } from "./verified-sessions";

/** When the session was checked, by the monotonic clock, ms. */
const CHECKED_MS = 1000;
const CHECKED_EPOCH_MS = Date.parse("2026-11-29T14:00:00Z");
const identity: Identity = {
  principal: { id: "u1", email: "ann@example.com", name: "Ann", role: "editor", via: "session" },
  session: {
    ...{
      id: "s1",
      userId: "u1",
      createdAt: CHECKED_EPOCH_MS,
      expiresAt: CHECKED_EPOCH_MS + 3_600_000,
      seenAt: CHECKED_EPOCH_MS,
      ip: null,
    },
    userAgent: null,
  },
};
const moment = (afterMs: number) => ({ monotonicMs: CHECKED_MS + afterMs, epochMs: CHECKED_EPOCH_MS + afterMs });

function verified(): VerifiedSessions {
  const sessions = new VerifiedSessions();
  sessions.recordCheck("hash", identity, CHECKED_MS);
  return sessions;
}

describe("a verified session", () => {
  it.each([
    ["immediately", 0, identity],
    ["for a minute", VERIFIED_MS, identity],
    ["not longer than a minute", VERIFIED_MS + 1, null],
  ])("is accepted %s", (_, afterMs, expected) => {
    expect(verified().recall("hash", moment(afterMs))).toEqual(expected);
  });

  it("is accepted for no other token", () => {
    expect(verified().recall("another", moment(0))).toBeNull();
  });

  it("is not accepted after its expiry", () => {
    const now = { monotonicMs: CHECKED_MS + 1, epochMs: identity.session.expiresAt };
    expect(verified().recall("hash", now)).toBeNull();
  });

  it("is not accepted after it has ended, even if an earlier read completes later", () => {
    const sessions = verified();
    sessions.end("hash", CHECKED_MS + 20);
    sessions.recordCheck("hash", identity, CHECKED_MS + 10);
    expect(sessions.recall("hash", moment(30))).toBeNull();
  });

  it("is accepted for a minute from the start of its last read", () => {
    const sessions = verified();
    sessions.recordCheck("hash", identity, CHECKED_MS + 50_000);
    expect(sessions.recall("hash", moment(VERIFIED_MS + 50_000))).toEqual(identity);
    expect(sessions.recall("hash", moment(VERIFIED_MS + 50_001))).toBeNull();
  });

  it("is dropped when there are ten thousand newer sessions", () => {
    const sessions = verified();
    for (let i = 0; i < 10_000; i += 1) sessions.recordCheck(`hash${i}`, identity, CHECKED_MS);
    expect(sessions.recall("hash", moment(0))).toBeNull();
    expect(sessions.recall("hash9999", moment(0))).toEqual(identity);
  });
});
