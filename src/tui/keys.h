/*
 * From the terminal's bytes to keys. curses knows the terminal's key strings (key_defined); reading
 * is done here, so that nothing waits inside curses and every byte has its time.
 *
 * A key is a Unicode character, or KEY_BASE plus a curses key code. Bytes that are no UTF-8 become
 * U+DC80..U+DCFF (a lone surrogate: never text, but still visible to the decoder as unreadable).
 */
#ifndef TRACETRACK_TUI_KEYS_H
#define TRACETRACK_TUI_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEY_BASE 0x200000

enum key {
	KEYS_NONE = 0,
	KEYS_TAB = '\t',
	KEYS_ENTER = '\r',
	KEYS_ESC = KEY_BASE,
	KEYS_BACKSPACE,
	KEYS_DELETE,
	KEYS_UP,
	KEYS_DOWN,
	KEYS_LEFT,
	KEYS_RIGHT,
	KEYS_HOME,
	KEYS_END,
	KEYS_PAGE_UP,
	KEYS_PAGE_DOWN,
	KEYS_BACK_TAB,
	KEYS_F0, /* F1 is KEYS_F0 + 1, up to F12 */
};
#define KEYS_F(n) (KEYS_F0 + (n))
#define KEYS_CTRL(c) ((c)&0x1f)

#define KEYS_PENDING 64

struct keys_events {
	void (*on_char)(void *ctx, uint32_t ch); /* may belong to a burst */
	void (*on_key)(void *ctx, int key);      /* KEYS_ESC and above: never part of a burst */
};

/* Start from a zeroed struct. */
struct keys {
	uint8_t pending[KEYS_PENDING]; /* begins like a key string or a character, not whole yet */
	size_t len;
};

void keys_feed(
	struct keys *k, const void *bytes, size_t len, const struct keys_events *events, void *ctx);
/* True while bytes wait for more; after the escape delay call keys_expire. */
bool keys_is_waiting(const struct keys *k);
/* A byte is fed only after that delay: an Esc that waits was pressed alone, unless the byte goes on
 * as nothing but a sequence does. */
void keys_late(struct keys *k, uint8_t next, const struct keys_events *events, void *ctx);
void keys_expire(struct keys *k, const struct keys_events *events, void *ctx);

/* "F5", "^L", "Esc", "PgUp", "j": a key by its name in the command table; KEYS_NONE when there is
 * no such key. */
int keys_parse(const char *name, size_t len);

#endif
