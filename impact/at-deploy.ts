import { wordsOf } from "../core/words-of";
import { readAwsSettings } from "./aws-settings";
import { userOfArn } from "./caller";
import type { Connection } from "./connect";
import { findCredentials } from "./credentials";
import type { Lockout } from "./deployer";
import { type ProviderIdentity, refuseOthers } from "./provider-identity";
import type { Question } from "./read-impact";
import { within } from "./within";

type Texts = Readonly<Record<string, string | undefined>>;

/** A deploy, as far as it is looked at. */
export interface Deploy {
  readonly question: Question;
  readonly isPreview: boolean;
  /** Every key of the stack's configuration, namespace included. */
  readonly config: Texts;
  readonly environment: Texts;
  /** What the AWS provider itself says; rejects where it can't. */
  readonly provider: Promise<ProviderIdentity>;
  readonly info: (message: string) => void;
  readonly warn: (message: string) => void;
}

/** Why a deploy is to stop, in words, if it is. */
interface Verdicts {
  /** That it would lock out its own caller: known before anything may be deployed. */
  readonly lockout: Promise<string | undefined>;
  /** That a preview would newly hold too many; it has told of the account by then. */
  readonly impact: Promise<string | undefined>;
}

/** Beyond so many seconds a deploy goes on without having heard of the account. */
const MOST_SECONDS = 60;

/** Within so many of them there must be a credential report, for what is left without one is read live. */
const REPORT_SECONDS = 40;

/**
 * Looks at the account that is about to be deployed to: of whom a preview tells, and whether the deploy would lock out
 * its own caller. Whatever keeps it from looking is one warning, and never a failure.
 */
export function lookAtDeploy(deploy: Deploy): Verdicts {
  const { question, isPreview, provider, warn } = deploy;
  const failed = (error: unknown, mayBeHeld = false): undefined => {
    const untold = [
      ...(isPreview ? ["whom these settings would hold"] : []),
      ...(mayBeHeld ? ["whether these settings would lock out who deploys them"] : []),
    ];
    if (untold.length > 0) warn(`${untold.join(" and ")} can't be told: ${wordsOf(error)}`);
  };
  const isUser = provider.then(({ arn }) => userOfArn(arn) !== undefined);
  const connected = Promise.all([provider, isUser])
    .then(([identity, mayBeHeld]) =>
      isPreview || mayBeHeld
        ? within(MOST_SECONDS, connectAs(identity, deploy)).catch((error) => failed(error, mayBeHeld))
        : undefined,
    )
    .catch(failed);
  // Roles and root are never held: nothing waits for what is read of the account then.
  const toCheck = isUser.then(
    (mayBeHeld) => (mayBeHeld ? connected : undefined),
    () => undefined,
  );
  const lockout = toCheck.then(async (connection) => {
    if (connection === undefined) return undefined;
    const { lockoutOf }: typeof import("./deployer") = require("./deployer");
    try {
      return wordsOfLockout(await within(MOST_SECONDS, lockoutOf(question, connection)), deploy);
    } catch (error) {
      warn(`whether these settings would lock out who deploys them can't be told: ${wordsOf(error)}`);
      return undefined;
    }
  });
  const impact = Promise.all([connected, lockout]).then(async ([connection, stop]) => {
    try {
      return connection === undefined || !isPreview || stop !== undefined
        ? undefined
        : await within(MOST_SECONDS, tell(connection, deploy));
    } catch (error) {
      warn(`whom these settings would hold can't be told: ${wordsOf(error)}`);
      return undefined;
    } finally {
      connection?.close();
    }
  });
  return { lockout, impact };
}

/** Connects to the account of the AWS provider, and to no other. */
async function connectAs(provider: ProviderIdentity, { config, environment }: Deploy): Promise<Connection> {
  const aws = readAwsSettings(config, environment);
  const key = await findCredentials(aws);
  // Nothing of the SDK's clients is loaded where there are no credentials.
  const { connect }: typeof import("./connect") = require("./connect");
  const connection = await connect(aws, key);
  const { caller } = connection;
  try {
    refuseOthers(caller, provider, aws);
  } catch (error) {
    connection.close();
    throw error;
  }
  return caller.arn === provider.arn ? connection : { ...connection, caller: { ...caller, user: undefined } };
}

/** Tells of the account; returns why the preview is to stop, if it is. */
async function tell(connection: Connection, { question, info, warn }: Deploy): Promise<string | undefined> {
  const { readImpact }: typeof import("./read-impact") = require("./read-impact");
  const { findingInWords, impactInWords }: typeof import("./words") = require("./words");
  const until = connection.clock.now() + REPORT_SECONDS * 1000;
  const impact = await readImpact(question, connection, () => connection.clock.now() < until);
  info(impactInWords(impact));
  for (const finding of impact.findings) {
    if (finding.finding === "nine-groups") info(findingInWords(finding));
    else warn(findingInWords(finding));
  }
  const { held } = impact.changes;
  const { failOnImpact } = question.settings;
  if (held <= failOnImpact) return undefined;
  return [
    `this would newly hold ${held} users, more than failOnImpact allows, ${failOnImpact}; nothing was deployed.`,
    "  If they are to be held, confirm it:",
    `    pulumi config set failOnImpact ${held}`,
  ].join("\n");
}

function wordsOfLockout(lockout: Lockout, { question, warn }: Deploy): string | undefined {
  switch (lockout.kind) {
    case "none":
      return undefined;
    case "later":
      warn(
        `these settings will hold ${lockout.user}, who deploys them, in ${lockout.guard} from ${lockout.due} on: by then deploy by a role`,
      );
      return undefined;
    case "locked out": {
      const { user, guard, reason } = lockout;
      const { exemptUsers } = question.settings;
      const enrol = guard === "sealed" ? [] : [`    enrol an MFA device for ${user}, if there is none yet`];
      return [
        `these settings would lock out ${user}, who deploys them: ${user} belongs in ${guard} (${reason}); nothing was deployed.`,
        "  Ways out:",
        "    deploy by a role, which no guard ever holds",
        ...enrol,
        ...(guard === "quarantine"
          ? []
          : ["    deploy in a session with MFA: aws sts get-session-token --serial-number DEVICE --token-code CODE"]),
        `    exempt ${user}: pulumi config set --path 'exemptUsers[${exemptUsers.length}]' ${user}`,
      ].join("\n");
    }
  }
}
