/** Single keys ("?", "j") and two-key sequences ("g s"), matched without modifiers. */

export interface KeyMatch {
  /** The binding to run, or null. */
  run: string | null;
  /** The first key of a sequence, to pass with the next key; "" if no sequence has begun. */
  pending: string;
}

/** The binding that a key press completes. `pending` is the first key of a sequence, if it was pressed recently. */
export function matchKey({
  pending,
  key,
  bindings,
}: {
  pending: string;
  key: string;
  bindings: Iterable<string>;
}): KeyMatch {
  const all = [...bindings];
  const sequence = pending ? `${pending} ${key}` : key;
  if (all.includes(sequence)) return { run: sequence, pending: "" };
  // A key that does not complete the sequence starts over: "g j" is "j".
  if (all.includes(key)) return { run: key, pending: "" };
  return { run: null, pending: all.some((binding) => binding.startsWith(`${key} `)) ? key : "" };
}
