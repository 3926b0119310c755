"use client";

import { type ReactNode, type RefObject, useState } from "react";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import type { AuthAnswer } from "./auth-call";
import { AuthForm } from "./auth-form";
import { PasskeyButton } from "./passkey-button";

/** Returns an error for each missing field. */
function checkLogin({ email, password }: Record<string, string>): Record<string, string> {
  return {
    ...(email ? {} : { email: "Enter your e-mail address." }),
    ...(password ? {} : { password: "Enter your password." }),
  };
}

/**
 * The sign-in by a passkey, or by password and the user's second factor. `email`: the only account that may sign in by
 * password (a passkey may belong to another account); `before`: other ways to sign in.
 */
export function SignInSteps({
  email,
  passwordRef,
  before,
  onSignedIn,
}: {
  email?: string;
  passwordRef?: RefObject<HTMLInputElement | null>;
  before?: ReactNode;
  onSignedIn: (answer: AuthAnswer) => void;
}) {
  const [step, setStep] = useState<"password" | "second-factor">("password");
  const [notice, setNotice] = useState<string | null>(null);
  if (step === "second-factor") {
    const restart = (message: string | null) => {
      setNotice(message);
      setStep("password");
    };
    return <SecondFactorStep onSignedIn={onSignedIn} onRestart={restart} />;
  }
  return (
    <>
      {notice ? (
        <Callout tone="danger" className="mb-4">
          {notice}
        </Callout>
      ) : null}
      {before}
      <AuthForm
        path="/api/auth/sign-in"
        submitLabel="Sign in"
        check={checkLogin}
        onSuccess={(answer) => (answer.second_factor ? setStep("second-factor") : onSignedIn(answer))}
      >
        {(errors) => (
          <>
            <Field label="E-mail" error={errors.email}>
              <Input
                name="email"
                type="email"
                autoComplete="username"
                {...(email === undefined ? { autoFocus: true } : { value: email, readOnly: true })}
              />
            </Field>
            <Field label="Password" error={errors.password}>
              <Input ref={passwordRef} name="password" type="password" autoComplete="current-password" />
            </Field>
          </>
        )}
      </AuthForm>
      <PasskeyButton onSignedIn={onSignedIn} />
    </>
  );
}

/** Asks for a code of the authenticator app, or for a recovery code. */
export function SecondFactorStep({
  onSignedIn,
  onRestart,
}: {
  onSignedIn: (answer: AuthAnswer) => void;
  /** Called if the password must be entered again. The message says why; null if the user chose to start again. */
  onRestart: (message: string | null) => void;
}) {
  const [isRecovery, setRecovery] = useState(false);
  const name = isRecovery ? "recovery_code" : "code";
  return (
    <>
      <p className="mb-4 text-muted text-sm">
        {isRecovery
          ? "Enter one of the recovery codes that you kept when you set up the second factor. Each works once."
          : "Enter the six digits that your authenticator app shows for Stufio Schedules."}
      </p>
      <AuthForm
        key={name}
        path="/api/auth/second-factor"
        submitLabel="Continue"
        check={(values): Record<string, string> => (values[name] ? {} : { [name]: "Enter a code." })}
        onSuccess={onSignedIn}
        onFault={(fault) => {
          if (fault.code !== "conflict") return false;
          onRestart(fault.message);
          return true;
        }}
      >
        {(errors) =>
          isRecovery ? (
            <Field label="Recovery code" error={errors.recovery_code}>
              <Input name={name} autoComplete="off" autoCapitalize="none" spellCheck={false} autoFocus />
            </Field>
          ) : (
            <Field label="Code" error={errors.code}>
              <Input name={name} inputMode="numeric" autoComplete="one-time-code" maxLength={7} autoFocus />
            </Field>
          )
        }
      </AuthForm>
      <div className="mt-3 flex flex-wrap justify-center gap-x-2">
        <Button variant="ghost" size="sm" onClick={() => setRecovery(!isRecovery)}>
          {isRecovery ? "Use the authenticator app" : "Use a recovery code"}
        </Button>
        <Button variant="ghost" size="sm" onClick={() => onRestart(null)}>
          Start again
        </Button>
      </div>
    </>
  );
}
