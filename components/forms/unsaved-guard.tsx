"use client";

import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useState } from "react";
import { AlertDialog } from "~/components/ui/alert-dialog";

/** The URL of another page of the dashboard that a plain click on a link would open, or null. */
function otherPageOf(event: MouseEvent): string | null {
  if (
    event.defaultPrevented ||
    event.button !== 0 ||
    event.ctrlKey ||
    event.metaKey ||
    event.shiftKey ||
    event.altKey
  ) {
    return null;
  }
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || link.target === "_blank" || link.origin !== window.location.origin)
    return null;
  return link.pathname === window.location.pathname ? null : link.pathname + link.search + link.hash;
}

/**
 * While `active`, asks for confirmation before a click on a link, or closing the tab, leaves the form with unsaved
 * changes. `isKept`: the browser keeps the changes as a draft.
 */
export function UnsavedGuard({ active, isKept }: { active: boolean; isKept: boolean }) {
  const router = useRouter();
  const [target, setTarget] = useState<string | null>(null);
  const onClick = useEffectEvent((event: MouseEvent) => {
    const href = otherPageOf(event);
    if (href === null) return;
    event.preventDefault();
    event.stopPropagation();
    setTarget(href);
  });
  useEffect(() => {
    if (!active) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    // In the capture phase, before the link's own handler starts the navigation.
    document.addEventListener("click", onClick, true);
    window.addEventListener("beforeunload", onUnload);
    return () => {
      document.removeEventListener("click", onClick, true);
      window.removeEventListener("beforeunload", onUnload);
    };
  }, [active]);
  return (
    <AlertDialog
      open={target !== null}
      onOpenChange={(open) => !open && setTarget(null)}
      title="Leave without saving?"
      description={
        isKept
          ? "The changes are not saved. This browser keeps them as a draft and offers it when you open this form again."
          : "Your changes on this page will be lost."
      }
      tone={isKept ? "neutral" : "danger"}
      confirmLabel="Leave"
      cancelLabel="Keep editing"
      onConfirm={() => {
        const href = target;
        setTarget(null);
        if (href !== null) router.push(href);
      }}
    />
  );
}
