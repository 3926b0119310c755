/** Single keys ("?", "j") and two-key sequences ("g s"), matched without modifiers. */

export interface KeyMatch {
  /** The binding to run, or null. */
  run: string | null;
  /** What to keep for the next key: the first key of a sequence, or "". */
  pending: string;
}

/** Decides what a key means after `pending` (the key before it, if it was recent), given all bindings. */
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
  // A key that does not end the sequence begins anew: "g j" is still "j".
  if (all.includes(key)) return { run: key, pending: "" };
  return { run: null, pending: all.some((binding) => binding.startsWith(`${key} `)) ? key : "" };
}
