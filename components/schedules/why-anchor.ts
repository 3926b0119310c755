export const WHY_ANCHOR = "why";
