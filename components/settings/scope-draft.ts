import { fitsScope, type Right } from "~/server/domain/rights";

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

/** The words of a text, separated by spaces or commas. */
export const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

/** The scope for a request; null for all topics. */
export const scopeOf = ({ isOn, namespaces, prefixes }: ScopeDraft): StoredScope | null =>
  isOn ? { namespaces: [...namespaces], topicPrefixes: wordsOf(prefixes) } : null;

/** With a scope, the rights that are not about topics are omitted. */
export const rightsWithin = ({ isOn }: ScopeDraft, rights: readonly Right[]): Right[] =>
  rights.filter((right) => !isOn || fitsScope(right));

/** A scope in words: its namespaces and prefixes. */
export const scopeWords = (scope: StoredScope | null): string =>
  scope === null ? "All topics" : [...scope.namespaces, ...scope.topicPrefixes].join(", ");
