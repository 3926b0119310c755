import { addressGroup } from "~/server/addresses";
import { targetOfCall, verbOfCall, wellFormed } from "~/server/domain/audit/call-verbs";
import { withoutSnippet } from "~/server/domain/data-fault";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { AppError } from "~/server/domain/errors";
import { auditDocument, type NewAuditEntry } from "./audit";
import type { Ctx, Deps } from "./ctx";

/** `input` is what is known of the call's input. */
export interface RefusedCall {
  call: string;
  /** False for a call that only reads. */
  changes: boolean;
  input?: unknown;
  error: Pick<AppError, "code" | "status" | "message">;
  /** The number of refused items of a batch; 1 by default. */
  count?: number;
  target?: string;
}

type Caller = Pick<Ctx, "principal" | "requestId" | "address">;

interface Refusals {
  record(caller: Caller, entry: NewAuditEntry, count: number): void;
  /** Ends all windows, and waits until their entries are written. */
  flush(): Promise<void>;
}

/** Duration of the first window, ms. While a caller repeats its call, each window is twice as long as the last. */
const WINDOW_MS = 60_000;
const MAX_WINDOW_MS = 3_600_000;
/** Maximum number of windows. Calls beyond it share one more window, whose entry counts them and names no caller. */
const MAX_WINDOWS = 1000;
const MAX_NOTE_CHARS = 500;

const OTHERS = "others";
const ANONYMOUS = { id: "anonymous", email: null, name: "anonymous", via: "anonymous" } as const;

/**
 * Records a change that failed by a fault of the caller, or a read for which the caller lacks the right, without
 * delaying the answer. The first refusal of a call is recorded at once. Repeats by the same caller are counted in one
 * entry when a window ends, so that a flood of calls cannot fill the table.
 */
export function recordRefusal(ctx: Caller & { deps: Deps }, refused: RefusedCall): void {
  const { call, changes, error, count = 1 } = refused;
  const isRefusal = changes
    ? error.status < 500 && error.code !== "idempotency_in_progress"
    : error.code === "forbidden";
  if (!isRefusal) return;
  const input = isObject(refused.input) ? refused.input : {};
  const entry: NewAuditEntry = {
    action: changes ? verbOfCall(call, input) : "call.read",
    target: refused.target ?? targetOfCall(call, input),
    result: "refused",
    errorCode: error.code,
    call,
    note: wellFormed(withoutSnippet(error.message).slice(0, MAX_NOTE_CHARS)),
  };
  refusalsOf(ctx.deps).record(ctx, entry, count);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const recorders = new WeakMap<Deps["env"], Refusals>();

export function refusalsOf(deps: Pick<Deps, "env" | "hot" | "clock" | "log">): Refusals {
  const known = recorders.get(deps.env);
  if (known) return known;
  const created = createRefusals(deps);
  recorders.set(deps.env, created);
  return created;
}

interface Window {
  durationMs: number;
  timer: NodeJS.Timeout;
  /** The last call without an entry, how many such calls there are, and the time of the first. */
  waiting: { caller: Caller; entry: NewAuditEntry; count: number; firstAt: number } | null;
}

function createRefusals({ hot, clock, log }: Pick<Deps, "hot" | "clock" | "log">): Refusals {
  const windows = new Map<string, Window>();
  const writing = new Set<Promise<unknown>>();

  function write(caller: Caller, entry: NewAuditEntry): void {
    const { json } = auditDocument({ ...caller, principal: caller.principal ?? ANONYMOUS, deps: { clock } }, entry);
    const work = hot
      .append(DOCUMENT_KIND.auditEntry, json)
      .catch((error) => log.warn({ err: error, call: entry.call }, "audit entry of a refused call not written"))
      .finally(() => writing.delete(work));
    writing.add(work);
  }

  function open(key: string, durationMs: number): void {
    const timer = setTimeout(() => end(key), durationMs);
    timer.unref();
    windows.set(key, { durationMs, timer, waiting: null });
  }

  function end(key: string): void {
    const window = windows.get(key);
    if (window === undefined) return;
    clearTimeout(window.timer);
    windows.delete(key);
    if (window.waiting === null) return;
    writeWaiting(window.waiting);
    open(key, Math.min(2 * window.durationMs, MAX_WINDOW_MS));
  }

  function writeWaiting({ caller, entry, count, firstAt }: NonNullable<Window["waiting"]>): void {
    write(caller, { ...entry, count, after: { since: new Date(firstAt).toISOString() } });
  }

  return {
    record(caller, entry, count) {
      const own = `${callerKey(caller)}|${entry.call}|${entry.errorCode}`;
      const isShared = !windows.has(own) && windows.size >= MAX_WINDOWS;
      const key = isShared ? OTHERS : own;
      const window = windows.get(key);
      if (window === undefined) {
        if (!isShared) write(caller, count === 1 ? entry : { ...entry, count });
        open(key, WINDOW_MS);
        if (!isShared) return;
      }
      const { waiting } = windows.get(key) as Window;
      const totalCount = (waiting?.count ?? 0) + count;
      const firstAt = waiting?.firstAt ?? clock.now();
      const latest = isShared ? { caller: SHARED_CALLER, entry: { ...entry, target: OTHERS } } : { caller, entry };
      (windows.get(key) as Window).waiting = { ...latest, count: totalCount, firstAt };
    },
    async flush() {
      for (const [key, window] of windows) {
        clearTimeout(window.timer);
        windows.delete(key);
        if (window.waiting !== null) writeWaiting(window.waiting);
      }
      await Promise.all(writing);
    },
  };
}

const SHARED_CALLER: Caller = { principal: null, requestId: OTHERS };

/** Anonymous callers are distinguished by the group of their address. */
function callerKey({ principal, address }: Caller): string {
  return principal?.id ?? (address ? addressGroup(address) : "-");
}
