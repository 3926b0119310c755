export { listSettings } from "./list";
export { restoreSettings } from "./restore";
export { ResetSettingsInput, resetSettings, SaveSettingsInput, saveSettings } from "./save";
export { createSettingsSource } from "./source";
