/**
 * The shape of an error, computed like `errorShape` of the domain and like the roll-up of migration 0005.
 *
 * @param error a column or expression of a nullable text
 */
export const errorShapeSql = (error: string) =>
  `replaceRegexpAll(substringUTF8(ifNull(${error}, ''), 1, 200), '[0-9a-fA-F-]{8,}|[0-9]+', '#')`;
