"use client";

import { useState } from "react";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { AuthForm } from "./auth-form";
import { PasswordMeter } from "./password-strength";

function check({ email, password }: Record<string, string>): Record<string, string> {
  return {
    ...(email ? {} : { email: "Enter an e-mail address." }),
    ...(password ? {} : { password: "Enter a password." }),
  };
}

/** Creates the first account, an admin. */
export function SetupForm({ token }: { token: string }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  return (
    <AuthForm
      path="/api/auth/setup"
      submitLabel="Create account"
      check={check}
      extra={{ token }}
      onSuccess={() => window.location.assign("/")}
    >
      {(errors) => (
        <>
          <Field
            label="Name"
            error={errors.name}
            description="Shown in the list of users. Beside your actions, users see your e-mail address."
          >
            <Input name="name" autoComplete="name" autoFocus />
          </Field>
          <Field label="E-mail" error={errors.email}>
            <Input
              name="email"
              type="email"
              autoComplete="username"
              onChange={(event) => setEmail(event.target.value)}
            />
          </Field>
          <Field label="Password" error={errors.password} description="At least 8 characters; several words are best.">
            <Input
              name="password"
              type="password"
              autoComplete="new-password"
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
          <PasswordMeter password={password} words={[email]} />
        </>
      )}
    </AuthForm>
  );
}
