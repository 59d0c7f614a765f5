/*
 * The drivers: what each class of answer is in bytes.
 *
 * honeywell-host-ack: "ESC 7 ," good-read beep, "ESC 5 ," medium beep, "ESC 8 ," razz; two razzes
 * are the manuals' "not on file". zebra-ssi: packets as in ssi.h; BEEP codes 0 one short high, 6
 * two short low, 0x0f one long low, 0x13 five long low.
 */
#include <tracetrack/feedback.h>

#include <string.h>

const struct tt_driver
	tt_driver_table[] =
		{
			{
				.name = "none",
				.help = "says nothing to the scanner; fits every model",
			},
			{
				.name = "honeywell-host-ack",
				.help = "Honeywell with Host ACK on: the scanner waits for the "
					"answer and sounds it",
				.send =
					{
						[TT_FEEDBACK_GOOD] = {3, "\0337,"},
						[TT_FEEDBACK_AGAIN] = {3, "\0335,"},
						[TT_FEEDBACK_REFUSED] = {6, "\0338,\0338,"},
						[TT_FEEDBACK_TROUBLE] = {9, "\0338,\0338,\0338,"},
					},
			},
			{
				.name = "zebra-ssi",
				.help = "Zebra and Symbol in SSI mode: packets, acknowledged once "
					"the scan is saved",
				.is_ssi = true,
				.send =
					{
						[TT_FEEDBACK_ACK] = {6,
							{4, 0xd0, 4, 0, 0xff, 0x28}},
						[TT_FEEDBACK_GOOD] = {7,
							{5, 0xe6, 4, 0, 0x00, 0xff, 0x11}},
						[TT_FEEDBACK_AGAIN] = {7,
							{5, 0xe6, 4, 0, 0x06, 0xff, 0x0b}},
						[TT_FEEDBACK_REFUSED] = {7, {5, 0xe6, 4, 0, 0x0f,
										    0xff, 0x02}},
						[TT_FEEDBACK_TROUBLE] = {7,
							{5, 0xe6, 4, 0, 0x13, 0xfe, 0xfe}},
						[TT_FEEDBACK_STOP] = {6, {4, 0xea, 4, 0, 0xff,
										 0x0e}},
						[TT_FEEDBACK_GO] = {6, {4, 0xe9, 4, 0, 0xff, 0x0f}},
					},
			},
			{0},
};

const struct tt_driver *tt_driver_find(const char *name)
{
	for (const struct tt_driver *d = tt_driver_table; d->name; d++)
		if (strcmp(d->name, name) == 0)
			return d;
	return NULL;
}
