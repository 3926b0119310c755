import { cva, type VariantProps } from "class-variance-authority";
import type { ReactNode } from "react";
import { cn } from "./cn";

const badgeClasses = cva(
  "inline-flex h-5 max-w-full items-center gap-1 whitespace-nowrap rounded-md px-1.5 font-medium text-xs [&_svg]:size-3 [&_svg]:shrink-0",
  {
    variants: {
      tone: {
        neutral: "bg-hover text-muted",
        outline: "border border-line-strong text-muted",
        accent: "bg-accent-soft text-accent-ink",
        info: "bg-info-soft text-info-ink",
        success: "bg-success-soft text-success-ink",
        warning: "bg-warning-soft text-warning-ink",
        danger: "bg-danger-soft text-danger-ink",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

/** A short label: a tag, a count, a source. An outcome or a status has a badge of its own, such as `OutcomeBadge`. */
export function Badge({
  tone,
  icon,
  className,
  children,
}: VariantProps<typeof badgeClasses> & { icon?: ReactNode; className?: string; children: ReactNode }) {
  return (
    <span className={cn(badgeClasses({ tone }), className)}>
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}
