"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { useRouter } from "next/navigation";
import { useRef } from "react";
import { Button } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import { backdropClasses, dialogClasses } from "~/components/ui/dialog";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { ReturnFocus } from "~/components/ui/return-focus";
import { AuthForm } from "./auth-form";
import { checkLogin } from "./login-form";
import { goToSignIn } from "./session-end";

/** Accepts only the same account: another account might not be allowed to see what the page shows. */
export function SignInDialog({ email, open, onSignedIn }: { email: string; open: boolean; onSignedIn: () => void }) {
  const router = useRouter();
  const password = useRef<HTMLInputElement>(null);

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
          <AuthForm
            path="/api/auth/sign-in"
            submitLabel="Sign in"
            check={checkLogin}
            onSuccess={() => {
              onSignedIn();
              // The rights may have changed.
              router.refresh();
            }}
          >
            {(errors) => (
              <>
                <Field label="E-mail" error={errors.email}>
                  <Input name="email" type="email" autoComplete="username" value={email} readOnly />
                </Field>
                <Field label="Password" error={errors.password}>
                  <Input ref={password} name="password" type="password" autoComplete="current-password" />
                </Field>
              </>
            )}
          </AuthForm>
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
