"use client";

import { useState } from "react";

interface Selection {
  key: string;
  ids: ReadonlySet<string>;
  all: boolean;
}

const nothing = (key: string): Selection => ({ key, ids: new Set(), all: false });

/**
 * The selected rows of a list. `all` means every row that matches the filter, loaded or not. `listKey` identifies the
 * list and its filter. A new key clears the selection, so that nobody acts on hidden rows.
 */
export function useSelection(listKey: string) {
  const [state, setState] = useState(() => nothing(listKey));
  const isOfOtherList = state.key !== listKey;
  // Cleared, not only ignored: otherwise the selection would come back with its filter.
  if (isOfOtherList) setState(nothing(listKey));
  const current = isOfOtherList ? nothing(listKey) : state;
  return {
    ids: current.ids,
    all: current.all,
    setIds: (ids: ReadonlySet<string>) => setState({ key: listKey, ids, all: false }),
    selectAll: () => setState({ ...current, all: true }),
    clear: () => setState(nothing(listKey)),
  };
}
