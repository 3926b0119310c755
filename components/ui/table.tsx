import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";

/** The space beside the first and the last cell of a row. A card sets it, so that its table aligns with its title. */
export const CELL_EDGES = "first:pl-[var(--table-edge,0.75rem)] last:pr-[var(--table-edge,0.75rem)]";

/** A table in its own scroll container. The caption names it; `showCaption` makes it visible. */
export function Table({
  caption,
  showCaption = false,
  className,
  wrapperClassName,
  children,
  ...props
}: Omit<ComponentProps<"table">, "children"> & {
  caption: ReactNode;
  showCaption?: boolean;
  wrapperClassName?: string;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard (WCAG 2.1.1)
    <div className={cn("relative overflow-x-auto", wrapperClassName)} tabIndex={0}>
      <table className={cn("w-full border-separate border-spacing-0 text-left text-sm", className)} {...props}>
        <caption
          className={showCaption ? "px-[var(--table-edge,0.75rem)] py-2 text-left text-muted text-sm" : "sr-only"}
        >
          {caption}
        </caption>
        {children}
      </table>
    </div>
  );
}

export function TableHead({ className, ...props }: ComponentProps<"thead">) {
  return <thead className={cn("sticky top-0 z-10 bg-surface", className)} {...props} />;
}

export function TableBody(props: ComponentProps<"tbody">) {
  return <tbody {...props} />;
}

export function TableRow({ className, ...props }: ComponentProps<"tr">) {
  return (
    <tr
      className={cn(
        "group/row [tbody>&:last-child>*]:border-b-0 [tbody>&]:h-(--row-height) [tbody>&]:hover:bg-sunken",
        className,
      )}
      {...props}
    />
  );
}

export function TableHeader({ className, scope = "col", ...props }: ComponentProps<"th">) {
  return (
    <th
      scope={scope}
      className={cn(CELL_EDGES, "h-9 whitespace-nowrap border-b px-3 font-medium text-muted text-xs", className)}
      {...props}
    />
  );
}

/** The head of a table. `actions` adds a column of buttons, whose header only screen readers see. */
export function TableColumns({
  columns,
  actions = false,
  className,
}: {
  columns: readonly (string | { label: string; className: string })[];
  actions?: boolean;
  className?: string;
}) {
  return (
    <TableHead className={className}>
      <tr>
        {columns.map((column) => {
          const { label, className: columnClass } =
            typeof column === "string" ? { label: column, className: "" } : column;
          return (
            <TableHeader key={label} className={columnClass}>
              {label}
            </TableHeader>
          );
        })}
        {actions ? (
          <TableHeader>
            <span className="sr-only">Actions</span>
          </TableHeader>
        ) : null}
      </tr>
    </TableHead>
  );
}

export function TableRowHeader({ className, ...props }: Omit<ComponentProps<"th">, "scope">) {
  return (
    <th
      scope="row"
      className={cn(CELL_EDGES, "border-b px-3 py-(--cell-padding) text-left font-medium", className)}
      {...props}
    />
  );
}

export function TableCell({ className, ...props }: ComponentProps<"td">) {
  return <td className={cn(CELL_EDGES, "border-b px-3 py-(--cell-padding)", className)} {...props} />;
}
