import type { IAM } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { totpCode } from "../../fake-aws/totp";
import { api, type Case, had, QUOTAS, refusalOf } from "./case";

/** An authenticator app shows a code for so long. */
const CODE_MS = 30_000;

/** Makes a virtual device that nobody has enabled; tells its serial number and the two codes that it shows. */
async function newDevice(iam: IAM, VirtualMFADeviceName: string) {
  const { VirtualMFADevice } = await iam.createVirtualMFADevice({ VirtualMFADeviceName });
  const SerialNumber = had(VirtualMFADevice?.SerialNumber, "SerialNumber");
  const seed = new TextDecoder().decode(had(VirtualMFADevice?.Base32StringSeed, "Base32StringSeed"));
  return {
    SerialNumber,
    codes: () => ({
      AuthenticationCode1: totpCode(seed, new Date(Date.now() - CODE_MS)),
      AuthenticationCode2: totpCode(seed, new Date()),
    }),
  };
}

/** Makes a virtual device and enables it for a user; returns its serial number. */
export async function enabledDevice(iam: IAM, UserName: string, name: string): Promise<string> {
  const { SerialNumber, codes } = await newDevice(iam, name);
  await iam.enableMFADevice({ UserName, SerialNumber, ...codes() });
  return SerialNumber;
}

/** Codes that no device shows now; one in some 300,000 pairs would be a right one. */
const WRONG = { AuthenticationCode1: "000000", AuthenticationCode2: "000001" };

