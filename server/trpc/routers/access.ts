import {
  AddPasskeyInput,
  ApiKeyId,
  addPasskey,
  ChangePasswordInput,
  CreateApiKeyInput,
  CreateUserInput,
  changePassword,
  createApiKey,
  createUser,
  DirectoryEntry,
  deleteNamespace,
  deleteRole,
  deleteServiceAccount,
  deleteUser,
  getSecondFactor,
  InviteUserInput,
  IssueLinkInput,
  inviteUser,
  issueLink,
  listApiKeys,
  listNamespaces,
  listPasskeys,
  listRoles,
  listServiceAccounts,
  listSessions,
  listUsers,
  newRecoveryCodes,
  ownOrigin,
  PasskeyId,
  PasswordInput,
  RenamePasskeyInput,
  RevokeSessionInput,
  RotateApiKeyInput,
  removePasskey,
  renamePasskey,
  resetSecondFactor,
  revokeApiKey,
  revokeLink,
  revokeSession,
  rightsOf,
  rotateApiKey,
  SaveNamespaceInput,
  SaveRoleInput,
  SaveServiceAccountInput,
  StartPasskeyInput,
  saveNamespace,
  saveRole,
  saveServiceAccount,
  startPasskey,
  startSecondFactor,
  stopSecondFactor,
  UpdateUserInput,
  UserId,
  updateUser,
} from "~/server/services/access";
import { callerProcedure, procedure, publicProcedure, router, userProcedure } from "../init";

/** Sign-in and sign-out set cookies, so they are route handlers under `/api/auth`. */
export const accessRouter = router({
  /** The caller, or null if not signed in. */
  me: publicProcedure.query(({ ctx }) => {
    const { principal } = ctx.call;
    if (!principal) return null;
    const { id, email, name, role, via, scope } = principal;
    return { id, email, name, role, via, rights: [...rightsOf(principal)], scope: scope ? [...scope] : null };
  }),
  changePassword: callerProcedure
    .input(ChangePasswordInput)
    .mutation(({ ctx, input }) => changePassword({ ctx: ctx.call, input, session: ctx.session })),
  inviteUser: procedure("users:edit")
    .input(InviteUserInput)
    .mutation(({ ctx, input }) => inviteUser({ ctx: ctx.call, input })),
  issueLink: procedure("users:edit")
    .input(IssueLinkInput)
    .mutation(({ ctx, input }) => issueLink({ ctx: ctx.call, input })),
  revokeLink: procedure("users:edit")
    .input(UserId)
    .mutation(({ ctx, input }) => revokeLink({ ctx: ctx.call, input })),
  passkeys: callerProcedure.query(({ ctx }) => listPasskeys({ ctx: ctx.call, session: ctx.session })),
  startPasskey: callerProcedure
    .input(StartPasskeyInput)
    .mutation(({ ctx, input }) =>
      startPasskey({ ctx: ctx.call, input, session: ctx.session, origin: ownOrigin(ctx.call.deps.env, ctx.headers) }),
    ),
  addPasskey: callerProcedure
    .input(AddPasskeyInput)
    .mutation(({ ctx, input }) =>
      addPasskey({ ctx: ctx.call, input, session: ctx.session, origin: ownOrigin(ctx.call.deps.env, ctx.headers) }),
    ),
  renamePasskey: callerProcedure
    .input(RenamePasskeyInput)
    .mutation(({ ctx, input }) => renamePasskey({ ctx: ctx.call, input, session: ctx.session })),
  removePasskey: callerProcedure
    .input(PasskeyId)
    .mutation(({ ctx, input }) => removePasskey({ ctx: ctx.call, input, session: ctx.session })),
  secondFactor: userProcedure.query(({ ctx }) => getSecondFactor({ ctx: ctx.call, session: ctx.session })),
  startSecondFactor: userProcedure
    .input(PasswordInput)
    .mutation(({ ctx, input }) => startSecondFactor({ ctx: ctx.call, input, session: ctx.session })),
  stopSecondFactor: userProcedure
    .input(PasswordInput)
    .mutation(({ ctx, input }) => stopSecondFactor({ ctx: ctx.call, input, session: ctx.session })),
  newRecoveryCodes: userProcedure
    .input(PasswordInput)
    .mutation(({ ctx, input }) => newRecoveryCodes({ ctx: ctx.call, input, session: ctx.session })),
  resetSecondFactor: procedure("users:edit")
    .input(UserId)
    .mutation(({ ctx, input }) => resetSecondFactor({ ctx: ctx.call, input })),
  sessions: callerProcedure.query(({ ctx }) => listSessions({ ctx: ctx.call, session: ctx.session })),
  revokeSession: callerProcedure
    .input(RevokeSessionInput)
    .mutation(({ ctx, input }) => revokeSession({ ctx: ctx.call, input, session: ctx.session })),
  users: procedure("users:edit").query(({ ctx }) => listUsers({ ctx: ctx.call })),
  createUser: procedure("users:edit")
    .input(CreateUserInput)
    .mutation(({ ctx, input }) => createUser({ ctx: ctx.call, input })),
  updateUser: procedure("users:edit")
    .input(UpdateUserInput)
    .mutation(({ ctx, input }) => updateUser({ ctx: ctx.call, input })),
  deleteUser: procedure("users:edit")
    .input(UserId)
    .mutation(({ ctx, input }) => deleteUser({ ctx: ctx.call, input })),
  apiKeys: procedure("keys:edit").query(({ ctx }) => listApiKeys({ ctx: ctx.call })),
  createApiKey: procedure("keys:edit")
    .input(CreateApiKeyInput)
    .mutation(({ ctx, input }) => createApiKey({ ctx: ctx.call, input })),
  rotateApiKey: procedure("keys:edit")
    .input(RotateApiKeyInput)
    .mutation(({ ctx, input }) => rotateApiKey({ ctx: ctx.call, input })),
  revokeApiKey: procedure("keys:edit")
    .input(ApiKeyId)
    .mutation(({ ctx, input }) => revokeApiKey({ ctx: ctx.call, input })),
  roles: procedure("users:edit").query(({ ctx }) => listRoles({ ctx: ctx.call })),
  saveRole: procedure("users:edit")
    .input(SaveRoleInput)
    .mutation(({ ctx, input }) => saveRole({ ctx: ctx.call, input })),
  deleteRole: procedure("users:edit")
    .input(DirectoryEntry)
    .mutation(({ ctx, input }) => deleteRole({ ctx: ctx.call, input })),
  namespaces: procedure(["users:edit", "keys:edit"]).query(({ ctx }) => listNamespaces({ ctx: ctx.call })),
  saveNamespace: procedure("users:edit")
    .input(SaveNamespaceInput)
    .mutation(({ ctx, input }) => saveNamespace({ ctx: ctx.call, input })),
  deleteNamespace: procedure("users:edit")
    .input(DirectoryEntry)
    .mutation(({ ctx, input }) => deleteNamespace({ ctx: ctx.call, input })),
  serviceAccounts: procedure("keys:edit").query(({ ctx }) => listServiceAccounts({ ctx: ctx.call })),
  saveServiceAccount: procedure("keys:edit")
    .input(SaveServiceAccountInput)
    .mutation(({ ctx, input }) => saveServiceAccount({ ctx: ctx.call, input })),
  deleteServiceAccount: procedure("keys:edit")
    .input(DirectoryEntry)
    .mutation(({ ctx, input }) => deleteServiceAccount({ ctx: ctx.call, input })),
});
