/** A short list of what was used last, newest first, which this browser keeps. */
export interface RecentList<Item> {
  /** Empty if the browser keeps nothing, or something that another version wrote. */
  read(storage: RecentStorage): Item[];
  /** Moves an item to the front. Does nothing if the browser refuses to store it. */
  remember(storage: RecentStorage, item: Item): void;
  /** Called at the sign-out, because another person may use the browser next. */
  forget(storage: RecentStorage): void;
}

export type RecentStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** `idOf`: items with equal ids are the same, and the newer one replaces the older. */
export function recentList<Item>(input: {
  key: string;
  max: number;
  isItem: (value: unknown) => value is Item;
  idOf: (item: Item) => string;
}): RecentList<Item> {
  const { key, max, isItem, idOf } = input;
  const read = (storage: RecentStorage): Item[] => {
    try {
      const stored: unknown = JSON.parse(storage.getItem(key) ?? "[]");
      return Array.isArray(stored) ? stored.filter(isItem).slice(0, max) : [];
    } catch {
      return [];
    }
  };
  return {
    read,
    remember(storage, item) {
      const others = read(storage).filter((one) => idOf(one) !== idOf(item));
      try {
        storage.setItem(key, JSON.stringify([item, ...others].slice(0, max)));
      } catch {
        // The palette then does not list the item.
      }
    },
    forget: (storage) => storage.removeItem(key),
  };
}
