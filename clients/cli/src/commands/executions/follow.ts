import type { ExecutionRow } from "@stufio/schedules-client";

/** The calls by which executions are followed. */
export interface FollowSource {
  /** A page of ended executions, newest first by their scheduled time. */
  page: (cursor: string | undefined) => Promise<{ items: ExecutionRow[]; next_cursor: string | null }>;
  /** The ids of executions that have not ended, at most some hundreds. */
  inFlight: () => Promise<string[]>;
  /** Null if the execution is unknown, or has ended and does not match the filter. */
  get: (id: string) => Promise<ExecutionRow | null>;
  /** Resolves when the next reading is due. */
  pause: () => Promise<void>;
  /** Called if more executions may have ended than were read. */
  skipped: () => void;
}

/** Pages per reading. */
const MAX_PAGES = 20;
/** Ids that are remembered, so that no execution is reported twice. */
const MAX_SEEN = 50_000;

/**
 * Yields the newest `last` executions, and then executions as they end. The API lists executions by their scheduled
 * time, so one that ends late may not be on the first page: those in flight are watched until they have ended.
 */
export async function* followExecutions(source: FollowSource, last: number): AsyncGenerator<ExecutionRow> {
  const seen = new Set<string>();
  const remember = (rows: readonly ExecutionRow[]) => {
    for (const { execution_id } of rows) seen.add(execution_id);
    for (const id of seen) {
      if (seen.size <= MAX_SEEN) break;
      seen.delete(id);
    }
  };
  const [{ items }, first] = await Promise.all([source.page(undefined), source.inFlight().then(asSet)]);
  const since = items.reduce(
    (latest, { ended_at }) => (ended_at !== null && ended_at > latest ? ended_at : latest),
    "",
  );
  let watched = first;
  remember(items);
  yield* items.slice(0, last).reverse();

  for (;;) {
    await source.pause();
    const isNew = ({ execution_id, ended_at }: ExecutionRow) =>
      ended_at !== null && ended_at > since && !seen.has(execution_id);
    // First, so that an execution that ends between the two readings is still watched.
    const inFlight = await source.inFlight().then(asSet);
    const found: ExecutionRow[] = [];
    let cursor: string | undefined;
    for (let pages = 0; ; pages += 1) {
      if (pages === MAX_PAGES) {
        source.skipped();
        break;
      }
      const page = await source.page(cursor);
      const fresh = page.items.filter(isNew);
      found.push(...fresh);
      if (fresh.length === 0 || page.next_cursor === null) break;
      cursor = page.next_cursor;
    }
    const foundIds = asSet(found.map(({ execution_id }) => execution_id));
    const ended = [...watched].filter((id) => !inFlight.has(id) && !seen.has(id) && !foundIds.has(id));
    for (const id of ended) {
      const row = await source.get(id);
      if (row === null) continue;
      // The list of executions in flight is bounded, so an execution that is not in it may still be in flight.
      if (row.ended_at === null) inFlight.add(id);
      else found.push(row);
    }
    watched = inFlight;
    remember(found);
    yield* found.sort((a, b) => ((a.ended_at ?? "") < (b.ended_at ?? "") ? -1 : 1));
  }
}

const asSet = (ids: readonly string[]) => new Set(ids);
