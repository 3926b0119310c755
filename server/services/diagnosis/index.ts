export { getDiagnosis } from "./read";
