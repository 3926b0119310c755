"use client";

import type { FieldChange } from "./schedule-form-values";

/** Changed fields, with their old and new values. */
export function ChangeList({
  changes,
  beforeLabel = "Before",
  afterLabel = "After",
}: {
  changes: readonly FieldChange[];
  beforeLabel?: string;
  afterLabel?: string;
}) {
  return (
    <div className="overflow-x-auto rounded-md border">
      <table className="w-full text-left text-sm">
        <caption className="sr-only">Changed fields</caption>
        <thead className="text-muted text-xs">
          <tr>
            {["Field", beforeLabel, afterLabel].map((label) => (
              <th key={label} scope="col" className="border-b px-3 py-2 font-medium">
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
              <ValueCell text={change.before} mark="text-muted line-through decoration-danger/60" />
              <ValueCell text={change.after} mark="" />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ValueCell({ text, mark }: { text: string; mark: string }) {
  return (
    <td className="border-b px-3 py-2">
      <span className={`block max-h-40 overflow-y-auto whitespace-pre-wrap break-all font-mono text-xs ${mark}`}>
        {text.length > 2000 ? `${text.slice(0, 2000)}…` : text}
      </span>
    </td>
  );
}
