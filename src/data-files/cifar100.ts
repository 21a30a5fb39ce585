import { type CifarLayout, cifarSource } from './cifar.js';

declare module '../data/types.js' {
  interface KindOfData {
    readonly cifar100: MemoryDataset;
  }
}

/**
 * CIFAR-100 (A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009). A
 * record has two labels: which of the 20 groups, and which of the 100 classes; the classes count.
 */
export const cifar100Layout: CifarLayout = {
  name: 'cifar100',
  title: 'CIFAR-100',
  meaning: 'small colour photographs of a hundred kinds of things (Krizhevsky, 2009)',
  folder: 'cifar-100-binary',
  train: [{ name: 'train.bin', records: 50_000 }],
  test: [{ name: 'test.bin', records: 10_000 }],
  labelBytes: 2,
  namesFile: 'fine_label_names.txt',
  classes: (
    'apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus ' +
    'butterfly camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch ' +
    'crab crocodile cup dinosaur dolphin elephant flatfish forest fox girl hamster house ' +
    'kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle ' +
    'mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree ' +
    'plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark ' +
    'shrew skunk skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table ' +
    'tank telephone television tiger tractor train trout tulip turtle wardrobe whale willow_tree ' +
    'wolf woman worm'
  ).split(' '),
  // Of all training images, rounded to tenths; in use since Zagoruyko and Komodakis, Wide Residual
  // Networks (2016), and Xie and others, ResNeXt (2017).
  mean: [129.3, 124.1, 112.4],
  std: [68.2, 65.4, 70.4],
  // The binary version; address and checksum from https://www.cs.toronto.edu/~kriz/cifar.html.
  archive: {
    url: 'https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz',
    file: 'cifar-100-binary.tar.gz',
    bytes: 168_513_733,
    md5: '03b5dce01913d631647c71ecec9e9cb8',
  },
  size: '169 MB to fetch, 184 MB unpacked',
};

/** CIFAR-100 with its 100 classes. */
export const cifar100 = cifarSource(cifar100Layout);
