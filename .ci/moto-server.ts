import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

/** moto as it runs. */
export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * The command that starts moto, beside the Python that PYTHON names.
 *
 * @param asks the test that asks for it
 * @throws Error where there is none, which says how to come by one
 */
export function motoCommand(asks: string): string {
  const python = process.env["PYTHON"];
  const command = join(dirname(python ?? ""), "moto_server");
  if (python !== undefined && existsSync(command)) return command;
  throw new Error(
    `PYTHON is ${python}, and must be the path of a Python that has moto beside it: python3 -m venv DIR && DIR/bin/pip install -r .ci/requirements.txt && PYTHON=DIR/bin/python npx mocha ${asks}`,
  );
}

/** Starts moto on loopback, on a port that it finds free and tells. */
export async function startMoto(command: string): Promise<Moto> {
  const server: ChildProcess = spawn(command, ["-H", "127.0.0.1", "-p", "0"], {
    env: { PATH: process.env["PATH"], PYTHONUNBUFFERED: "1", NO_COLOR: "1" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const { stderr } = server;
  if (stderr === null) throw new Error("moto_server has no stderr");
  process.once("exit", () => server.kill());
  const said: string[] = [];
  for await (const line of createInterface({ input: stderr })) {
    said.push(line);
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (url === undefined) continue;
    // Nobody reads a line for each request.
    stderr.resume();
    return {
      url,
      stop: async () => {
        const ended = once(server, "close");
        server.kill();
        await ended;
      },
    };
  }
  throw new Error(`moto_server ended with ${server.exitCode}: ${said.join("\n")}`);
}
