"use client";

import { useState } from "react";
import { Button } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import { cutText } from "~/components/ui/json-text";

/** Longer values are truncated until "Show all" is pressed. */
const MAX_SHOWN_CHARS = 2000;

/** A changed field, with its old and new value as text. */
export interface ShownChange {
  field: string;
  label: string;
  before: string;
  after: string;
}

export function ChangeList({
  changes,
  beforeLabel = "Before",
  afterLabel = "After",
}: {
  changes: readonly ShownChange[];
  beforeLabel?: string;
  afterLabel?: string;
}) {
  return (
    <div className="overflow-x-auto rounded-md border">
      <table className="w-full text-left text-sm">
        <caption className="sr-only">Changed fields</caption>
        <thead className="text-muted text-xs">
          <tr>
            {["Field", beforeLabel, afterLabel].map((label, column) => (
              // The columns of both values are equally wide, even if only one value is long.
              <th key={label} scope="col" className={cn("border-b px-3 py-2 font-medium", column > 0 && "w-1/2")}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.field} className="align-top [&:last-child>*]:border-b-0">
              <th scope="row" className="whitespace-nowrap border-b px-3 py-2 font-medium">
                {change.label}
              </th>
              <ValueCell text={change.before} textClasses="text-muted line-through decoration-danger/60" />
              <ValueCell text={change.after} textClasses="" />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ValueCell({ text, textClasses }: { text: string; textClasses: string }) {
  const [showsAll, setShowsAll] = useState(false);
  const shown = showsAll ? { text, isCut: false } : cutText(text, MAX_SHOWN_CHARS);
  return (
    <td className="border-b px-3 py-2">
      <span
        className={`block max-h-40 overflow-y-auto wrap-anywhere whitespace-pre-wrap font-mono text-xs ${textClasses}`}
      >
        {shown.text}
      </span>
      {shown.isCut ? (
        <Button size="sm" className="mt-1.5" onClick={() => setShowsAll(true)}>
          Show all
        </Button>
      ) : null}
    </td>
  );
}
