export { type Decided, decideQuarantined } from "./decide";
export { DecideQuarantinedInput, GetQuarantinedInput, ListQuarantineInput } from "./inputs";
export { getQuarantined, listQuarantine, type QuarantinedDetail, type QuarantinedView } from "./list";
