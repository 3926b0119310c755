import type { TopicSchemaView } from "~/server/domain/views";
import {
  deleteProtection,
  getProtection,
  ProtectionTopicInput,
  SaveProtectionInput,
  saveProtection,
} from "~/server/services/protection";
import {
  deleteTopicSchema,
  getTopicSchema,
  SaveTopicSchemaInput,
  saveTopicSchema,
  TopicInput,
} from "~/server/services/topic-schemas";
import { type Answer, type Incoming, methods, restRoute } from "../handler";

const byTopic = ({ params }: Incoming) => ({ topic: params.topic });

/** The schema itself, unchanged: the property names in a schema are not mapped to snake_case. */
const answer = ({ schema, version, updatedAt }: TopicSchemaView): Answer => ({
  body: schema,
  headers: {
    "content-type": "application/schema+json",
    etag: `"${version}"`,
    "last-modified": new Date(updatedAt).toUTCString(),
  },
});

/** `/admin/topics/{topic}/schema`: the JSON Schema that payloads of a topic must agree with. */
export const topicSchema = methods({
  GET: restRoute({
    right: "schedules:read",
    input: TopicInput,
    inputFrom: byTopic,
    run: async (call) => answer(await getTopicSchema(call)),
  }),
  PUT: restRoute({
    right: "settings:edit",
    input: SaveTopicSchemaInput,
    keepsJsonText: true,
    inputFrom: (incoming) => ({ ...byTopic(incoming), schema: incoming.bodyText?.text }),
    run: async (call) => answer(await saveTopicSchema(call)),
  }),
  DELETE: restRoute({
    right: "settings:edit",
    input: TopicInput,
    inputFrom: byTopic,
    run: async (call) => {
      await deleteTopicSchema(call);
      return {};
    },
  }),
});

/** `/admin/topics/{topic}/protection`: the masked paths and patterns of a topic, or of topics such as `payments.*`. */
export const topicProtection = methods({
  GET: restRoute({
    right: "schedules:read",
    input: ProtectionTopicInput,
    inputFrom: byTopic,
    run: async (call) => ({ body: await getProtection(call) }),
  }),
  PUT: restRoute({
    right: "settings:edit",
    input: SaveProtectionInput,
    inputFrom: (incoming) => ({ ...incoming.body, ...byTopic(incoming) }),
    run: async (call) => ({ body: await saveProtection(call) }),
  }),
  DELETE: restRoute({
    right: "settings:edit",
    input: ProtectionTopicInput,
    inputFrom: byTopic,
    run: async (call) => {
      await deleteProtection(call);
      return {};
    },
  }),
});
