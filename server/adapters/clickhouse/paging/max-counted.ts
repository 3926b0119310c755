/** Matches are counted up to this number; a list with more matches shows "10,000+". */
export const MAX_COUNTED = 10_000;
