import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import * as v from "valibot";
import { parse } from "yaml";

const Project = v.object({
  name: v.string(),
  /** The program's file. Without it package.json says which it is. */
  main: v.optional(v.string(), "."),
  runtime: v.object({
    name: v.literal("nodejs"),
    options: v.strictObject({
      packagemanager: v.optional(v.string()),
      /** Whether the SDK compiles the program and checks its types. */
      typescript: v.optional(v.boolean(), true),
      /** Node's own arguments, before the program. */
      nodeargs: v.optional(v.string(), ""),
    }),
  }),
});

/** What a project's Pulumi.yaml says of how its program is run. */
export type Project = v.InferOutput<typeof Project>;

/** An organization, o-a1b2c3d4e5, as far as the AWS provider reads it. */
export interface FakeOrganization {
  readonly managementAccount: string;
  /** The accounts below each root and OU. */
  readonly below: Readonly<Record<string, readonly string[]>>;
}

/** How a program is run: what the engine would tell the language host. */
export interface ProgramRun {
  /** The program's folder, with its Pulumi.yaml. */
  readonly program: string;
  readonly stack: string;
  readonly preview: boolean;
  /** As in Pulumi.<stack>.yaml; the defaults of Pulumi.yaml are the real engine's to add and are not added here. */
  readonly config: Readonly<Record<string, string>>;
  /** The ARN that the AWS provider says is its own; a role's session if left out. */
  readonly caller?: string;
  /** What AWS Organizations tells the AWS provider; nothing if left out, and then it is not to be asked. */
  readonly organization?: FakeOrganization;
  /** Laid over this process's environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Where there are no profiles. */
const NO_FILE = join(tmpdir(), "there-is-no-such-file");

/** How long a program may hang before it is killed, so that it can't keep the tests from ending; no test relies on it. */
const KILL_AFTER_MS = 120_000;

/**
 * Reads the Pulumi.yaml of a program's folder.
 *
 * @throws Error where it has an option of the runtime that this language host doesn't know
 */
export function readProject(program: string): Project {
  return v.parse(Project, parse(readFileSync(join(program, "Pulumi.yaml"), "utf8")));
}

/**
 * Starts the SDK's entry point as Pulumi's language host does (pulumi-language-nodejs: execRuntime, constructArguments),
 * against an engine that listens at the address, and waits for its end.
 */
export async function runProgram(
  project: Project,
  run: ProgramRun,
  address: string,
): Promise<{ readonly exitCode: number | null; readonly stderr: string }> {
  const { program, stack, preview } = run;
  const entryPoint = createRequire(join(program, "index.ts")).resolve("@pulumi/pulumi/cmd/run");
  const child = spawn(
    process.execPath,
    [
      ...project.runtime.options.nodeargs.split(" ").filter((arg) => arg !== ""),
      entryPoint,
      ...["--monitor", address],
      ...["--engine", address],
      ...["--organization", "organization"],
      ...["--project", project.name],
      ...["--root-directory", program],
      ...["--stack", stack],
      ...["--pwd", program],
      ...(preview ? ["--dry-run"] : []),
      ...["--parallel", "16"],
      project.main,
    ],
    {
      cwd: program,
      env: environment(project, run),
      stdio: ["ignore", "ignore", "pipe"],
      timeout: KILL_AFTER_MS,
      killSignal: "SIGKILL",
    },
  );
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  try {
    const [stderr] = await Promise.all([text(child.stderr), once(child, "close")]);
    return { exitCode: child.exitCode, stderr };
  } finally {
    process.off("exit", kill);
    kill();
  }
}

function environment({ runtime }: Project, { config, env }: ProgramRun): NodeJS.ProcessEnv {
  // Pulumi's settings of whoever runs the tests would reach into the run: PULUMI_NODEJS_DRY_RUN makes a preview of it.
  // Credentials of theirs would reach into their account, for a preview reads the account that it finds.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PULUMI|AWS)_/.test(name));
  // The language host still writes keys in the old form, `aws:config:region`, which every version of the SDK reads.
  const entries = Object.entries(config).map(([key, value]) => [key.replace(":", ":config:"), value]);
  return {
    ...Object.fromEntries(inherited),
    AWS_CONFIG_FILE: NO_FILE,
    AWS_SHARED_CREDENTIALS_FILE: NO_FILE,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(entries)),
    PULUMI_CONFIG_SECRET_KEYS: "[]",
    ...(runtime.options.typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...env,
  };
}
