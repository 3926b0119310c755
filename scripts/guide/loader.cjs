const { readFile } = require("node:fs/promises");
const { dirname, join } = require("node:path");

/** A loader for Turbopack: the Markdown of a guide becomes a module that exports the rendered `Guide`. */
module.exports = function guideLoader(markdown) {
  const done = this.async();
  const readPicture = (name) => {
    const path = join(dirname(this.resourcePath), name);
    this.addDependency(path);
    return readFile(path, "utf8");
  };
  import("./render.mjs")
    .then(({ renderGuide }) => renderGuide({ markdown, readPicture }))
    .then(
      (guide) => done(null, `export default ${JSON.stringify(guide)};`),
      (error) => done(new Error(`${this.resourcePath}: ${error.message}`)),
    );
};
