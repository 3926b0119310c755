import {
  deleteUser,
  InviteUserInput,
  IssueLinkInput,
  inviteUser,
  issueLink,
  listUsers,
  resetSecondFactor,
  revokeLink,
  UpdateUserInput,
  UserId,
  updateUser,
} from "~/server/services/access";
import { type Incoming, methods, NoInput, restRoute } from "../handler";

const byId = ({ params }: Incoming) => ({ userId: params.id });
const bodyOf = ({ params, body }: Incoming) => ({ ...body, userId: params.id });

/** `/admin/users`. POST invites a user: only its answer has the token of the link that sets the password. */
export const users = methods({
  GET: restRoute({
    right: "users:edit",
    input: NoInput,
    run: async ({ ctx }) => ({ body: await listUsers({ ctx }) }),
  }),
  POST: restRoute({
    right: "users:edit",
    idempotent: true,
    input: InviteUserInput,
    run: async (call) => ({ status: 201, body: await inviteUser(call) }),
  }),
});

/** `/admin/users/{id}`. PATCH cannot set a password; over REST, `/link` issues a link for this. */
export const user = methods({
  PATCH: restRoute({
    right: "users:edit",
    input: UpdateUserInput.omit({ password: true }),
    inputFrom: bodyOf,
    run: async (call) => ({ body: await updateUser(call) }),
  }),
  DELETE: restRoute({
    right: "users:edit",
    input: UserId,
    inputFrom: byId,
    run: async (call) => {
      await deleteUser(call);
      return {};
    },
  }),
});

/** `/admin/users/{id}/link`. Only the answer of POST has the token of the new link. */
export const userLink = methods({
  POST: restRoute({
    right: "users:edit",
    input: IssueLinkInput,
    inputFrom: bodyOf,
    run: async (call) => ({ status: 201, body: await issueLink(call) }),
  }),
  DELETE: restRoute({
    right: "users:edit",
    input: UserId,
    inputFrom: byId,
    run: async (call) => {
      await revokeLink(call);
      return {};
    },
  }),
});

/** `/admin/users/{id}/second-factor` */
export const userSecondFactor = methods({
  DELETE: restRoute({
    right: "users:edit",
    input: UserId,
    inputFrom: byId,
    run: async (call) => {
      await resetSecondFactor(call);
      return {};
    },
  }),
});
