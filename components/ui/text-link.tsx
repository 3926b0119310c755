import Link from "next/link";
import type { ComponentProps } from "react";
import { cn } from "./cn";

/** A link that looks like one, in a sentence or beside a title. */
export function TextLink({ className, ...props }: ComponentProps<typeof Link>) {
  return <Link className={cn("rounded text-accent-ink hover:underline", className)} {...props} />;
}
