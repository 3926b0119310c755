import { z } from "zod";
import { Password } from "./password";

const Email = z.string().trim().toLowerCase().max(254).pipe(z.email("must be an e-mail address"));
const Name = z.string().trim().min(1, "must not be empty").max(120);

export const SignInInput = z.strictObject({ email: Email, password: z.string().min(1).max(256) });
export type SignInInput = z.infer<typeof SignInInput>;

export const SetupInput = z.strictObject({
  token: z.string().min(1).max(512),
  email: Email,
  password: Password,
  name: Name.optional(),
});
export type SetupInput = z.infer<typeof SetupInput>;

export const ChangePasswordInput = z.strictObject({
  currentPassword: z.string().min(1).max(256),
  newPassword: Password,
});
export type ChangePasswordInput = z.infer<typeof ChangePasswordInput>;

/** Without `sessionId` every session but the caller's own ends. */
export const RevokeSessionInput = z.strictObject({ sessionId: z.uuid().optional() });
export type RevokeSessionInput = z.infer<typeof RevokeSessionInput>;

const UserRole = z.enum(["admin", "operator", "viewer"]);

export const CreateUserInput = z.strictObject({ email: Email, name: Name, role: UserRole, password: Password });
export type CreateUserInput = z.infer<typeof CreateUserInput>;

/** A new `password` ends the user's sessions. */
export const UpdateUserInput = z.strictObject({
  userId: z.uuid(),
  name: Name.optional(),
  role: UserRole.optional(),
  disabled: z.boolean().optional(),
  password: Password.optional(),
});
export type UpdateUserInput = z.infer<typeof UpdateUserInput>;

export const UserId = z.strictObject({ userId: z.uuid() });
export type UserId = z.infer<typeof UserId>;

export const CreateApiKeyInput = z.strictObject({
  name: Name,
  rights: z
    .array(z.enum(["read", "write", "admin"]))
    .min(1, "must name at least one right")
    .transform((rights) => [...new Set(rights)]),
  expiresAt: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .optional(),
});
export type CreateApiKeyInput = z.infer<typeof CreateApiKeyInput>;

export const ApiKeyId = z.strictObject({ keyId: z.uuid() });
export type ApiKeyId = z.infer<typeof ApiKeyId>;
