import { readFileSync } from "node:fs";
import { expect } from "chai";
import * as v from "valibot";

const LockFile = v.object({
  packages: v.record(
    v.string(),
    v.object({
      license: v.optional(v.string()),
      version: v.optional(v.string()),
      resolved: v.optional(v.string()),
      optionalDependencies: v.optional(v.record(v.string(), v.string())),
    }),
  ),
});

/** Licences that ask for no more than to be named. */
const PERMISSIVE = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC-BY-3.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "Python-2.0",
];

/** What a package says that is no SPDX name, and what its licence file says. */
const READ_BY_HAND: Readonly<Record<string, string>> = { "node_modules/@logdna/tail-file": "MIT" };

describe("package-lock.json", () => {
  const { packages } = v.parse(LockFile, JSON.parse(readFileSync("package-lock.json", "utf8")));
  const installed = Object.entries(packages).filter(([path]) => path !== "");

  it("installs permissive licences only", () => {
    const others = installed.filter(([path, { license }]) => {
      const names = (READ_BY_HAND[path] ?? license ?? "none").replace(/[()]/g, "").split(/ (?:AND|OR) /);
      return !names.every((name) => PERMISSIVE.includes(name));
    });
    expect(others.map(([path, { license }]) => `${path}: ${license}`)).to.deep.equal([]);
    expect(installed.length).to.be.greaterThan(100);
  });

  it("holds the optional packages of every platform, not only of the one that it was written on", () => {
    const missing = installed.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
      ),
    );
    expect(missing).to.deep.equal([]);
  });
});
