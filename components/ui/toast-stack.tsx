"use client";

import { Toast as Base } from "@base-ui/react/toast";
import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { buttonClasses } from "./button";
import { cn } from "./cn";

export type ToastTone = "success" | "danger" | "info";

export interface ToastMessage {
  title: string;
  description?: string;
  action?: { label: string; onClick: () => void };
}

export interface QueuedToast extends ToastMessage {
  tone: ToastTone;
}

/** How long a toast is shown, unless it is an error. */
const TIMEOUT_MS = 6000;
const MAX_SHOWN = 3;

const ICONS = {
  success: <CircleCheck aria-hidden className="size-4 text-success-ink" />,
  danger: <CircleAlert aria-hidden className="size-4 text-danger-ink" />,
  info: <Info aria-hidden className="size-4 text-info-ink" />,
} as const satisfies Record<ToastTone, unknown>;

/** The toasts at the bottom of the page. Loaded with the first toast. `queue` has all toasts so far, oldest first. */
export function ToastStack({ queue }: { queue: readonly QueuedToast[] }) {
  return (
    <Base.Provider timeout={TIMEOUT_MS} limit={MAX_SHOWN}>
      <Feed queue={queue} />
      <Base.Portal>
        <Base.Viewport className="fixed right-4 bottom-[calc(1rem+var(--strip-height))] z-60 flex w-[calc(100vw-2rem)] flex-col-reverse gap-2 sm:w-88">
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

/** Passes each queued toast to Base UI once. */
function Feed({ queue }: { queue: readonly QueuedToast[] }) {
  const { add } = Base.useToastManager();
  const addedCount = useRef(0);
  useEffect(() => {
    for (const { tone, title, description, action } of queue.slice(addedCount.current)) {
      add({
        title,
        description,
        type: tone,
        // 0: an error stays until it is dismissed.
        timeout: tone === "danger" ? 0 : undefined,
        priority: tone === "danger" ? "high" : "low",
        actionProps: action ? { children: action.label, onClick: action.onClick } : undefined,
      });
    }
    addedCount.current = queue.length;
  }, [queue, add]);
  return null;
}

function ToastList() {
  const { toasts } = Base.useToastManager();
  return toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      swipeDirection={["right", "down"]}
      className="rounded-lg bg-raised text-ink shadow-pop transition-[opacity,translate] duration-200 data-ending-style:translate-y-2 data-starting-style:translate-y-2 data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0"
    >
      <Base.Content className="flex items-start gap-2.5 p-3">
        <span className="mt-0.5">{ICONS[(toast.type as ToastTone) ?? "info"]}</span>
        <div className="min-w-0 flex-1">
          <Base.Title className="font-medium text-sm" />
          <Base.Description className="break-words text-muted text-sm" />
        </div>
        <Base.Action className={cn(buttonClasses({ size: "sm" }))} />
        <Base.Close
          aria-label="Dismiss"
          className="flex size-6 items-center justify-center rounded text-muted hover:bg-hover hover:text-ink"
        >
          <X aria-hidden className="size-3.5" />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ));
}
