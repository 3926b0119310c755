/** The lists that have saved views. */
export const LISTS = ["schedules", "executions", "dead-letters", "audit"] as const;
export type ListName = (typeof LISTS)[number];

/** Maximum number of saved views per user, shared views included. */
export const MAX_VIEWS = 100;
/** The longest query of a view, in characters. */
export const MAX_QUERY = 2000;

/** State of a page that is no part of a view: the position in the list and what is open. */
const TRANSIENT = ["cursor", "open", "entry"];

/** The part of a URL's query that a view keeps. */
export function viewQuery(search: string): string {
  const query = new URLSearchParams(search);
  for (const name of TRANSIENT) query.delete(name);
  return query.toString();
}
