import { LoaderCircle } from "lucide-react";
import { cn } from "./cn";

/** A decorative spinner. Name what is loading beside it, or in `label` for screen readers. */
export function Spinner({ className, label }: { className?: string; label?: string }) {
  return (
    <span role={label ? "status" : undefined} className="inline-flex">
      <LoaderCircle aria-hidden className={cn("size-4 animate-spin", className)} />
      {label ? <span className="sr-only">{label}</span> : null}
    </span>
  );
}
