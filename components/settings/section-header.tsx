import type { ReactNode } from "react";

/** The heading of a part of the settings, with a sentence about it and the button that creates a row. */
export function SectionHeader({ title, help, action }: { title: string; help: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-3">
      <div>
        <h2 className="font-semibold text-base text-ink">{title}</h2>
        <p className="max-w-2xl text-muted text-sm">{help}</p>
      </div>
      {action}
    </div>
  );
}
