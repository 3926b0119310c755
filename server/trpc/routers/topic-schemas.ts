import {
  CheckPayloadInput,
  checkPayload,
  deleteTopicSchema,
  listTopicSchemas,
  SaveTopicSchemaInput,
  saveTopicSchema,
  TopicInput,
  TrySchemaInput,
  trySchema,
} from "~/server/services/topic-schemas";
import { procedure, router } from "../init";

export const topicSchemasRouter = router({
  list: procedure("schedules:read").query(({ ctx }) => listTopicSchemas({ ctx: ctx.call })),
  save: procedure("settings:edit")
    .input(SaveTopicSchemaInput)
    .mutation(({ ctx, input }) => saveTopicSchema({ ctx: ctx.call, input })),
  delete: procedure("settings:edit")
    .input(TopicInput)
    .mutation(({ ctx, input }) => deleteTopicSchema({ ctx: ctx.call, input })),
  /** A mutation, because a payload does not fit into a URL. */
  check: procedure("schedules:read")
    .input(CheckPayloadInput)
    .mutation(({ ctx, input }) => checkPayload({ ctx: ctx.call, input })),
  try: procedure("settings:edit")
    .input(TrySchemaInput)
    .mutation(({ ctx, input }) => trySchema({ ctx: ctx.call, input })),
});
