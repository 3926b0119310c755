/** A guide, as the loader in next.config.js renders it. */
declare module "*.md" {
  const guide: import("./guide").Guide;
  export default guide;
}
