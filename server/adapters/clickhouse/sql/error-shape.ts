/**
 * The shape of an error, as in migration 0005 and `errorShape` of the domain: errors that differ only in numbers and
 * ids have the same shape.
 *
 * @param error a column or expression of a nullable text
 */
export const errorShapeSql = (error: string) =>
  `replaceRegexpAll(substringUTF8(ifNull(${error}, ''), 1, 200), '[0-9a-fA-F-]{8,}|[0-9]+', '#')`;
