import type { TopicPrefixes } from "~/server/domain/scope";
import type { HotTier } from "~/server/ports/hot/hot-tier";
import type { Store } from "~/server/ports/store/store";
import type { Deps } from "../ctx";
import { requireTopic } from "../scope";
import { auditWindow } from "./audit-window";
import { scopedHot } from "./scoped-hot";
import { scopedStore } from "./scoped-store";

/*
 * A caller with a scope gets dependencies whose stores know only the topics of the scope (docs/adr/0021).
 * `requireRight` refuses a caller with a scope on other dependencies, so that a service cannot forget the scope.
 */

/** Maximum number of scopes whose stores are kept per process. */
const MAX_SCOPES = 200;

/** Returns the dependencies that know only the topics of a scope. */
export function scopedDeps(deps: Deps, scope: TopicPrefixes): Deps {
  const { topicSchemas } = deps;
  const windowOf = auditWindow(deps, scope);
  const { hot, sharedStore } = keptStores(deps, scope);
  const storeOf = (store: Store): Store => scopedStore(store, { scope, windowOf, shared: () => sharedStore, storeOf });
  return {
    ...deps,
    scope,
    unscoped: deps,
    hot,
    store: storeOf(deps.store),
    topicSchemas: {
      refresh: () => topicSchemas.refresh(),
      checkOf(topic) {
        requireTopic(scope, topic);
        return topicSchemas.checkOf(topic);
      },
    },
  };
}

interface Kept {
  hot: HotTier;
  sharedStore: Store;
}

const keptOf = new WeakMap<HotTier, Map<string, Kept>>();

/** The stores that requests share. Kept, because services cache values by these objects. */
function keptStores(deps: Deps, scope: TopicPrefixes): Kept {
  const known = keptOf.get(deps.hot) ?? new Map<string, Kept>();
  keptOf.set(deps.hot, known);
  const key = scope.join("\n");
  const found = known.get(key);
  if (found) return found;
  if (known.size >= MAX_SCOPES) known.clear();
  const windowOf = auditWindow({ hot: deps.hot, store: deps.store.shared }, scope);
  const storeOf = (store: Store): Store =>
    scopedStore(store, { scope, windowOf, shared: () => kept.sharedStore, storeOf });
  const kept: Kept = { hot: scopedHot(deps.hot, scope), sharedStore: storeOf(deps.store.shared) };
  known.set(key, kept);
  return kept;
}
