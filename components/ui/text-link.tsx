import { cn } from "./cn";
import { Link, type LinkProps } from "./link";

/** A coloured link in a sentence or beside a title. */
export function TextLink({ className, ...props }: LinkProps) {
  return <Link className={cn("rounded text-accent-ink hover:underline", className)} {...props} />;
}
