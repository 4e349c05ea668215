// Where another program uses the component, Pulumi starts this file in that program's folder, and would compile TypeScript
// by that program's tsconfig.json, by which ours need not compile. tsx compiles ours by our own. Pulumi's analyzer reads
// component.ts, which lies beside this file under the same name.
process.env.TSX_TSCONFIG_PATH ??= require("node:path").join(__dirname, "tsconfig.json");
require("tsx/cjs");
module.exports = require("./component.ts");
