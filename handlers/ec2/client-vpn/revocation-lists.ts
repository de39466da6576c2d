import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { seconds, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { clientVpnEndpoints, liveEndpoint } from './endpoints.ts';
import * as errors from './errors.ts';

// ---- what a list is ----

interface Element {
  readonly tag: number;
  readonly body: Buffer;
}

const SEQUENCE = 0x30;
const BIT_STRING = 0x03;
const INTEGER = 0x02;
const TIMES = [0x17, 0x18];

/** The elements of DER, one after another; undefined for what is no DER. */
function elements(bytes: Buffer): Element[] | undefined {
  const out: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at]!;
    const first = bytes[at + 1];
    if (first === undefined) return undefined;
    const wide = first > 0x80 ? first - 0x80 : 0;
    if (first === 0x80 || wide > 4 || at + 2 + wide > bytes.length) return undefined;
    const length = wide === 0 ? first : bytes.readUIntBE(at + 2, wide);
    const start = at + 2 + wide;
    if (start + length > bytes.length) return undefined;
    out.push({ tag, body: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return out;
}

const inside = (element: Element | undefined): Element[] | undefined => (element?.tag === SEQUENCE ? elements(element.body) : undefined);

/** How many certificates a list revokes (RFC 5280, section 5.1); undefined for what is no list. */
function revokedIn(pem: string): number | undefined {
  const encoded = /^\s*-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----\s*$/.exec(pem)?.[1];
  const whole = encoded === undefined ? undefined : elements(Buffer.from(encoded, 'base64'));
  const list = whole?.length === 1 ? inside(whole[0]) : undefined;
  if (list?.length !== 3 || list[1]!.tag !== SEQUENCE || list[2]!.tag !== BIT_STRING) return undefined;
  const signed = inside(list[0]);
  if (!signed) return undefined;
  // A version, the algorithm, the issuer, this update and mostly the next one.
  const [algorithm, issuer, ...rest] = signed[0]?.tag === INTEGER ? signed.slice(1) : signed;
  if (algorithm?.tag !== SEQUENCE || issuer?.tag !== SEQUENCE || !TIMES.includes(rest[0]?.tag ?? 0)) return undefined;
  const revoked = rest.find((e) => e.tag === SEQUENCE);
  return revoked ? inside(revoked)?.length : 0;
}

/** "Entries in a client certificate revocation list: 20,000." https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/limits.html */
const ENTRIES_MAX = 20_000;
// assumed: how long it takes until a list is in force.
const IN_FORCE_AFTER = seconds(10);

/** https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-certificates.html */
export const revocationListOperations = {
  /** "Uploading a client certificate revocation list overwrites the existing client certificate revocation list." */
  ImportClientVpnClientCertificateRevocationList: async (input, ctx) => {
    const endpoint = await liveEndpoint(ctx, input.ClientVpnEndpointId);
    const revoked = revokedIn(input.CertificateRevocationList);
    // assumed: the words with which what is no list is refused.
    if (revoked === undefined) throw general.invalidParameterValue('The certificate revocation list is not a valid X.509 CRL in PEM format');
    if (revoked > ENTRIES_MAX) throw errors.revocationListTooLong(ENTRIES_MAX);
    endpoint.$.revocationList = { text: input.CertificateRevocationList, activeAt: ctx.nowMs + ctx.delay(clientVpnEndpoints, 'pending', IN_FORCE_AFTER) };
    await ctx.save(clientVpnEndpoints, endpoint);
    return { Return: true };
  },
  // assumed: an endpoint without a list answers none.
  ExportClientVpnClientCertificateRevocationList: async (input, ctx) => {
    const list = (await liveEndpoint(ctx, input.ClientVpnEndpointId)).$.revocationList;
    return list ? { CertificateRevocationList: list.text, Status: { Code: list.activeAt <= ctx.nowMs ? 'active' : 'pending' } } : {};
  },
} satisfies Handlers<Ec2Operations>;
