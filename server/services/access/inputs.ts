import { z } from "zod";
import { parseRanges } from "~/server/addresses";
import { Instant } from "~/server/domain/instant";
import { fitsScope, LEVELS, RIGHTS, type Right, ROLES, singleRights } from "~/server/domain/rights";
import { Description, DirectoryName, PrefixList, Scope } from "~/server/domain/scope";
import { Id, Line, Name as NameText } from "~/server/domain/text";
import { SecretIdempotencyKey } from "~/server/services/idempotency";
import { Password } from "./password";

const Email = z.string().trim().toLowerCase().max(254).pipe(z.email("must be an e-mail address"));
const Name = NameText(120);
/** Apps show the code as "123 456". */
const Code = Line(16)
  .transform((text) => text.replaceAll(" ", ""))
  .pipe(z.string().regex(/^\d{6}$/, "must have six digits"))
  .describe("The six digits that the authenticator app shows.");

/** A built-in role, or the name of a custom role. */
const UserRole = DirectoryName;

export const SignInInput = z.strictObject({ email: Email, password: Line(256).min(1) });
export type SignInInput = z.infer<typeof SignInInput>;

/** What completes a sign-in whose password was right: a code of the app, or a recovery code. */
export const SecondFactorInput = z
  .strictObject({ code: Code.optional(), recoveryCode: Line(64).min(1).optional() })
  .refine(({ code, recoveryCode }) => (code === undefined) !== (recoveryCode === undefined), {
    path: ["code"],
    message: "is required, unless recovery_code is sent instead",
  });
export type SecondFactorInput = z.infer<typeof SecondFactorInput>;

/** The first code of an app, which turns the second factor on. */
export const CodeInput = z.strictObject({ code: Code });
export type CodeInput = z.infer<typeof CodeInput>;

/** The caller's password, for a change that needs it. */
export const PasswordInput = z.strictObject({ password: Line(256).min(1) });
export type PasswordInput = z.infer<typeof PasswordInput>;

/** How long an invitation is valid, in hours. */
const ValidHours = z
  .int("must be a whole number of hours")
  .min(1, "must be at least 1")
  .max(720, "must be at most 720");
const DEFAULT_VALID_HOURS = 72;

export const InviteUserInput = z.strictObject({
  email: Email,
  name: Name,
  role: UserRole,
  validHours: ValidHours.default(DEFAULT_VALID_HOURS),
  idempotencyKey: SecretIdempotencyKey.optional(),
});
export type InviteUserInput = z.output<typeof InviteUserInput>;

/** `validHours` applies to invitations only. */
export const IssueLinkInput = z.strictObject({ userId: Id, validHours: ValidHours.default(DEFAULT_VALID_HOURS) });
export type IssueLinkInput = z.output<typeof IssueLinkInput>;

const Token = Line(512).min(1);

/** The token at the end of a password link's address. */
export const LinkToken = z.strictObject({ token: Token });
export type LinkToken = z.infer<typeof LinkToken>;

export const UseLinkInput = z.strictObject({ token: Token, password: Password });
export type UseLinkInput = z.infer<typeof UseLinkInput>;

/** The answer of the browser in a ceremony of a passkey, as JSON text. */
const CeremonyAnswer = { ceremony: Line(512).min(1), response: Line(12_000).min(2) };
const PasskeyName = NameText(60);

/** `password` is required of a user who has one. */
export const StartPasskeyInput = z.strictObject({ password: Line(256).optional() });
export type StartPasskeyInput = z.infer<typeof StartPasskeyInput>;

export const AddPasskeyInput = z.strictObject({ ...CeremonyAnswer, name: PasskeyName });
export type AddPasskeyInput = z.infer<typeof AddPasskeyInput>;

export const PasskeyId = z.strictObject({ passkeyId: Id });
export type PasskeyId = z.infer<typeof PasskeyId>;

export const RenamePasskeyInput = z.strictObject({ passkeyId: Id, name: PasskeyName });
export type RenamePasskeyInput = z.infer<typeof RenamePasskeyInput>;

export const PasskeySignInInput = z.strictObject(CeremonyAnswer);
export type PasskeySignInInput = z.infer<typeof PasskeySignInInput>;

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

