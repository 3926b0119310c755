/** Matches are counted up to this number; beyond it a list shows "10,000+". */
export const MAX_COUNTED = 10_000;
