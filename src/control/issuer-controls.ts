import { issuerFact } from '../kit/context.ts';
import { ControlError, type Control } from './control.ts';

const issuer = { type: 'string', help: 'https://…, as tokens say it in iss' } as const;

/** The keys of OpenID Connect issuers, as AWS would find them at `<issuer>/.well-known/jwks.json`: Fogbank does not ask the network. */
export const issuerControls: readonly Control[] = [
  {
    name: 'issuer set', method: 'PUT', path: '/_fogbank/issuers', summary: 'say the keys of an OpenID Connect issuer, with which AssumeRoleWithWebIdentity verifies its tokens',
    parameters: { issuer, jwks: { type: 'object', help: '{"keys": […]}, https://www.rfc-editor.org/rfc/rfc7517' } },
    run: async (machine, given) => {
      if (!/^https:\/\/[^\s?#]+$/.test(given.issuer as string)) throw new ControlError(`issuer set: '${String(given.issuer)}' is no URL that begins with https://`);
      if (!Array.isArray((given.jwks as { keys?: unknown }).keys)) throw new ControlError('issuer set: jwks must have keys, a list');
      await machine.transact(() => machine.store.putFact(issuerFact(given.issuer as string), JSON.stringify(given.jwks)));
      await machine.kept();
      return { issuer: given.issuer };
    }, text: (a) => `${a.issuer} has its keys`,
  },
  {
    name: 'issuer read', method: 'GET', path: '/_fogbank/issuers', summary: "an issuer's keys, also of GetWebIdentityToken's own issuers", parameters: { issuer },
    run: async (machine, given) => {
      const keys = await machine.store.fact(issuerFact(given.issuer as string));
      if (keys === undefined) throw new ControlError(`no keys of '${String(given.issuer)}' are known`, 404);
      return JSON.parse(keys) as object;
    },
  },
];
