import {
  ApiKeyId,
  ChangePasswordInput,
  CreateApiKeyInput,
  CreateUserInput,
  changePassword,
  createApiKey,
  createUser,
  deleteUser,
  listApiKeys,
  listSessions,
  listUsers,
  RevokeSessionInput,
  revokeApiKey,
  revokeSession,
  rightsOf,
  UpdateUserInput,
  UserId,
  updateUser,
} from "~/server/services/access";
import { adminProcedure, protectedProcedure, publicProcedure, router } from "../init";

/** Sign-in and sign-out set cookies, so they are route handlers under `/api/auth`. */
export const accessRouter = router({
  /** The caller, or null if not signed in. */
  me: publicProcedure.query(({ ctx }) => {
    const { principal } = ctx.call;
    if (!principal) return null;
    const { id, email, name, role, via } = principal;
    return { id, email, name, role, via, rights: [...rightsOf(principal)] };
  }),
  changePassword: protectedProcedure
    .input(ChangePasswordInput)
    .mutation(({ ctx, input }) => changePassword({ ctx: ctx.call, input, session: ctx.session })),
  sessions: protectedProcedure.query(({ ctx }) => listSessions({ ctx: ctx.call, session: ctx.session })),
  revokeSession: protectedProcedure
    .input(RevokeSessionInput)
    .mutation(({ ctx, input }) => revokeSession({ ctx: ctx.call, input, session: ctx.session })),
  users: adminProcedure.query(({ ctx }) => listUsers({ ctx: ctx.call })),
  createUser: adminProcedure.input(CreateUserInput).mutation(({ ctx, input }) => createUser({ ctx: ctx.call, input })),
  updateUser: adminProcedure.input(UpdateUserInput).mutation(({ ctx, input }) => updateUser({ ctx: ctx.call, input })),
  deleteUser: adminProcedure.input(UserId).mutation(({ ctx, input }) => deleteUser({ ctx: ctx.call, input })),
  apiKeys: adminProcedure.query(({ ctx }) => listApiKeys({ ctx: ctx.call })),
  createApiKey: adminProcedure
    .input(CreateApiKeyInput)
    .mutation(({ ctx, input }) => createApiKey({ ctx: ctx.call, input })),
  revokeApiKey: adminProcedure.input(ApiKeyId).mutation(({ ctx, input }) => revokeApiKey({ ctx: ctx.call, input })),
});
