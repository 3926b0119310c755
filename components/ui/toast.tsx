"use client";

import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { lazyComponent } from "./lazy-component";
import type { QueuedToast, ToastMessage, ToastTone } from "./toast-stack";

type Toasts = Record<ToastTone, (message: ToastMessage) => void>;

const stack = lazyComponent(() => import("./toast-stack").then((module) => module.ToastStack));
const ToastContext = createContext<Toasts>({ success: () => {}, danger: () => {}, info: () => {} });

/** Provides toasts. A toast that is no error disappears within seconds, so its information must also be on the page. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [queue, setQueue] = useState<readonly QueuedToast[]>([]);
  const Stack = stack.useLoaded();
  const toasts = useMemo<Toasts>(() => {
    const show = (tone: ToastTone) => (message: ToastMessage) => {
      stack.load();
      setQueue((all) => [...all, { ...message, tone }]);
    };
    return { success: show("success"), danger: show("danger"), info: show("info") };
  }, []);
  return (
    <ToastContext value={toasts}>
      {children}
      {Stack ? <Stack queue={queue} /> : null}
    </ToastContext>
  );
}

/** `toast.success({title})`, `toast.info`, `toast.danger`; an error stays until it is dismissed. */
export function useToast(): Toasts {
  return useContext(ToastContext);
}
