/*
 * Lines out, whole.
 */
#include "output.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

static bool output_wait(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return poll(&out, 1, -1) >= 0 || errno == EINTR;
}

bool output_write(const char *bytes, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(STDOUT_FILENO, bytes, len);
		if (n >= 0) {
			bytes += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN) {
			if (!output_wait())
				return false;
		} else if (errno != EINTR) {
			return false;
		}
	}
	return true;
}
