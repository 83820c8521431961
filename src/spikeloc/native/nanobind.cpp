// nanobind's own code, compiled with ours: no build system is needed to find and link it.
#include <nb_combined.cpp>
