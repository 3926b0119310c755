/** What a masked value reads as. */
export const MASK = "••••";
