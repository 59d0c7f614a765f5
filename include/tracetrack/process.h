/*
 * What every program does first, so that a strange parent process can't hurt it.
 */
#ifndef TRACETRACK_PROCESS_H
#define TRACETRACK_PROCESS_H

/*
 * Hold standard descriptors that are closed: the next file or socket opened would take their place.
 * Standard output is held for reading, so that writing to it fails as it would have. A closed pipe
 * is an error of writing, no signal. Without a HOME, as under some services, it is the user's:
 * files would be made in / otherwise.
 */
void tt_process_begin(void);

#endif
