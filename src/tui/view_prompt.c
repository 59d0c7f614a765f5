/*
 * The prompt in the message line: a command by its name, completed by Tab, with what was entered
 * before on the arrow keys.
 */
#include <string.h>

#include <tracetrack/match.h>
#include <tracetrack/text.h>

#include "screen_impl.h"

struct prompt_state {
	struct tt_editor line;
};

/* The commands of the view below, in table order. */
struct prompt_candidates {
	const struct tt_screen *screen;
	unsigned scope;
};

static const char *prompt_candidate(void *ctx, size_t index)
{
	const struct prompt_candidates *p = ctx;
	const struct tt_command *row;
	size_t n;

	for (n = 0; (row = tt_command_at(n)) != NULL; n++) {
		if (command_is_there(p->screen, row, p->scope) && index-- == 0)
			return row->name;
	}
	return NULL;
}

static size_t prompt_match(const struct view *v, char *dst, size_t size)
{
	const struct prompt_state *st = v->state;
	struct prompt_candidates p = {v->screen, v->below->ops->scope};

	return tt_match_complete(dst, size, st->line.text, prompt_candidate, &p);
}

static void prompt_complete(struct view *v)
{
	struct prompt_state *st = v->state;
	char text[TT_EDITOR_MAX];
	size_t found;

	if (strchr(st->line.text, ' '))
		return;
	found = prompt_match(v, text, sizeof(text) - 1);
	if (found == 1)
		strncat(text, " ", 2);
	if (found > 0)
		tt_editor_set(&st->line, text);
}

static unsigned prompt_event(struct view *v, const struct view_event *event)
{
	struct prompt_state *st = v->state;
	const char *line = NULL;

	if (event->kind == VIEW_EDITED && event->key == KEYS_BACKSPACE && st->line.len == 0)
		return VIEW_HANDLED | VIEW_CLOSE;
	if (event->kind != VIEW_KEY)
		return 0;
	if (event->key == KEYS_TAB)
		prompt_complete(v);
	else if (event->key == KEYS_UP)
		line = tt_history_back(&v->screen->history, st->line.text);
	else if (event->key == KEYS_DOWN)
		line = tt_history_forward(&v->screen->history);
	if (line)
		tt_editor_set(&st->line, line);
	return VIEW_HANDLED;
}

/* The prompt goes first, so that the command works on the view below. */
static unsigned prompt_select(struct view *v)
{
	struct tt_screen *s = v->screen;
	struct prompt_state *st = v->state;
	char line[TT_EDITOR_MAX];

	tt_copy(line, sizeof(line), st->line.text);
	tt_history_add(&s->history, line);
	view_close(v);
	if (line[strspn(line, " ")] != '\0')
		command_run_line(s, line);
	return VIEW_HANDLED;
}

static const struct tt_command *prompt_command(const struct prompt_state *st)
{
	char name[TT_EDITOR_MAX];

	tt_copy_n(name, sizeof(name), st->line.text, strcspn(st->line.text, " "));
	return tt_command_find(name);
}

bool prompt_is_command(struct view *v)
{
	return prompt_command(v->state) != NULL;
}

/* To the right of what is typed: the names that it may become, or what the one does. */
static void prompt_draw_hint(const struct view *v, const struct canvas *c, int x)
{
	const struct prompt_state *st = v->state;
	struct prompt_candidates p = {v->screen, v->below->ops->scope};
	const struct tt_command *row = prompt_command(st);
	const char *name;
	size_t i;

	if (row) {
		draw_textf(c, 0, x, c->width - x, STYLE_FAINT, "%s%s%s",
			row->takes ? row->takes : "", row->takes ? "  " : "", row->help);
		return;
	}
	for (i = 0; (name = prompt_candidate(&p, i)) != NULL && x < c->width; i++) {
		if (strncmp(name, st->line.text, st->line.len) == 0)
			x += draw_text(c, 0, x, c->width - x, STYLE_FAINT, name) + 1;
	}
}

static void prompt_draw(struct view *v, const struct canvas *c)
{
	struct prompt_state *st = v->state;
	int used = tt_text_width(st->line.text),
	    width = used < c->width - 2 ? used + 1 : c->width - 1;

	draw_padded(c, 0, 0, c->width, STYLE_PLAIN, ":");
	if (used + 3 < c->width)
		prompt_draw_hint(v, c, used + 3);
	draw_field(c, 0, 1, width, &st->line, true, false);
}

static struct tt_editor *prompt_field(struct view *v)
{
	struct prompt_state *st = v->state;

	return &st->line;
}

const struct view_ops view_prompt = {
	.name = "prompt",
	.title = "Command",
	.flags = VIEW_LINE,
	.scope = TT_SCOPE_PROMPT,
	.state_size = sizeof(struct prompt_state),
	.event = prompt_event,
	.draw = prompt_draw,
	.select = prompt_select,
	.field = prompt_field,
};
