"use client";

import { useState } from "react";

/**
 * The selected rows of a list. `all` means every row that matches the filter, loaded or not. `listKey` identifies the
 * list and its filter. A new key clears the selection, so that nobody acts on hidden rows.
 */
export function useSelection(listKey: string) {
  const [state, setState] = useState<{ key: string; ids: ReadonlySet<string>; all: boolean }>({
    key: listKey,
    ids: new Set(),
    all: false,
  });
  const current = state.key === listKey ? state : { key: listKey, ids: new Set<string>(), all: false };
  return {
    ids: current.ids,
    all: current.all,
    setIds: (ids: ReadonlySet<string>) => setState({ key: listKey, ids, all: false }),
    selectAll: () => setState({ ...current, all: true }),
    clear: () => setState({ key: listKey, ids: new Set(), all: false }),
  };
}
