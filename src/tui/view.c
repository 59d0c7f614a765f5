/*
 * The stack of views, and the keys that every text field knows.
 */
#include "view.h"

#include <stdlib.h>

#include <tracetrack/text.h>

#include "keys.h"
#include "screen_impl.h"

struct view *view_open(struct tt_screen *screen, const struct view_ops *ops, const void *arg)
{
	struct view *v = tt_alloc(sizeof(*v));

	v->ops = ops;
	v->screen = screen;
	v->state = tt_alloc(ops->state_size);
	v->below = screen->top;
	v->height = ops->height;
	tt_copy(v->title, sizeof(v->title), ops->title);
	screen->top = v;
	screen_say(screen, STYLE_PLAIN, "");
	if (ops->open)
		ops->open(v, arg);
	return v;
}

static void view_free(struct view *v)
{
	view_forget(v, NULL);
	if (v->ops->close)
		v->ops->close(v);
	free(v->state);
	free(v);
}

void view_close(struct view *v)
{
	struct tt_screen *screen = v->screen;
	struct view *top, *below = v->below;

	do {
		top = screen->top;
		screen->top = top->below;
		view_free(top);
	} while (screen->top != below);
	screen_say(screen, STYLE_PLAIN, "");
}

void view_close_all(struct tt_screen *screen)
{
	while (screen->top->below)
		view_close(screen->top);
}

void view_wake(struct view *v, unsigned ms)
{
	v->wake_ns = tt_steady_ns() + (uint64_t)ms * 1000000u;
	screen_arm_wake(v->screen);
}

struct view *view_find(struct tt_screen *screen, const struct view_ops *ops)
{
	struct view *v;

	for (v = screen->top; v && v->ops != ops; v = v->below)
		;
	return v;
}

unsigned view_send(struct view *v, const struct view_event *event)
{
	struct tt_screen *screen = v->screen;
	unsigned result = v->ops->event ? v->ops->event(v, event) : 0;

	/* From here on v may be gone, unless it asks to be closed. */
	screen_spoil(screen);
	if (result & VIEW_CLOSE)
		view_close(v);
	return result;
}

struct view_edit_key {
	int key;
	void (*run)(struct tt_editor *e);
};

static const struct view_edit_key view_edit_keys[] = {
	{KEYS_BACKSPACE, tt_editor_backspace},
	{KEYS_DELETE, tt_editor_delete},
	{KEYS_LEFT, tt_editor_left},
	{KEYS_RIGHT, tt_editor_right},
	{KEYS_HOME, tt_editor_home},
	{KEYS_END, tt_editor_end},
	{KEYS_CTRL('A'), tt_editor_home},
	{KEYS_CTRL('E'), tt_editor_end},
	{KEYS_CTRL('U'), tt_editor_kill_left},
	{KEYS_CTRL('K'), tt_editor_kill_right},
	{KEYS_CTRL('W'), tt_editor_kill_word},
	{KEYS_CTRL('D'), tt_editor_delete},
	{0, NULL},
};

bool view_edit(struct tt_editor *e, int key)
{
	const struct view_edit_key *row;

	for (row = view_edit_keys; row->run; row++) {
		if (row->key == key) {
			row->run(e);
			return true;
		}
	}
	if (key < 0x20 || key >= KEY_BASE)
		return false;
	tt_editor_insert(e, (uint32_t)key);
	return true;
}