export const DEVICE_CASES: readonly Case[] = [
  {
    title: "a new virtual device has an ARN for a serial number and a seed in base32, and is nobody's",
    page: api("CreateVirtualMFADevice"),
    holds: async ({ iam }) => {
      const { VirtualMFADevice } = await iam.createVirtualMFADevice({ VirtualMFADeviceName: "phone", Path: "/eng/" });
      expect(VirtualMFADevice?.SerialNumber).to.match(/^arn:aws[\w-]*:iam::\d{12}:mfa\/eng\/phone$/);
      expect(new TextDecoder().decode(VirtualMFADevice?.Base32StringSeed)).to.match(/^[A-Z2-7]{32,}$/);
      const { VirtualMFADevices } = await iam.listVirtualMFADevices({ AssignmentStatus: "Unassigned" });
      expect(VirtualMFADevices?.map(({ SerialNumber }) => SerialNumber)).to.deep.equal([
        VirtualMFADevice?.SerialNumber,
      ]);
    },
  },
  {
    title: "a virtual device's name is taken",
    page: api("CreateVirtualMFADevice"),
    holds: async ({ iam }) => {
      await newDevice(iam, "phone");
      expect(await refusalOf(newDevice(iam, "phone"))).to.equal("EntityAlreadyExistsException 409");
    },
  },
  {
    title: "who enables a device has it, until it is deactivated",
    page: api("DeactivateMFADevice"),
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      expect((await iam.listMFADevices({ UserName: "alice" })).MFADevices).to.deep.equal([]);
      const SerialNumber = await enabledDevice(iam, "alice", "phone");
      const { MFADevices = [] } = await iam.listMFADevices({ UserName: "alice" });
      expect(MFADevices.map(({ EnableDate, ...device }) => device)).to.deep.equal([
        { UserName: "alice", SerialNumber },
      ]);
      expect(had(MFADevices[0]?.EnableDate, "EnableDate").getTime()).to.be.closeTo(Date.now(), 3_600_000);
      await iam.deactivateMFADevice({ UserName: "alice", SerialNumber });
      expect((await iam.listMFADevices({ UserName: "alice" })).MFADevices).to.deep.equal([]);
    },
  },
  {
    title: "a deactivated device is still there, and may be enabled for another user",
    page: api("DeactivateMFADevice"),
    holds: async ({ iam }) => {
      for (const UserName of ["alice", "bob"]) await iam.createUser({ UserName });
      const { SerialNumber, codes } = await newDevice(iam, "phone");
      await iam.enableMFADevice({ UserName: "alice", SerialNumber, ...codes() });
      await iam.deactivateMFADevice({ UserName: "alice", SerialNumber });
      await iam.enableMFADevice({ UserName: "bob", SerialNumber, ...codes() });
      expect((await iam.listMFADevices({ UserName: "bob" })).MFADevices).to.have.lengthOf(1);
    },
  },
  {
    title: "wrong codes are refused",
    page: api("EnableMFADevice"),
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      const { SerialNumber } = await newDevice(iam, "phone");
      expect(await refusalOf(iam.enableMFADevice({ UserName: "alice", SerialNumber, ...WRONG }))).to.equal(
        "InvalidAuthenticationCodeException 403",
      );
    },
  },
  {
    title: "a device that does not exist is neither enabled nor deactivated nor deleted",
    page: api("EnableMFADevice"),
    holds: async ({ iam }) => {
      const { User } = await iam.createUser({ UserName: "alice" });
      const SerialNumber = had(User?.Arn, "Arn").replace("user/alice", "mfa/lost");
      const device = { UserName: "alice", SerialNumber };
      expect(await refusalOf(iam.deactivateMFADevice(device))).to.equal("NoSuchEntityException 404");
      expect(await refusalOf(iam.deleteVirtualMFADevice({ SerialNumber }))).to.equal("NoSuchEntityException 404");
      expect(await refusalOf(iam.enableMFADevice({ ...device, ...WRONG }))).to.equal("NoSuchEntityException 404");
    },
  },
  {
    title: "a device that one user has is refused another",
    page: api("EnableMFADevice"),
    holds: async ({ iam }) => {
      for (const UserName of ["alice", "bob"]) await iam.createUser({ UserName });
      const { SerialNumber, codes } = await newDevice(iam, "phone");
      await iam.enableMFADevice({ UserName: "alice", SerialNumber, ...codes() });
      expect(await refusalOf(iam.enableMFADevice({ UserName: "bob", SerialNumber, ...codes() }))).to.equal(
        "EntityAlreadyExistsException 409",
      );
    },
  },
  {
    title: "a device that somebody has is not deleted before it is deactivated",
    page: api("DeleteVirtualMFADevice"),
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      const SerialNumber = await enabledDevice(iam, "alice", "phone");
      expect(await refusalOf(iam.deleteVirtualMFADevice({ SerialNumber }))).to.equal("DeleteConflictException 409");
      await iam.deactivateMFADevice({ UserName: "alice", SerialNumber });
      await iam.deleteVirtualMFADevice({ SerialNumber });
      expect((await iam.listVirtualMFADevices({})).VirtualMFADevices).to.deep.equal([]);
    },
  },
  {
    title: "a ninth device is refused",
    page: QUOTAS,
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      for (let number = 1; number <= 8; number++) await enabledDevice(iam, "alice", `phone-${number}`);
      expect(await refusalOf(enabledDevice(iam, "alice", "phone-9"))).to.equal("LimitExceededException 409");
    },
  },
  {
    title: "virtual devices are listed with whose they are, and by whether they are anybody's",
    page: api("ListVirtualMFADevices"),
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      const taken = await enabledDevice(iam, "alice", "taken");
      const { SerialNumber: loose } = await newDevice(iam, "loose");
      const listed = async (AssignmentStatus: "Assigned" | "Unassigned" | "Any") => {
        const { VirtualMFADevices = [] } = await iam.listVirtualMFADevices({ AssignmentStatus });
        return VirtualMFADevices.map(({ SerialNumber, User }) => [SerialNumber, User?.UserName]).sort();
      };
      expect(await listed("Assigned")).to.deep.equal([[taken, "alice"]]);
      expect(await listed("Unassigned")).to.deep.equal([[loose, undefined]]);
      expect(await listed("Any")).to.deep.equal([
        [loose, undefined],
        [taken, "alice"],
      ]);
    },
  },
  {
    title: "devices of nobody are refused",
    page: api("ListMFADevices"),
    holds: async ({ iam }) => {
      expect(await refusalOf(iam.listMFADevices({ UserName: "mallory" }))).to.equal("NoSuchEntityException 404");
    },
  },
];
