import { isDataFault } from "~/server/domain/data-fault";

/**
 * Waits for all promises, then throws if one failed, so that nothing is in progress when the caller retries. Throws an
 * outage rather than a data fault, because only a working server can judge the data.
 */
export async function awaitAll(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  const worst = errors.find((error) => !isDataFault(error)) ?? errors[0];
  if (worst !== undefined) throw worst;
}
