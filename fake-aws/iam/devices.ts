import { areConsecutiveCodes } from "../totp";
import { IamError, quota } from "./error";
import { anyResource, type Call, operation, targetName, userResource } from "./operation";
import { PAGING, pageOf } from "./paging";
import {
  ASSIGNMENT_STATUS,
  AUTHENTICATION_CODE,
  DEVICE_NAME,
  optional,
  PATH,
  required,
  SERIAL_NUMBER,
  secret,
  USER_NAME,
} from "./parameters";
import { getUser, type IamState, ownerOf, putUser, type User, type VirtualDevice } from "./state";
import { userView } from "./users";

const DEVICES_PER_USER = 8;

/** How many 30-second steps a device's clock may be off: little when it is enabled, much when it is resynchronised. */
const DRIFT_STEPS = { enabling: 1, resynchronising: 20 };

/** The first eight bytes of every PNG: nobody here scans the code, but it comes as a picture. */
const QR_CODE_PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

const codes = {
  AuthenticationCode1: secret(required(AUTHENTICATION_CODE)),
  AuthenticationCode2: secret(required(AUTHENTICATION_CODE)),
};

/** MFA devices: virtual ones are made, enabled by their codes, and deleted; a passkey is only listed and deactivated. */
export const DEVICE_OPERATIONS = {
  CreateVirtualMFADevice: operation({
    access: "write",
    parameters: { VirtualMFADeviceName: required(DEVICE_NAME), Path: optional(PATH) },
    resource: ({ arns }, { VirtualMFADeviceName, Path = "/" }) => arns.virtualDevice(Path, VirtualMFADeviceName),
    effect: ({ state, arns, identifiers }, { VirtualMFADeviceName, Path = "/" }) => {
      const serialNumber = arns.virtualDevice(Path, VirtualMFADeviceName);
      if (state.virtualDevices.has(serialNumber)) {
        throw new IamError("EntityAlreadyExists", "MFADevice entity at the same path and name already exists.");
      }
      const seed = identifiers.seed();
      state.virtualDevices.set(serialNumber, { serialNumber, seed });
      return {
        VirtualMFADevice: {
          SerialNumber: serialNumber,
          Base32StringSeed: new TextEncoder().encode(seed),
          QRCodePNG: QR_CODE_PNG,
        },
      };
    },
  }),

  EnableMFADevice: operation({
    access: "write",
    parameters: { UserName: required(USER_NAME), SerialNumber: required(SERIAL_NUMBER), ...codes },
    resource: (call, { UserName }) => userResource(call, UserName),
    effect: (call, { UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 }) => {
      const user = getUser(call.state, UserName);
      requireMfaForAnotherDevice(call, user);
      const device = getVirtualDevice(call.state, SerialNumber);
      if (ownerOf(call.state, SerialNumber) !== undefined) {
        throw new IamError("EntityAlreadyExists", `MFA Device ${SerialNumber} is already in use.`);
      }
      refuseNinthDevice(user);
      requireCodes([AuthenticationCode1, AuthenticationCode2], device, call.at, DRIFT_STEPS.enabling);
      addDevice(call, user, SerialNumber);
      return {};
    },
  }),

  DeactivateMFADevice: operation({
    access: "write",
    parameters: { UserName: optional(USER_NAME), SerialNumber: required(SERIAL_NUMBER) },
    resource: (call, { UserName }) => userResource(call, targetName(call, UserName)),
    effect: (call, { UserName, SerialNumber }) => {
      const user = getUser(call.state, targetName(call, UserName));
      requireMfaForAnotherDevice(call, user);
      requireEnabled(user, SerialNumber);
      putUser(call.state, { ...user, devices: user.devices.filter((device) => device.serialNumber !== SerialNumber) });
      return {};
    },
  }),

  ResyncMFADevice: operation({
    access: "write",
    parameters: { UserName: required(USER_NAME), SerialNumber: required(SERIAL_NUMBER), ...codes },
    resource: (call, { UserName }) => userResource(call, UserName),
    effect: ({ state, at }, { UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 }) => {
      requireEnabled(getUser(state, UserName), SerialNumber);
      const device = getVirtualDevice(state, SerialNumber);
      requireCodes([AuthenticationCode1, AuthenticationCode2], device, at, DRIFT_STEPS.resynchronising);
      return {};
    },
  }),

  ListMFADevices: operation({
    access: "read",
    parameters: { UserName: optional(USER_NAME), ...PAGING },
    resource: (call, { UserName }) => userResource(call, targetName(call, UserName)),
    effect: (call, { UserName, ...page }) => {
      const user = getUser(call.state, targetName(call, UserName));
      const { items, paging } = pageOf(call, user.devices, ({ serialNumber }) => serialNumber, page);
      const view = items.map(({ serialNumber, enableDate }) => ({
        UserName: user.name,
        SerialNumber: serialNumber,
        EnableDate: enableDate,
      }));
      return { MFADevices: view, ...paging };
    },
  }),

  ListVirtualMFADevices: operation({
    access: "read",
    parameters: { AssignmentStatus: optional(ASSIGNMENT_STATUS), ...PAGING },
    resource: anyResource,
    effect: (call, { AssignmentStatus = "Any", ...page }) => {
      const assignments = assignmentsIn(call);
      const devices = [...call.state.virtualDevices.keys()].filter(
        (serialNumber) =>
          AssignmentStatus === "Any" || assignments.has(serialNumber) === (AssignmentStatus === "Assigned"),
      );
      const { items, paging } = pageOf(call, devices, (serialNumber) => serialNumber, page);
      const view = items.map((serialNumber) => ({ SerialNumber: serialNumber, ...assignments.get(serialNumber) }));
      return { VirtualMFADevices: view, ...paging };
    },
  }),

  DeleteVirtualMFADevice: operation({
    access: "write",
    parameters: { SerialNumber: required(SERIAL_NUMBER) },
    resource: ({ arns }, { SerialNumber }) => {
      const isArn = SerialNumber.startsWith(arns.virtualDevice("/", ""));
      return isArn ? SerialNumber : arns.virtualDevice("/", SerialNumber);
    },
    effect: ({ state }, { SerialNumber }) => {
      getVirtualDevice(state, SerialNumber);
      if (ownerOf(state, SerialNumber) !== undefined) {
        throw new IamError("DeleteConflict", "MFA VirtualDevice in use. Must deactivate first.");
      }
      state.virtualDevices.delete(SerialNumber);
      return {};
    },
  }),
};

