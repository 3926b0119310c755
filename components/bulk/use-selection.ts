"use client";

import { useState } from "react";

/** Chosen rows of one list. Another filter forgets them: what is chosen is always what was seen under this filter. */
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
    choose: (ids: ReadonlySet<string>) => setState({ key: listKey, ids, all: false }),
    chooseAll: () => setState({ ...current, all: true }),
    clear: () => setState({ key: listKey, ids: new Set(), all: false }),
  };
}
