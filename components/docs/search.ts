/** A title or a heading of the documentation. */
export interface DocsEntry {
  href: string;
  label: string;
  /** The page of a heading, the method and path of a call, or the kind of a page: "Guide", "API reference". */
  hint: string;
}

/**
 * The entries that contain all words. Labels that begin with the text come first, then labels with all words, then
 * entries with words in the hint.
 */
export function findInDocs(entries: readonly DocsEntry[], text: string, limit: number): DocsEntry[] {
  const wanted = text.trim().toLowerCase();
  const words = wanted.split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return [];
  const rank = ({ label }: DocsEntry) => {
    const lower = label.toLowerCase();
    if (lower.startsWith(wanted)) return 0;
    return words.every((word) => lower.includes(word)) ? 1 : 2;
  };
  return entries
    .filter(({ label, hint }) => words.every((word) => `${label} ${hint}`.toLowerCase().includes(word)))
    .map((entry) => ({ entry, rank: rank(entry) }))
    .sort((one, other) => one.rank - other.rank)
    .slice(0, limit)
    .map(({ entry }) => entry);
}

let loaded: Promise<DocsEntry[]> | undefined;

/** The index of the documentation. Loaded with the first search, and again after a failure. */
export function docsIndex(): Promise<DocsEntry[]> {
  loaded ??= fetch("/docs/search-index")
    .then((answer) => {
      if (!answer.ok) throw new Error(`the index of the documentation has status ${answer.status}`);
      return answer.json() as Promise<DocsEntry[]>;
    })
    .catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
  return loaded;
}
