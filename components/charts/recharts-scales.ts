/*
 * Replaces `victory-vendor/d3-scale` in the build (next.config.js). Recharts imports that module as a whole, with
 * scales that no chart here uses, such as those of time and of colour.
 */
export { scaleBand, scaleLinear, scaleLog, scalePoint } from "d3-scale";
