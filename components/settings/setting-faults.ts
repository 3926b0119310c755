import { callErrorOf } from "~/components/trpc/app-error";

/**
 * The first message of a refused save for each setting, in wire spelling. The field of an invalid value begins with
 * `values`.
 */
export function settingFaults(error: unknown): ReadonlyMap<string, string> {
  const faults = callErrorOf(error)?.faults ?? [];
  return new Map(
    faults
      .map(({ field, message }) => [/^(?:values\.)?(\w*)/.exec(field)?.[1] ?? field, message] as const)
      .toReversed(),
  );
}
