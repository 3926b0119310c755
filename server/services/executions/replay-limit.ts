/** Maximum number of replays of an occurrence. */
export const MAX_REPLAYS = 1000;
