import { recentList } from "./recent-list";

const MAX_CHARS = 100;
const isSearch = (value: unknown): value is string =>
  typeof value === "string" && value.trim() !== "" && value.length <= MAX_CHARS;

/** The texts that led to a chosen result in the palette of this browser. */
export const recentSearches = recentList({
  key: "recent-searches",
  max: 5,
  isItem: isSearch,
  idOf: (text) => text.toLowerCase(),
});
