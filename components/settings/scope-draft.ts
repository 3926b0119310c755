/** A scope in the form; `isOn` is false for all topics. */
export interface ScopeDraft {
  isOn: boolean;
  namespaces: readonly string[];
  /** Topic prefixes, separated by spaces or commas. */
  prefixes: string;
}

interface StoredScope {
  namespaces: string[];
  topicPrefixes: string[];
}

export const scopeDraft = (scope: StoredScope | null): ScopeDraft => ({
  isOn: scope !== null,
  namespaces: scope?.namespaces ?? [],
  prefixes: scope?.topicPrefixes.join(" ") ?? "",
});

/** The prefixes in a text. */
export const prefixesOf = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

/** The scope for a request; null for all topics. */
export const scopeOf = ({ isOn, namespaces, prefixes }: ScopeDraft): StoredScope | null =>
  isOn ? { namespaces: [...namespaces], topicPrefixes: prefixesOf(prefixes) } : null;

/** A scope in words: its namespaces and prefixes. */
export const scopeWords = (scope: StoredScope | null): string =>
  scope === null ? "All topics" : [...scope.namespaces, ...scope.topicPrefixes].join(", ");
