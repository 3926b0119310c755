import { describe, expect, it } from "vitest";
import { type Identity, VERIFIED_MS, VerifiedSessions } from "./verified-sessions";

const AT = 1000;
const EPOCH = Date.parse("2026-11-29T14:00:00Z");
const identity: Identity = {
  principal: { id: "u1", email: "ann@example.com", name: "Ann", role: "operator", via: "session" },
  session: {
    ...{ id: "s1", userId: "u1", createdAt: EPOCH, expiresAt: EPOCH + 3_600_000, seenAt: EPOCH, ip: null },
    userAgent: null,
  },
};
const moment = (afterMs: number) => ({ monotonicMs: AT + afterMs, epochMs: EPOCH + afterMs });

function noted(): VerifiedSessions {
  const sessions = new VerifiedSessions();
  sessions.note("hash", identity, AT);
  return sessions;
}

describe("a session that was checked", () => {
  it.each([
    ["at once", 0, identity],
    ["for a minute", VERIFIED_MS, identity],
    ["no longer", VERIFIED_MS + 1, null],
  ])("is accepted %s", (_, afterMs, expected) => {
    expect(noted().recall("hash", moment(afterMs))).toEqual(expected);
  });

  it("is accepted for no other token", () => {
    expect(noted().recall("another", moment(0))).toBeNull();
  });

  it("is not accepted beyond its own end", () => {
    const now = { monotonicMs: AT + 1, epochMs: identity.session.expiresAt };
    expect(noted().recall("hash", now)).toBeNull();
  });

  it("is not accepted once it has ended, and a read that began before does not bring it back", () => {
    const sessions = noted();
    sessions.end("hash", AT + 20);
    sessions.note("hash", identity, AT + 10);
    expect(sessions.recall("hash", moment(30))).toBeNull();
  });

  it("counts from the beginning of its last read", () => {
    const sessions = noted();
    sessions.note("hash", identity, AT + 50_000);
    expect(sessions.recall("hash", moment(VERIFIED_MS + 50_000))).toEqual(identity);
    expect(sessions.recall("hash", moment(VERIFIED_MS + 50_001))).toBeNull();
  });

  it("is dropped when there are ten thousand newer ones", () => {
    const sessions = noted();
    for (let i = 0; i < 10_000; i += 1) sessions.note(`hash${i}`, identity, AT);
    expect(sessions.recall("hash", moment(0))).toBeNull();
    expect(sessions.recall("hash9999", moment(0))).toEqual(identity);
  });
});
