"use client";

import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { AuthForm } from "./auth-form";

/** An error for each missing field. */
export function checkLogin({ email, password }: Record<string, string>): Record<string, string> {
  return {
    ...(email ? {} : { email: "Enter your e-mail address." }),
    ...(password ? {} : { password: "Enter your password." }),
  };
}

/** After the sign-in, opens the page `next` with a full load, so that no earlier state remains. */
export function LoginForm({ next }: { next: string }) {
  return (
    <AuthForm
      path="/api/auth/sign-in"
      submitLabel="Sign in"
      check={checkLogin}
      onSuccess={() => window.location.assign(next)}
    >
      {(errors) => (
        <>
          <Field label="E-mail" error={errors.email}>
            <Input name="email" type="email" autoComplete="username" autoFocus />
          </Field>
          <Field label="Password" error={errors.password}>
            <Input name="password" type="password" autoComplete="current-password" />
          </Field>
        </>
      )}
    </AuthForm>
  );
}
