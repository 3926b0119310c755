"use client";

import { createContext, type ReactNode, useContext, useState } from "react";

const ApproachContext = createContext(true);

/** Whether the pointer or the focus has reached the filter bar around this component. True outside of a filter bar. */
export const useIsApproached = (): boolean => useContext(ApproachContext);

/** The row above a list: search, facets and range on the left, `end` (live, columns, export) on the right. */
export function FilterBar({
  children,
  end,
  onApproach,
}: {
  children: ReactNode;
  end?: ReactNode;
  /** Called when the pointer or the focus reaches the row, before a filter opens. */
  onApproach?: () => void;
}) {
  const [isApproached, setApproached] = useState(false);
  const approach = () => {
    setApproached(true);
    onApproach?.();
  };
  return (
    <ApproachContext value={isApproached}>
      <search className="mb-3 flex flex-wrap items-center gap-2" onPointerEnter={approach} onFocus={approach}>
        {children}
        {end ? <div className="ml-auto flex flex-wrap items-center justify-end gap-2">{end}</div> : null}
      </search>
    </ApproachContext>
  );
}
