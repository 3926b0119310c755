"use client";

import dynamic from "next/dynamic";

const ExecutionSheet = dynamic(() => import("./execution-sheet").then((module) => module.ExecutionSheet), {
  ssr: false,
});

/** The side sheet of the execution in the URL, beside its list. */
export function OpenExecution({
  executionId,
  rows = [],
  onMove,
  onClose,
}: {
  executionId: string | null;
  /** The rows of the list, in their order. */
  rows?: readonly { executionId: string }[];
  onMove: (executionId: string) => void;
  onClose: () => void;
}) {
  if (executionId === null) return null;
  const ids = rows.map((row) => row.executionId);
  return <ExecutionSheet executionId={executionId} ids={ids} onMove={onMove} onClose={onClose} />;
}
