import type { ReactNode } from "react";
import { cn } from "./cn";

/** A bordered surface. With a title it is a `section` with a heading. */
export function Card({
  title,
  description,
  actions,
  padded = true,
  className,
  children,
}: {
  title?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** False for tables and lists that reach the edges. */
  padded?: boolean;
  className?: string;
  children?: ReactNode;
}) {
  const Tag = title ? "section" : "div";
  return (
    <Tag className={cn("min-w-0 rounded-lg border bg-surface shadow-card", className)}>
      {title ? (
        <header
          className={cn(
            "flex justify-between gap-3 px-4 pt-3",
            description ? "items-start" : "items-center",
            padded ? "" : "border-b pb-3",
          )}
        >
          <div className="min-w-0">
            <h2 className="font-semibold text-base">{title}</h2>
            {description ? <p className="text-muted text-sm">{description}</p> : null}
          </div>
          {actions ? <div className="flex shrink-0 items-center gap-2">{actions}</div> : null}
        </header>
      ) : null}
      {/* The rows of a table have their own background, which must not cover the corners. */}
      <div className={padded ? "p-4" : "overflow-clip rounded-b-[7px] [--table-edge:1rem]"}>{children}</div>
    </Tag>
  );
}
