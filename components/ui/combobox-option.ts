export interface ComboboxOption {
  value: string;
  label: string;
  /** Second, muted text on the right: an offset, a count. */
  hint?: string;
  /** More words that find this option. */
  keywords?: string;
}

/**
 * Whether every word of `query` occurs in the option's label, value, hint or keywords. Letter case and accents do not
 * count, and an underscore counts as a space.
 */
export function matchesOption(option: ComboboxOption, query: string): boolean {
  const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("_", " ");
  const text = plain(`${option.label} ${option.value} ${option.hint ?? ""} ${option.keywords ?? ""}`);
  return plain(query)
    .split(/\s+/)
    .every((word) => text.includes(word));
}
