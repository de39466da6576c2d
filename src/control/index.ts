import { arrangementControls } from './arrangement-controls.ts';
import { callControls } from './call-controls.ts';
import { clockControls } from './clock-controls.ts';
import type { Control } from './control.ts';
import { faultControls } from './fault-controls.ts';
import { happeningControls } from './happening-controls.ts';
import { issuerControls } from './issuer-controls.ts';
import { organizationControls } from './organization-controls.ts';
import { paceControls } from './pace-controls.ts';
import { resourceControls } from './resource-controls.ts';
import { worldControls } from './world-controls.ts';

export const CONTROLS: readonly Control[] = [...worldControls, ...callControls, ...resourceControls, ...clockControls, ...paceControls, ...faultControls, ...issuerControls, ...organizationControls, ...arrangementControls, ...happeningControls];
