export { createApiKey, listApiKeys, revokeApiKey } from "./api-keys";
export { changePassword } from "./change-password";
export { readOwnCookie, setOwnCookie } from "./cookies";
export { DEVICE_COOKIE, DEVICE_MS } from "./devices";
export { deleteNamespace, listNamespaces, saveNamespace } from "./directory/namespaces";
export { deleteRole, listRoles, saveRole } from "./directory/roles";
export { deleteServiceAccount, listServiceAccounts, saveServiceAccount } from "./directory/service-accounts";
export { SECOND_FACTOR_COOKIE, SESSION_COOKIE, SESSION_MS, STATE_COOKIE } from "./identity/auth";
export type { NewCookie } from "./identity/new-cookies";
export type { OidcRefusal } from "./identity/oidc-sign-in";
export {
  AddPasskeyInput,
  ApiKeyId,
  ChangePasswordInput,
  CodeInput,
  CreateApiKeyInput,
  CreateUserInput,
  DirectoryEntry,
  InviteUserInput,
  IssueLinkInput,
  LinkToken,
  PasskeyId,
  PasskeySignInInput,
  PasswordInput,
  RenamePasskeyInput,
  RevokeSessionInput,
  RotateApiKeyInput,
  SaveNamespaceInput,
  SaveRoleInput,
  SaveServiceAccountInput,
  SecondFactorInput,
  SetupInput,
  SignInInput,
  StartPasskeyInput,
  UpdateUserInput,
  UseLinkInput,
  UserId,
} from "./inputs";
export { finishProviderSignIn, providerName, startProviderSignIn } from "./oidc";
export { ownOrigin, requireSameOrigin } from "./origin";
export { listSessions, revokeSession } from "./own-sessions";
export {
  addPasskey,
  listPasskeys,
  removePasskey,
  renamePasskey,
  signInByPasskey,
  startPasskey,
  startPasskeySignIn,
} from "./passkeys";
export { inviteUser, issueLink, readLink, revokeLink, useLink } from "./password-links";
export { recoverAdmin } from "./recover-admin";
export { clientIp, isHttps } from "./request-headers";
export { requireCaller, requireRight, requireUser, rightsOf } from "./require-right";
export { openCtx } from "./resolve-principal";
export { restoreAccess } from "./restore";
export { rotateApiKey } from "./rotate-api-key";
export {
  confirmSecondFactor,
  getSecondFactor,
  newRecoveryCodes,
  resetSecondFactor,
  startSecondFactor,
  stopSecondFactor,
} from "./second-factor";
export { ensureFirstAdmin, isFirstAccountMissing, setup, setupStatus } from "./setup";
export { type Browser, finishSignIn, type NeedsSecondFactor, type SignedIn, signIn } from "./sign-in";
export { signOut } from "./sign-out";
export { createUser, deleteUser, listUsers, updateUser } from "./users";
