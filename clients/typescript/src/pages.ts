export interface Page<T> {
  items: T[];
  next_cursor: string | null;
  total: number;
  total_is_exact: boolean;
}

/** A list whose pages are read while it is iterated. */
export interface Pages<T> extends AsyncIterable<T> {
  /** The first page. */
  first(): Promise<Page<T>>;
}

export function pages<T>(filter: object, read: (query: never) => Promise<Page<T>>): Pages<T> {
  return {
    first: () => read(filter as never),
    async *[Symbol.asyncIterator]() {
      for (let cursor: string | undefined; ; ) {
        const page = await read({ ...filter, ...(cursor === undefined ? {} : { cursor }) } as never);
        yield* page.items;
        if (page.next_cursor === null) return;
        cursor = page.next_cursor;
      }
    },
  };
}
