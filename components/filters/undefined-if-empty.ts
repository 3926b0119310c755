/** The chosen values of a filter, or undefined if there are none, which omits the filter from the request. */
export const undefinedIfEmpty = <T>(values: readonly T[]): T[] | undefined =>
  values.length > 0 ? [...values] : undefined;
