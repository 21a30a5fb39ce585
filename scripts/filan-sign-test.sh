#!/bin/sh
# Are trained networks more clusterable than networks of the same weights shuffled within their layers
# (Filan et al. 2021)? Twelve dense MLPs of width 64, trained for one pass of the short protocol with seeds
# 301 to 312, single neurons layer after layer: the second and the third relational layer. The table is for
# docs/rewiring.md. Some ten minutes of a core: npm run build && sh scripts/filan-sign-test.sh DIR
set -e
dir=$1
plexus=${PLEXUS:-npx plexus}
mkdir -p "$dir"
for seed in 301 302 303 304 305 306 307 308 309 310 311 312; do
  file=$dir/dense-$seed.safetensors
  [ -f "$file" ] || $plexus train --graph complete:n=64 --width 64 --data shapes --size 16 \
    --train-images 48000 --test-images 4000 --epochs 1 --rate 0.02 --schedule cosine-steps --no-augment \
    --seed $seed --save "$file"
done
$plexus graph of-weights "$dir"/dense-*.safetensors --view unrolled \
  --layers s2.b2.a.weight,s2.b3.a.weight --null weights --count 10
