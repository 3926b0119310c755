import { Inbox } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

/** An empty list: why it is empty and what to do, such as a create button, an example, or a button to clear filters. */
export function EmptyState({
  icon,
  title,
  children,
  action,
  example,
  isPage = false,
  className,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** A command or snippet that would fill this list. */
  example?: ReactNode;
  /** Replaces a whole page, so its title is the page's `h1`. */
  isPage?: boolean;
  className?: string;
}) {
  const Title = isPage ? "h1" : "p";
  return (
    <div className={cn("mx-auto flex max-w-xl flex-col items-center gap-3 px-4 py-12 text-center", className)}>
      <span
        aria-hidden
        className="flex size-10 items-center justify-center rounded-lg border bg-sunken text-muted [&_svg]:size-5"
      >
        {icon ?? <Inbox />}
      </span>
      <div>
        <Title className="font-semibold text-base">{title}</Title>
        {children ? <div className="mt-1 text-balance text-muted text-sm">{children}</div> : null}
      </div>
      {action ? <div className="flex flex-wrap justify-center gap-2">{action}</div> : null}
      {example ? <div className="mt-2 w-full text-left">{example}</div> : null}
    </div>
  );
}
