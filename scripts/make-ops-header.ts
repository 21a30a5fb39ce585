// Makes native/ops.gen.h anew, after a change of src/engine/backends/cpu/commands.ts.
import { writeFileSync } from 'node:fs';
import { opsHeader } from './ops-header.js';

writeFileSync(new URL('../native/ops.gen.h', import.meta.url), opsHeader());
