import { NO_VALUE } from "./format";

/** The dash of a missing value in a table or a list. Screen readers say "none". */
export function NoValue() {
  return (
    <span className="text-subtle">
      <span aria-hidden>{NO_VALUE}</span>
      <span className="sr-only">none</span>
    </span>
  );
}
