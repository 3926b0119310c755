/** The chosen values of a filter; undefined when none is chosen, so that the filter is left out of the request. */
export const orNothing = <T>(values: readonly T[]): T[] | undefined => (values.length > 0 ? [...values] : undefined);
