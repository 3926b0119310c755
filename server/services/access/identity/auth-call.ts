import { AsyncLocalStorage } from "node:async_hooks";
import type { Deps } from "~/server/services/ctx";
import type { Confirm } from "~/server/services/documents/store-documents";
import type { AccessDeps } from "../documents";

export type AuthDeps = AccessDeps & Pick<Deps, "sessions" | "identityValues" | "verifiedSessions" | "clock" | "env">;

/** The browser for which a session is opened. */
export interface OpeningBrowser {
  ip: string | null;
  userAgent: string | null;
  /** Whether the browser uses HTTPS, so that its cookies have the prefix `__Host-`. */
  isHttps?: boolean;
}

/** One call of better-auth. */
export interface AuthCall {
  deps: AuthDeps;
  browser: OpeningBrowser | null;
  /** The tokens of the sessions that this call opens. */
  openedTokens: Set<string>;
  /** Functions that wait until ClickHouse has the changes of this call. */
  confirms: Confirm[];
  /** The role that the identity provider gives the user; null unless this call is a sign-in by the provider. */
  atProvider: { role: string } | null;
  /** Whether this call has created the account of a user of the provider. */
  createdUser: boolean;
  /** Why a sign-in by the identity provider is refused. Kept here, because better-auth does not return reasons. */
  refusal: "no_role" | "unverified" | null;
  /** The first error of a store. Kept here, because better-auth replaces or swallows errors. */
  failure: unknown;
}

const calls = new AsyncLocalStorage<AuthCall>();

/** Returns the running call. The storage of better-auth, which all requests share, reads a request's stores here. */
export function currentCall(): AuthCall {
  const call = calls.getStore();
  if (!call) throw new Error("better-auth was called outside withAuth.");
  return call;
}

/** Runs a call. Throws the first error of a store, even if better-auth swallowed it. */
export async function runCall<T>(
  input: Pick<AuthCall, "deps" | "browser">,
  run: () => Promise<T>,
): Promise<{ result: T; confirm: Confirm }> {
  const call: AuthCall = {
    ...input,
    ...{ openedTokens: new Set(), confirms: [], atProvider: null, createdUser: false, refusal: null, failure: null },
  };
  const result = await calls.run(call, run).catch((error) => {
    throw call.failure ?? error;
  });
  if (call.failure) throw call.failure;
  return {
    result,
    async confirm() {
      for (const one of call.confirms) await one();
    },
  };
}

/** Runs an access to a store. Keeps an error in the running call, because better-auth may swallow the error. */
export async function recordingFailure<T>(run: (call: AuthCall) => Promise<T>): Promise<T> {
  const call = currentCall();
  try {
    return await run(call);
  } catch (error) {
    call.failure ??= error;
    throw error;
  }
}
