import { cn } from "./cn";

export function Separator({ vertical, className }: { vertical?: boolean; className?: string }) {
  return vertical ? (
    <span aria-hidden className={cn("inline-block h-5 w-px bg-line-strong", className)} />
  ) : (
    <hr className={cn("border-line", className)} />
  );
}
