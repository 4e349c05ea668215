import { quota } from "./error";
import { operation, targetName, userResource } from "./operation";
import { CERTIFICATE_BODY, optional, required, USER_NAME } from "./parameters";
import { getUser, putUser } from "./state";

export const CERTIFICATES_PER_USER = 2;

/** Signing certificates. What stands in one is not looked at. */
export const CERTIFICATE_OPERATIONS = {
  UploadSigningCertificate: operation({
    access: "write",
    parameters: { UserName: optional(USER_NAME), CertificateBody: required(CERTIFICATE_BODY) },
    resource: (call, { UserName }) => userResource(call, targetName(call, UserName)),
    effect: (call, { UserName, CertificateBody }) => {
      const { state, at, identifiers } = call;
      const user = getUser(state, targetName(call, UserName));
      if (user.certificates.length >= CERTIFICATES_PER_USER) {
        throw quota("SigningCertificatesPerUser", CERTIFICATES_PER_USER);
      }
      const certificate = { id: identifiers.deviceId(), uploadDate: at };
      putUser(state, { ...user, certificates: [...user.certificates, certificate] });
      return {
        Certificate: {
          UserName: user.name,
          CertificateId: certificate.id,
          CertificateBody,
          Status: "Active",
          UploadDate: at,
        },
      };
    },
  }),
};
