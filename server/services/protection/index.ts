export { ProtectionTopicInput, SaveProtectionInput, TryProtectionInput } from "./inputs";
export { getProtection, listProtection } from "./read";
export { restoreProtection } from "./restore";
export { deleteProtection, saveProtection } from "./save";
export { createProtectionSource } from "./source";
export { tryProtection } from "./try";
