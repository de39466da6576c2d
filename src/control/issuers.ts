import { issuerFact } from '../kit/context.ts';
import { ControlError, type Control } from './control.ts';

const issuer = { type: 'string', help: "an issuer's URL: https://…" } as const;

/**
 * The keys of OpenID Connect issuers, as AWS would find them at `<issuer>/.well-known/jwks.json`. Fogbank does not ask
 * the network: what is said here is what it would answer.
 */
export const issuerControls: readonly Control[] = [
  {
    name: 'issuer keys', method: 'POST', path: '/_fogbank/issuers', summary: 'say which keys an OpenID Connect issuer signs with', parameters: { issuer, jwks: { type: 'object', help: 'a JWK set: {"keys": […]}' } },
    run: async (machine, given) => {
      if (!/^https:\/\/[^\s?#]+$/.test(given.issuer as string)) throw new ControlError(`issuer keys: '${String(given.issuer)}' is no https:// URL without query and fragment`);
      if (!Array.isArray(given.jwks.keys)) throw new ControlError('issuer keys: jwks must be a JWK set: {"keys": […]}');
      await machine.transact(() => machine.store.putFact(issuerFact(given.issuer as string), JSON.stringify(given.jwks)));
      await machine.kept();
      return { issuer: given.issuer, keys: given.jwks.keys.length };
    },
    text: (a) => `${a.issuer}: ${a.keys} keys`,
  },
  {
    name: 'issuer show', method: 'GET', path: '/_fogbank/issuers', summary: 'the keys of an issuer, as a JWK set; those of the accounts\' own issuers too', parameters: { issuer },
    run: async (machine, given) => {
      const keys = await machine.store.fact(issuerFact(given.issuer as string));
      if (keys === undefined) throw new ControlError(`issuer show: no keys of '${String(given.issuer)}' are known`, 404);
      return JSON.parse(keys) as object;
    },
  },
];
