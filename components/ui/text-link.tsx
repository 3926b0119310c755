import { cn } from "./cn";
import { Link, type LinkProps } from "./link";

/** A link that looks like one, in a sentence or beside a title. */
export function TextLink({ className, ...props }: LinkProps) {
  return <Link className={cn("rounded text-accent-ink hover:underline", className)} {...props} />;
}