/**
 * The two steps in which the console enrols a passkey, both of them an EnableMFADevice: the condition key
 * iam:RegisterSecurityKey has a value for each (Service Authorization Reference, IAM). The device is there after the
 * second.
 */
export const PASSKEY_ENROLMENT = (["Create", "Activate"] as const).map((step) =>
  operation({
    access: "write",
    parameters: { UserName: required(USER_NAME), SerialNumber: required(SERIAL_NUMBER) },
    resource: (call, { UserName }) => userResource(call, UserName),
    effect: (call, { UserName, SerialNumber }) => {
      const user = getUser(call.state, UserName);
      refuseNinthDevice(user);
      if (step === "Activate") addDevice(call, user, SerialNumber);
      return {};
    },
  }),
);

function addDevice({ state, at }: Call, user: User, serialNumber: string): void {
  putUser(state, { ...user, devices: [...user.devices, { serialNumber, enableDate: at }] });
}

/**
 * Who has a device must have signed in with one to add or remove one (IAM User Guide, "AWS Multi-factor authentication
 * in IAM"). It binds users in their own cause only, and no policy lifts it.
 */
function requireMfaForAnotherDevice({ caller }: Call, user: User): void {
  const { principal } = caller;
  if (principal.type !== "IAMUser" || principal.mfa === true) return;
  if (caller.userName !== user.name || user.devices.length === 0) return;
  throw new IamError(
    "AccessDenied",
    "An IAM user must authenticate with an existing MFA device to enable or disable an additional MFA device.",
  );
}

function requireCodes(pair: readonly [string, string], device: VirtualDevice, at: Date, driftSteps: number): void {
  if (areConsecutiveCodes(pair, device.seed, at, driftSteps)) return;
  throw new IamError("InvalidAuthenticationCode", "Authentication code for device is not valid.");
}

function refuseNinthDevice(user: User): void {
  if (user.devices.length >= DEVICES_PER_USER) throw quota("MFADevicesPerUser", DEVICES_PER_USER);
}

function requireEnabled(user: User, serialNumber: string): void {
  if (user.devices.some((device) => device.serialNumber === serialNumber)) return;
  throw new IamError("NoSuchEntity", `MFA Device ${serialNumber} of user ${user.name} cannot be found.`);
}

function getVirtualDevice(state: IamState, serialNumber: string): VirtualDevice {
  const device = state.virtualDevices.get(serialNumber);
  if (device !== undefined) return device;
  throw new IamError("NoSuchEntity", `VirtualMFADevice with serial number ${serialNumber} doesn't exist.`);
}

/** Who has enabled each device, and when, by serial number. */
function assignmentsIn({ state, arns }: Call) {
  return new Map(
    [...state.users.values()].flatMap((user) =>
      user.devices.map(
        ({ serialNumber, enableDate }) =>
          [serialNumber, { User: userView(user, arns), EnableDate: enableDate }] as const,
      ),
    ),
  );
}
