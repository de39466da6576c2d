import { protocolFor, loadModel, parameterOf, serviceIndex, AwsError, type ProtocolName, type ServiceModel, type WireRequest } from '../../protocols/index.ts';
import type { ServiceIndexEntry } from '../../protocols/models.ts';
import type { Exchange } from './exchange.ts';

/**
 * Which service, protocol and operation a request is for: from the RPC path, the target header, or the form's Action
 * with the credential scope or Version. Fails with `InvalidAction`, `UnknownOperationException` and their like.
 */
export function identify(x: Exchange): void {
  const entry = entryOf(x.request);
  if (!entry) throw unknownService(x);
  x.model = loadModel(entry.service);
  x.protocol = protocolFor(protocolOf(x.request, entry));
  const name = x.protocol.operationName(x.request);
  if (name === undefined) throw missingAction(x);
  checkVersion(x.request, x.model);
  x.operation = x.model.operation(name);
  if (!x.operation) throw unknownOperation(x, name);
}

const header = (request: WireRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

const RPC_PATH = /^\/service\/([^/]+)\/operation\/[^/]+$/;

const bySigningName = lazyIndex((e) => e.signingName);
const byTarget = lazyIndex((e) => e.targetPrefix);
const byVersion = lazyIndex((e) => e.apiVersion);

function lazyIndex(key: (entry: ServiceIndexEntry) => string): (value: string) => ServiceIndexEntry | undefined {
  let index: Map<string, ServiceIndexEntry> | undefined;
  return (value) => {
    // The first of several with the same key wins: the index is in order of importance.
    index ??= new Map([...serviceIndex()].reverse().map((e) => [key(e), e]));
    return index.get(value);
  };
}

function entryOf(request: WireRequest): ServiceIndexEntry | undefined {
  const rpc = header(request, 'smithy-protocol') === 'rpc-v2-cbor' ? RPC_PATH.exec(request.path)?.[1] : undefined;
  if (rpc !== undefined) return byTarget(rpc);
  const target = header(request, 'x-amz-target');
  if (target !== undefined) return byTarget(target.slice(0, target.lastIndexOf('.')));
  const scope = /Credential=[^/]*\/\d*\/[^/]*\/([^/,]+)\//.exec(header(request, 'authorization') ?? '')?.[1]
    ?? /X-Amz-Credential=[^&]*?(?:\/|%2F)\d*(?:\/|%2F)[^&/%]*(?:\/|%2F)([^&/%]+)(?:\/|%2F)/i.exec(request.query)?.[1];
  if (scope !== undefined) return bySigningName(scope);
  const version = formValue(request, 'Version');
  return version === undefined ? undefined : byVersion(version);
}

function protocolOf(request: WireRequest, entry: ServiceIndexEntry): ProtocolName {
  const speaks = (name: ProtocolName) => (entry.protocols.includes(name) ? name : undefined);
  if (header(request, 'smithy-protocol') === 'rpc-v2-cbor') return speaks('rpcv2Cbor') ?? entry.protocols[0]!;
  if (header(request, 'x-amz-target') !== undefined) {
    const version = /json-1\.(\d)/.exec(header(request, 'content-type') ?? '')?.[1];
    return (version === '0' ? speaks('awsJson1_0') : speaks('awsJson1_1')) ?? speaks('awsJson1_0') ?? speaks('awsJson1_1') ?? entry.protocols[0]!;
  }
  return speaks('ec2Query') ?? speaks('awsQuery') ?? entry.protocols[0]!;
}

/** One parameter of a form body or query string, without reading the rest. */
function formValue(request: WireRequest, name: 'Action' | 'Version'): string | undefined {
  const form = request.query !== '' && /(^|&)Action=/.test(request.query) ? request.query : request.body.toString('latin1', 0, 65_536);
  const found = (name === 'Action' ? /(?:^|&)Action=([^&]*)/ : /(?:^|&)Version=([^&]*)/).exec(form)?.[1];
  if (found === undefined || !/[%+]/.test(found)) return found;
  try {
    return decodeURIComponent(found.replaceAll('+', ' '));
  } catch {
    return found;
  }
}

const isQuery = (x: Exchange): boolean => x.protocol === undefined || x.protocol.name === 'ec2Query' || x.protocol.name === 'awsQuery';

/** EC2 accepts its older versions, which newer members are a superset of; the other Query services have one each. */
function checkVersion(request: WireRequest, model: ServiceModel): void {
  if (header(request, 'x-amz-target') !== undefined || header(request, 'smithy-protocol') !== undefined) return;
  const version = parameterOf(request, 'Version');
  if (version === undefined || version === model.apiVersion) return;
  const known = model.service === 'ec2' ? /^20\d\d-\d\d-\d\d$/.test(version) && version <= model.apiVersion : false;
  if (!known) throw new AwsError('InvalidAction', `Could not find operation ${parameterOf(request, 'Action')} for version ${version}`, 400);
}

function unknownService(x: Exchange): AwsError {
  const target = header(x.request, 'x-amz-target');
  if (target !== undefined) {
    x.protocol = protocolFor('awsJson1_1');
    return new AwsError('UnknownOperationException', `Fogbank knows no service for the target ${target.slice(0, 200)}`, 400);
  }
  if (header(x.request, 'smithy-protocol') !== undefined) {
    x.protocol = protocolFor('rpcv2Cbor');
    return new AwsError('UnknownOperationException', `Fogbank knows no service for the path ${x.request.path.slice(0, 200)}`, 400);
  }
  x.protocol = protocolFor('awsQuery');
  const action = formValue(x.request, 'Action');
  return action === undefined
    ? new AwsError('MissingAction', 'The request is missing an action or a service that Fogbank knows.', 400)
    : new AwsError('InvalidAction', `Could not find operation ${action.slice(0, 200)} for version ${formValue(x.request, 'Version')?.slice(0, 40) ?? 'NO_VERSION_SPECIFIED'}`, 400);
}

function missingAction(x: Exchange): AwsError {
  return isQuery(x) ? new AwsError('MissingAction', 'The request must contain the parameter Action', 400) : new AwsError('UnknownOperationException', '', 400);
}

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and CommonErrors of the other Query services
function unknownOperation(x: Exchange, name: string): AwsError {
  if (!isQuery(x)) return new AwsError('UnknownOperationException', '', 400);
  if (x.protocol!.name === 'ec2Query') return new AwsError('InvalidAction', `The action ${name.slice(0, 200)} is not valid for this web service.`, 400);
  return new AwsError('InvalidAction', `Could not find operation ${name.slice(0, 200)} for version ${x.model!.apiVersion}`, 400);
}
