import { createECDH, createPublicKey } from 'node:crypto';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { generateRsaKey, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { visibleImage } from '../images/images.ts';
import { instances } from './instances.ts';

type KeyType = Ec2Operations['GetInstanceTpmEkPub']['input']['KeyType'];

/** An endorsement key's public half, in DER; the private one never leaves a TPM, and is not kept. */
function endorsementKey(type: KeyType, ctx: Context): Buffer {
  if (type === 'rsa-2048') return createPublicKey(generateRsaKey(2048, (count) => ctx.ids.bytes(count))).export({ type: 'spki', format: 'der' });
  const pair = createECDH('secp384r1');
  pair.setPrivateKey(Buffer.concat([Buffer.from([0x01]), ctx.ids.bytes(47)]));
  const point = pair.getPublicKey();
  const x = point.subarray(1, 49).toString('base64url');
  return createPublicKey({ key: { kty: 'EC', crv: 'P-384', x, y: point.subarray(49).toString('base64url') }, format: 'jwk' }).export({ type: 'spki', format: 'der' });
}

const uint16 = (...values: number[]): Buffer => Buffer.from(values.flatMap((value) => [value >> 8, value & 0xff]));
const sized = (bytes: Buffer): Buffer => Buffer.concat([uint16(bytes.length), bytes]);
const bytesOf = (jwkMember: string): Buffer => Buffer.from(jwkMember, 'base64url');

/** The templates L-1 and H-3 of https://trustedcomputinggroup.org/resource/http-trustedcomputinggroup-org-wp-content-uploads-tcg-ek-credential-profile-v-2-5-r2_published-pdf/ */
const POLICY_SHA256 = '837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa';
const POLICY_SHA384 = 'b26e7d28d11a50bc53d882bcf5fd3a1a074148bb35d3b4e4cb1c0ad9bde419cacb47ba09699646150f9fc000f3f80e12';
const RSA = 0x0001, ECC = 0x0023, SHA256 = 0x000b, SHA384 = 0x000c, AES = 0x0006, CFB = 0x0043, NULL = 0x0010, P384 = 0x0004;

/** A TPMT_PUBLIC structure. https://trustedcomputinggroup.org/resource/tpm-library-specification/ */
function tpmt(der: Buffer): Buffer {
  const jwk = createPublicKey({ key: der, format: 'der', type: 'spki' }).export({ format: 'jwk' });
  return jwk.kty === 'RSA'
    ? Buffer.concat([uint16(RSA, SHA256, 0x0003, 0x00b2), sized(Buffer.from(POLICY_SHA256, 'hex')), uint16(AES, 128, CFB, NULL, 2048, 0, 0), sized(bytesOf(jwk.n!))])
    : Buffer.concat([uint16(ECC, SHA384, 0x0003, 0x00f2), sized(Buffer.from(POLICY_SHA384, 'hex')), uint16(AES, 256, CFB, NULL, P384, NULL), sized(bytesOf(jwk.x!)), sized(bytesOf(jwk.y!))]);
}

export const firmwareOperations = {
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetInstanceTpmEkPub.html */
  GetInstanceTpmEkPub: async (input, ctx) => {
    const instance = await ctx.get(instances, input.InstanceId);
    // assumed: the code and the text.
    if (instance.TpmSupport === undefined) throw errors.unsupportedOperation(`The instance '${input.InstanceId}' is not enabled for NitroTPM.`);
    const known = instance.$.endorsementKeys?.[input.KeyType];
    const der = known === undefined ? endorsementKey(input.KeyType, ctx) : Buffer.from(known, 'base64');
    if (known === undefined) {
      instance.$.endorsementKeys = { ...instance.$.endorsementKeys, [input.KeyType]: der.toString('base64') };
      await ctx.save(instances, instance);
    }
    return { InstanceId: input.InstanceId, KeyType: input.KeyType, KeyFormat: input.KeyFormat, KeyValue: (input.KeyFormat === 'tpmt' ? tpmt(der) : der).toString('base64') };
  },
  /** The store begins as the image's. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetInstanceUefiData.html */
  GetInstanceUefiData: async (input, ctx) => {
    const instance = await ctx.get(instances, input.InstanceId);
    // assumed: the code and the text, and that a store that the image did not fill is empty.
    if (!instance.CurrentInstanceBootMode?.startsWith('uefi')) throw errors.unsupportedOperation(`The instance '${input.InstanceId}' does not boot with UEFI.`);
    const image = await visibleImage(ctx, instance.ImageId!);
    return { InstanceId: input.InstanceId, UefiData: image?.$?.uefiData ?? '' };
  },
} satisfies Handlers<Ec2Operations>;
