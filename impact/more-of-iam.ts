import {
  GetAccountSummaryCommand,
  type IAMClient,
  ListServiceSpecificCredentialsCommand,
  paginateListVirtualMFADevices,
} from "@aws-sdk/client-iam";

/** A credential for one service alone, such as Git's for CodeCommit or an API key. */
export interface ServiceCredential {
  readonly user: string;
  /** `codecommit.amazonaws.com` */
  readonly service: string;
}

/** The calls to IAM that only an impact report takes, each for the whole account at once. */
export interface MoreOfIam {
  /** Names of the users who have an authenticator app: a virtual MFA device. */
  listUsersWithApps(): Promise<readonly string[]>;
  listServiceCredentials(): Promise<readonly ServiceCredential[]>;
  /** How many calls it takes to read an account of this size, about. */
  countCalls(): Promise<number>;
}

/** As many as a page may hold (API Reference, MaxItems). */
const PAGE_SIZE = 1000;

/** The credential report is asked for and fetched, and so are the credentials for one service alone. */
const CALLS_IN_ANY_CASE = 3;

/** These calls by the AWS SDK. What IAM refuses is thrown as it comes. */
export function moreOfIam(client: IAMClient): MoreOfIam {
  return {
    listUsersWithApps: async () => {
      const users: string[] = [];
      const pages = paginateListVirtualMFADevices({ client, pageSize: PAGE_SIZE }, { AssignmentStatus: "Assigned" });
      for await (const { VirtualMFADevices = [] } of pages) {
        users.push(...VirtualMFADevices.flatMap(({ User }) => User?.UserName ?? []));
      }
      return users;
    },
    listServiceCredentials: async () => {
      const credentials: ServiceCredential[] = [];
      let Marker: string | undefined;
      do {
        const all = new ListServiceSpecificCredentialsCommand({ AllUsers: true, MaxItems: PAGE_SIZE, Marker });
        const page = await client.send(all);
        for (const { UserName = "", ServiceName = "" } of page.ServiceSpecificCredentials ?? []) {
          credentials.push({ user: UserName, service: ServiceName });
        }
        Marker = page.IsTruncated ? page.Marker : undefined;
      } while (Marker !== undefined);
      return credentials;
    },
    countCalls: async () => {
      const { SummaryMap = {} } = await client.send(new GetAccountSummaryCommand());
      const { Users = 0, Groups = 0 } = SummaryMap;
      return CALLS_IN_ANY_CASE + Math.ceil((Users + Groups) / PAGE_SIZE);
    },
  };
}
