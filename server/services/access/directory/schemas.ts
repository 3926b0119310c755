import { z } from "zod";
import { RIGHTS } from "~/server/domain/rights";
import { Base } from "../document-fields";

/* Documents whose id is their name. They are stored in the table of the accounts. */

/** Namespaces are resolved when a caller is identified, so that a change of a namespace reaches all callers. */
export const StoredScope = z.object({ namespaces: z.array(z.string()), topicPrefixes: z.array(z.string()) });

const Named = { ...Base, description: z.string(), updatedBy: z.string() };

/** A role that an admin has made. Unknown rights of a newer release are left out. */
export const RoleFields = z.object({
  ...Named,
  rights: z.array(z.string()).transform((names) => RIGHTS.filter((right) => names.includes(right))),
  scope: StoredScope.nullable(),
});
export type OwnRole = z.infer<typeof RoleFields>;

/** A named group of topic prefixes. */
export const NamespaceFields = z.object({ ...Named, topicPrefixes: z.array(z.string()) });
export type Namespace = z.infer<typeof NamespaceFields>;

/** An account without sign-in that owns API keys. */
export const ServiceAccountFields = z.object({ ...Named, disabled: z.boolean() });
export type ServiceAccount = z.infer<typeof ServiceAccountFields>;

/** The schemas of these documents by kind. Keys of rows begin with the kind. */
export const DIRECTORY = { role: RoleFields, namespace: NamespaceFields, service: ServiceAccountFields } as const;
export type DirectoryKind = keyof typeof DIRECTORY;
export type DirectoryDocument<K extends DirectoryKind = DirectoryKind> = z.infer<(typeof DIRECTORY)[K]>;
