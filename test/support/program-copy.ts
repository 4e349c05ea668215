import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";

const LEFT_OUT = ["node_modules", ".git", "test"];

/** Lets something be done with a copy of the program, which is gone afterwards. It shares this checkout's packages. */
export async function withProgramCopy<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), "require-mfa-"));
  try {
    const root = resolve(".");
    cpSync(root, copy, { recursive: true, filter: (source) => !LEFT_OUT.includes(relative(root, source)) });
    symlinkSync(resolve("node_modules"), join(copy, "node_modules"), "junction");
    return await use(copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}
