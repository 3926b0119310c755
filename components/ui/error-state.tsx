"use client";

import { RotateCw, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { CopyButton } from "./copy-button";

/** A failed part of a page: the message, the request id for support, and a retry. */
export function ErrorState({
  title = "This could not be loaded",
  message,
  requestId,
  onRetry,
  retrying,
  isPage = false,
  className,
}: {
  title?: string;
  message?: ReactNode;
  requestId?: string | null;
  onRetry?: () => void;
  retrying?: boolean;
  /** Replaces a whole page, so its title is the page's `h1`. */
  isPage?: boolean;
  className?: string;
}) {
  const Title = isPage ? "h1" : "p";
  return (
    <div role="alert" className={cn("flex flex-col items-center gap-3 px-4 py-8 text-center", className)}>
      <span
        aria-hidden
        className="flex size-10 items-center justify-center rounded-lg bg-danger-soft text-danger-ink [&_svg]:size-5"
      >
        <TriangleAlert />
      </span>
      <div className="max-w-md">
        <Title className="font-semibold text-base">{title}</Title>
        {message ? <div className="mt-1 break-words text-muted text-sm">{message}</div> : null}
      </div>
      {requestId ? (
        <p className="flex items-center gap-1 text-subtle text-xs">
          Request <code className="font-mono">{requestId}</code>
          <CopyButton value={requestId} label="Copy request id" />
        </p>
      ) : null}
      {onRetry ? (
        <Button icon={<RotateCw aria-hidden />} onClick={onRetry} loading={retrying}>
          Try again
        </Button>
      ) : null}
    </div>
  );
}
