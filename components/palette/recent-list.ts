/** A list of the items used last, newest first, stored in this browser. */
export interface RecentList<Item> {
  /** Empty if nothing is stored, or if the stored text is not a list. Omits invalid items. */
  read(storage: RecentStorage): Item[];
  /** Moves an item to the front. Does nothing if the browser refuses to store it. */
  remember(storage: RecentStorage, item: Item): void;
  /** Deletes the list. Called at sign-out, because another person may use the browser next. */
  forget(storage: RecentStorage): void;
}

export type RecentStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Creates a list under a key of the storage. An item replaces an older item with the same `idOf`. */
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
