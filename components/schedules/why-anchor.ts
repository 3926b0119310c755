/** The anchor of "Why didn't it fire?" on a schedule's overview. */
export const WHY_ANCHOR = "why";
