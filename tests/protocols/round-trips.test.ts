/**
 * Every protocol against the SDK's own serialisers: what a real client sends is read as what it was given, and what is written is
 * read by it as what was meant. Inputs and outputs are random, from the model and a seed.
 */
import { describe, expect, it } from 'vitest';
import { loadModel, protocolFor } from '../../protocols/index.ts';
import type { OperationModel, ProtocolName, ServiceModel, Structure } from '../../protocols/index.ts';
import { RandomValues } from './support/random-values.ts';
import { fromSdk, sdkClient, sdkCommand, sdkPackage, services, toSdk } from './support/sdk-clients.ts';

const perService = 60;
/** Operations that the SDK's middleware changes on the way, or that answer with an event stream. */
const peculiar = new Set(['CopySnapshot', 'StartLiveTail', 'GetLogObject']);
/** Members that choose an endpoint instead of being only sent. */
const endpointMembers = ['EndpointId', 'AccountId'];

/** A spread over the alphabet, the same on every run. */
function sample(model: ServiceModel): string[] {
  const names = model.operationNames.filter((name) => !peculiar.has(name));
  const step = Math.max(1, names.length / perService);
  return Array.from({ length: Math.min(perService, names.length) }, (_, index) => names[Math.floor(index * step)]);
}

async function roundTrip(model: ServiceModel, operation: OperationModel, protocolName: ProtocolName, seed: number, options: object): Promise<void> {
  const protocol = protocolFor(protocolName);
  const values = new RandomValues(seed);
  const input = values.structure(operation.input);
  if (model.service === 'eventbridge') for (const name of endpointMembers) delete input[name];
  const output = values.structure(operation.output, true);
  let parsed: Structure | undefined;
  const client = await sdkClient(model.service, (request) => {
    expect(protocol.operationName(request)).toBe(operation.name);
    parsed = protocol.parse(model, operation, request);
    return protocol.writeResult(model, operation, output, '0f7e6b5a-0000-4000-8000-000000000001');
  }, options);
  const answered = await client.send(await sdkCommand(model.service, operation.name, toSdk(input, operation.input)));
  expect(parsed, `${operation.name} request`).toEqual(input);
  expect(fromSdk(answered), `${operation.name} answer`).toEqual(output);
}

describe('round trips through the SDK client', () => {
  for (const service of services()) {
    it(`${service}: requests and answers survive`, async () => {
      const model = loadModel(service);
      let seed = 1;
      for (const name of sample(model)) {
        await roundTrip(model, model.operation(name) as OperationModel, model.protocols[0], seed++, {});
      }
    });
  }

  it('cloudwatch over CBOR: requests and answers survive', async () => {
    const model = loadModel('cloudwatch');
    const { AwsSmithyRpcV2CborProtocol } = await import('@aws-sdk/core/protocols');
    let seed = 100;
    for (const name of sample(model)) {
      await roundTrip(model, model.operation(name) as OperationModel, 'rpcv2Cbor', seed++, { protocol: AwsSmithyRpcV2CborProtocol });
    }
  });

  for (const service of ['cloudwatch', 'sqs']) {
    it(`${service} over awsQuery: requests and answers survive`, async () => {
      const model = loadModel(service);
      const { AwsQueryProtocol } = await import('@aws-sdk/core/protocols');
      const options = {
        protocol: AwsQueryProtocol,
        protocolSettings: {
          defaultNamespace: model.namespace, xmlNamespace: model.xmlNamespace, version: model.apiVersion,
          errorTypeRegistries: (await sdkPackage(service)).errorTypeRegistries as unknown, serviceTarget: model.targetPrefix,
        },
      };
      let seed = 200;
      for (const name of sample(model)) await roundTrip(model, model.operation(name) as OperationModel, 'awsQuery', seed++, options);
    });
  }
});
