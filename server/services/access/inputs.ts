import { z } from "zod";
import { Instant } from "~/server/domain/instant";
import { LEVELS, RIGHTS, ROLES, singleRights } from "~/server/domain/rights";
import { Id, Line, Name as NameText } from "~/server/domain/text";
import { SecretIdempotencyKey } from "~/server/services/idempotency";
import { Password } from "./password";

const Email = z.string().trim().toLowerCase().max(254).pipe(z.email("must be an e-mail address"));
const Name = NameText(120);

export const SignInInput = z.strictObject({ email: Email, password: Line(256).min(1) });
export type SignInInput = z.infer<typeof SignInInput>;

export const SetupInput = z.strictObject({
  token: Line(512).min(1),
  email: Email,
  password: Password,
  name: Name.optional(),
});
export type SetupInput = z.infer<typeof SetupInput>;

export const ChangePasswordInput = z.strictObject({
  currentPassword: Line(256).min(1),
  newPassword: Password,
});
export type ChangePasswordInput = z.infer<typeof ChangePasswordInput>;

/** Without `sessionId`, all other sessions of the caller end. */
export const RevokeSessionInput = z.strictObject({ sessionId: Id.optional() });
export type RevokeSessionInput = z.infer<typeof RevokeSessionInput>;

const UserRole = z.enum(ROLES);

export const CreateUserInput = z.strictObject({
  email: Email,
  name: Name,
  role: UserRole,
  password: Password,
  idempotencyKey: SecretIdempotencyKey.optional(),
});
export type CreateUserInput = z.infer<typeof CreateUserInput>;

/** A new `password` ends the user's sessions. */
export const UpdateUserInput = z.strictObject({
  userId: Id,
  name: Name.optional(),
  role: UserRole.optional(),
  disabled: z.boolean().optional(),
  password: Password.optional(),
});
export type UpdateUserInput = z.infer<typeof UpdateUserInput>;

export const UserId = z.strictObject({ userId: Id });
export type UserId = z.infer<typeof UserId>;

export const CreateApiKeyInput = z.strictObject({
  name: Name,
  rights: z
    .array(z.enum([...RIGHTS, ...LEVELS]))
    .min(1, "must name at least one right")
    .transform(singleRights),
  expiresAt: Instant.optional(),
  idempotencyKey: SecretIdempotencyKey.optional(),
});
export type CreateApiKeyInput = z.infer<typeof CreateApiKeyInput>;

export const ApiKeyId = z.strictObject({ keyId: Id });
export type ApiKeyId = z.infer<typeof ApiKeyId>;
