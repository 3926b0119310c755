import { EncryptAgainInput, encryptAgain, getPayloadKeys } from "~/server/services/payload-keys";
import {
  deleteProtection,
  listProtection,
  ProtectionTopicInput,
  SaveProtectionInput,
  saveProtection,
  TryProtectionInput,
  tryProtection,
} from "~/server/services/protection";
import { procedure, router } from "../init";

export const protectionRouter = router({
  list: procedure("schedules:read").query(({ ctx }) => listProtection({ ctx: ctx.call })),
  save: procedure("settings:edit")
    .input(SaveProtectionInput)
    .mutation(({ ctx, input }) => saveProtection({ ctx: ctx.call, input })),
  delete: procedure("settings:edit")
    .input(ProtectionTopicInput)
    .mutation(({ ctx, input }) => deleteProtection({ ctx: ctx.call, input })),
  keys: procedure("schedules:read").query(({ ctx }) => getPayloadKeys({ ctx: ctx.call })),
  encryptAgain: procedure("system:operate")
    .meta({ takesLong: true })
    .input(EncryptAgainInput)
    .mutation(({ ctx, input }) => encryptAgain({ ctx: ctx.call, input })),
  /** A mutation, because a payload does not fit into a URL. */
  try: procedure("settings:edit")
    .input(TryProtectionInput)
    .mutation(({ ctx, input }) => tryProtection({ ctx: ctx.call, input })),
});
