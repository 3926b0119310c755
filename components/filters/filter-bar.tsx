import type { ReactNode } from "react";

/** The row above a list: search, facets, range on the left, `end` (columns, density, live) on the right. */
export function FilterBar({
  children,
  end,
  onApproach,
}: {
  children: ReactNode;
  end?: ReactNode;
  /** Called when the pointer or the focus comes to the row, before a filter opens. */
  onApproach?: () => void;
}) {
  return (
    <search className="mb-3 flex flex-wrap items-center gap-2" onPointerEnter={onApproach} onFocus={onApproach}>
      {children}
      {end ? <div className="ml-auto flex flex-wrap items-center justify-end gap-2">{end}</div> : null}
    </search>
  );
}
