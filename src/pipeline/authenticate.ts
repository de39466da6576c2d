import { SignatureError, signatureError } from '../identity/errors.ts';
import { anonymousIn, rootOf, type Principal } from '../identity/principals.ts';
import { readSignature, verifySignature, type Signature } from '../identity/sigv4.ts';
import type { Machine } from '../machine.ts';
import type { Awaitable, Credential, Store } from '../store/store.ts';
import type { Exchange } from './exchange.ts';

/** LocalStack's habit, which its users' configurations have: https://docs.localstack.cloud/aws/capabilities/config/credentials/ */
const ACCOUNT_KEY = /^\d{12}$/;
const ROOT_KEY = 'test';
const ROOT_SECRET = 'test';

/**
 * Who calls, and from which region: the SigV4 signature, verified against the secret where Fogbank knows one. Keys that
 * it issued are always verified; `test` is root of the default account, twelve digits are root of that account, other
 * keys are root of the default account unless `--auth strict`.
 */
export function authenticate(x: Exchange, machine: Machine): Awaitable<void> {
  return inWordsOf(x, () => {
    const signature = readSignature(x.request);
    if (machine.world.registry.service(x.model!.service)?.unsigned?.includes(x.operation!.name)) {
      // A signature is as good as none.
      x.region = signature && machine.isRegion(signature.region) ? signature.region : machine.settings.region;
      x.principal = anonymousIn(machine.settings.account);
      return;
    }
    if (!signature) throw new SignatureError('missing', '');
    x.signature = signature;
    x.region = signature.region;
    const { signingName } = x.model!;
    if (signature.service !== signingName) throw new SignatureError('scope', `Credential should be scoped to correct service: '${signingName}'. `);
    if (!machine.isRegion(signature.region)) throw new SignatureError('scope', `Credential should be scoped to a valid region. `);
    const verified = (issued: Credential | undefined): void => {
      x.principal = principalOf(signature, issued, machine, x.at, (secret) => verifySignature(signature, x.request, secret, machine.clock.real()));
    };
    const issued = signature.accessKeyId === ROOT_KEY ? undefined : machine.store.credential(signature.accessKeyId);
    return issued instanceof Promise ? issued.then((found) => inWordsOf(x, () => verified(found))) : verified(issued);
  });
}

/** What is wrong with a signature is told in the words of the protocol. */
function inWordsOf<T>(x: Exchange, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof SignatureError ? signatureError(x.protocol!.name, error.problem, error.message) : error;
  }
}

function principalOf({ accessKeyId, sessionToken }: Signature, issued: Credential | undefined, { settings, store }: Machine, nowMs: number, verify: (secret: string) => void): Principal {
  if (accessKeyId === ROOT_KEY) {
    verify(ROOT_SECRET);
    return rootOf(settings.account, accessKeyId);
  }
  if (issued) {
    if (!issued.active) throw new SignatureError('unknownKey', '');
    const { secret, principal } = opened(issued, store);
    verify(secret);
    if (issued.sessionToken !== null && issued.sessionToken !== sessionToken) throw new SignatureError('unknownKey', '');
    if (issued.expires !== null && issued.expires <= nowMs) throw new SignatureError('expiredToken', '');
    return principal;
  }
  if (ACCOUNT_KEY.test(accessKeyId)) {
    if (settings.auth === 'strict') verify(ROOT_SECRET);
    return rootOf(accessKeyId, accessKeyId);
  }
  if (settings.auth === 'strict') throw new SignatureError('unknownKey', '');
  return rootOf(settings.account, accessKeyId);
}

const known = new WeakMap<Credential, { secret: string; principal: Principal }>();

/** Unsealed and parsed once for as long as the credential is what it is. */
function opened(issued: Credential, store: Store): { secret: string; principal: Principal } {
  let found = known.get(issued);
  if (!found) known.set(issued, (found = { secret: store.unseal(issued.secret), principal: JSON.parse(issued.principal) as Principal }));
  return found;
}
