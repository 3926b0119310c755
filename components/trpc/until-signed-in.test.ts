import { describe, expect, it } from "vitest";
import type { ErrorCode } from "~/server/domain/errors";
import { changesOnTheirWay } from "./changes-on-their-way";
import { type CallObserver, sendUntilSignedIn } from "./until-signed-in";

const refusal = (code: ErrorCode) => ({
  data: { appError: { code, message: "no", faults: [], details: {}, requestId: "1" } },
});
type Refusal = ReturnType<typeof refusal>;

/** A call to a server that gives these answers in turn. */
function callWith(
  answers: (string | Refusal)[],
  signInAgain: () => Promise<boolean>,
  changesEnded: () => Promise<void> = () => Promise.resolve(),
) {
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
      isAnswer: () => true,
      signInAgain,
      changesEnded,
    });
  });
  return { outcome, end: () => end(), sent: () => sent };
}

const mustNotAsk = () => Promise.reject(new Error("must not ask"));
/** Runs the callbacks of the promises that are resolved. */
const settle = () => new Promise((resolve) => setImmediate(resolve));
const signIn = () => Promise.resolve(true);
const sessionEnded = refusal("unauthenticated");

describe("a call without a session", () => {
  it("is sent again after the sign-in", async () => {
    const { outcome, sent } = callWith([sessionEnded, sessionEnded, "data"], signIn);
    expect(await outcome).toBe("data");
    expect(sent()).toBe(3);
  });

  it("asks for no sign-in if another session has replaced the session meanwhile", async () => {
    const { outcome } = callWith([sessionEnded, "data"], mustNotAsk);
    expect(await outcome).toBe("data");
  });

  it("is sent again only when the changes on their way have ended", async () => {
    const changes = changesOnTheirWay();
    const endChange = changes.begin();
    const { outcome, sent } = callWith([sessionEnded, "data"], mustNotAsk, changes.ended);
    await settle();
    expect(sent()).toBe(1);
    endChange();
    expect(await outcome).toBe("data");
    expect(sent()).toBe(2);
  });

  it("is not sent again if its caller ended it while a change was on its way", async () => {
    const changes = changesOnTheirWay();
    const endChange = changes.begin();
    const { end, sent } = callWith([sessionEnded, "data"], mustNotAsk, changes.ended);
    end();
    endChange();
    await settle();
    expect(sent()).toBe(1);
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
  const { outcome } = callWith([forbidden], mustNotAsk);
  expect(await outcome).toBe(forbidden);
});

describe("a call with many answers", () => {
  /** A call that is refused after each of these values in turn. */
  async function refusedAfter(received: readonly string[], signInAgain: () => Promise<boolean>) {
    const observers: CallObserver<string, Refusal>[] = [];
    const values: string[] = [];
    sendUntilSignedIn<string, Refusal>({
      send: (observer) => {
        observers.push(observer);
        return { unsubscribe: () => {} };
      },
      observer: { next: (value) => values.push(value), error: () => {}, complete: () => {} },
      isAnswer: (value) => value !== "connected",
      signInAgain,
      changesEnded: () => Promise.resolve(),
    });
    for (const value of received) {
      observers.at(-1)?.next(value);
      observers.at(-1)?.error(sessionEnded);
      await settle();
    }
    expect(values).toEqual(received);
    return { sent: observers.length };
  }

  it("is sent again without a sign-in after each refusal that follows an answer", async () => {
    expect(await refusedAfter(["a", "b", "c"], mustNotAsk)).toEqual({ sent: 4 });
  });

  it("asks for a sign-in if only its connection was made between two refusals", async () => {
    let asked = 0;
    const signInAgain = () => {
      asked += 1;
      return Promise.resolve(true);
    };
    expect(await refusedAfter(["a", "connected"], signInAgain)).toEqual({ sent: 3 });
    expect(asked).toBe(1);
  });
});
