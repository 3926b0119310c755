/** Where links to a question about a time lead, on the overview of a schedule. */
export const WHY_ANCHOR = "why";
