import { residualNetwork, separableBranch } from './residual.js';

/**
 * ResNet-34 with separable convolutions; relational: both 1x1 convolutions of every block and the
 * projections (You et al. 2020).
 */
export const resnet34Sep = residualNetwork({
  name: 'resnet34-sep',
  meaning:
    'ResNet-34 of separable convolutions: dense 3x3 depthwise, then relational 1x1; ' +
    'relational projections, dense stem and head.',
  baselineWidths: [64, 128, 256, 512],
  rounds: 2,
  branch: separableBranch,
  relationalProjection: true,
});
