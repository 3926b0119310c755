import { describe, expect, it } from "vitest";
import type { ErrorCode } from "~/server/domain/errors";
import { sendUntilSignedIn } from "./until-signed-in";

const refusal = (code: ErrorCode) => ({
  data: { appError: { code, message: "no", faults: [], details: {}, requestId: "1" } },
});
type Refusal = ReturnType<typeof refusal>;

/** A call to a server that gives these answers in turn. */
function callWith(answers: (string | Refusal)[], signInAgain: () => Promise<boolean>) {
  let sent = 0;
  let end = () => {};
  const outcome = new Promise<string | Refusal>((resolve) => {
    end = sendUntilSignedIn<string, Refusal>({
      send: (observer) => {
        const answer = answers[sent];
        sent += 1;
        if (answer === undefined) throw new Error("one call too many");
        if (typeof answer === "string") observer.next(answer);
        else observer.error(answer);
        return { unsubscribe: () => {} };
      },
      observer: { next: resolve, error: resolve, complete: () => {} },
      signInAgain,
      pause: () => Promise.resolve(),
    });
  });
  return { outcome, end: () => end(), sent: () => sent };
}

const signIn = () => Promise.resolve(true);
const sessionEnded = refusal("unauthenticated");

describe("a call without a session", () => {
  it("is sent again after the sign-in", async () => {
    const { outcome, sent } = callWith([sessionEnded, sessionEnded, "data"], signIn);
    expect(await outcome).toBe("data");
    expect(sent()).toBe(3);
  });

  it("asks for no sign-in if another session has replaced the session meanwhile", async () => {
    const { outcome } = callWith([sessionEnded, "data"], () => Promise.reject(new Error("must not ask")));
    expect(await outcome).toBe("data");
  });

  it("asks for another sign-in if the new session has ended too", async () => {
    const { outcome, sent } = callWith([...Array(4).fill(sessionEnded), "data"], signIn);
    expect(await outcome).toBe("data");
    expect(sent()).toBe(5);
  });

  it("fails with the server's error if nobody signs in", async () => {
    const { outcome, sent } = callWith([sessionEnded, sessionEnded], () => Promise.resolve(false));
    expect(await outcome).toBe(sessionEnded);
    expect(sent()).toBe(2);
  });

  it("is not sent again if its caller ended it while the dialog was open", async () => {
    let answer = (_: boolean) => {};
    const asked = new Promise<boolean>((resolve) => {
      answer = resolve;
    });
    const { end, sent } = callWith([sessionEnded, sessionEnded, "data"], () => asked);
    await Promise.resolve();
    end();
    answer(true);
    await asked;
    expect(sent()).toBe(2);
  });
});

it("a call with another error fails without a sign-in", async () => {
  const forbidden = refusal("forbidden");
  const { outcome } = callWith([forbidden], () => Promise.reject(new Error("must not ask")));
  expect(await outcome).toBe(forbidden);
});
