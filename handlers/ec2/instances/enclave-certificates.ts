import type { AssociatedRole } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';

/** Which roles may use which certificates inside enclaves. Keyed by both. */
interface StoredAssociation extends Wire<AssociatedRole> {
  readonly AssociationKey: string;
  readonly CertificateArn: string;
}

const notAssociated = (ids: readonly string[]): AwsError => new AwsError('InvalidAssociationID.NotFound', `The certificate and the role are not associated: ${ids[0]}`);

export const enclaveCertificates = resource<StoredAssociation>({
  service: 'ec2',
  kind: 'enclave-certificate-association',
  shape: 'AssociatedRole',
  id: { member: 'AssociationKey' },
  notFound: notAssociated,
  tags: null,
  indexed: ['CertificateArn'],
});

/** "You can associate up to 16 IAM roles with an ACM certificate." */
const ROLES_MAX = 16;

/** assumed: every well-formed certificate of the account and the Region exists. */
function checkCertificate(ctx: Context, arn: string): void {
  const [, region, account] = /^arn:aws:acm:([a-z0-9-]+):(\d{12}):certificate\/[0-9a-f-]{36}$/.exec(arn) ?? [];
  if (region !== ctx.region || account !== ctx.account) throw errors.invalidValue(arn, 'certificateArn', `Expecting the ARN of a certificate of this account in the Region ${ctx.region}.`);
}

async function checkRole(ctx: Context, arn: string): Promise<void> {
  const [, account, path] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(arn) ?? [];
  const role = account === ctx.account ? await ctx.findForeign('iam:role', path!.split('/').at(-1)!) : undefined;
  if (role?.Arn !== arn) throw errors.invalidValue(arn, 'roleArn', 'The role does not exist.');
}

const keyOf = (certificate: string, role: string): string => `${certificate}|${role}`;
const fewer = ({ AssociationKey: _key, CertificateArn: _certificate, ...role }: StoredAssociation): Wire<AssociatedRole> => role;

export const enclaveCertificateOperations = {
  /** https://docs.aws.amazon.com/enclaves/latest/user/enclave-refapp.html */
  AssociateEnclaveCertificateIamRole: async (input, ctx) => {
    const { CertificateArn: certificate, RoleArn: role } = input;
    checkCertificate(ctx, certificate);
    await checkRole(ctx, role);
    const present = await ctx.list(enclaveCertificates, { member: 'CertificateArn', value: certificate });
    // assumed: the codes and the texts of the following.
    if (present.some((a) => a.AssociatedRoleArn === role)) throw errors.resourceAlreadyAssociated(`The role '${role}' is already associated with the certificate '${certificate}'`);
    if (present.length >= ROLES_MAX) throw errors.limitExceeded('EnclaveCertificateLimitExceeded', `Up to ${ROLES_MAX} roles can be associated with a certificate`);
    const made = await ctx.create<StoredAssociation>(enclaveCertificates, {
      AssociationKey: keyOf(certificate, role), CertificateArn: certificate, AssociatedRoleArn: role, CertificateS3BucketName: `aws-ec2-enclave-certificate-${ctx.region}-prod`, CertificateS3ObjectKey: `${role}/${certificate}`,
      EncryptionKmsKeyId: ctx.ids.hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    });
    const { AssociatedRoleArn: _role, ...answer } = fewer(made);
    return answer;
  },
  GetAssociatedEnclaveCertificateIamRoles: async (input, ctx) => {
    checkCertificate(ctx, input.CertificateArn);
    return { AssociatedRoles: (await ctx.list(enclaveCertificates, { member: 'CertificateArn', value: input.CertificateArn })).map(fewer) };
  },
  DisassociateEnclaveCertificateIamRole: async (input, ctx) => {
    checkCertificate(ctx, input.CertificateArn);
    await ctx.remove(enclaveCertificates, await ctx.get(enclaveCertificates, keyOf(input.CertificateArn, input.RoleArn)));
    return { Return: true };
  },
} satisfies Handlers<Ec2Operations>;
