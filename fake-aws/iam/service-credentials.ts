import { IamError } from "./error";
import { anyResource, operation, targetName, userResource } from "./operation";
import { PAGING, pageOf } from "./paging";
import {
  BOOLEAN,
  defaulted,
  invalid,
  optional,
  required,
  SERVICE_CREDENTIAL_ID,
  SERVICE_NAME,
  USER_NAME,
} from "./parameters";
import { getUser, keyOf, putUser, type ServiceCredential, type User } from "./state";

function metadataView({ name }: User, { id, service, createDate }: ServiceCredential) {
  return {
    UserName: name,
    ServiceName: service,
    ServiceSpecificCredentialId: id,
    Status: "Active",
    CreateDate: createDate,
  };
}

/** Credentials for one service alone: those of Git for CodeCommit, of Keyspaces, and API keys. */
export const SERVICE_CREDENTIAL_OPERATIONS = {
  CreateServiceSpecificCredential: operation({
    access: "write",
    parameters: { UserName: required(USER_NAME), ServiceName: required(SERVICE_NAME) },
    resource: (call, { UserName }) => userResource(call, UserName),
    effect: ({ state, at, identifiers }, { UserName, ServiceName }) => {
      const user = getUser(state, UserName);
      const credential = { id: identifiers.identifier("ACCA"), service: ServiceName, createDate: at };
      putUser(state, { ...user, serviceCredentials: [...user.serviceCredentials, credential] });
      return { ServiceSpecificCredential: metadataView(user, credential) };
    },
  }),

  DeleteServiceSpecificCredential: operation({
    access: "write",
    parameters: { UserName: optional(USER_NAME), ServiceSpecificCredentialId: required(SERVICE_CREDENTIAL_ID) },
    resource: (call, { UserName }) => userResource(call, targetName(call, UserName)),
    effect: (call, { UserName, ServiceSpecificCredentialId }) => {
      const user = getUser(call.state, targetName(call, UserName));
      const serviceCredentials = user.serviceCredentials.filter(({ id }) => id !== ServiceSpecificCredentialId);
      if (serviceCredentials.length === user.serviceCredentials.length) {
        const message = `No service specific credential with id ${ServiceSpecificCredentialId} exists for ${user.name}.`;
        throw new IamError("NoSuchEntity", message);
      }
      putUser(call.state, { ...user, serviceCredentials });
      return {};
    },
  }),

  ListServiceSpecificCredentials: operation({
    access: "read",
    parameters: {
      UserName: optional(USER_NAME),
      ServiceName: optional(SERVICE_NAME),
      AllUsers: defaulted(BOOLEAN, "false"),
      ...PAGING,
    },
    resource: (call, { UserName, AllUsers }) =>
      AllUsers ? anyResource() : userResource(call, targetName(call, UserName)),
    effect: (call, { UserName, ServiceName, AllUsers, ...page }) => {
      const { state } = call;
      if (AllUsers && UserName !== undefined) throw invalid("UserName and AllUsers cannot be specified together.");
      const users = AllUsers ? [...state.users.values()] : [getUser(state, targetName(call, UserName))];
      const all = users.flatMap((user) => user.serviceCredentials.map((credential) => ({ user, credential })));
      const wanted = all.filter(({ credential }) => ServiceName === undefined || credential.service === ServiceName);
      const idOf = ({ user, credential }: (typeof all)[number]) => `${keyOf(user.name)}/${credential.id}`;
      const { items, paging } = pageOf(call, wanted, idOf, page);
      const view = items.map(({ user, credential }) => metadataView(user, credential));
      return { ServiceSpecificCredentials: view, ...paging };
    },
  }),
};
