import * as pulumi from "@pulumi/pulumi";

/** An error whose message is meant for whoever deploys: Pulumi prints it by itself, once and without a stack trace. */
export class PlainError extends pulumi.RunError {
  constructor(message: string) {
    super(message);
    // Pulumi shows the stack of an error that comes after the program's own end, and formats it in any case, and on Node 20
    // formatting a stack frame within node_modules/@pulumi takes half a minute (nodejs/node#64011).
    this.stack = message;
    // Each resource whose inputs wait for what failed would write the input's name before the message.
    Object.defineProperty(this, "message", { get: () => message, set: () => undefined });
  }
}
