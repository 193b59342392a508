/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libdwfl's view of this process, for the files that ask it.
 */
#ifndef DETECT_PLACE_I_H
#define DETECT_PLACE_I_H

#include <elfutils/libdwfl.h>

#include "detect/place.h"

/**
 * place_process() - what is loaded now; NULL: libdwfl has no answer
 *
 * Not for dwfl_end(), and good only until place.h is asked again.
 */
Dwfl *place_process(void);

#endif /* DETECT_PLACE_I_H */