const MAX_ADDRESSES = 100;

const AddressOrRange = Line(64).refine(
  isOneRange,
  "must be an address or a CIDR range such as 192.0.2.7 or 10.0.0.0/8",
);

function isOneRange(text: string): boolean {
  try {
    return parseRanges(text).length === 1;
  } catch {
    return false;
  }
}

/** Rights that do not fit a scope are refused together with one, so that nobody relies on them. */
function refuseUnscoped({ rights, scope }: { rights: readonly Right[]; scope?: unknown }, ctx: z.RefinementCtx): void {
  const unfit = scope ? rights.filter((right) => !fitsScope(right)) : [];
  if (unfit.length === 0) return;
  const message = `must not include ${unfit.join(", ")} together with a scope, because they are not about topics`;
  ctx.addIssue({ code: "custom", path: ["rights"], message });
}

const CreateApiKeyFields = z.strictObject({
  name: Name,
  rights: z
    .array(z.enum([...RIGHTS, ...LEVELS]))
    .min(1, "must name at least one right")
    .transform(singleRights),
  scope: Scope.nullish(),
  /** The service account that owns the key; by default the caller, or the owner of the caller's key. */
  serviceAccount: DirectoryName.optional(),
  expiresAt: Instant.optional(),
  allowedAddresses: z.array(AddressOrRange).max(MAX_ADDRESSES, `must have at most ${MAX_ADDRESSES} entries`).optional(),
  idempotencyKey: SecretIdempotencyKey.optional(),
});
export const CreateApiKeyInput = CreateApiKeyFields.superRefine(refuseUnscoped);
export type CreateApiKeyInput = z.infer<typeof CreateApiKeyInput>;

/** How long the former secret of a rotated key stays valid by default. */
const DEFAULT_OVERLAP_SECONDS = 86_400;
const MAX_OVERLAP_SECONDS = 30 * 86_400;

/** `expiresAt` is that of the new key. By default the new key has the same lifetime as the former key. */
export const RotateApiKeyInput = z.strictObject({
  keyId: Id,
  overlapSeconds: z
    .int("must be a whole number of seconds")
    .min(0, "must be at least 0")
    .max(MAX_OVERLAP_SECONDS, `must be at most ${MAX_OVERLAP_SECONDS} (30 days)`)
    .default(DEFAULT_OVERLAP_SECONDS),
  expiresAt: Instant.optional(),
  idempotencyKey: SecretIdempotencyKey.optional(),
});
export type RotateApiKeyInput = z.output<typeof RotateApiKeyInput>;

export const ApiKeyId = z.strictObject({ keyId: Id });
export type ApiKeyId = z.infer<typeof ApiKeyId>;

/** A role, namespace or service account that replaces the one with the same name. `isNew`: there must be none. */
const Saved = { description: Description, isNew: z.boolean().default(false) };
const NotBuiltIn = DirectoryName.refine((name) => !(ROLES as readonly string[]).includes(name) && name !== "service", {
  error: "must not be the name of a built-in role, nor service",
});

export const SaveRoleInput = z
  .strictObject({
    ...{ name: NotBuiltIn, ...Saved },
    rights: z.array(z.enum(RIGHTS)).min(1, "must name at least one right").transform(singleRights),
    scope: Scope.nullish(),
  })
  .superRefine(refuseUnscoped);
export type SaveRoleInput = z.output<typeof SaveRoleInput>;

export const SaveNamespaceInput = z.strictObject({
  ...{ name: DirectoryName, ...Saved },
  topicPrefixes: PrefixList.refine((prefixes) => prefixes.length > 0, "must name at least one topic prefix"),
});
export type SaveNamespaceInput = z.output<typeof SaveNamespaceInput>;

export const SaveServiceAccountInput = z.strictObject({
  ...{ name: DirectoryName, ...Saved },
  disabled: z.boolean().default(false),
});
export type SaveServiceAccountInput = z.output<typeof SaveServiceAccountInput>;

export const DirectoryEntry = z.strictObject({ name: DirectoryName });
export type DirectoryEntry = z.infer<typeof DirectoryEntry>;
