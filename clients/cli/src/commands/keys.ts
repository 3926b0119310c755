import { randomUUID } from "node:crypto";
import { dataOf, type Schemas } from "@stufio/schedules-client";
import type { Command } from "commander";
import { type AddCommands, numberIn, valuesOf, withExamples } from "../command.js";
import { addYesOption, type ConfirmOptions, confirm } from "../confirm.js";
import type { Context } from "../context.js";
import type { Cell, Column, Show } from "../output/table.js";
import { intoSecretFile } from "../secret-file.js";

type ApiKey = Schemas["ApiKeyView"];

interface SecretOptions {
  secretFile?: string;
  expiresAt?: string;
}
interface CreateOptions extends SecretOptions {
  right: string[];
  topicPrefix?: string[];
  namespace?: string[];
  serviceAccount?: string;
  allowAddress?: string[];
}

/** Adds `keys list`, `create`, `rotate` and `revoke`. */
export const addKeyCommands: AddCommands = (keys, perform) => {
  const list = keys
    .command("list")
    .description("List API keys without their secrets")
    .action(() =>
      perform(list, async (context) => {
        const client = await context.client();
        const { items } = dataOf(await client.api.GET("/admin/api-keys", context.call));
        await context.print.rows(items, COLUMNS, { empty: "There are no API keys." });
      }),
    );
  withExamples(list, ["keys list"]);

  const create = keys
    .command("create <name>")
    .description("Create an API key. Its secret is shown only once")
    .requiredOption(
      "--right <right>",
      "right such as schedules:read, or a level: read, write or admin; may be repeated",
      valuesOf,
    )
    .option("--topic-prefix <prefix>", "restricts the key to topics with this prefix; may be repeated", valuesOf)
    .option("--namespace <name>", "restricts the key to the topics of a namespace; may be repeated", valuesOf)
    .option("--service-account <name>", "owner of the key, by default the caller")
    .option("--allow-address <range>", "address or CIDR range that may use the key; may be repeated", valuesOf);
  addSecretOptions(create).action((name: string, options: CreateOptions) =>
    perform(create, async (context) => {
      const { right, topicPrefix, namespace, serviceAccount, allowAddress, expiresAt } = options;
      const scope = topicPrefix || namespace ? { topic_prefixes: topicPrefix, namespaces: namespace } : undefined;
      const body = {
        ...{ name, rights: right, scope, service_account: serviceAccount, allowed_addresses: allowAddress },
        expires_at: context.time(expiresAt),
      };
      const client = await context.client();
      await printNewKey(context, options, async () =>
        dataOf(await client.api.POST("/admin/api-keys", { body: body as never, ...keyed(context) })),
      );
    }),
  );
  withExamples(create, [
    'keys create "billing service" --right schedules:read --right schedules:create --topic-prefix billing.',
    "keys create ci --right write --expires-at +90d --secret-file ci.key",
  ]);

  const rotate = keys
    .command("rotate <key-id>")
    .description("Replace an API key by a new one with the same rights")
    .option("--overlap <seconds>", "how long the former secret stays valid, a day by default", numberIn(0, 2_592_000));
  addSecretOptions(rotate).action((id: string, options: SecretOptions & { overlap?: number }) =>
    perform(rotate, async (context) => {
      const client = await context.client();
      const body = { overlap_seconds: options.overlap, expires_at: context.time(options.expiresAt) };
      const { params, ...call } = keyed(context);
      await printNewKey(context, options, async () =>
        dataOf(
          await client.api.POST("/admin/api-keys/{id}/rotate", { body, params: { ...params, path: { id } }, ...call }),
        ),
      );
    }),
  );
  withExamples(rotate, ["keys rotate 0190f3a0-0000-7000-8000-000000000000 --overlap 3600 --secret-file new.key"]);

  const revoke = keys.command("revoke <key-id>").description("Revoke an API key. The next request with it is refused");
  addYesOption(revoke).action((id: string, options: ConfirmOptions) =>
    perform(revoke, async (context) => {
      await confirm(context, `Revoke the API key ${id}?`, options);
      const client = await context.client();
      dataOf(await client.api.DELETE("/admin/api-keys/{id}", { params: { path: { id } }, ...context.call }));
      context.print.done(`Revoked ${id}`, { key_id: id, revoked: true });
    }),
  );
  withExamples(revoke, ["keys revoke 0190f3a0-0000-7000-8000-000000000000"]);
};

const addSecretOptions = (command: Command): Command =>
  command
    .option("--expires-at <time>", "end of the key, such as +90d")
    .option("--secret-file <path>", "write the secret to a new file that only you can read, instead of printing it");

const keyed = ({ call }: Context) => ({ params: { header: { "Idempotency-Key": randomUUID() } }, ...call });

async function printNewKey(
  context: Context,
  { secretFile }: SecretOptions,
  create: () => Promise<Schemas["NewApiKey"]>,
): Promise<void> {
  if (secretFile === undefined) {
    context.print.record(await create(), (one, show) => [...keyFields(one, show), ["secret", one.secret]]);
    return context.note("The secret is shown only now.");
  }
  const { secret: _, ...key } = await intoSecretFile(secretFile, create);
  context.print.record(key, keyFields);
  context.note(`The secret is in ${secretFile}`);
}

const keyFields = (key: ApiKey, show: Show): [string, Cell][] => [
  ["id", key.key_id],
  ["name", key.name],
  ["rights", key.rights.join(", ")],
  ["scope", scopeText(key)],
  ["owner", key.owner],
  ["expires", show.time(key.expires_at)],
  ["addresses", key.allowed_addresses.join(", ") || "all"],
];

const scopeText = ({ scope }: ApiKey) =>
  scope === null
    ? "all topics"
    : [...scope.namespaces, ...scope.topic_prefixes.map((prefix) => `${prefix}*`)].join(", ");

const COLUMNS: readonly Column<ApiKey>[] = [
  { title: "ID", cell: ({ key_id }) => key_id },
  { title: "NAME", cell: ({ name }) => name, shrink: 12 },
  { title: "STARTS WITH", cell: ({ start }) => start },
  { title: "RIGHTS", cell: ({ rights }) => rights.join(", "), shrink: 20 },
  { title: "SCOPE", cell: scopeText, shrink: 12 },
  { title: "EXPIRES", cell: ({ expires_at }, show) => show.time(expires_at) },
  { title: "LAST USED", cell: ({ last_used_at }, show) => show.time(last_used_at) },
];
