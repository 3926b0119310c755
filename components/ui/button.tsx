"use client";

import { Button as BaseButton } from "@base-ui/react/button";
import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";
import { Link, type LinkProps } from "./link";
import { Spinner } from "./spinner";

/** The disabled look of filled buttons. At half opacity, the text would have too little contrast in the dark theme. */
const DISABLED_FILL = "data-disabled:bg-line data-disabled:text-muted data-disabled:hover:bg-line";

export const buttonClasses = cva(
  "relative inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium transition-colors duration-100 disabled:cursor-not-allowed data-disabled:cursor-not-allowed [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: cn("border-transparent bg-accent text-on-accent hover:bg-accent-hover", DISABLED_FILL),
        secondary:
          "border-line-strong bg-surface text-ink shadow-card hover:bg-hover data-popup-open:bg-hover data-disabled:opacity-50",
        ghost:
          "border-transparent text-muted hover:bg-hover hover:text-ink data-popup-open:bg-hover data-disabled:opacity-50",
        danger: cn("border-transparent bg-danger text-on-danger hover:bg-danger-hover", DISABLED_FILL),
        "danger-ghost": "border-transparent text-danger-ink hover:bg-danger-soft data-disabled:opacity-50",
        link: "h-auto border-transparent px-0 text-accent-ink underline-offset-4 hover:underline data-disabled:opacity-50",
      },
      size: {
        sm: "h-7 px-2.5 text-xs",
        md: "h-8 px-3 text-sm",
        lg: "h-10 px-4 text-base",
      },
    },
    compoundVariants: [{ variant: "link", className: "h-auto px-0" }],
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

export type ButtonStyle = VariantProps<typeof buttonClasses>;

export type ButtonProps = Omit<ComponentProps<"button">, "className"> &
  ButtonStyle & {
    className?: string;
    /** Shows a spinner and ignores clicks, but keeps the focus. */
    loading?: boolean;
    icon?: ReactNode;
    /** Keeps the focus while disabled, for buttons that the user may press again soon. */
    focusableWhenDisabled?: boolean;
  };

/** A button, with `type="button"` by default. For navigation use `ButtonLink`. */
export function Button({
  variant,
  size,
  loading = false,
  icon,
  className,
  children,
  disabled,
  focusableWhenDisabled = loading,
  ...props
}: ButtonProps) {
  return (
    <BaseButton
      type="button"
      disabled={disabled || loading}
      focusableWhenDisabled={focusableWhenDisabled}
      aria-busy={loading || undefined}
      className={cn(buttonClasses({ variant, size }), className)}
      {...props}
    >
      {loading ? <Spinner /> : icon}
      {children}
    </BaseButton>
  );
}

export type ButtonLinkProps = LinkProps & ButtonStyle & { icon?: ReactNode };

export function ButtonLink({ variant, size, icon, className, children, ...props }: ButtonLinkProps) {
  return (
    <Link className={cn(buttonClasses({ variant, size }), className)} {...props}>
      {icon}
      {children}
    </Link>
  );
}
