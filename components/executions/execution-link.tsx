"use client";

import type { ReactNode } from "react";
import { useShownRows } from "~/components/tables/shown-rows";
import { Link } from "~/components/ui/link";
import { rememberNeighbours } from "./neighbours";

/** Opens the page of an execution. On that page, the keys j and k step through the rows of the table with this link. */
export function ExecutionLink({ executionId, children }: { executionId: string; children: ReactNode }) {
  const ids = useShownRows();
  return (
    <Link
      href={`/executions/${executionId}`}
      className="rounded font-medium hover:underline"
      onClick={() => rememberNeighbours(ids)}
    >
      {children}
    </Link>
  );
}
