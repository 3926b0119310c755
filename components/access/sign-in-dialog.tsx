"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { useRouter } from "next/navigation";
import { useRef } from "react";
import { Button } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import { backdropClasses, dialogClasses } from "~/components/ui/dialog";
import { ReturnFocus } from "~/components/ui/return-focus";
import { ProviderTab } from "./provider-tab";
import { goToSecondFactor, goToSignIn } from "./session-end";
import { SignInSteps } from "./sign-in-steps";

export interface SignInDialogProps {
  email: string;
  /** The name of the identity provider; null if there is none. */
  provider: string | null;
  open: boolean;
  onSignedIn: () => void;
}

/** Continues only with the same account, because another account might not be allowed to see what the page shows. */
export function SignInDialog({ email, provider, open, onSignedIn }: SignInDialogProps) {
  const router = useRouter();
  const password = useRef<HTMLInputElement>(null);
  const signedIn = () => {
    onSignedIn();
    // The user's rights may have changed.
    router.refresh();
  };

  return (
    // Neither Esc nor a click beside the dialog closes it, because nothing on the page works without a session.
    <Base.Root open={open} disablePointerDismissal>
      <Base.Portal>
        <Base.Backdrop className={cn(backdropClasses, "z-60")} />
        <Base.Popup initialFocus={password} finalFocus={false} className={cn(dialogClasses, "z-70 max-w-md p-5")}>
          <ReturnFocus />
          <Base.Title className="font-semibold text-lg">Your session has ended</Base.Title>
          <Base.Description className="mt-0.5 mb-4 text-muted text-sm">
            Sign in to continue. The page keeps what you have entered.
          </Base.Description>
          <SignInSteps
            email={email}
            passwordRef={password}
            before={provider ? <ProviderTab name={provider} email={email} onSignedIn={signedIn} /> : null}
            onSignedIn={({ must_enrol, user }) => {
              if (must_enrol) goToSecondFactor();
              // A passkey may belong to another account, which must not get the state of this page.
              else if (user && user.email !== email) window.location.reload();
              else signedIn();
            }}
          />
          <div className="mt-3 text-center">
            <Button variant="ghost" size="sm" onClick={() => goToSignIn("another-account")}>
              Use another account
            </Button>
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
