/** Maximum number of replays of an occurrence. Bounds the search for a free number, and the lineage. */
export const MAX_REPLAYS = 1000;
