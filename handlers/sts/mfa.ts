import { verifyTotp, type Context } from '../../src/kit/index.ts';
import * as errors from './errors.ts';

/** What of a stored MFA device sts reads; a hardware device has no seed. */
interface Device {
  readonly $: { readonly userId?: string; readonly seed?: string; readonly drift: number };
}

/** When MFA was given with a call: now, or not at all. Throws AccessDenied for what does not fit. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html */
export async function mfaAt(ctx: Context, { SerialNumber: serial, TokenCode: code }: { SerialNumber?: string; TokenCode?: string }): Promise<number | undefined> {
  if (serial === undefined && code === undefined) return undefined;
  if (serial === undefined || code === undefined) throw errors.accessDenied('MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.');
  const device = (await ctx.findForeign('iam:mfa', serial)) as Device | undefined;
  if (!device || ctx.principal.type !== 'user' || device.$.userId !== ctx.principal.userId) {
    throw errors.accessDenied('MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.');
  }
  // assumed: a hardware device's codes cannot be known, so that any is taken.
  if (device.$.seed !== undefined && !verifyTotp(ctx.unseal(device.$.seed), code, ctx.nowMs, device.$.drift)) throw errors.accessDenied('MultiFactorAuthentication failed with invalid MFA one time pass code. ');
  return ctx.nowMs;
}
