"use client";

import type { ReactElement } from "react";
import { Button, type ButtonProps } from "./button";
import { cn } from "./cn";
import { Tooltip } from "./tooltip";

const SIZES = { sm: "size-7", md: "size-8", lg: "size-10" } as const;

/** A square button with only an icon. `label` is its name and its tooltip. */
export function IconButton({
  label,
  icon,
  size = "md",
  variant = "ghost",
  tooltip = true,
  className,
  ...props
}: Omit<ButtonProps, "children" | "icon" | "aria-label" | "size"> & {
  label: string;
  icon: ReactElement;
  size?: keyof typeof SIZES;
  tooltip?: boolean;
}) {
  const button = (
    <Button
      aria-label={label}
      icon={icon}
      variant={variant}
      className={cn(SIZES[size], "px-0", className)}
      {...props}
    />
  );
  return tooltip ? <Tooltip content={label}>{button}</Tooltip> : button;
}
