import { bottleneckBranch, residualNetwork } from './residual.js';

/**
 * ResNet-50 of He et al. 2016; relational: the three convolutions of every block, but not the
 * projections (You et al. 2020).
 */
export const resnet50 = residualNetwork({
  name: 'resnet50',
  meaning:
    'ResNet-50: bottleneck blocks of three relational convolutions; dense projections, ' +
    'stem and head.',
  baselineWidths: [256, 512, 1024, 2048],
  rounds: 3,
  branch: bottleneckBranch,
  relationalProjection: false,
});
