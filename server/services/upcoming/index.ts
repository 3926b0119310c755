export { exportUpcoming } from "./export";
export { upcomingFirings } from "./firings";
export {
  ExportUpcomingInput,
  OutageInput,
  SuggestSlotInput,
  SuggestTimeInput,
  UpcomingFiringsInput,
  UpcomingLoadInput,
} from "./inputs";
export { upcomingLoad } from "./load";
export { simulateOutage } from "./outage";
export { suggestSlot } from "./suggest-slot";
export { suggestTime } from "./suggest-time";
