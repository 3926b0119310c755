import type { ReactNode } from "react";

/** The row above a list: search, facets, range on the left, `end` (columns, density, live) on the right. */
export function FilterBar({ children, end }: { children: ReactNode; end?: ReactNode }) {
  return (
    <search className="mb-3 flex flex-wrap items-center gap-2">
      {children}
      {end ? <div className="ml-auto flex items-center gap-2">{end}</div> : null}
    </search>
  );
}
