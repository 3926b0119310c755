"use client";

import { type ComponentType, useEffect, useRef, useState } from "react";
import { attachSignInDialog, goToSignIn } from "./session-end";
import type { SignInDialogProps } from "./sign-in-dialog";

type Dialog = ComponentType<SignInDialogProps>;

/**
 * Opens the sign-in dialog over the page when the session has ended. The page keeps its state, and its calls are sent
 * again after the sign-in. The dialog is loaded on first use, to keep it out of every page's bundle.
 */
export function SignInAgain({ email, provider }: Pick<SignInDialogProps, "email" | "provider">) {
  const [Loaded, setLoaded] = useState<Dialog | null>(null);
  const [open, setOpen] = useState(false);
  const answer = useRef<(signedIn: boolean) => void>(() => {});

  useEffect(() => {
    const ask = async () => {
      const module = await import("./sign-in-dialog").catch(() => null);
      if (module === null) {
        goToSignIn("expired");
        return false;
      }
      setLoaded(() => module.SignInDialog);
      setOpen(true);
      return new Promise<boolean>((resolve) => {
        answer.current = resolve;
      });
    };
    return attachSignInDialog(ask);
  }, []);

  if (Loaded === null) return null;
  const onSignedIn = () => {
    setOpen(false);
    answer.current(true);
  };
  return <Loaded email={email} provider={provider} open={open} onSignedIn={onSignedIn} />;
}
