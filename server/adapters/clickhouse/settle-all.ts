import { isDataFault } from "~/server/domain/data-fault";

/**
 * Waits for all, and then throws if one failed: nothing is under way any more when the caller tries again. An outage
 * counts more than a fault of the data, since the data can be judged only by a server that is there.
 */
export async function settleAll(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  const worst = errors.find((error) => !isDataFault(error)) ?? errors[0];
  if (worst !== undefined) throw worst;
}
