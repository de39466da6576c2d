import { AwsError } from '../../protocols/types.ts';
import type { Machine } from '../machine.ts';
import type { Exchange } from './exchange.ts';

/** How often an account may call in a region, as AWS documents it; off unless asked for. Fails with `RequestLimitExceeded`, `Throttling` or `ThrottlingException`. */
export function throttle(x: Exchange, machine: Machine): void {
  if (!machine.throttling.on) return;
  const { model, operation, principal, region, input } = x as Required<Exchange>;
  const buckets = machine.world.registry.service(model.service)?.tokenBuckets?.(operation.name, input);
  if (!buckets || machine.throttling.take(`${principal.account}/${region}/${model.service}`, buckets, x.at)) return;
  switch (x.protocol!.name) {
    case 'ec2Query': throw new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503);
    case 'awsQuery': throw new AwsError('Throttling', 'Rate exceeded', 400);
    default: throw new AwsError('ThrottlingException', 'Rate exceeded', 400);
  }
}
