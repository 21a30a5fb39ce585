/* The kernels of one instruction set; compiled once for each with its own flags, PLEXUS_VL and PLEXUS_SUFFIX.
 */
#include "run.h"
