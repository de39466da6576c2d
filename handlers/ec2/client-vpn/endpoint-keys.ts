import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { KeyValue } from '../../../src/iam/index.ts';
import type { Context } from '../../../src/kit/index.ts';
import type { StoredClientVpnEndpoint } from './endpoints.ts';

type Input = Partial<Ec2Operations['CreateClientVpnEndpoint']['input']>;
type KeyValues = Record<string, KeyValue>;

interface Facts {
  readonly server: string | undefined;
  readonly chains: readonly (string | undefined)[];
  readonly directories: readonly (string | undefined)[];
  readonly providers: readonly (string | undefined)[];
  readonly logs: { readonly CloudwatchLogGroup?: string; readonly CloudwatchLogStream?: string } | undefined;
}

/** The keys of the authorization reference: what an endpoint trusts and where it writes, by ARN. */
function keysOf({ server, chains, directories, providers, logs }: Facts, ctx: Context): KeyValues {
  const one = (values: readonly (string | undefined)[]): KeyValue => values.find((value) => value !== undefined);
  const group = logs?.CloudwatchLogGroup === undefined ? undefined : `arn:aws:logs:${ctx.region}:${ctx.account}:log-group:${logs.CloudwatchLogGroup}`;
  const directory = one(directories);
  return {
    'ec2:ServerCertificateArn': server, 'ec2:ClientRootCertificateChainArn': one(chains), 'ec2:SamlProviderArn': one(providers), 'ec2:DirectoryArn': directory === undefined ? undefined : `arn:aws:ds:${ctx.region}:${ctx.account}:directory/${String(directory)}`,
    'ec2:CloudwatchLogGroupArn': group, 'ec2:CloudwatchLogStreamArn': group === undefined || logs?.CloudwatchLogStream === undefined ? undefined : `${group}:log-stream:${logs.CloudwatchLogStream}`,
  };
}

export const endpointKeys = ({ ServerCertificateArn: server, AuthenticationOptions: methods = [], ConnectionLogOptions: logs }: StoredClientVpnEndpoint, ctx: Context): KeyValues => keysOf({
  server, logs, chains: methods.map((m) => m.MutualAuthentication?.ClientRootCertificateChain), directories: methods.map((m) => m.ActiveDirectory?.DirectoryId), providers: methods.map((m) => m.FederatedAuthentication?.SamlProviderArn),
}, ctx);

/** Of one that is to be made. */
export const wishedEndpointKeys = ({ ServerCertificateArn: server, AuthenticationOptions: methods = [], ConnectionLogOptions: logs }: Input, ctx: Context): KeyValues => keysOf({
  server, logs, chains: methods.map((m) => m.MutualAuthentication?.ClientRootCertificateChainArn), directories: methods.map((m) => m.ActiveDirectory?.DirectoryId), providers: methods.map((m) => m.FederatedAuthentication?.SAMLProviderArn),
}, ctx);
